"""DI-engine's running statistics, and what is normalised by them."""

import numpy as np
import pytest
from ding_fakes import CountingEnv, NoisyEnv
from hypothesis import given, settings
from hypothesis import strategies as st

from dromos import spaces
from dromos.compat import ding

WARM_UP = 30


@settings(deadline=None)
@given(sizes=st.lists(st.integers(1, 20), min_size=1, max_size=5), seed=st.integers(0, 99))
def test_running_statistics_are_those_of_all_samples(sizes, seed):
    rng = np.random.default_rng(seed)
    batches = [rng.normal(100, 3, (size, 2)) for size in sizes]
    rms = ding.RunningMeanStd(epsilon=1e-12, shape=(2,))
    for batch in batches:
        rms.update(batch)
    everything = np.concatenate(batches)
    np.testing.assert_allclose(rms.mean, everything.mean(axis=0))
    np.testing.assert_allclose(rms.var, everything.var(axis=0), atol=1e-6)
    np.testing.assert_allclose(rms.std, everything.std(axis=0), atol=1e-3)
    assert rms.count == pytest.approx(sum(sizes))


def test_statistics_begin_with_mean_0_and_variance_1():
    rms = ding.RunningMeanStd(shape=(2,))
    for _ in range(2):
        assert rms.mean.tolist() == [0, 0]
        assert rms.std.tolist() == [1.0001, 1.0001]  # sqrt(1) + epsilon
        assert rms.count == 1e-4
        assert rms.mean.dtype == rms.std.dtype == np.float64
        rms.update(np.ones((3, 2)))
        rms.reset()


def test_statistics_of_float32_are_kept_in_float64():
    rms = ding.RunningMeanStd(shape=(1,))
    rms.update(np.full((1, 1), 1 / 3, np.float32))
    assert rms.mean.dtype == np.float64


def test_observations_are_normalised_after_thirty_steps():
    env, raw = ding.ObsNormEnv(NoisyEnv()), NoisyEnv()
    env.reset(seed=0)
    raw.reset(seed=0)
    seen = []
    for count in range(1, 60):
        shown, plain = env.step([0.0])[0], raw.step([0.0])[0]
        seen.append(plain)
        assert env.data_count == count
        if count <= WARM_UP:
            np.testing.assert_array_equal(shown, plain)
        else:
            normal = (plain - np.mean(seen, axis=0)) / np.std(seen, axis=0)
            np.testing.assert_allclose(shown, np.clip(normal, -3, 3), atol=2e-3)


def test_a_reset_begins_new_statistics():
    env = ding.ObsNormWrapper(NoisyEnv())
    env.reset(seed=0)
    for _ in range(40):
        env.step([0.0])
    assert env.clip_range == (-3, 3)
    env.reset()
    assert env.data_count == 0
    assert env.rms.mean.tolist() == [0] * 4


def test_statistics_are_kept_for_each_element():
    env = ding.ObsNormWrapper(NoisyEnv())
    env.reset(seed=0)
    for _ in range(200):
        env.step([0.0])
    np.testing.assert_allclose(env.rms.mean, [0, 10, 20, 30], atol=1)
    np.testing.assert_allclose(env.rms.std, [1, 2, 3, 4], atol=0.5)
    assert env.rms.count == pytest.approx(200, abs=1)


def test_statistics_as_di_engine_computes_them():
    class Still(NoisyEnv):
        def observe(self):
            return np.array([0.0, 10, 20, 30])

    env = ding.ObsNormWrapper(Still(), first_axis_is_batch=True)
    env.reset()
    env.step([0.0])
    np.testing.assert_allclose(env.rms.mean, [15] * 4, rtol=1e-4)
    assert env.rms.count == pytest.approx(4, abs=1e-3)


def test_the_declared_space_holds_both_kinds_of_observations():
    narrow = ding.ObsNormWrapper(CountingEnv(space=spaces.Box(0, 1, (2,), np.float64)))
    assert narrow.observation_space == spaces.Box(-3, 3, (2,), np.float64)
    integers = ding.ObsNormWrapper(CountingEnv(space=spaces.Box(0, 255, (2,), np.uint8)))
    assert integers.observation_space == spaces.Box(-3, 255, (2,), np.float32)
    integers.reset()
    for _ in range(35):
        obs = integers.step([0.0])[0]
        assert obs in integers.observation_space
    assert obs.max() <= 3


@pytest.mark.parametrize(
    "wrap", [ding.ObsNormWrapper, lambda env: ding.StaticObsNormWrapper(env, 0, 1)]
)
def test_only_arrays_are_normalised(wrap):
    with pytest.raises(TypeError, match="needs observations in a Box, found Discrete"):
        wrap(CountingEnv(space=spaces.Discrete(3)))


def test_fixed_statistics():
    env = ding.StaticObsNormWrapper(CountingEnv(), mean=[1.0, 0.0], std=2.0)
    obs, _ = env.reset()
    assert obs.tolist() == [-0.5, 0]
    assert env.step([0.0])[0].tolist() == [0, 3]  # 10 / 2, cut off
    assert obs.dtype == env.observation_space.dtype == np.float32
    with pytest.raises(ValueError, match="std to be above 0"):
        ding.StaticObsNormWrapper(CountingEnv(), 0, [1, 0])


def test_rewards_are_divided_after_thirty_steps():
    env = ding.RewardNormEnv(CountingEnv(), reward_discount=0.9)
    returns, total = [], 0.0
    env.reset()
    for count in range(1, 50):
        reward = float(count % 7)
        total = 0.9 * total + reward
        returns.append(total)
        paid = env.step(reward)[1]
        assert type(paid) is float
        assert env.cum_reward.tolist() == pytest.approx([total])
        expected = reward / (np.std(returns) + 1e-4) if count > WARM_UP else reward
        assert paid == pytest.approx(expected, rel=1e-3)
    env.reset()
    assert (env.data_count, env.cum_reward.tolist()) == (0, [0])
    assert env.step(5)[1] == 5


def test_a_constant_reward():
    env = ding.RewardNormWrapper(CountingEnv(), 0.0)
    env.reset()
    paid = [env.step(1)[1] for _ in range(40)]
    assert paid[:30] == [1.0] * 30
    assert paid[35] > 1  # the return does not vary: only its start and epsilon hold it back


def test_the_interface_of_obs_norm():
    methods = ("step", "reset", "observation", "new_shape")
    assert all(callable(getattr(ding.ObsNormEnv, name)) for name in methods)
    env = ding.ObsNormEnv(NoisyEnv())
    assert (env.data_count, env.clip_range, type(env.rms)) == (0, (-3, 3), ding.RunningMeanStd)
    assert env.new_shape((4,), (1,), (1,)) == ((4,), (1,), (1,))
