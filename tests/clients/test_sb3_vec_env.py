"""`dromos.compat.sb3.VecEnv`: a native vector in the place of Stable-Baselines3's."""

import gymnasium as gym
import numpy as np
import pytest
from stable_baselines3 import A2C, DQN
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.vec_env import DummyVecEnv, VecFrameStack, VecMonitor, VecNormalize

import dromos
from dromos.compat import sb3

SAME_STEP = {"autoreset_mode": "SameStep"}


def native(env_id="CartPole-v1", num_envs=3, **arguments):
    return sb3.VecEnv(dromos.make_vec(env_id, num_envs, vector_kwargs=SAME_STEP, **arguments))


def serial(env_id="CartPole-v1", num_envs=3, **arguments):
    kwargs = {"vectorization_mode": "sync", "vector_kwargs": SAME_STEP, **arguments}
    return sb3.VecEnv(dromos.make_vec(env_id, num_envs, **kwargs))


def workers(env_id="CartPole-v1", num_envs=3):
    kwargs = {"vectorization_mode": "async", "vector_kwargs": SAME_STEP}
    return sb3.VecEnv(dromos.make_vec(env_id, num_envs, **kwargs))


def theirs(env_id="CartPole-v1", num_envs=3, **arguments):
    return DummyVecEnv([lambda: gym.make(env_id, **arguments) for _ in range(num_envs)])


def same(mine, other):
    if isinstance(mine, dict):
        return mine.keys() == other.keys() and all(same(mine[key], other[key]) for key in mine)
    return np.array_equal(mine, other)


@pytest.mark.parametrize("make", [native, serial, workers])
@pytest.mark.parametrize("env_id", ["CartPole-v1", "FrozenLake-v1", "Pendulum-v1", "Taxi-v4"])
def test_it_says_what_dummy_vec_env_says(make, env_id):
    ours, dummy = make(env_id), theirs(env_id)
    assert ours.observation_space == dummy.observation_space
    assert ours.action_space == dummy.action_space
    ours.seed(7)
    dummy.seed(7)
    assert np.array_equal(ours.reset(), dummy.reset())
    assert all(map(same, ours.reset_infos, dummy.reset_infos))
    ended = 0
    for _ in range(250):
        actions = np.stack([dummy.action_space.sample() for _ in range(3)])
        observations, rewards, dones, infos = ours.step(actions)
        expected = dummy.step(actions)
        np.testing.assert_array_equal(observations, expected[0])
        np.testing.assert_array_equal(rewards, expected[1])
        np.testing.assert_array_equal(dones, expected[2])
        assert (observations.dtype, rewards.dtype) == (expected[0].dtype, np.float32)
        assert isinstance(infos, list)
        for lane in range(3):
            assert type(infos[lane]) is dict
            assert same(infos[lane], expected[3][lane])
            assert same(ours.reset_infos[lane], dummy.reset_infos[lane])
        ended += dones.sum()
    assert ended >= 3
    ours.close()


def test_truncation_is_told_apart():
    ours = native("CartPole-v1", 2, max_episode_steps=5)
    ours.seed(0)
    ours.reset()
    for _ in range(5):
        *_, dones, infos = ours.step(np.array([0, 1]))
    assert dones.all()
    assert [info["TimeLimit.truncated"] for info in infos] == [True, True]
    assert infos[0]["terminal_observation"].shape == (4,)


def test_observations_stay_what_they_were():
    ours = native()
    ours.seed(1)
    first = ours.reset()
    kept = first.copy()
    ours.step(np.ones(3, int))
    assert np.array_equal(first, kept)


def test_seeds_and_options_hold_for_one_reset():
    ours = native("CartPole-v1", 2)
    assert list(ours.seed(3)) == [3, 4]
    ours.set_options({"low": 0.01, "high": 0.02})
    observations = ours.reset()
    assert ((observations >= 0.01) & (observations <= 0.02)).all()
    assert not ((ours.reset() >= 0.01) & (ours.reset() <= 0.02)).all()
    ours.set_options([{"low": 0.03, "high": 0.04}, {}])
    observations = ours.reset()
    assert ((observations[0] >= 0.03) & (observations[0] <= 0.04)).all()
    assert not ((observations[1] >= 0.03) & (observations[1] <= 0.04)).all()


@pytest.mark.parametrize("make", [native, serial])
def test_attributes_and_methods_of_lanes(make):
    ours = make()
    ours.seed(0)
    ours.reset()
    ours.set_attr("gravity", 3.0, indices=[1])
    assert ours.get_attr("gravity") == [9.8, 3.0, 9.8]
    ours.set_attr("gravity", 4.0)
    assert ours.get_attr("gravity", indices=1) == [4.0]
    assert ours.has_attr("masscart")
    assert not ours.has_attr("wings")
    assert ours.env_method("has_wrapper_attr", "length", indices=[0, 2]) == [True, True]
    wrapped = make is serial
    assert ours.env_is_wrapped(gym.wrappers.TimeLimit) == [wrapped] * 3
    assert ours.env_is_wrapped(VecMonitor, indices=0) == [False]


def test_attributes_and_methods_of_lanes_in_other_processes():
    ours = workers()
    ours.reset()
    ours.set_attr("gravity", 3.0, indices=[1])
    assert ours.get_attr("gravity", indices=[0, 1]) == [9.8, 3.0]
    assert ours.env_method("has_wrapper_attr", "length") == [True] * 3
    assert ours.env_is_wrapped(gym.wrappers.TimeLimit) == [False] * 3
    with pytest.raises(ValueError, match=r"in other processes.*leave `indices` out"):
        ours.env_method("close", indices=[1])
    ours.close()


def test_pictures():
    ours = native(render_mode="rgb_array", num_envs=4)
    ours.reset()
    assert [image.shape for image in ours.get_images()] == [(400, 600, 3)] * 4
    assert ours.render().shape == (800, 1200, 3)
    assert native().get_images() == [None] * 3
    ours.close()
    assert ours.vector.closed


def test_a_vector_that_resets_at_another_time_is_refused():
    with pytest.raises(ValueError, match=r"reset in the step that ends.*NEXT_STEP.*SameStep"):
        sb3.VecEnv(dromos.make_vec("CartPole-v1", 2))


def test_algorithms_learn_on_it():
    envs = VecNormalize(VecFrameStack(sb3.make_vec_env("CartPole-v1", 16, seed=0), 2))
    model = A2C("MlpPolicy", envs, seed=0, device="cpu")
    model.learn(1600)
    assert len(model.ep_info_buffer) > 5
    model = DQN("MlpPolicy", sb3.make_vec_env("CartPole-v1", 4), learning_starts=50, device="cpu")
    model.learn(200)
    mean, _ = evaluate_policy(model, make_vec_env("CartPole-v1", 2), n_eval_episodes=4)
    assert mean >= 8
