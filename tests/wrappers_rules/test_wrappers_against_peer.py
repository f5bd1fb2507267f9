"""The wrappers make of the same observations, actions and rewards what Gymnasium's make of them."""

import numpy as np
import pytest
from wrapper_twins import (
    ACTIONS,
    OBSERVATIONS,
    OURS,
    PEER,
    VECTOR_OBSERVATIONS,
    arrays,
    make_twin,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*precision lowered.*:UserWarning"),  # by the peer
    pytest.mark.filterwarnings("ignore:overflow encountered in cast:RuntimeWarning"),
]

EXACT = {"rtol": 0, "atol": 0}
#: Where Gymnasium sums in float32 and we in float64.
CLOSE = {"rtol": 2e-4, "atol": 2e-4}


def assert_equal(ours, peers, tolerance=EXACT):
    if isinstance(peers, dict):
        assert ours.keys() == peers.keys()
        ours, peers = [ours[key] for key in peers], list(peers.values())
    if isinstance(peers, (tuple, list)):
        assert len(ours) == len(peers)
        for own, other in zip(ours, peers, strict=True):
            assert_equal(own, other, tolerance)
    elif isinstance(peers, np.ndarray):
        assert ours.dtype == peers.dtype
        np.testing.assert_allclose(ours, peers, **tolerance)
    else:
        assert ours == peers


def assert_equal_spaces(ours, peers):
    assert type(ours).__name__ == type(peers).__name__
    assert repr(ours) == repr(peers)


def tolerance_of(name):
    return CLOSE if name.startswith("Normalize") else EXACT


def named(cases):
    return [
        pytest.param(*case, id=f"{case[0]}-{case[2].__name__}-{i}") for i, case in enumerate(cases)
    ]


@pytest.mark.parametrize(("name", "kwargs", "observations"), named(OBSERVATIONS))
def test_observations(name, kwargs, observations):
    ours, peers = (
        getattr(lib.wrappers, name)(make_twin(lib, observations), **kwargs) for lib in (OURS, PEER)
    )
    assert_equal_spaces(ours.observation_space, peers.observation_space)
    tolerance = tolerance_of(name)
    assert_equal(ours.reset(seed=11), peers.reset(seed=11), tolerance)
    for _ in range(80):
        own, other = ours.step(0), peers.step(0)
        assert_equal(own, other, tolerance)
        if name != "NormalizeObservation":
            assert own[0] in ours.observation_space
        if other[2]:
            assert_equal(ours.reset(), peers.reset(), tolerance)


@pytest.mark.parametrize(("name", "kwargs", "actions"), named(ACTIONS))
def test_actions(name, kwargs, actions):
    ours, peers = (
        getattr(lib.wrappers, name)(make_twin(lib, arrays, actions), **kwargs)
        for lib in (OURS, PEER)
    )
    assert_equal_spaces(ours.action_space, peers.action_space)
    peers.action_space.seed(3)
    assert_equal(ours.reset(seed=11), peers.reset(seed=11))
    for _ in range(80):
        action = peers.action_space.sample()
        own, other = ours.step(action), peers.step(action)
        assert_equal(own, other)
        assert_equal(ours.unwrapped.taken, peers.unwrapped.taken)
        if other[2]:
            assert_equal(ours.reset(), peers.reset())


@pytest.mark.parametrize(
    "bounds", [{"min_reward": 0.0}, {"max_reward": 1.5}, {"min_reward": -1, "max_reward": 1}]
)
def test_clipped_rewards(bounds):
    ours, peers = (
        lib.wrappers.ClipReward(make_twin(lib, arrays), **bounds) for lib in (OURS, PEER)
    )
    ours.reset(seed=1)
    peers.reset(seed=1)
    assert [ours.step(0)[1] for _ in range(50)] == [peers.step(0)[1] for _ in range(50)]


def rewards_until_the_end(lib, seed):
    """Return the normalised rewards of one episode without its last step."""
    env = lib.wrappers.NormalizeReward(make_twin(lib, arrays), gamma=0.9)
    env.reset(seed=seed)
    rewards = []
    while not (result := env.step(0))[2]:
        rewards.append(result[1])
    return rewards


def test_normalised_rewards_until_the_first_end():
    """At the end Gymnasium drops the return before it adds the last reward, and we after it."""
    ours, peers = ([rewards_until_the_end(lib, seed) for seed in range(20)] for lib in (OURS, PEER))
    assert max(map(len, peers)) > 5
    for own, other in zip(ours, peers, strict=True):
        np.testing.assert_allclose(own, other, rtol=1e-9)


@pytest.mark.parametrize(("name", "kwargs", "observations"), named(VECTOR_OBSERVATIONS))
def test_vector_observations(name, kwargs, observations):
    ours, peers = (
        getattr(lib.wrappers.vector, name)(
            lib.gym.vector.SyncVectorEnv([lambda lib=lib: make_twin(lib, observations)] * 3),
            **kwargs,
        )
        for lib in (OURS, PEER)
    )
    assert_equal_spaces(ours.single_observation_space, peers.single_observation_space)
    assert_equal_spaces(ours.observation_space, peers.observation_space)
    tolerance = tolerance_of(name)
    assert_equal(ours.reset(seed=5)[0], peers.reset(seed=5)[0], tolerance)
    actions = np.zeros((3, 3), np.float32)
    for _ in range(40):
        assert_equal(ours.step(actions)[:4], peers.step(actions)[:4], tolerance)


@pytest.mark.parametrize("name", ["ClipAction", "RescaleAction"])
def test_vector_actions(name):
    kwargs = {} if name == "ClipAction" else {"min_action": -1.0, "max_action": 1.0}
    ours, peers = (
        getattr(lib.wrappers.vector, name)(
            lib.gym.vector.SyncVectorEnv([lambda lib=lib: make_twin(lib, arrays)] * 2), **kwargs
        )
        for lib in (OURS, PEER)
    )
    assert_equal_spaces(ours.action_space, peers.action_space)
    rng = np.random.default_rng(0)
    for envs in (ours, peers):
        envs.reset(seed=1)
    for _ in range(20):
        actions = rng.uniform(-3, 3, (2, 3)).astype(np.float32)
        ours.step(actions)
        peers.step(actions)
    for own, other in zip(ours.unwrapped.envs, peers.unwrapped.envs, strict=True):
        assert_equal(own.taken, other.taken)
