"""One suite over every engine: the rules of vectors, held against single environments by hand."""

from __future__ import annotations

import copy
import pickle
import threading
from typing import Any

import numpy as np
import pytest
from toy_engine import SlowToyEngine, ToyEngine, ToyEnv, ToyVectorEnv

import dromos as gym
from dromos.error import (
    AlreadyPendingCallError,
    ClosedEnvironmentError,
    InvalidAction,
    NoAsyncCallError,
    ResetNeeded,
    SnapshotError,
)
from dromos.snapshot import Snapshot
from dromos.vector import AsyncVectorEnv, AutoresetMode, RayVectorEnv, SyncVectorEnv
from dromos.wrappers import TimeLimit

NEXT, SAME, DISABLED = AutoresetMode
LANES, LIMIT = 5, 7


def limited_toy() -> Any:
    return TimeLimit(ToyEnv(), LIMIT)


def cartpole() -> Any:
    return gym.make("CartPole-v1", max_episode_steps=LIMIT)


class Family:
    """An engine, the single environment that its lanes are, and what it does its own way."""

    def __init__(self, make: Any, single: Any, option: str, keeps_options: bool) -> None:
        self.make, self.single = make, single
        self.option = {"start": 2.0} if option == "start" else {"low": -0.01, "high": 0.01}
        self.keeps_options = keeps_options


def _native(mode: Any, batch_size: Any = None) -> Any:
    given = {"autoreset_mode": mode, "batch_size": batch_size}
    return gym.make_vec("CartPole-v1", LANES, vector_kwargs=given, max_episode_steps=LIMIT)


def _sync(mode: Any, batch_size: Any = None) -> Any:
    return SyncVectorEnv([limited_toy] * LANES, autoreset_mode=mode, batch_size=batch_size)


def _workers(mode: Any, batch_size: Any = None) -> Any:
    makers = [limited_toy] * LANES
    return AsyncVectorEnv(makers, autoreset_mode=mode, batch_size=batch_size, num_workers=2)


def _ray(mode: Any, batch_size: Any = None) -> Any:
    makers = [limited_toy] * LANES
    return RayVectorEnv(makers, autoreset_mode=mode, batch_size=batch_size, num_actors=2)


def _native_over_ray(mode: Any, batch_size: Any = None) -> Any:
    given = {"autoreset_mode": mode, "batch_size": batch_size, "num_actors": 2}
    return gym.make_vec("CartPole-v1", LANES, "ray", vector_kwargs=given, max_episode_steps=LIMIT)


def _toy(mode: Any, batch_size: Any = None) -> Any:
    return ToyVectorEnv(LANES, mode, LIMIT, batch_size, ToyEngine)


def _slow(mode: Any, batch_size: Any = None) -> Any:
    return ToyVectorEnv(LANES, mode, LIMIT, batch_size, SlowToyEngine)


FAMILIES = {
    "native": Family(_native, cartpole, "low", keeps_options=True),
    "serial": Family(_sync, limited_toy, "start", keeps_options=False),
    "workers": Family(_workers, limited_toy, "start", keeps_options=False),
    "ray": Family(_ray, limited_toy, "start", keeps_options=False),
    "native over ray": Family(_native_over_ray, cartpole, "low", keeps_options=True),
    "toy": Family(_toy, limited_toy, "start", keeps_options=True),
    "first-ready toy": Family(_slow, limited_toy, "start", keeps_options=True),
}


@pytest.fixture(params=FAMILIES)
def family(request: Any) -> Family:
    return FAMILIES[request.param]


@pytest.fixture(params=AutoresetMode)
def mode(request: Any) -> Any:
    return request.param


