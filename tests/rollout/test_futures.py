"""`env.rollout`: futures from the present state or from snapshots, one by one or over lanes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dromos as gym
from dromos import wrappers
from dromos.error import InvalidAction, ResetNeeded, SnapshotError
from dromos.native.futures import futures_over_lanes
from dromos.rollout import Rollout

K, STEPS = 6, 12


def by_hand(env: Any, actions: Any, starts: Any = None) -> dict[str, Any]:
    """What clones of an environment give."""
    rows: dict[str, Any] = {}
    for future in range(len(actions)):
        twin = env.clone()
        if starts is not None:
            twin.restore(starts[future])
        layer = twin
        while layer is not twin.unwrapped:
            if hasattr(layer, "update_running_mean"):
                layer.update_running_mean = False
            layer = layer.env
        for step, action in enumerate(actions[future]):
            obs, reward, terminated, truncated, _ = twin.step(action)
            rows[future, step] = np.asarray(obs), float(reward), terminated, truncated
            if terminated or truncated:
                break
    return rows


def assert_same(rollout: Rollout, rows: dict[Any, Any]) -> None:
    assert set(zip(*map(np.ndarray.tolist, np.nonzero(rollout.valid)), strict=True)) == set(rows)
    names = ("observations", "rewards", "terminated", "truncated")
    for place in np.ndindex(rollout.valid.shape):
        for name, value in zip(names, rows.get(place, (0, 0, 0, 0)), strict=True):
            found = getattr(rollout, name)[place]
            np.testing.assert_array_equal(found, value, err_msg=f"{name}{place}")


STACKS: dict[str, Any] = {
    "plain": ("CartPole-v1", lambda env: env),
    "rescaled action": ("Pendulum-v1", lambda env: wrappers.RescaleAction(env, -1, 1)),
    "frames": ("CartPole-v1", lambda env: wrappers.FrameStackObservation(env, 3)),
    "frames of flattened": (
        "Blackjack-v1",
        lambda env: wrappers.FrameStackObservation(wrappers.FlattenObservation(env), 2),
    ),
    "normalised": (
        "Pendulum-v1",
        lambda env: wrappers.NormalizeReward(wrappers.NormalizeObservation(env)),
    ),
    "clipped": ("MountainCarContinuous-v0", lambda env: wrappers.ClipReward(env, -0.01, 0.5)),
    "discretised": ("Pendulum-v1", lambda env: wrappers.DiscretizeAction(env, 5)),
    "dtype": ("Acrobot-v1", lambda env: wrappers.DtypeObservation(env, np.float64)),
    "statistics": ("FrozenLake-v1", wrappers.RecordEpisodeStatistics),
    "limit": ("Taxi-v4", lambda env: wrappers.TimeLimit(env, 9)),
    "stepwise": ("CartPole-v1", lambda env: wrappers.DelayObservation(env, 2)),
    "sticky": ("FrozenLake-v1", lambda env: wrappers.StickyAction(env, 0.5)),
}
BY_CLONES = {"stepwise", "sticky"}


def actions_of(env: Any, seed: int = 0, shape: tuple[int, ...] = (K, STEPS)) -> Any:
    env.action_space.seed(seed)
    rows = [env.action_space.sample() for _ in range(int(np.prod(shape)))]
    return np.reshape(np.array(rows), (*shape, *env.action_space.shape))


def state_of(env: Any) -> bytes:
    """Of the whole stack, but for one with a clock in it."""
    clock = isinstance(env, wrappers.RecordEpisodeStatistics)
    return bytes((env.unwrapped if clock else env).snapshot().to_bytes())


@pytest.mark.parametrize("stack", STACKS)
def test_futures_are_those_of_clones(stack: str, monkeypatch: Any) -> None:
    env_id, wrap = STACKS[stack]
    env = wrap(gym.make(env_id))
    env.reset(seed=4)
    actions = actions_of(env)
    for row in actions[0][:2]:
        if any(env.step(row)[2:4]):
            env.reset()
    before = state_of(env)
    over_lanes = []

    def watched(*arguments: Any) -> Any:
        result = futures_over_lanes(*arguments)
        over_lanes.append(result is not None)
        return result

    monkeypatch.setattr("dromos.native.futures.futures_over_lanes", watched)
    rollout = env.rollout(actions)
    assert_same(rollout, by_hand(env, actions))
    assert over_lanes == [stack not in BY_CLONES]
    assert state_of(env) == before
    monkeypatch.setattr("dromos.native.futures.futures_over_lanes", lambda *_: None)
    assert env.rollout(actions) == rollout
    assert (rollout.num_lanes, rollout.num_steps) == (K, STEPS)
    np.testing.assert_array_equal(rollout.actions, actions)
    np.testing.assert_array_equal(rollout.returns(), rollout.rewards.sum(axis=1))


@pytest.mark.parametrize("stack", ["plain", "frames", "sticky", "limit"])
def test_futures_start_from_snapshots(stack: str, monkeypatch: Any) -> None:
    env_id, wrap = STACKS[stack]
    env = wrap(gym.make(env_id))
    env.reset(seed=1)
    actions = actions_of(env)
    snapshots = []
    for row in actions[:, 0]:
        snapshots.append(env.snapshot())
        if any(env.step(row)[2:4]):
            env.reset()
    before = env.snapshot().to_bytes()
    several = env.rollout(actions, start=snapshots)
    assert_same(several, by_hand(env, actions, snapshots))
    one = env.rollout(actions, start=snapshots[2])
    assert_same(one, by_hand(env, actions, [snapshots[2]] * K))
    assert env.snapshot().to_bytes() == before
    monkeypatch.setattr("dromos.native.futures.futures_over_lanes", lambda *_: None)
    assert env.rollout(actions, start=snapshots) == several
    assert env.rollout(actions, start=snapshots[2]) == one


@pytest.mark.parametrize("stack", ["statistics", "sticky"])
def test_who_sees_which_noise(stack: str, monkeypatch: Any) -> None:
    env_id, wrap = STACKS[stack]
    env = wrap(gym.make(env_id))
    env.reset(seed=0)
    actions = np.full((16, 8), 2)
    same = env.rollout(actions).observations
    assert (same == same[0]).all()
    split = env.rollout(actions, streams="split")
    assert len({row.tobytes() for row in split.observations}) > 3
    assert env.rollout(actions, streams="split") == split
    other = env.rollout(actions, streams=7)
    assert other != split
    assert env.rollout(actions[:4], streams=7).observations.tobytes() == (
        other.observations[:4].tobytes()
    )
    monkeypatch.setattr("dromos.native.futures.futures_over_lanes", lambda *_: None)
    assert env.rollout(actions, streams="split") == split
    assert env.rollout(actions, streams=7) == other


class Remote(gym.Env[Any, Any]):
    """A user's environment: a counter with noise, an info, and a state that is no plain data."""

    def __init__(self, plain: bool = True) -> None:
        self.observation_space = gym.spaces.Dict(
            {"count": gym.spaces.Discrete(100), "word": gym.spaces.Text(5)}
        )
        self.action_space = gym.spaces.Dict({"add": gym.spaces.Discrete(3)})
        self.count = 0
        self.held = None if plain else (lambda: 3)

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.count = 0
        return self._obs(), {}

    def _obs(self) -> Any:
        return {"count": self.count, "word": "abcde"[: self.count % 5 + 1]}

    def step(self, action: Any) -> Any:
        self.count += int(action["add"]) + int(self.np_random.integers(2))
        info = {"odd": self.count % 2} if self.count > 3 else {}
        return self._obs(), 1.0, self.count > 8, False, info


