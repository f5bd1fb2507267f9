"""Running statistics: what enters them in each mode, how they are kept, frozen and shared."""

import copy
import pickle

import numpy as np
import pytest

import dromos as gym
from dromos import wrappers
from dromos.vector import AutoresetMode
from dromos.wrappers import vector
from dromos.wrappers.utils import RunningMeanStd

NUM_LANES = 3
MODES = list(AutoresetMode)


def lanes(mode=AutoresetMode.NEXT_STEP, id="Pendulum-v1"):
    return gym.make_vec(id, NUM_LANES, max_episode_steps=9, vector_kwargs={"autoreset_mode": mode})


def actions_of(envs, count, seed=0):
    envs.action_space.seed(seed)
    return [envs.action_space.sample() for _ in range(count)]


class Moments:
    """All rows kept, and their moments taken anew each time."""

    def __init__(self, shape):
        self.rows = []
        self.shape = shape

    def add(self, rows):
        self.rows.extend(np.asarray(rows, np.float64).reshape(-1, *self.shape))

    def mean_and_variance(self):
        """With the start: mean 0 and variance 1 with weight 1e-4."""
        rows, weight = np.array(self.rows), 1e-4
        total = len(rows) + weight
        mean = rows.sum(axis=0) / total
        squares = ((rows - mean) ** 2).sum(axis=0) + weight * (1 + mean**2)
        return mean, squares / total


@pytest.mark.parametrize("mode", MODES)
def test_every_observation_enters_the_statistics_once(mode):
    plain, normalised = lanes(mode), vector.NormalizeObservation(lanes(mode))
    moments = Moments((3,))
    observations, _ = plain.reset(seed=1)
    moments.add(observations)
    normalised.reset(seed=1)
    for actions in actions_of(plain, 40):
        observations, _, terminations, truncations, infos = plain.step(actions)
        shown, *_, shown_infos = normalised.step(actions)
        ended = terminations | truncations
        if mode is AutoresetMode.SAME_STEP and ended.any():
            moments.add(plain.final_obs)
            final_mean, final_variance = moments.mean_and_variance()
            moments.add(observations[ended])
            for lane in np.flatnonzero(ended):
                expected = (infos["final_obs"][lane] - final_mean) / np.sqrt(final_variance + 1e-8)
                np.testing.assert_allclose(shown_infos["final_obs"][lane], expected, rtol=1e-4)
        else:
            moments.add(observations)
        mean, variance = moments.mean_and_variance()
        np.testing.assert_allclose(normalised.obs_rms.mean, mean, rtol=1e-9)
        np.testing.assert_allclose(normalised.obs_rms.var, variance, rtol=1e-9)
        expected = (observations - mean) / np.sqrt(variance + 1e-8)
        np.testing.assert_allclose(shown, expected, rtol=1e-4, atol=1e-6)
        if mode is AutoresetMode.DISABLED and ended.any():
            observations, _ = plain.reset(options={"reset_mask": ended})
            normalised.reset(options={"reset_mask": ended})
            moments.add(observations[ended])


@pytest.mark.parametrize("mode", MODES)
def test_rewards_are_divided_by_the_deviation_of_returns(mode):
    plain, normalised = lanes(mode), vector.NormalizeReward(lanes(mode), gamma=0.9)
    moments, returns = Moments(()), np.zeros(NUM_LANES)
    plain.reset(seed=1)
    normalised.reset(seed=1)
    for actions in actions_of(plain, 40):
        _, rewards, terminations, truncations, _ = plain.step(actions)
        divided = normalised.step(actions)[1]
        moved = plain.valid_transition
        returns = np.where(moved, returns * 0.9 + rewards, 0.0)
        moments.add(returns[moved])
        _, variance = moments.mean_and_variance()
        np.testing.assert_allclose(divided, rewards / np.sqrt(variance + 1e-8), rtol=1e-9)
        ended = terminations | truncations
        returns[ended] = 0.0
        if mode is AutoresetMode.DISABLED and ended.any():
            for envs in (plain, normalised):
                envs.reset(options={"reset_mask": ended})


@pytest.mark.parametrize("id", ["Pendulum-v1", "CartPole-v1"])
def test_a_return_starts_anew_with_an_episode_however_the_last_one_ended(id):
    """By its end, by the limit of steps, and by a reset in the middle."""
    env = wrappers.NormalizeReward(gym.make(id, max_episode_steps=15), gamma=0.9)
    plain = gym.make(id, max_episode_steps=15)
    moments, ends = Moments(()), []
    actions = iter(actions_of(env, 120))
    for episode in range(6):
        total = 0.0
        env.reset(seed=episode)
        plain.reset(seed=episode)
        for _ in range(8 if episode == 2 else 15):
            action = next(actions)
            shown, (_, reward, terminated, truncated, _) = env.step(action)[1], plain.step(action)
            total = total * 0.9 + reward
            moments.add(total)
            _, variance = moments.mean_and_variance()
            assert shown == pytest.approx(reward / np.sqrt(variance + 1e-8), rel=1e-9)
            if terminated or truncated:
                break
        ends.append((terminated, truncated))
    assert (False, False) in ends
    assert (False, True) in ends or (True, False) in ends


