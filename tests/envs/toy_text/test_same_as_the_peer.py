"""The toy texts against Gymnasium: every number, every type, under every keyword."""

import gymnasium
import numpy as np
import pytest

import dromos as gym

VARIANTS = [
    ("Blackjack-v1", {}),
    ("Blackjack-v1", {"sab": False, "natural": True}),
    ("Blackjack-v1", {"sab": False, "natural": False}),
    ("FrozenLake-v1", {}),
    ("FrozenLake8x8-v1", {}),
    ("FrozenLake-v1", {"is_slippery": False}),
    ("FrozenLake-v1", {"success_rate": 0.75, "reward_schedule": (10, -5, -0.5)}),
    ("FrozenLake-v1", {"desc": ["SFFS", "FHFH", "SFFG"], "success_rate": 0.9}),
    ("CliffWalking-v1", {}),
    ("CliffWalkingSlippery-v1", {}),
    ("Taxi-v4", {}),
    ("Taxi-v4", {"is_rainy": True}),
    ("Taxi-v4", {"is_rainy": True, "rainy_probability": 0.45}),
    ("Taxi-v4", {"fickle_passenger": True, "fickle_probability": 0.9}),
    ("Taxi-v4", {"is_rainy": True, "fickle_passenger": True}),
]
#: Their states can be counted.
TABULAR = [(env_id, kwargs) for env_id, kwargs in VARIANTS if not env_id.startswith("Blackjack")]


def assert_same(ours, theirs):
    if isinstance(theirs, dict):
        assert list(ours) == list(theirs)
        for key, value in theirs.items():
            assert_same(ours[key], value)
    elif isinstance(theirs, np.ndarray):
        assert (type(ours), ours.dtype) == (type(theirs), theirs.dtype)
        np.testing.assert_array_equal(ours, theirs)
    else:
        assert type(ours) is type(theirs)
        assert ours == theirs


def action_for(peer, info, rng):
    """Mostly actions that change the state, so that passengers arrive."""
    if "action_mask" in info and rng.random() < 0.7:
        return int(rng.choice(np.flatnonzero(info["action_mask"])))
    return int(rng.integers(peer.action_space.n))


def starts_alike(ours, theirs):
    """Resets agree; the peer's `prob` is the int 1 there in some environments."""
    assert_same(ours[0], theirs[0])
    assert ours[1].get("prob") == theirs[1].get("prob")
    assert_same(ours[1].get("action_mask"), theirs[1].get("action_mask"))


@pytest.mark.parametrize(("env_id", "kwargs"), VARIANTS)
def test_episodes_are_the_peers(env_id, kwargs):
    env, peer = gym.make(env_id, **kwargs), gymnasium.make(env_id, **kwargs)
    for seed in range(25):
        rng = np.random.default_rng(seed)
        theirs = peer.reset(seed=seed)
        starts_alike(env.reset(seed=seed), theirs)
        for _ in range(500):
            action = action_for(peer, theirs[-1], rng)
            ours, theirs = env.step(action), peer.step(action)
            for one, other in zip(ours, theirs, strict=True):
                assert_same(one, other)
            if theirs[2] or theirs[3]:
                theirs = peer.reset()
                starts_alike(env.reset(), theirs)


@pytest.mark.parametrize(("env_id", "kwargs"), TABULAR)
def test_tables_of_transitions_are_the_peers(env_id, kwargs):
    ours, theirs = (made.make(env_id, **kwargs).unwrapped for made in (gym, gymnasium))
    assert ours.P == theirs.P
    assert isinstance(ours.P, dict)
    np.testing.assert_array_equal(ours.initial_state_distrib, theirs.initial_state_distrib)
    for state, actions in theirs.P.items():
        for action, ways in actions.items():
            for one, other in zip(ours.P[state][action], ways, strict=True):
                assert isinstance(one[1], int)
                assert [type(part) for part in one[::2]] == [type(part) for part in other[::2]]


@pytest.mark.parametrize("env_id", ["FrozenLake-v1", "CliffWalking-v1", "Taxi-v4"])
def test_texts_are_the_peers(env_id):
    ours, theirs = (made.make(env_id, render_mode="ansi") for made in (gym, gymnasium))
    for seed in range(20):
        rng = np.random.default_rng(seed)
        info = theirs.reset(seed=seed)[1]
        ours.reset(seed=seed)
        over = False
        for _ in range(60):
            assert ours.render() == theirs.render()
            if over:
                break
            action = action_for(theirs, info, rng)
            *_, terminated, truncated, info = theirs.step(action)
            ours.step(action)
            over = terminated or truncated


@pytest.mark.parametrize(("env_id", "kwargs"), VARIANTS)
def test_public_attributes_are_the_peers(env_id, kwargs):
    ours, theirs = (made.make(env_id, **kwargs).unwrapped for made in (gym, gymnasium))
    for env in (ours, theirs):
        env.reset(seed=3)
        env.step(1)
    names = {
        "Blackjack": "natural sab player dealer dealer_top_card_suit dealer_top_card_value_str",
        "FrozenLake": "desc nrow ncol reward_range s lastaction",
        "CliffWalking": "shape start_state_index nS nA is_slippery s lastaction",
        "Taxi": "desc locs max_row max_col rainy_probability fickle_probability fickle_passenger "
        "fickle_step s lastaction",
    }
    family = env_id.partition("-")[0].replace("8x8", "").replace("Slippery", "")
    for name in names[family].split():
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name), name)


@pytest.mark.parametrize("size", [2, 4, 8, 12])
def test_random_maps_are_the_peers(size):
    from gymnasium.envs.toy_text import frozen_lake as theirs

    from dromos.envs.toy_text import frozen_lake as ours

    for seed in range(30):
        for p in (0.6, 0.8, 1.5):
            one = ours.generate_random_map(size=size, p=p, seed=seed)
            assert one == theirs.generate_random_map(size=size, p=p, seed=seed)
            assert ours.is_valid(one, size)
    assert ours.MAPS == theirs.MAPS


def test_categorical_sample_draws_as_the_peers():
    from gymnasium.envs.toy_text.utils import categorical_sample as theirs

    from dromos.envs.toy_text.utils import categorical_sample as ours

    for probabilities in ([0.2, 0.5, 0.3], [1.0], [0.0, 1.0], [0.0, 0.0]):
        streams = np.random.default_rng(1), np.random.default_rng(1)
        for _ in range(50):
            assert ours(probabilities, streams[0]) == theirs(probabilities, streams[1])
