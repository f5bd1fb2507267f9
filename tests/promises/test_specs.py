"""Promise 7: a spec goes through JSON and rebuilds the environment with its wrappers."""

import numpy as np
from rollouts import actions_of, assert_same, rollout

import dromos as gym
from dromos.envs.registration import EnvSpec


def test_spec_rebuilds_the_environment(env):
    spec = EnvSpec.from_json(env.spec.to_json())
    assert spec == env.spec
    with gym.make(spec) as again:
        assert str(again) == str(env)
        actions = actions_of(env.action_space, np.random.default_rng(0), 300)
        assert_same(rollout(again, actions, seed=1), rollout(env, actions, seed=1))


def test_spec_rebuilds_the_vector(env, env_id):
    vector = gym.make_vec(env_id, 3, vector_kwargs={"autoreset_mode": "SameStep"})
    again = gym.make_vec(EnvSpec.from_json(vector.spec.to_json()))
    assert str(again) == str(vector)
    assert again.metadata["autoreset_mode"] is vector.metadata["autoreset_mode"]
    actions = np.array(actions_of(env.action_space, np.random.default_rng(0), 3))
    assert_same(again.reset(seed=2), vector.reset(seed=2))
    assert_same(again.step(actions), vector.step(actions))
