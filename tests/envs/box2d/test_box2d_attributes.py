"""What programs read of Box2D environments, arguments, and what is refused."""

import importlib

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.box2d import car_racing as their_car_racing

import dromos as gym
from dromos.envs.box2d import BipedalWalkerHardcore, LunarLanderContinuous
from dromos.envs.box2d.car_dynamics import Car
from dromos.envs.box2d.car_racing import FrictionDetector
from dromos.envs.box2d.lunar_lander import demo_heuristic_lander

IDS = [
    "LunarLander-v3",
    "LunarLanderContinuous-v3",
    "BipedalWalker-v3",
    "BipedalWalkerHardcore-v3",
    "CarRacing-v3",
]
MODULES = ["lunar_lander", "bipedal_walker", "car_racing", "car_dynamics"]


@pytest.mark.parametrize("module", MODULES)
def test_constants_are_those_of_gymnasium(module):
    theirs = vars(importlib.import_module(f"gymnasium.envs.box2d.{module}"))
    ours = vars(importlib.import_module(f"dromos.envs.box2d.{module}"))
    constants = {
        name: value
        for name, value in theirs.items()
        if name.isupper() and isinstance(value, int | float | list | tuple)
    }
    assert {name: ours.get(name) for name in constants} == constants


def same_body(ours, theirs):
    assert ours.position == tuple(theirs.position)
    assert ours.linearVelocity == tuple(theirs.linearVelocity)
    assert ours.worldCenter == tuple(theirs.worldCenter)
    assert (ours.angle, ours.angularVelocity) == (theirs.angle, theirs.angularVelocity)
    assert (ours.mass, ours.awake) == (theirs.mass, theirs.awake)


def same_joint(ours, theirs):
    assert (ours.angle, ours.speed) == (theirs.angle, theirs.speed)
    assert ours.motorSpeed == theirs.motorSpeed
    assert ours.maxMotorTorque >= 0


def test_parts_of_the_lander():
    theirs, ours = (lib.make("LunarLander-v3").unwrapped for lib in (gymnasium, gym))
    assert ours.lander is None
    for env in (theirs, ours):
        env.reset(seed=4)
    theirs.action_space.seed(4)
    for _ in range(90):
        action = int(theirs.action_space.sample())
        theirs.step(action)
        ours.step(action)
        same_body(ours.lander, theirs.lander)
        for leg, their_leg in zip(ours.legs, theirs.legs, strict=True):
            same_body(leg, their_leg)
            same_joint(leg.joint, their_leg.joint)
            assert leg.ground_contact == their_leg.ground_contact
        assert ours.game_over == theirs.game_over
    shapes = [fixture.shape for fixture in ours.lander.fixtures]
    assert shapes[0].vertices == [tuple(v) for v in theirs.lander.fixtures[0].shape.vertices]
    assert len(ours.world.bodies) == 4
    assert ours.world.bodies[1] == ours.lander
    assert (ours.helipad_x1, ours.helipad_x2, ours.helipad_y) == (
        theirs.helipad_x1,
        theirs.helipad_x2,
        theirs.helipad_y,
    )


def test_parts_of_the_walker():
    theirs, ours = (lib.make("BipedalWalkerHardcore-v3").unwrapped for lib in (gymnasium, gym))
    for env in (theirs, ours):
        env.reset(seed=4)
    theirs.action_space.seed(4)
    for _ in range(60):
        action = theirs.action_space.sample()
        assert not theirs.step(action)[2]
        ours.step(action)
        same_body(ours.hull, theirs.hull)
        for leg, their_leg in zip(ours.legs, theirs.legs, strict=True):
            same_body(leg, their_leg)
        for joint, their_joint in zip(ours.joints, theirs.joints, strict=True):
            same_joint(joint, their_joint)
        assert [ours.legs[i].ground_contact for i in (1, 3)] == [
            theirs.legs[i].ground_contact for i in (1, 3)
        ]
        assert [ray.fraction for ray in ours.lidar] == [ray.fraction for ray in theirs.lidar]
    assert len(ours.terrain) == len(theirs.terrain)
    assert ours.scroll == theirs.scroll


def test_parts_of_the_car():
    env = gym.make("CarRacing-v3").unwrapped
    assert env.car is None
    env.reset(seed=1)
    for _ in range(30):
        env.step(np.array([0.1, 1.0, 0.0], np.float32))
    assert isinstance(env.car, Car)
    assert env.car.hull.linearVelocity.length > 1
    assert env.tile_visited_count == FrictionDetector(env).visited.sum() > 0
    assert not FrictionDetector(env).lap_complete
    assert len(env.road) == len(env.track) == env.tile_count
    assert all(fixture.sensor for fixture in env.road[0].fixtures)
    assert env.t == pytest.approx(0.62)
    observation, *_ = env.step(np.zeros(3, np.float32))
    np.testing.assert_array_equal(env.state, observation)


def test_a_finished_lap_and_a_car_off_the_field_are_told():
    env = gym.make("CarRacing-v3", lap_complete_percent=0.0).unwrapped
    env.reset(seed=1)
    info = {}
    while "lap_finished" not in info:
        *_, terminated, _, info = env.step(np.array([0.0, 1.0, 0.0], np.float32))
        assert terminated == ("lap_finished" in info)
    assert isinstance(info["lap_finished"], bool)


def test_the_classes_of_other_forms():
    assert LunarLanderContinuous().action_space.shape == (2,)
    assert BipedalWalkerHardcore().hardcore
    assert str(gym.make("LunarLander-v3", continuous=True).action_space).startswith("Box")
    vector = gym.make_vec("CarRacing-v3", 2, continuous=False)
    assert vector.single_action_space.n == 5
    vector.reset(seed=0)
    vector.step(np.array([3, 0]))


