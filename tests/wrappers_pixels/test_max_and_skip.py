"""MaxAndSkipObservation: sums, maxima, and the ends of episodes."""

import gymnasium
import gymnasium.wrappers
import numpy as np
import pytest
from games import Counter

import dromos
from dromos.spaces import Text
from dromos.wrappers.stateful_observation import MaxAndSkipObservation


@pytest.mark.parametrize("skip", [2, 4, np.int64(5)])
def test_the_maximum_of_the_last_two(skip):
    env = MaxAndSkipObservation(Counter(), skip)
    np.testing.assert_array_equal(env.reset()[0], [0, 0])
    for last in (skip, 2 * skip):
        obs, reward, terminated, truncated, info = env.step(0)
        np.testing.assert_array_equal(obs, [last, 1 - last])
        assert (reward, terminated, truncated, info) == (skip, False, False, {"number": last})


@pytest.mark.parametrize(("end", "shown"), [(5, [5, -5]), (6, [6, -5]), (7, [7, -6]), (8, [8, -7])])
def test_only_observations_of_the_step_when_the_episode_ends(end, shown):
    env = MaxAndSkipObservation(Counter(ends=end))
    env.reset()
    env.step(0)
    obs, reward, terminated, *_ = env.step(0)
    np.testing.assert_array_equal(obs, shown)
    assert (reward, terminated) == (end - 4, True)


def test_no_observation_of_the_episode_before():
    env = MaxAndSkipObservation(Counter(ends=1, signs=(-1, -1)))
    for _ in range(2):
        env.reset()
        np.testing.assert_array_equal(env.step(0)[0], [-1, -1])


def test_the_same_as_the_peer_while_episodes_run():
    ours = MaxAndSkipObservation(dromos.make("Pendulum-v1"))
    peer = gymnasium.wrappers.MaxAndSkipObservation(gymnasium.make("Pendulum-v1"))
    np.testing.assert_allclose(ours.reset(seed=5)[0], peer.reset(seed=5)[0], rtol=1e-6)
    for action in np.random.default_rng(0).uniform(-2, 2, (40, 1)).astype(np.float32):
        (obs, reward, *ends), (peer_obs, peer_reward, *peer_ends) = (
            ours.step(action),
            peer.step(action),
        )
        np.testing.assert_allclose(obs, peer_obs, rtol=1e-5, atol=1e-6)
        assert obs.dtype == peer_obs.dtype
        assert reward == pytest.approx(peer_reward, rel=1e-5)
        assert ends[:2] == peer_ends[:2]


def test_observations_are_the_callers():
    env = MaxAndSkipObservation(Counter())
    env.reset()
    first = env.step(0)[0]
    env.step(0)
    np.testing.assert_array_equal(first, [4, -3])


def test_snapshots_go_on_alike():
    env = MaxAndSkipObservation(dromos.make("CartPole-v1"))
    env.reset(seed=0)
    env.step(0)
    snapshot = env.snapshot()
    expected = env.step(1)[0]
    env.step(0)
    env.restore(snapshot)
    np.testing.assert_array_equal(env.step(1)[0], expected)


@pytest.mark.parametrize(
    ("skip", "error", "message"),
    [
        (1, ValueError, "at least 2, actual value: 1"),
        (2.0, TypeError, "expected to be an integer, actual type: <class 'float'>"),
        (True, TypeError, "expected to be an integer"),
    ],
)
def test_bad_skip(skip, error, message):
    with pytest.raises(error, match=message):
        MaxAndSkipObservation(Counter(), skip)


def test_observations_without_a_shape():
    env = Counter()
    env.observation_space = Text(3)
    with pytest.raises(ValueError, match="observations that are arrays, found Text"):
        MaxAndSkipObservation(env)


def test_the_skip_is_recorded():
    assert MaxAndSkipObservation(Counter(), skip=3)._saved_kwargs == {"skip": 3}
