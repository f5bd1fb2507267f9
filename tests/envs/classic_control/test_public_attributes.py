"""The attributes of Gymnasium's classes: the same values, and the same effect when written."""

import gymnasium
import numpy as np
import pytest

import dromos as gym

ATTRIBUTES = {
    "MountainCar-v0": {
        "min_position": -0.7,
        "max_position": 0.0,
        "max_speed": 0.01,
        "goal_position": -0.4,
        "goal_velocity": 0.01,
        "force": 0.004,
        "gravity": 0.001,
    },
    "MountainCarContinuous-v0": {
        "min_action": -0.1,
        "max_action": 0.2,
        "min_position": -0.7,
        "max_position": 0.0,
        "max_speed": 0.01,
        "goal_position": -0.4,
        "goal_velocity": 0.01,
        "power": 0.005,
    },
    "Pendulum-v1": {
        "max_speed": 1.5,
        "max_torque": 0.7,
        "dt": 0.02,
        "g": 3.7,
        "m": 0.6,
        "l": 1.4,
    },
    "Acrobot-v1": {
        "dt": 0.1,
        "LINK_LENGTH_1": 1.2,
        "LINK_LENGTH_2": 0.8,
        "LINK_MASS_1": 0.7,
        "LINK_MASS_2": 1.4,
        "LINK_COM_POS_1": 0.6,
        "LINK_COM_POS_2": 0.3,
        "LINK_MOI": 0.8,
        "MAX_VEL_1": 0.5,
        "MAX_VEL_2": 0.6,
        "AVAIL_TORQUE": [2.0, 0.5, -1.0],
        "torque_noise_max": 0.2,
        "book_or_nips": "nips",
    },
}
CASES = [(env_id, name) for env_id, names in ATTRIBUTES.items() for name in names]
FIXED = {
    "MountainCar-v0": ["low", "high", "screen_width", "screen_height"],
    "MountainCarContinuous-v0": ["low_state", "high_state", "screen_width", "screen_height"],
    "Pendulum-v1": ["screen_dim"],
    "Acrobot-v1": ["SCREEN_DIM", "actions_num"],
}


@pytest.fixture
def pair(env_id):
    return gym.make(env_id), gymnasium.make(env_id)


@pytest.mark.parametrize(("env_id", "name"), CASES)
def test_written_attributes_change_the_dynamics_as_the_peers_do(pair, env_id, name):
    env, peer = pair
    assert getattr(env.unwrapped, name) == getattr(peer.unwrapped, name)
    for one in pair:
        setattr(one.unwrapped, name, ATTRIBUTES[env_id][name])
    rng = np.random.default_rng(1)
    for seed in range(3):
        env.reset(seed=seed), peer.reset(seed=seed)
        for _ in range(60):
            action = (
                int(rng.integers(3))
                if isinstance(env.action_space, gym.spaces.Discrete)
                else rng.uniform(env.action_space.low, env.action_space.high).astype(np.float32)
            )
            ours, theirs = env.step(action), peer.step(action)
            np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-6, atol=1e-6)
            assert ours[1] == pytest.approx(theirs[1], rel=1e-6, abs=1e-6)
            assert ours[2:4] == theirs[2:4]
            if ours[2]:
                break


@pytest.mark.parametrize(("env_id", "name"), [(i, n) for i, names in FIXED.items() for n in names])
def test_fixed_attributes(pair, env_id, name):
    env, peer = pair
    np.testing.assert_array_equal(getattr(env.unwrapped, name), getattr(peer.unwrapped, name))


@pytest.mark.parametrize("env_id", ATTRIBUTES)
def test_the_state_can_be_read_and_written(pair, env_id):
    env, peer = pair
    env.reset(seed=5), peer.reset(seed=5)
    action = env.action_space.sample()
    env.step(action), peer.step(action)
    state = np.array(peer.unwrapped.state)
    np.testing.assert_allclose(env.unwrapped.state, state, rtol=1e-12)
    for one in pair:
        one.unwrapped.state = state * 0.9
    np.testing.assert_allclose(env.step(action)[0], peer.step(action)[0], rtol=1e-6)
    with pytest.raises(ValueError, match="state: expected"):
        env.unwrapped.state = [1.0]
    with pytest.raises(ValueError, match="NaN"):
        env.unwrapped.state = state * np.nan


@pytest.mark.parametrize("env_id", ATTRIBUTES)
def test_a_written_state_starts_an_episode(env_id):
    env = gym.make(env_id).unwrapped
    assert env.state is None
    env.state = [0.1] * len(env.state_fields)
    env.step(env.action_space.sample())
    assert not env.isopen