def test_the_demonstration_lands(capsys):
    assert demo_heuristic_lander(gym.make("LunarLander-v3"), seed=0) > 150
    assert "total_reward" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"gravity": -12.0}, r"gravity: expected .* > -12"),
        ({"gravity": 0.0}, r"gravity: expected .* ≤ -1e-09"),
        ({"gravity": float("nan")}, "gravity"),
        ({"wind_power": -1.0}, r"wind_power: expected .* ≥ 0"),
        ({"turbulence_power": -0.1}, r"turbulence_power: expected .* ≥ 0"),
    ],
)
def test_values_out_of_range(kwargs, message):
    with pytest.raises(ValueError, match=message):
        gym.make("LunarLander-v3", **kwargs)
    with pytest.raises(ValueError, match=message):
        gym.make_vec("LunarLander-v3", 3, **kwargs)
    vector = gym.make_vec("LunarLander-v3", 3)
    with pytest.raises(ValueError, match=message):
        vector.set_params({name: [*[-5.0] * 0, value] for name, value in kwargs.items()}, [1])


def test_more_wind_than_usual_is_let_pass_with_a_warning():
    with pytest.warns(UserWarning, match="wind_power value is recommended"):
        env = gym.make("LunarLander-v3", enable_wind=True, wind_power=25.0)
    env.reset(seed=0)


@pytest.mark.parametrize(
    ("env_id", "kwargs", "message"),
    [
        ("BipedalWalker-v3", {"gravity": 1.0}, r"gravity: expected .* > -12 and ≤ -1e-09, got 1.0"),
        ("BipedalWalkerHardcore-v3", {"speed_hip": 0.0}, r"speed_hip: expected .* > 0"),
        ("BipedalWalker-v3", {"friction": float("inf")}, "friction: expected a finite"),
        ("CarRacing-v3", {"lap_complete_percent": 1.5}, r"lap_complete_percent: expected .* ≤ 1"),
        ("CarRacing-v3", {"engine_power": -1.0}, r"engine_power: expected .* ≥ 0"),
    ],
)
def test_values_out_of_range_of_the_others(env_id, kwargs, message):
    for make in (gym.make, lambda *a, **k: gym.make_vec(*a, 2, **k)):
        with pytest.raises(ValueError, match=message):
            make(env_id, **kwargs)


@pytest.mark.parametrize(
    ("env_id", "name"),
    [
        ("LunarLander-v3", "continuous"),
        ("LunarLander-v3", "enable_wind"),
        ("BipedalWalker-v3", "hardcore"),
        ("CarRacing-v3", "continuous"),
        ("CarRacing-v3", "domain_randomize"),
        ("CarRacing-v3", "verbose"),
    ],
)
def test_a_no_in_words_is_not_taken_for_a_yes(env_id, name):
    for make in (gym.make, lambda *a, **k: gym.make_vec(*a, 2, **k)):
        with pytest.raises(TypeError, match=f"{name}: expected .*'no'"):
            make(env_id, **{name: "no"})


@pytest.mark.parametrize("env_id", IDS)
def test_actions_that_are_none(env_id):
    env, envs = gym.make(env_id).unwrapped, gym.make_vec(env_id, 3)
    env.reset(seed=0)
    envs.reset(seed=0)
    space = env.action_space
    many = np.array([space.sample() for _ in range(3)])
    if isinstance(space, gym.spaces.Discrete):
        bad = [space.n, -1, np.zeros(3, np.float32), "up"]
        bad_many = [many[:2], [0, int(space.n), 0], many[:, None]]
    else:
        bad = [np.full(space.shape, np.nan), np.zeros(9, np.float32), [list(space.sample())], "up"]
        one_nan = many.copy()
        one_nan[1, 0] = np.nan
        bad_many = [many[:2], one_nan, many[:, :1]]
    before = env.snapshot(), envs.snapshot()
    for action in bad:
        with pytest.raises(gym.error.InvalidAction):
            env.step(action)
    for actions in bad_many:
        with pytest.raises(gym.error.InvalidAction):
            envs.step(actions)
    assert (env.snapshot(), envs.snapshot()) == before


def test_colours_stay_unless_they_are_drawn():
    env = gym.make("CarRacing-v3", domain_randomize=True).unwrapped
    env.reset(seed=3)
    first = env.road_color
    env.reset(options={"randomize": True})
    assert (env.road_color != first).any()
    theirs = their_car_racing.CarRacing()
    env.reset(seed=1, options={"randomize": False})
    assert theirs.road_color.shape == env.road_color.shape


def test_parameters_of_lanes_of_their_own():
    vector = gym.make_vec(
        "LunarLander-v3", 3, params={"gravity": [-3.0, -6.0, -11.0], "main_engine_power": 9.0}
    )
    observations, _ = vector.reset(seed=[5, 5, 5])
    for _ in range(20):
        observations, *_ = vector.step(np.zeros(3, np.int64))
    heights = observations[:, 1]
    assert heights[0] > heights[1] > heights[2]
    for lane, gravity in enumerate((-3.0, -6.0, -11.0)):
        single = gym.make("LunarLander-v3", gravity=gravity, main_engine_power=9.0)
        observation, _ = single.reset(seed=5)
        for _ in range(20):
            observation, *_ = single.step(0)
        np.testing.assert_array_equal(observations[lane], observation)