@pytest.mark.parametrize("plain", [True, False])
def test_environments_of_users(plain: bool) -> None:
    env = wrappers.TimeLimit(wrappers.OrderEnforcing(Remote(plain)), 6)
    env.reset(seed=2)
    actions = {"add": np.random.default_rng(0).integers(0, 3, (K, STEPS))}
    rollout = env.rollout(actions, infos=["odd", "never"], streams="split")
    assert rollout.observations["count"].dtype == np.int64
    assert rollout.observations["word"].dtype == object
    assert rollout.valid.sum(axis=1).max() <= 6
    assert (rollout.terminated | rollout.truncated).any(axis=1).all()
    valid, count = rollout.valid, rollout.observations["count"]
    np.testing.assert_array_equal(rollout.infos["_odd"], valid & (count > 3))
    odd = rollout.infos["_odd"]
    np.testing.assert_array_equal(rollout.infos["odd"][odd], count[odd] % 2)
    assert not rollout.infos["_never"].any()
    assert env.unwrapped.count == 0
    assert [w is None for w in rollout.observations["word"].ravel()] == (~valid).ravel().tolist()


def test_infos_of_native_environments(monkeypatch: Any) -> None:
    env = gym.make("Taxi-v4")
    env.reset(seed=0)
    actions = actions_of(env)
    rollout = env.rollout(actions, infos=["action_mask", "prob", "none"])
    assert rollout.infos["action_mask"].shape == (K, STEPS, 6)
    assert not rollout.infos["_none"].any()
    monkeypatch.setattr("dromos.native.futures.futures_over_lanes", lambda *_: None)
    again = env.rollout(actions, infos=["action_mask", "prob", "none"])
    for name in ("action_mask", "prob", "_prob"):
        np.testing.assert_array_equal(rollout.infos[name], again.infos[name], err_msg=name)


