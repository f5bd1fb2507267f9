"""`rollout` of vectors in wrappers: as many of the wrapper's steps, from what it shows now on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import dromos as gym
from dromos.rollout import Rollout
from dromos.vector import AutoresetMode, VectorEnv, VectorWrapper
from dromos.wrappers import vector as wrappers

LANES, STEPS = 3, 40
NEXT, SAME, DISABLED = AutoresetMode

STACKS: dict[str, tuple[str, Any]] = {
    "frames": ("CartPole-v1", lambda env: wrappers.FrameStackObservation(env, 3)),
    "delayed": ("CartPole-v1", lambda env: wrappers.DelayObservation(env, 2)),
    "normalised": ("CartPole-v1", wrappers.NormalizeObservation),
    "timed": ("CartPole-v1", wrappers.TimeAwareObservation),
    "rewards": ("CartPole-v1", wrappers.NormalizeReward),
    "statistics": ("CartPole-v1", wrappers.RecordEpisodeStatistics),
    "rescaled": ("Pendulum-v1", lambda env: wrappers.RescaleAction(env, -1, 1)),
    "flattened": ("Blackjack-v1", wrappers.FlattenObservation),
    "clipped": ("CartPole-v1", lambda env: wrappers.ClipReward(env, -1, 0.5)),
    "function": ("CartPole-v1", lambda env: wrappers.TransformObservation(env, lambda obs: -obs)),
    "listed": ("Taxi-v4", wrappers.DictInfoToList),
    "several": (
        "CartPole-v1",
        lambda env: wrappers.RecordEpisodeStatistics(
            wrappers.FrameStackObservation(wrappers.NormalizeObservation(env), 2)
        ),
    ),
}


def make(stack: str, mode: Any = NEXT) -> Any:
    env_id, wrap = STACKS[stack]
    kwargs = {"autoreset_mode": mode}
    return wrap(gym.make_vec(env_id, LANES, vector_kwargs=kwargs, max_episode_steps=9))


def actions_of(vector: Any, seed: int = 0) -> Any:
    vector.action_space.seed(seed)
    return np.stack([vector.action_space.sample() for _ in range(STEPS)])


@pytest.mark.parametrize("mode", [NEXT, SAME])
@pytest.mark.parametrize("stack", STACKS)
def test_it_is_as_many_steps_of_the_wrapper(stack: str, mode: Any) -> None:
    vector, twin = make(stack, mode), make(stack, mode)
    shown = [one.reset(seed=2)[0] for one in (vector, twin)][1]
    for seed in range(2):
        actions = actions_of(vector, seed)
        rollout = vector.rollout(actions)
        np.testing.assert_array_equal(rollout.observations[0], shown)
        for step, row in enumerate(actions):
            shown, rewards, terminated, truncated, _ = twin.step(row)
            np.testing.assert_array_equal(rollout.observations[step + 1], shown)
            np.testing.assert_array_equal(rollout.rewards[step], rewards)
            np.testing.assert_array_equal(rollout.terminated[step], terminated)
            np.testing.assert_array_equal(rollout.truncated[step], truncated)
            np.testing.assert_array_equal(rollout.valid[step], twin.valid_transition)
            np.testing.assert_array_equal(rollout.final_observations[step], twin.final_obs)


def test_infos_are_kept_by_name() -> None:
    vector, twin = make("statistics"), make("statistics")
    vector.reset(seed=0)
    twin.reset(seed=0)
    actions = actions_of(vector)
    kept = vector.rollout(actions, infos=["episode", "never"]).infos
    told = [twin.step(row)[4] for row in actions]
    np.testing.assert_array_equal(
        kept["_episode"], [info.get("_episode", np.zeros(LANES, bool)) for info in told]
    )
    for name in ("r", "l"):
        for step, info in enumerate(told):
            expected = info["episode"][name] if "episode" in info else np.zeros(LANES)
            np.testing.assert_array_equal(kept["episode"][name][step], expected)
    assert kept["episode"]["l"].dtype == np.int64
    assert not kept["_never"].any()


@pytest.mark.parametrize("mode", [NEXT, SAME])
def test_infos_of_native_lanes(mode: Any) -> None:
    kwargs = {"autoreset_mode": mode}
    vectors = [gym.make_vec("Taxi-v4", LANES, vector_kwargs=kwargs) for _ in range(2)]
    for vector in vectors:
        vector.reset(seed=0)
    actions = actions_of(vectors[0])
    names = ["action_mask", "prob"]
    kept = vectors[0].rollout(actions, infos=names).infos
    told = [vectors[1].step(row)[4] for row in actions]
    for name in (*names, "_prob"):
        np.testing.assert_array_equal(kept[name], np.stack([info[name] for info in told]))
        assert kept[name].dtype == told[0][name].dtype


def test_tensors_are_the_memory_of_the_rollout() -> None:
    inner = gym.make_vec("CartPole-v1", LANES)
    vector, twin = wrappers.NumpyToTorch(inner), gym.make_vec("CartPole-v1", LANES)
    vector.reset(seed=0)
    twin.reset(seed=0)
    layer = torch.nn.Linear(4, 2)
    seen: list[Any] = []

    def policy(observations: torch.Tensor) -> torch.Tensor:
        seen.append(observations)
        return layer(observations).argmax(1)

    rollout = vector.rollout(policy, STEPS)
    assert rollout == twin.rollout(rollout.actions)
    assert all(isinstance(row, torch.Tensor) for row in seen)
    assert np.shares_memory(seen[3].numpy(), rollout.observations)
    pendulums = wrappers.NumpyToTorch(gym.make_vec("Pendulum-v1", LANES))
    pendulums.reset(seed=0)
    control = torch.nn.Linear(3, 1)  # what it returns has a gradient
    assert pendulums.rollout(control, 4).actions.dtype == np.float32
    assert pendulums.rollout(torch.zeros(4, LANES, 1)).num_steps == 4


class Halved(VectorWrapper[Any, Any, Any, Any, Any]):
    """A wrapper of a user's, which does not say what it shows now."""

    def step(self, actions: Any) -> Any:
        obs, *rest = self.env.step(actions)
        return (obs / 2, *rest)


