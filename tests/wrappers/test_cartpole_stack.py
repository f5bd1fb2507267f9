"""The default stack around a native environment, as `make` builds it."""

import pickle

import gymnasium
import numpy as np
import pytest

import dromos as gym
from dromos.wrappers import OrderEnforcing, TimeLimit

STACK = "<TimeLimit<OrderEnforcing<PassiveEnvChecker<CartPoleEnv<CartPole-v1>>>>>"


def rollout(env, actions):
    steps = []
    for action in actions:
        obs, *rest, _ = env.step(action)
        steps.append((obs.tolist(), *rest))
        if rest[1] or rest[2]:
            steps.append(env.reset()[0].tolist())
    return steps


def test_stack_is_gymnasiums():
    assert str(gym.make("CartPole-v1")) == str(gymnasium.make("CartPole-v1")) == STACK
    without = gym.make("CartPole-v1", disable_env_checker=True)
    assert str(without) == STACK.replace("PassiveEnvChecker<", "", 1).replace(">>>>>", ">>>>")
    assert isinstance(gym.make("CartPole-v1", max_episode_steps=-1), OrderEnforcing)


def test_step_before_reset():
    env = gym.make("CartPole-v1")
    for _ in range(2):
        with pytest.raises(gym.error.ResetNeeded):
            env.step(0)
    env.reset(seed=0)
    assert len(env.step(0)) == 5


def test_one_step_is_enough_for_the_shortest_path():
    env = gym.make("CartPole-v1")
    env.reset(seed=0)
    env.step(0)
    assert type(env.step).__name__ == "LimitedStep"
    assert (env.step.elapsed, env.step.limit) == (env._elapsed_steps, 500) == (1, 500)
    assert str(env) == STACK
    assert env.get_wrapper_attr("has_reset")
    assert env.get_wrapper_attr("gravity") == 9.8
    with pytest.raises(gym.error.InvalidAction):
        env.step(7)
    assert env._elapsed_steps == 1


@pytest.mark.parametrize("limit", [1, 2, 7, 500])
def test_episodes_end_as_gymnasiums(limit):
    ours = gym.make("CartPole-v1", max_episode_steps=limit)
    peer = gymnasium.make("CartPole-v1", max_episode_steps=limit)
    ours.reset(seed=7)
    peer.reset(seed=7)
    for action in np.random.default_rng(limit).integers(0, 2, 300).tolist():
        (obs, *rest, _), (peers_obs, *peers_rest, _) = ours.step(action), peer.step(action)
        np.testing.assert_allclose(obs, peers_obs, rtol=1e-6, atol=1e-6)
        assert rest == peers_rest
        if rest[1] or rest[2]:
            np.testing.assert_array_equal(ours.reset()[0], peer.reset()[0])


def test_the_limit_of_a_live_env():
    env = gym.make("CartPole-v1")
    env.reset(seed=0)
    env.step(0)
    env._max_episode_steps = 3
    assert [env.step(i)[3] for i in (1, 0)] == [False, True]
    env._max_episode_steps = 2**40
    env.reset(seed=0)
    assert [env.step(i)[3] for i in (1, 0, 1, 0)] == [False] * 4
    env.set_wrapper_attr("_max_episode_steps", 5)
    assert env.step(1)[3]


@pytest.mark.parametrize("copied", ["clone", "pickle", "snapshot", "restore elsewhere"])
def test_copies_and_snapshots_have_the_same_future(copied):
    env = gym.make("CartPole-v1", max_episode_steps=12)
    env.reset(seed=3)
    rollout(env, [0, 1, 0, 1])
    other = env
    snapshot = env.snapshot()
    if copied == "clone":
        other = env.clone()
    elif copied == "pickle":
        other = pickle.loads(pickle.dumps(env))
    elif copied == "restore elsewhere":
        other = gym.make("CartPole-v1", max_episode_steps=12)
        other.restore(snapshot)
    first = rollout(env, [0, 1, 1, 0] * 10)
    if copied == "snapshot":
        env.restore(snapshot)
    assert rollout(other, [0, 1, 1, 0] * 10) == first


def test_a_registered_limit_makes_the_difference():
    entry_point = "dromos.envs.classic_control.cartpole:CartPoleEnv"
    try:
        gym.register("WrapperTests/Free-v0", entry_point)
        gym.register("WrapperTests/Limited-v0", entry_point, max_episode_steps=4)
        free, limited = gym.make("WrapperTests/Free-v0"), gym.make("WrapperTests/Limited-v0")
    finally:
        for name in ("Free", "Limited"):
            gym.registry.pop(f"WrapperTests/{name}-v0", None)
    assert not isinstance(free, TimeLimit)
    assert isinstance(limited, TimeLimit)
    free.reset(seed=0)
    limited.reset(seed=0)
    assert [env.step(i)[3] for env in (free, limited) for i in (0, 1, 0, 1)] == [False] * 7 + [True]


def test_frames_of_an_episode():
    env = gym.make("CartPole-v1", render_mode="rgb_array_list")
    env.reset(seed=0)
    for i in range(5):
        env.step(i % 2)
    frames = env.render()
    assert (len(frames), len(env.render())) == (6, 0)
    assert {frame.shape for frame in frames} == {(400, 600, 3)}
    assert env.render_mode == "rgb_array_list"
