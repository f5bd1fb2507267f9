"""Promise 4: observations are elements of the space and belong to the caller."""

import numpy as np
from rollouts import actions_of, rollout

import dromos as gym


def arrays(observation):
    leaves = observation if isinstance(observation, tuple) else (observation,)
    return [leaf for leaf in leaves if isinstance(leaf, np.ndarray)]


def test_observations_lie_in_the_space(env):
    actions = actions_of(env.action_space, np.random.default_rng(0), 1000)
    for seed in range(3):
        for result in rollout(env, actions, seed=seed):
            assert env.observation_space.contains(result[0]), result[0]


def test_observations_are_not_overwritten(env):
    actions = actions_of(env.action_space, np.random.default_rng(0), 20)
    seen = [result[0] for result in rollout(env, actions, seed=0)]
    for i, one in enumerate(seen):
        for other in seen[i + 1 :]:
            for left in arrays(one):
                assert not any(np.shares_memory(left, right) for right in arrays(other))


def test_vector_batches_lie_in_the_batched_space(env, env_id):
    for copied in (True, False):
        vector = gym.make_vec(env_id, 4, copy=copied)
        rng = np.random.default_rng(0)
        batch, _ = vector.reset(seed=0)
        assert vector.observation_space.contains(batch)
        seen = []
        for _ in range(100):
            actions = np.array(actions_of(env.action_space, rng, 4))
            batch, rewards, terminated, truncated, infos = vector.step(actions)
            assert vector.observation_space.contains(batch)
            assert (rewards.dtype, rewards.shape) == (np.float64, (4,))
            for flags in (terminated, truncated):
                assert (flags.dtype, flags.shape) == (np.bool_, (4,))
            assert type(infos) is dict
            seen.append(batch)
        pairs = zip(arrays(seen[-1]), arrays(seen[-2]), strict=True)
        assert all(np.shares_memory(one, other) is not copied for one, other in pairs)