class Counting(VectorEnv[Any, Any, Any]):
    """A vector of a user's, which knows nothing but Gymnasium's calls."""

    def __init__(self) -> None:
        self.num_envs, self.count = 2, np.zeros(2, np.int64)
        self.metadata = {"autoreset_mode": NEXT}
        self.single_observation_space = self.single_action_space = gym.spaces.Discrete(99)
        self.observation_space = self.action_space = gym.spaces.MultiDiscrete([99, 99])

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        self.count = np.zeros(2, np.int64)
        return self.count.copy(), {}

    def step(self, actions: Any) -> Any:
        over = self.count >= 5
        self.count = np.where(over, 0, self.count + actions)
        return self.count.copy(), np.where(over, 0.0, actions), self.count >= 5, over & ~over, {}


def test_users_vectors_need_to_be_told_what_they_show() -> None:
    for vector in (Halved(gym.make_vec("CartPole-v1", 2)), Counting()):
        obs, _ = vector.reset(seed=0)
        actions = np.ones((12, 2), int)
        with pytest.raises(NotImplementedError, match="observations="):
            vector.rollout(actions)
        rollout = vector.rollout(actions, observations=obs)
        np.testing.assert_array_equal(rollout.observations[0], obs)
        if isinstance(vector, Counting):
            np.testing.assert_array_equal(
                rollout.observations[:, 0], [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0]
            )
            np.testing.assert_array_equal(np.flatnonzero(~rollout.valid[:, 0]), [5, 11])


class Pair(gym.Env[Any, Any]):
    """An environment whose rewards are two numbers."""

    observation_space = gym.spaces.Discrete(9)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        return 0, {}

    def step(self, action: Any) -> Any:
        return 1, np.array([1.0, action]), bool(action), False, {}


@pytest.mark.parametrize("kind", [gym.vector.SyncVectorEnv, gym.vector.AsyncVectorEnv])
def test_rewards_of_several_numbers(kind: Any) -> None:
    vector = kind([Pair] * 2)
    vector.reset(seed=0)
    for _ in range(2):
        rollout = vector.rollout(np.array([[0, 1], [0, 0], [1, 0]]))
        assert rollout.rewards.shape == (3, 2, 2)
        np.testing.assert_array_equal(rollout.rewards[:, 1], [[1, 1], [0, 0], [1, 0]])
        vector.reset()
    vector.close()


class Failing(Pair):
    """It breaks in its third step."""

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        self.steps = 0
        return super().reset(seed=seed)

    def step(self, action: Any) -> Any:
        self.steps += 1
        if self.steps == 5:
            raise ArithmeticError("broken")
        return int(action), 1.0, False, False, {}


@pytest.mark.parametrize("kind", [gym.vector.SyncVectorEnv, gym.vector.AsyncVectorEnv])
def test_environments_that_raise(kind: Any) -> None:
    vector = kind([Failing] * 2)
    vector.reset(seed=0)
    vector.step(np.zeros(2, int))
    with pytest.raises(ArithmeticError, match="broken") as error:
        vector.rollout(np.ones((8, 2), int))
    so_far = Rollout.so_far(error.value)
    assert so_far is not None
    assert so_far.num_steps == 3
    np.testing.assert_array_equal(so_far.observations, [[0, 0]] + [[1, 1]] * 3)
    with pytest.raises(gym.error.ResetNeeded):
        vector.step(np.zeros(2, int))
    vector.reset()
    assert vector.rollout(np.ones((3, 2), int)).num_steps == 3
    vector.close()
