"""Promises of a vector over episodes: autoresets, partial resets, seeds, new data."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from dromos import checks
from dromos.checks.promise import Promise
from dromos.testing.comparison import alike, require_same
from dromos.testing.strict import OPTIONS_UNTOUCHED
from dromos.testing.vector_calls import (
    SEED,
    AnyVector,
    actions_for,
    autoreset_mode,
    check_step_form,
    lane_difference,
)
from dromos.vector import AutoresetMode
from dromos.vector.utils import iterate

__all__ = ["check_autoreset", "check_new_data", "check_partial_reset", "check_seeds"]

_SEEDS = "Reset lane i with its own seed: seed + i, or the i-th of a list."
_IN_STEP = "Set it in step()."

# fmt: off
SEED_DECIDES = alike("Equal seeds give different observations", _SEEDS)
LIST_OF_SEEDS = alike("A list of the lanes' seeds gives other observations", _SEEDS)
SEED_OF_LANE = alike("Lane i is not seeded with seed + i", _SEEDS)
REFUSES = Promise(
    AssertionError, "step() after an episode's end",
    "With autoreset disabled, a lane whose episode has ended was stepped",
    "an exception that names the lanes {value}", "none",
    "Refuse the step until the lanes are reset.")
RESTARTS = Promise(
    AssertionError, "step().{name}[{lane}]",
    "In NEXT_STEP mode the step after an episode's end is a reset: no reward, no end",
    "{expected}", "{value}",
    "Ignore the action of that lane, reset it, and report the reset observation.")
FINAL_INFOS = Promise(
    AssertionError, 'step().infos["_final_obs"]',
    "In SAME_STEP mode the infos hold the last observations of the episodes that ended",
    "{ended}", "{value}",
    'Put what the lane observed before its reset into infos["final_obs"].')
HAS_FINAL_OBS = Promise(
    UserWarning, "final_obs, valid_transition",
    "The vector does not tell final observations in every autoreset mode",
    "attributes, as VectorEnv documents them", "{value}",
    "Without them, users must treat each autoreset mode by itself.")
VALID = Promise(
    AssertionError, "valid_transition", "valid_transition is True where a lane's environment made "
    "a step, and False where it was reset instead", "{expected}", "{value}", _IN_STEP)
FINAL_OBS = alike("final_obs is the observation itself where the step made no reset", _IN_STEP)
OPTIONS_AS_THEY_WERE = OPTIONS_UNTOUCHED._replace(
    remedy="Read the mask with options.get, and copy what you pass on.")
MASK_UNTOUCHED = Promise(
    AssertionError, 'options["reset_mask"]', "`reset` changes the mask it is given", "{expected}",
    "{value}", "Copy the mask before changing it.")
OTHER_LANES = alike(
    "A partial reset changes the observations of other lanes",
    "Reset the lanes where the mask is True, and report the last observations of the others.")
LANES_RESET = alike("A partial reset does not heed the seeds of its lanes", _SEEDS)
NEW_DATA = Promise(
    AssertionError, "step().obs", "The observations of two calls share memory",
    "new data with every call",
    "the same memory twice, so that what a caller keeps is overwritten",
    "Return a copy, or offer it as the argument copy=False.")
# fmt: on


def _observations(envs: AnyVector, steps: int) -> list[Any]:
    """Return the observations of some steps, and of the resets between them that are due."""
    draw = actions_for(envs)
    seen = []
    for _ in range(steps):
        obs, _, terminated, truncated, _ = envs.step(draw())
        seen.append(obs)
        ended = terminated | truncated
        if ended.any() and autoreset_mode(envs) is AutoresetMode.DISABLED:
            seen.append(envs.reset(options={"reset_mask": ended})[0])
    return seen


def check_seeds(envs: AnyVector) -> None:
    """Check that seed ``s`` means ``s + i`` for lane i, and that it decides the episodes."""
    n = envs.num_envs
    first = copy.deepcopy(envs.reset(seed=SEED)[0])
    require_same(SEED_DECIDES, first, envs.reset(seed=SEED)[0], f"reset(seed={SEED})")
    listed = envs.reset(seed=[SEED + lane for lane in range(n)])[0]
    require_same(LIST_OF_SEEDS, first, listed, f"reset(seed=[{SEED}, {SEED + 1}, …])")
    shifted = list(iterate(envs.observation_space, envs.reset(seed=SEED + 1)[0]))[:-1]
    rows = list(iterate(envs.observation_space, first))[1:]
    for lane, (one, other) in enumerate(zip(rows, shifted, strict=True)):
        require_same(SEED_OF_LANE, one, other, f"reset(seed={SEED + 1}), lane {lane}")


def check_autoreset(envs: AnyVector, steps: int) -> None:
    """Check each of `steps` steps against the autoreset mode in the metadata."""
    mode = autoreset_mode(envs)
    draw = actions_for(envs)
    envs.reset(seed=SEED)
    ended = np.zeros(envs.num_envs, dtype=np.bool_)
    for _ in range(steps):
        if mode is AutoresetMode.DISABLED and ended.any():
            _check_refusal(envs, draw(), ended)
            envs.reset(options={"reset_mask": ended})
            ended = np.zeros_like(ended)
        result = envs.step(draw())
        if not check_step_form(envs, result):
            return
        restarted = ended if mode is AutoresetMode.NEXT_STEP else np.zeros_like(ended)
        ended = result[2] | result[3]
        _check_restarts(result, restarted)
        if mode is AutoresetMode.SAME_STEP:
            _check_final_infos(result[4], ended)
        _check_final_obs(envs, result, restarted, ended & (mode is AutoresetMode.SAME_STEP))


def _check_refusal(envs: AnyVector, actions: Any, ended: Any) -> None:
    try:
        envs.step(actions)
    except Exception:
        return
    REFUSES.require(False, np.flatnonzero(ended).tolist())


def _check_restarts(result: Any, restarted: Any) -> None:
    for name, column in zip(("rewards", "terminations", "truncations"), result[1:4], strict=True):
        wrong = restarted & (column != 0)
        lane = int(np.argmax(wrong))
        expected = "0" if name == "rewards" else "False"
        RESTARTS.require(not wrong.any(), column[lane], name=name, lane=lane, expected=expected)


def _check_final_infos(infos: Any, ended: Any) -> None:
    if not ended.any() or not isinstance(infos, dict):
        return
    mask = infos.get("_final_obs")
    holds = "final_obs" in infos and mask is not None and np.array_equal(mask, ended)
    found = None if mask is None else np.asarray(mask).tolist()
    FINAL_INFOS.require(holds, found, ended=ended.tolist())


def _check_final_obs(envs: AnyVector, result: Any, restarted: Any, replaced: Any) -> None:
    """Check `final_obs` and `valid_transition`, which Gymnasium's vectors do not have."""
    try:
        final, valid = envs.final_obs, envs.valid_transition
    except AttributeError as absent:
        HAS_FINAL_OBS.broken(absent)
        return
    is_valid, expected = np.array_equal(valid, ~restarted), (~restarted).tolist()
    VALID.require(is_valid, np.asarray(valid).tolist(), expected=expected)
    _require_same_lanes(FINAL_OBS, envs, result[0], final, ~replaced, "final_obs")


