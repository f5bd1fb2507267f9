"""Acrobot: noise, the two sets of equations, and the torques of the actions."""

import gymnasium
import numpy as np
import pytest

import dromos as gym
from dromos.envs.classic_control import AcrobotEnv

STEPS = 100


def pair(**attributes):
    """Our environment and the peer's with the same attributes."""
    envs = gym.make("Acrobot-v1"), gymnasium.make("Acrobot-v1")
    for env in envs:
        for name, value in attributes.items():
            setattr(env.unwrapped, name, value)
    return envs


def assert_same_episodes(env, peer, seeds=range(5)):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        np.testing.assert_allclose(env.reset(seed=seed)[0], peer.reset(seed=seed)[0], atol=1e-6)
        for action in rng.integers(0, 3, STEPS).tolist():
            ours, theirs = env.step(action), peer.step(action)
            np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-6, atol=1e-6)
            assert ours[1:4] == theirs[1:4]
            if ours[2]:
                break


@pytest.mark.parametrize("noise", [0.0, 0.1, 3.0])
@pytest.mark.parametrize("equations", ["book", "nips"])
def test_noise_and_equations_are_the_peers(noise, equations):
    assert_same_episodes(*pair(torque_noise_max=noise, book_or_nips=equations))


def test_links_and_torques_are_the_peers():
    changes = {
        "LINK_MASS_1": 1.3,
        "LINK_MASS_2": 0.8,
        "LINK_LENGTH_1": 0.9,
        "LINK_COM_POS_1": 0.4,
        "LINK_COM_POS_2": 0.6,
        "LINK_MOI": 0.7,
        "MAX_VEL_1": 5.0,
        "MAX_VEL_2": 6.0,
        "dt": 0.1,
        "AVAIL_TORQUE": [-2.0, 0.1, 1.5],
    }
    env, peer = pair(**changes)
    for name, value in changes.items():
        assert getattr(env.unwrapped, name) == value
    assert_same_episodes(env, peer)


def test_the_equations_differ():
    ends = []
    for equations in ("book", "nips"):
        with gym.make("Acrobot-v1", book_or_nips=equations) as env:
            assert env.unwrapped.book_or_nips == equations
            env.reset(seed=0)
            ends.append([env.step(2)[0] for _ in range(30)][-1])
    assert not np.allclose(*ends)


def test_the_equations_are_a_keyword_of_vectors_too():
    vector = gym.make_vec("Acrobot-v1", 3, book_or_nips="nips")
    assert vector.get_attr("book_or_nips") == ("nips",) * 3
    vector = gym.make_vec("Acrobot-v1", 2, params={"nips": [True, False]})
    assert vector.call("book_or_nips") == ("nips", "book")


def test_noise_in_some_lanes_only():
    lanes = 70  # more than a block
    noise = np.where(np.arange(lanes) % 3 == 0, 0.4, 0.0)
    vector = gym.make_vec("Acrobot-v1", lanes, params={"torque_noise_max": noise})
    still = gym.make_vec("Acrobot-v1", lanes)
    singles = [gym.make("Acrobot-v1", torque_noise_max=level) for level in noise[:6]]
    batches = vector.reset(seed=9)[0], still.reset(seed=9)[0]
    for lane, env in enumerate(singles):
        env.reset(seed=9 + lane)
    rng = np.random.default_rng(0)
    for _ in range(40):
        actions = rng.integers(0, 3, lanes)
        batches = vector.step(actions)[0], still.step(actions)[0]
        for lane, env in enumerate(singles):
            np.testing.assert_array_equal(batches[0][lane], env.step(int(actions[lane]))[0])
    same = (batches[0] == batches[1]).all(axis=1)
    assert same.tolist() == (noise == 0).tolist()


def test_noise_can_begin_and_end_within_an_episode():
    env, peer = pair()
    for step, noise in enumerate((0.0, 0.5, 0.0)):
        if step == 0:
            env.reset(seed=2), peer.reset(seed=2)
        for one in (env, peer):
            one.unwrapped.torque_noise_max = noise
        for _ in range(10):
            np.testing.assert_allclose(env.step(2)[0], peer.step(2)[0], atol=1e-6)
    assert env.np_random.random() == peer.np_random.random()


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"LINK_MASS_1": -1}, "LINK_MASS_1: expected .*> 0, got -1"),
        ({"LINK_LENGTH_1": 0.0}, "LINK_LENGTH_1: expected .*> 0, got 0.0"),
        ({"torque_noise_max": -0.5}, "torque_noise_max: expected .*≥ 0, got -0.5"),
        ({"dt": float("nan")}, "dt: expected .* got nan"),
        ({"book_or_nips": "paper"}, 'expected "book" or "nips", got \'paper\''),
    ],
)
def test_impossible_parameters_are_shown(keywords, message):
    with pytest.raises(ValueError, match=message):
        gym.make("Acrobot-v1", **keywords)
    with pytest.raises(ValueError, match=message):
        gym.make_vec("Acrobot-v1", 2, **keywords)


def test_three_torques_are_needed():
    env = AcrobotEnv()
    with pytest.raises(ValueError, match="expected 3 numbers"):
        env.AVAIL_TORQUE = [1.0, 2.0]
    assert env.AVAIL_TORQUE == [-1.0, 0.0, 1.0]
