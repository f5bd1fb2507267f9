"""Promise 2: the episodes of Gymnasium 1.4, from the start state to the last flag."""

import gymnasium
import numpy as np
import pytest
from rollouts import actions_of

SEEDS, MORE_SEEDS = 25, 100  # the second with --long
STEPS = 500

#: Systems that magnify the last bit a million million times within an episode: the peer itself,
#: nudged by one, strays as far as we do. Every so many steps we go on from the peer's state.
CHAOTIC = {"Acrobot-v1": 50}


def leaves(observation):
    return observation if isinstance(observation, tuple) else (observation,)


def assert_close(ours, theirs):
    for one, other in zip(leaves(ours), leaves(theirs), strict=True):
        assert np.asarray(one).dtype == np.asarray(other).dtype
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


#: The same MuJoCo steps both: nothing is left that could differ by a bit.
EXACT = "dromos.envs.mujoco."


def test_same_episodes(env, env_id, pytestconfig):
    if env.spec.entry_point.startswith("dromos.envs.box2d."):
        assert_equal_first_episodes(env, env_id)
        return
    peer = gymnasium.make(env_id)
    if env.spec.entry_point.startswith(EXACT):
        assert_equal_episodes(env, peer, 20 if pytestconfig.getoption("--long") else 4)
        return
    for seed in range(MORE_SEEDS if pytestconfig.getoption("--long") else SEEDS):
        actions = actions_of(env.action_space, np.random.default_rng(seed), STEPS)
        ours, theirs = env.reset(seed=seed), peer.reset(seed=seed)
        assert_close(ours[0], theirs[0])
        for step, action in enumerate(actions, 1):
            ours, theirs = env.step(action), peer.step(action)
            assert_close(ours[0], theirs[0])
            assert ours[1] == pytest.approx(theirs[1], rel=1e-6, abs=1e-6)
            assert ours[2:4] == theirs[2:4]
            if ours[2] or ours[3]:
                assert_close(env.reset()[0], peer.reset()[0])
            elif env_id in CHAOTIC and step % CHAOTIC[env_id] == 0:
                env.unwrapped.state = peer.unwrapped.state
    peer.close()


def assert_equal_first_episodes(env, env_id):
    """Gymnasium's worlds remember earlier episodes: each of ours is that of a new one of theirs.

    Pictures are ours; tests/envs/box2d plays more, and has drivers.
    """
    is_picture = len(env.observation_space.shape) == 3
    for seed in range(2 if is_picture else 6):
        peer = gymnasium.make(env_id)
        ours, theirs = env.reset(seed=seed), peer.reset(seed=seed)
        for action in actions_of(env.action_space, np.random.default_rng(seed), 200):
            assert is_picture or np.array_equal(ours[0], theirs[0])
            ours, theirs = env.step(action), peer.step(action)
            assert ours[1:-1] == (float(theirs[1]), *theirs[2:-1])
            if ours[2] or ours[3]:
                break
        peer.close()


def assert_equal_episodes(env, peer, seeds, steps=300):
    """Everything that comes back, for actions of both dtypes and beyond the bounds, too."""
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        assert_equal(env.reset(seed=seed), peer.reset(seed=seed))
        for action in actions_of(env.action_space, rng, steps):
            if rng.random() < 0.2:
                action = action * 1.5 if rng.random() < 0.5 else action.astype(np.float64)
            ours, theirs = env.step(action), peer.step(action)
            assert_equal(ours, theirs)
            if ours[2] or ours[3]:
                assert_equal(env.reset(), peer.reset())
    peer.close()


def assert_equal(ours, theirs):
    assert np.array_equal(ours[0], theirs[0])
    assert ours[1:-1] == theirs[1:-1]  # for a reset: nothing
    assert list(ours[-1]) == list(theirs[-1])
    for name, value in theirs[-1].items():
        # NumPy's float64 is a float; the peer gives now the one, now the other.
        kind = float if isinstance(value, float) else type(value)
        assert isinstance(ours[-1][name], kind), name
        assert np.array_equal(ours[-1][name], value), name


def test_same_spaces_and_spec(env, env_id):
    peer = gymnasium.make(env_id)
    assert repr(env.observation_space) == repr(peer.observation_space)
    assert repr(env.action_space) == repr(peer.action_space)
    assert str(env) == str(peer)
    assert env.spec.max_episode_steps == peer.spec.max_episode_steps
    assert env.spec.reward_threshold == peer.spec.reward_threshold
    assert set(peer.metadata["render_modes"]) <= set(env.metadata["render_modes"])
    assert env.metadata["render_fps"] == peer.metadata["render_fps"]
    peer.close()