class Reference:
    """Single environments, restarted by hand as `mode` says."""

    def __init__(self, family: Family, mode: Any) -> None:
        self.family, self.mode = family, mode
        self.envs = [family.single() for _ in range(LANES)]
        self.over = [False] * LANES
        self.options: list[Any] = [None] * LANES
        self.obs: list[Any] = [None] * LANES

    def reset(self, seeds: list[Any], options: Any = None, lanes: Any = range(LANES)) -> Any:
        for lane in lanes:
            self.options[lane] = options if self.family.keeps_options else None
            self.obs[lane] = self.envs[lane].reset(seed=seeds[lane], options=options)[0]
            self.over[lane] = False
        return np.stack(self.obs)

    def _restart(self, lane: int) -> None:
        self.obs[lane] = self.envs[lane].reset(options=self.options[lane])[0]

    def step(self, actions: Any, lanes: Any = range(LANES)) -> dict[str, Any]:
        rewards, terminated, truncated, finals, valid = [], [], [], [], []
        for lane, action in zip(lanes, actions, strict=True):
            reward, ends, cut = 0.0, False, False
            valid.append(not (self.mode is NEXT and self.over[lane]))
            if not valid[-1]:
                self._restart(lane)
            else:
                self.obs[lane], reward, ends, cut, _ = self.envs[lane].step(action)
            finals.append(self.obs[lane])
            self.over[lane] = ends or cut
            if self.over[lane] and self.mode is SAME:
                self._restart(lane)
            rewards.append(reward), terminated.append(ends), truncated.append(cut)
        return {
            "obs": np.stack([self.obs[lane] for lane in lanes]),
            "rewards": np.array(rewards, float),
            "terminated": np.array(terminated),
            "truncated": np.array(truncated),
            "final_obs": np.stack(finals),
            "valid": np.array(valid),
        }


def told(vector: Any, result: Any) -> dict[str, Any]:
    names = ("obs", "rewards", "terminated", "truncated")
    reports = {"final_obs": vector.final_obs, "valid": vector.valid_transition}
    return {**dict(zip(names, result[:4], strict=True)), **reports}


def assert_equal(left: Any, right: Any) -> None:
    assert left.keys() == right.keys()
    for name in left:
        np.testing.assert_array_equal(left[name], right[name], err_msg=name)


def actions_of(rng: Any, count: int = LANES) -> Any:
    return rng.integers(0, 2, count)


def reset_ended(vector: Any, reference: Reference, result: Any) -> None:
    """DISABLED: reset the lanes whose episodes have ended."""
    ended = result["terminated"] | result["truncated"]
    if reference.mode is DISABLED and ended.any():
        obs, _ = vector.reset(options={"reset_mask": ended})
        again = reference.reset([None] * LANES, lanes=np.flatnonzero(ended).tolist())
        np.testing.assert_array_equal(obs, again)


def test_lanes_run_the_episodes_of_single_environments(family: Family, mode: Any) -> None:
    rng = np.random.default_rng(0)
    with_ends = 0
    vector, reference = family.make(mode), Reference(family, mode)
    obs, _ = vector.reset(seed=3)
    np.testing.assert_array_equal(obs, reference.reset([3 + lane for lane in range(LANES)]))
    assert not vector.valid_transition.any()
    np.testing.assert_array_equal(vector.final_obs, obs)
    for _ in range(40):
        actions = actions_of(rng)
        result = told(vector, vector.step(actions))
        assert_equal(result, reference.step(actions))
        with_ends += (result["terminated"] | result["truncated"]).any()
        reset_ended(vector, reference, result)
    assert with_ends > 4
    vector.close()


def test_masks_options_and_seeds_by_lane(family: Family) -> None:
    rng = np.random.default_rng(1)
    vector, reference = family.make(NEXT), Reference(family, NEXT)
    seeds = [9, 8, 7, 6, 5]
    obs, _ = vector.reset(seed=seeds, options=family.option)
    np.testing.assert_array_equal(obs, reference.reset(seeds, family.option))
    mask = np.array([True, False, False, True, False])
    for round_ in range(30):
        actions = actions_of(rng)
        assert_equal(told(vector, vector.step(actions)), reference.step(actions))
        if round_ == 12:  # options last until the next reset of the lane, where they last at all
            given = {"reset_mask": mask}
            obs, _ = vector.reset(seed=[1, 2, 3, 4, 5], options=given)
            assert set(given) == {"reset_mask"}
            np.testing.assert_array_equal(obs, reference.reset([1, 2, 3, 4, 5], None, [0, 3]))
            assert not vector.valid_transition.any()
    vector.close()


