"""The mountain cars: the wall, the flag, float32 states, and worlds of other sizes."""

import gymnasium
import numpy as np
import pytest

import dromos as gym
from dromos.native import Choice, Normal, Uniform

IDS = ["MountainCar-v0", "MountainCarContinuous-v0"]


def push(env, direction):
    """An action that pushes to the left (-1), not (0) or to the right (1)."""
    if isinstance(env.action_space, gym.spaces.Discrete):
        return direction + 1
    return np.array([direction], dtype=np.float32)


def swing(env, velocity):
    return push(env, 1 if velocity >= 0 else -1)


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("goal_velocity", [0, 0.03, 0.06])
def test_a_swinging_car_arrives_when_the_peers_does(env_id, goal_velocity):
    env = gym.make(env_id, goal_velocity=goal_velocity)
    peer = gymnasium.make(env_id, goal_velocity=goal_velocity)
    for seed in range(20):
        ours, theirs = env.reset(seed=seed), peer.reset(seed=seed)
        over = False
        while not over:
            action = swing(env, ours[0][1])
            ours, theirs = env.step(action), peer.step(action)
            np.testing.assert_array_equal(ours[0], theirs[0])
            assert ours[1:4] == theirs[1:4]
            over = ours[2] or ours[3]
        assert ours[2] or goal_velocity > 0


@pytest.mark.parametrize("env_id", IDS)
def test_the_wall_stops_the_car(env_id):
    env, peer = gym.make(env_id), gymnasium.make(env_id)
    for one in (env, peer):
        one.reset(seed=0)
        one.unwrapped.state = np.array([-1.15, -0.06])
    for direction in (-1, -1, 0, 1):
        ours, theirs = env.step(push(env, direction)), peer.step(push(env, direction))
        np.testing.assert_array_equal(ours[0], theirs[0])
    assert ours[0][0] > np.float32(-1.2)


@pytest.mark.parametrize("beyond", [-3.0, -1.5, 1.0001, 40.0])
def test_pushes_beyond_the_bounds_are_cut_off(beyond):
    env, peer = (module.make("MountainCarContinuous-v0") for module in (gym, gymnasium))
    env.reset(seed=1), peer.reset(seed=1)
    action = np.array([beyond], dtype=np.float32)
    for _ in range(60):
        ours, theirs = env.unwrapped.step(action), peer.unwrapped.step(action)
        np.testing.assert_array_equal(ours[0], theirs[0])
        assert ours[1:3] == theirs[1:3]


def test_the_continuous_cars_state_is_float32_after_a_step():
    env = gym.make("MountainCarContinuous-v0").unwrapped
    assert env.state is None
    env.reset(seed=0)
    assert env.state.dtype == np.float64
    env.step(np.array([0.3], dtype=np.float32))
    assert env.state.dtype == np.float32
    env.state = env.state.copy()
    assert env.state.dtype == np.float32
    env.state = (-0.5, 0.01)
    assert env.state.dtype == np.float64


@pytest.mark.parametrize("env_id", IDS)
def test_reset_options(env_id):
    env, peer = gym.make(env_id), gymnasium.make(env_id)
    for seed in range(10):
        options = {"low": -0.2, "high": 0.3}
        ours, theirs = env.reset(seed=seed, options=options), peer.reset(seed=seed, options=options)
        np.testing.assert_array_equal(ours[0], theirs[0])
    with pytest.raises(ValueError, match="low ≤ high"):
        env.reset(options={"low": 0.2, "high": 0.1})


@pytest.mark.parametrize("env_id", IDS)
def test_worlds_of_other_sizes(env_id):
    starts = np.array([-1.2, -2.0, -1.0])
    vector = gym.make_vec(env_id, 3, params={"min_position": starts, "max_speed": 0.5})
    assert vector.single_observation_space.low[0] == np.float32(-2.0)
    vector.reset(seed=0)
    left = np.array([push(vector.template, -1)] * 3)
    lowest = np.min([vector.step(left)[0][:, 0] for _ in range(150)], axis=0)
    assert lowest.min() >= np.float32(-2.0)
    with pytest.raises(ValueError, match=r"min_position=0\.7 and max_position=0\.6"):
        gym.make(env_id, min_position=0.7)


def test_bounds_of_the_push():
    env = gym.make("MountainCarContinuous-v0", min_action=-0.5, max_action=2)
    assert env.action_space == gym.spaces.Box(-0.5, 2, (1,))
    with pytest.raises(ValueError, match=r"min_action=1\.5 and max_action=1\.0"):
        gym.make("MountainCarContinuous-v0", min_action=1.5)


def test_arrow_keys():
    keys = gym.make("MountainCar-v0").unwrapped.get_keys_to_action()
    assert keys[()] == 1
    assert sorted(keys.values()) == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"min_position": Uniform(-1, 1)},
            r"min_position=Uniform\(low=-1, high=1\) and max_position=0\.6",
        ),
        ({"max_position": Choice([-2, 0.5])}, r"min_position=-1\.2 and max_position=Choice"),
        (
            {"min_position": Normal(-1, 1, -3, 0.5), "max_position": Uniform(0.4, 2)},
            "min_position=Normal.* and max_position=Uniform",
        ),
    ],
)
@pytest.mark.parametrize("env_id", IDS)
def test_no_world_without_room_is_drawn(env_id, params, message):
    for make in (
        lambda: gym.make(env_id, **params),
        lambda: gym.make_vec(env_id, 2, params=params),
        lambda: gym.make_vec(env_id, 2, **params),
    ):
        with pytest.raises(
            ValueError, match=f"Expected min_position < max_position, got {message}"
        ):
            make()


@pytest.mark.parametrize("env_id", IDS)
def test_each_lane_has_a_world_with_room(env_id):
    ends = {"min_position": np.array([-1.0, 3.0]), "max_position": [0.0, 4.0]}
    gym.make_vec(env_id, 2, params=ends)
    gym.make_vec(env_id, 2, params={**ends, "min_position": Uniform(-2, -1)})
    with pytest.raises(ValueError, match=r"min_position=3\.0 and max_position=2\.0 in lane 1"):
        gym.make_vec(env_id, 2, params={**ends, "max_position": [4.0, 2.0]})
    with pytest.raises(ValueError, match=r"min_position=Uniform.* and max_position=0\.0 in lane 0"):
        gym.make_vec(env_id, 2, params={**ends, "min_position": Uniform(-1, 1)})


def test_no_bounds_of_the_push_the_wrong_way_round_are_drawn():
    drawn = {"min_action": Uniform(-1, 0.5), "max_action": Uniform(1, 2)}
    assert gym.make("MountainCarContinuous-v0", **drawn).action_space.high == [2]
    with pytest.raises(ValueError, match=r"Expected min_action < max_action, got .*low=-1, high=2"):
        gym.make("MountainCarContinuous-v0", **{**drawn, "min_action": Uniform(-1, 2)})