class Offset(gym.Env):
    """Observations near 1000 that vary by a hundredth."""

    observation_space = gym.spaces.Box(-np.inf, np.inf, (2,), np.float64)
    action_space = gym.spaces.Discrete(1)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self._observation(), {}

    def step(self, action):
        return self._observation(), 0.0, False, False, {}

    def _observation(self):
        return self.np_random.uniform(1000.0, 1000.01, 2)


def test_the_sums_are_float64():
    """In float32 the variance of such observations would be lost in the rounding of the sums."""
    env, moments = wrappers.NormalizeObservation(Offset()), Moments((2,))
    plain = Offset()
    obs, _ = env.reset(seed=0)
    moments.add(plain.reset(seed=0)[0])
    for _ in range(2000):
        obs = env.step(0)[0]
        moments.add(plain.step(0)[0])
    assert obs.dtype == np.float32
    assert env.obs_rms.mean.dtype == np.float64
    mean, variance = moments.mean_and_variance()
    np.testing.assert_allclose(env.obs_rms.mean, mean, rtol=1e-12)
    np.testing.assert_allclose(env.obs_rms.var, variance, rtol=1e-9)


SINGLE = [
    lambda: wrappers.NormalizeObservation(gym.make("CartPole-v1")),
    lambda: wrappers.NormalizeReward(gym.make("CartPole-v1")),
]
VECTORS = [
    lambda: vector.NormalizeObservation(lanes()),
    lambda: vector.NormalizeReward(lanes()),
]


def run(env, count, seed=None):
    if seed is not None:
        env.reset(seed=seed)
    results = []
    for action in actions_of(env, count):
        result = env.step(action)
        results.append(np.append(np.ravel(result[0]), result[1]))
        if isinstance(env, gym.Env) and (result[2] or result[3]):
            env.reset()
    return np.array(results)


@pytest.mark.parametrize("make", SINGLE + VECTORS)
def test_snapshots_copies_and_pickles_hold_the_statistics(make):
    env = make()
    run(env, 30, seed=2)
    snapshot, twin, deep = env.snapshot(), env.clone(), copy.deepcopy(env)
    future = run(env, 30)
    env.restore(snapshot)
    for other in (env, twin, deep):
        np.testing.assert_array_equal(run(other, 30), future)
    if isinstance(env, gym.Env):
        env.restore(snapshot)
        np.testing.assert_array_equal(run(pickle.loads(pickle.dumps(env)), 30), future)


@pytest.mark.parametrize("make", SINGLE + VECTORS)
def test_state_dicts_are_plain_arrays(make):
    trained, fresh = make(), make()
    run(trained, 30, seed=2)
    state = trained.state_dict()
    assert sorted(state) == ["count", "mean", "var"]
    assert all(isinstance(value, np.ndarray) for value in state.values())
    fresh.load_state_dict(state)
    again = fresh.state_dict()
    for name, value in state.items():
        np.testing.assert_array_equal(value, again[name])
    run(trained, 5)
    np.testing.assert_array_equal(fresh.state_dict()["mean"], state["mean"])


@pytest.mark.parametrize("make", SINGLE + VECTORS)
def test_evaluation_leaves_the_statistics_alone(make):
    env = make()
    run(env, 20, seed=2)
    assert env.eval() is env
    assert env.update_running_mean is False
    before = env.state_dict()
    run(env, 20, seed=3)
    for name, value in before.items():
        np.testing.assert_array_equal(value, env.state_dict()[name])
    env.train()
    run(env, 5)
    assert env.state_dict()["count"] > before["count"]
    env.update_running_mean = False
    assert env.update_running_mean is False


def test_statistics_can_be_shared():
    training = vector.NormalizeObservation(lanes())
    evaluation = wrappers.NormalizeObservation(gym.make("Pendulum-v1")).eval()
    evaluation.obs_rms = training.obs_rms
    run(training, 20, seed=1)
    plain = gym.make("Pendulum-v1")
    expected = training.obs_rms.normalize(plain.reset(seed=5)[0], evaluation.epsilon)
    np.testing.assert_array_equal(evaluation.reset(seed=5)[0], expected)

    rewards, other = (wrappers.NormalizeReward(gym.make("CartPole-v1")) for _ in range(2))
    other.return_rms = rewards.return_rms
    run(rewards, 20, seed=1)
    assert other.return_rms.count > 10
    assert isinstance(other.return_rms, RunningMeanStd)
    assert (other.gamma, other.epsilon) == (0.99, 1e-8)


@pytest.mark.parametrize("epsilon", [0, -1.0, float("nan")])
def test_epsilon_is_above_zero(epsilon):
    for make in (wrappers.NormalizeObservation, wrappers.NormalizeReward):
        with pytest.raises(ValueError, match="strictly positive"):
            make(gym.make("CartPole-v1"), epsilon=epsilon)


@pytest.mark.parametrize("gamma", [-0.1, 1.1, float("nan")])
def test_gamma_is_a_discount(gamma):
    with pytest.raises(ValueError, match=r"interval \[0, 1\]"):
        wrappers.NormalizeReward(gym.make("CartPole-v1"), gamma=gamma)
