"""Promise 2: the episodes of Gymnasium 1.4, from the start state to the last flag."""

import gymnasium
import numpy as np
import pytest
from rollouts import actions_of

SEEDS = 100
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


def test_same_episodes(env, env_id):
    peer = gymnasium.make(env_id)
    for seed in range(SEEDS):
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