def test_first_ready_lanes_report_what_they_did(family: Family, mode: Any) -> None:
    rng = np.random.default_rng(2)
    vector, reference = family.make(mode, 2), Reference(family, mode)
    vector.reset(seed=0)
    reference.reset(list(range(LANES)))
    expected: dict[int, Any] = {}
    idle = list(range(LANES))
    received = 0
    while received < 60:
        idle = [lane for lane in idle if not (mode is DISABLED and reference.over[lane])]
        if idle:
            actions = actions_of(rng, len(idle))
            vector.send(actions, idle)
            for lane, action in zip(idle, actions, strict=True):
                expected[lane] = reference.step([action], [lane])
            with pytest.raises(AlreadyPendingCallError):
                vector.send(actions[:1], idle[:1])
        if len(expected) < 2:
            break
        result = vector.recv()
        lanes = result[4]["lane_ids"].tolist()
        found = told(vector, result)
        for row, lane in enumerate(lanes):
            assert_equal({k: v[row] for k, v in found.items()},
                         {k: v[0] for k, v in expected.pop(lane).items()})  # fmt: skip
        idle = lanes
        received += len(lanes)
    if len(expected) < 2:
        with pytest.raises(NoAsyncCallError):
            vector.recv()
    vector.close()


@pytest.mark.parametrize("steps", [0, 7, 10])
def test_a_snapshot_has_the_same_future_and_the_same_reports(
    family: Family, mode: Any, steps: int
) -> None:
    rng = np.random.default_rng(steps)
    vector, other = family.make(mode), family.make(mode)
    vector.reset(seed=4)
    other.reset(seed=44)

    def play(vec: Any, actions: Any) -> Any:
        result = told(vec, vec.step(actions))
        ended = result["terminated"] | result["truncated"]
        if mode is DISABLED and ended.any():
            vec.reset(options={"reset_mask": ended})
        return result

    for _ in range(steps):
        play(vector, actions_of(rng))
        play(other, actions_of(rng))
    saved = Snapshot.from_bytes(vector.snapshot().to_bytes())
    reports = vector.final_obs, vector.valid_transition
    plan = [actions_of(rng) for _ in range(12)]
    future = [play(vector, actions) for actions in plan]
    for vec in (vector, other):
        vec.restore(saved)
        np.testing.assert_array_equal(vec.final_obs, reports[0])
        np.testing.assert_array_equal(vec.valid_transition, reports[1])
        for actions, expected in zip(plan, future, strict=True):
            assert_equal(play(vec, actions), expected)
    vector.close()
    other.close()


def test_a_snapshot_of_one_lane_goes_into_others(family: Family) -> None:
    vector = family.make(NEXT)
    vector.reset(seed=0)
    for _ in range(3):
        vector.step(np.zeros(LANES, int))
    saved = vector.snapshot(lanes=[2])
    vector.step(np.ones(LANES, int))
    vector.restore(saved, lanes=[0, 4])
    obs = vector.step(np.zeros(LANES, int))[0]
    np.testing.assert_array_equal(obs[0], obs[4])
    reference = Reference(family, NEXT)
    reference.reset(list(range(LANES)))
    for _ in range(4):
        expected = reference.step([0] * LANES)
    np.testing.assert_array_equal(obs[0], expected["obs"][2])
    with pytest.raises(SnapshotError):
        vector.restore(vector.snapshot(lanes=[0, 1]), lanes=[2])
    vector.close()


def test_a_lane_that_was_never_reset_is_not_stepped(family: Family) -> None:
    vector, source = family.make(NEXT), family.make(NEXT)
    with pytest.raises(ResetNeeded):
        vector.step(np.zeros(LANES, int))
    with pytest.raises(ResetNeeded):
        vector.send([0], [3])
    source.reset(seed=0)
    vector.restore(source.snapshot(lanes=[0]), lanes=[0])
    with pytest.raises(ResetNeeded, match=r"\[1, 2, 3, 4\]"):
        vector.step(np.zeros(LANES, int))
    with pytest.raises(ResetNeeded):
        vector.reset(options={"reset_mask": np.eye(LANES, dtype=bool)[0]})
    vector.reset(seed=0)
    vector.step(np.zeros(LANES, int))
    vector.close()
    source.close()


def test_bad_calls_change_nothing(family: Family) -> None:
    vector = family.make(NEXT)
    vector.reset(seed=0)
    saved = vector.snapshot().to_bytes()
    for call, error in [
        (lambda: vector.step(np.zeros(LANES + 1, int)), InvalidAction),
        (lambda: vector.send([0], [LANES]), IndexError),
        (lambda: vector.send([0, 0], [1, 1]), ValueError),
        (lambda: vector.reset(seed=[1]), ValueError),
        (lambda: vector.reset(seed=-1), gym.error.Error),
        (lambda: vector.reset(options={"reset_mask": np.zeros(LANES, bool)}), ValueError),
        (lambda: vector.reset(options=3), TypeError),
        (vector.recv, NoAsyncCallError),
        (lambda: vector.render_lanes([LANES]), IndexError),
    ]:
        with pytest.raises(error):
            call()
        assert vector.snapshot().to_bytes() == saved
    vector.close()
    with pytest.raises(ClosedEnvironmentError):
        vector.step(np.zeros(LANES, int))
    vector.close()