def _require_same_lanes(
    promise: Promise, envs: AnyVector, first: Any, second: Any, lanes: Any, path: str
) -> None:
    found = lane_difference(envs, first, second, np.flatnonzero(lanes).tolist(), path)
    promise.require(found is None, found, when="")


def check_partial_reset(envs: AnyVector) -> None:
    """Check that ``reset_mask`` resets these lanes only, and that the options stay as they were."""
    n, path = envs.num_envs, 'reset(options={"reset_mask": …})'
    fresh = copy.deepcopy(envs.reset(seed=SEED)[0])
    before = copy.deepcopy(_observations(envs, 2)[-1])
    mask = np.arange(n) % 2 == 0
    kept = mask.copy()
    options = {"reset_mask": mask}
    after = envs.reset(seed=[SEED + lane for lane in range(n)], options=options)[0]
    untouched = options.keys() == {"reset_mask"} and options["reset_mask"] is mask
    values = {"path": path, "expected": "the dict as it was", "found": f"the keys {list(options)}"}
    OPTIONS_AS_THEY_WERE.require(untouched, **values)
    MASK_UNTOUCHED.require(np.array_equal(mask, kept), mask.tolist(), expected=kept.tolist())
    _require_same_lanes(OTHER_LANES, envs, before, after, ~kept, path)
    _require_same_lanes(LANES_RESET, envs, fresh, after, kept, path)


def check_new_data(envs: AnyVector) -> None:
    """Check that no two calls return the same memory, unless the vector has ``copy = False``."""
    if not getattr(envs.unwrapped, "copy", True):
        return
    calls = [envs.reset(seed=SEED)[0], *_observations(envs, 3)]
    shared = any(
        checks.data_shares_objects(earlier, later)
        for i, later in enumerate(calls)
        for earlier in calls[:i]
    )
    NEW_DATA.kept(not shared)