@pytest.mark.parametrize("stack", ["plain", "sticky"])
def test_bad_input_names_what_is_wrong(stack: str) -> None:
    env_id, wrap = STACKS[stack]
    env = wrap(gym.make(env_id))
    actions = np.zeros((2, 3), int)
    with pytest.raises(ResetNeeded):
        env.rollout(actions)
    env.reset(seed=0)
    saved, other = env.snapshot(), gym.make("Pendulum-v1")
    other.reset()
    before = saved.to_bytes()
    small = {"rewards": np.zeros((2, 2))}
    calls: list[tuple[Any, Any, str]] = [
        (lambda: env.rollout(np.zeros((2, 3, 1), int)), InvalidAction, "2 axes"),
        (lambda: env.rollout(np.zeros((2, 0), int)), InvalidAction, r"axis 1 \(steps\)"),
        (lambda: env.rollout(np.zeros((0, 2), int)), InvalidAction, r"axis 0 \(futures\)"),
        (lambda: env.rollout(actions + 7), InvalidAction, "future 0, step 0"),
        (lambda: env.rollout(actions + 0.1), InvalidAction, "integers"),
        (lambda: env.rollout([[0], [0, 1]]), InvalidAction, "integers"),
        (lambda: env.rollout(actions, start=other.snapshot()), SnapshotError, "Pendulum"),
        (lambda: env.rollout(actions, start=[saved] * 3), ValueError, "one snapshot, or 2"),
        (lambda: env.rollout(actions, start=3), TypeError, "a Snapshot"),
        (lambda: env.rollout(actions, streams="mine"), ValueError, "'own', 'split'"),
        (lambda: env.rollout(actions, streams=1.5), TypeError, "'own', 'split'"),
        (lambda: env.rollout(actions, out=small), ValueError, r"\(2, 3\)"),
        (lambda: env.rollout(actions, out={"rewards": np.zeros((2, 3), "f4")}), ValueError, "f"),
        (lambda: env.rollout(actions, infos=[1]), TypeError, "names of infos"),
    ]
    for call, kind, message in calls:
        with pytest.raises(kind, match=message):
            call()
        assert env.snapshot().to_bytes() == before


def test_an_episode_that_has_ended_has_no_future() -> None:
    env = gym.make("CartPole-v1")
    env.reset(seed=0)
    alive = env.snapshot()
    while not env.step(0)[2]:
        pass
    actions = np.zeros((2, 3), int)
    with pytest.raises(ResetNeeded, match="has ended"):
        env.rollout(actions)
    with pytest.raises(ResetNeeded, match="has ended"):
        env.rollout(actions, start=env.snapshot())
    assert env.rollout(actions, start=alive).valid.all()


@pytest.mark.parametrize("stack", ["plain", "sticky"])
def test_into_the_callers_arrays(stack: str) -> None:
    env_id, wrap = STACKS[stack]
    env = wrap(gym.make(env_id))
    env.reset(seed=0)
    first = env.rollout(actions_of(env))
    expected = env.rollout(actions_of(env, 1))
    again = env.rollout(actions_of(env, 1), out=first)
    assert np.shares_memory(again.observations, first.observations)
    assert again == expected
    rewards = np.ones((K, STEPS))
    assert env.rollout(actions_of(env, 1), out={"rewards": rewards}).rewards.base is rewards
    np.testing.assert_array_equal(rewards, expected.rewards)


def test_what_a_user_changes_in_an_environment_is_heeded() -> None:
    env = gym.make("CartPole-v1")
    env.reset(seed=0)
    actions = np.ones((2, 4), int)
    before = env.rollout(actions)
    env.unwrapped.gravity = 20.0
    assert env.rollout(actions) != before
    env.set_wrapper_attr("_max_episode_steps", 2)
    assert env.rollout(actions).truncated[:, 1].all()

    class Lazy(type(env.unwrapped)):  # type: ignore[misc]
        def step(self, action: Any) -> Any:
            return super().step(0)

    lazy = Lazy()
    lazy.reset(seed=0)
    np.testing.assert_array_equal(
        lazy.rollout(actions).observations, lazy.rollout(0 * actions).observations
    )