def test_what_is_handed_out_is_the_callers(family: Family, mode: Any) -> None:
    vector, twin = family.make(mode), family.make(mode)
    vector.reset(seed=0)
    twin.reset(seed=0)
    for _ in range(12):
        actions = np.ones(LANES, int)
        result, expected = vector.step(actions), twin.step(actions.copy())
        reports = vector.final_obs, vector.valid_transition
        result[0][...] = result[1][...] = np.nan
        result[2][...] = result[3][...] = True
        actions[...] = 0
        np.testing.assert_array_equal(vector.final_obs, twin.final_obs)
        reports[0][...] = np.nan
        reports[1][...] = False
        np.testing.assert_array_equal(vector.final_obs, twin.final_obs)
        np.testing.assert_array_equal(vector.valid_transition, twin.valid_transition)
        if mode is DISABLED and (ended := expected[2] | expected[3]).any():
            mask = {"reset_mask": ended}
            np.testing.assert_array_equal(*(v.reset(options=mask)[0] for v in (vector, twin)))
    vector.close()
    twin.close()


def test_one_call_at_a_time(family: Family) -> None:
    vector = family.make(NEXT)
    vector.reset(seed=0)
    errors: list[Any] = []

    def intrude() -> None:
        for call in (
            lambda: vector.step(np.zeros(LANES, int)),
            lambda: vector.reset(seed=0),
            lambda: vector.send([0], [0]),
            vector.recv,
            vector.async_reset,
            lambda: vector.snapshot(),
            lambda: vector.final_obs,
            vector.render_lanes,
            lambda: vector.call("spec"),
            lambda: vector.clone(),
            lambda: copy.deepcopy(vector),
            lambda: pickle.dumps(vector),
        ):
            try:
                call()
            except RuntimeError as error:
                errors.append("another thread" in str(error))

    with vector._lanes.guard:
        thread = threading.Thread(target=intrude)
        thread.start()
        thread.join()
    assert errors == [True] * 12
    vector.step(np.zeros(LANES, int))
    vector.close()


@pytest.mark.parametrize("make", [_toy, _slow])
def test_an_engine_that_breaks_interrupts_its_lanes(make: Any) -> None:
    vector = make(NEXT)
    vector.reset(seed=0)
    vector.engine.fails = True
    with pytest.raises(ArithmeticError):
        vector.step(np.zeros(LANES, int))
    vector.engine.fails = False
    with pytest.raises(ResetNeeded, match="interrupted"):
        vector.step(np.zeros(LANES, int))
    vector.reset()
    vector.step(np.zeros(LANES, int))


def test_opaque_states_are_refused_whole() -> None:
    vector = _toy(NEXT)
    vector.reset(seed=0)
    state = vector.snapshot_state()
    before = vector.snapshot().to_bytes()
    state["engine"]["states"][4] = b"toy 2 " + state["engine"]["states"][4]
    with pytest.raises(SnapshotError, match="toy 1"):
        vector.restore_state(state)
    assert vector.snapshot().to_bytes() == before
    assert vector.render_grid().shape[2] == 3


class DrawnToy(ToyEnv):
    """Counts how often it was drawn."""

    drawn = 0

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        self.seed = seed
        return super().reset(seed=seed, options=options)

    def render(self) -> Any:
        self.drawn += 1
        return (self.drawn, self.seed)


@pytest.mark.parametrize("kind", [SyncVectorEnv, AsyncVectorEnv])
def test_only_the_lanes_asked_for_are_drawn(kind: Any) -> None:
    given = {"num_workers": 2} if kind is AsyncVectorEnv else {}
    vector = kind([DrawnToy] * LANES, **given)
    vector.reset(seed=10)
    assert vector.render_lanes([4, 0, 3]) == ((1, 14), (1, 10), (1, 13))
    assert vector.render_lanes([0]) == ((2, 10),)
    assert vector.get_attr("drawn") == (2, 0, 0, 1, 1)
    assert vector.render() == ((3, 10), (1, 11), (1, 12), (2, 13), (2, 14))
    vector.close()
