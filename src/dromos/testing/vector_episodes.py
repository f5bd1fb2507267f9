"""Checks of a vector over episodes: autoresets, partial resets, seeds, new data."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from dromos import checks
from dromos.checks.message import complaint, warn
from dromos.testing.comparison import difference, refuse
from dromos.testing.report import require
from dromos.testing.vector_form import autoreset_mode, check_step_form, lane_difference
from dromos.vector import AutoresetMode, VectorEnv
from dromos.vector.utils import iterate

__all__ = [
    "actions_for",
    "check_autoreset",
    "check_new_data",
    "check_partial_reset",
    "check_seeds",
]

_AnyVector = VectorEnv[Any, Any, Any]
_SEED = 123
_RESET_REMEDY = "Reset lane i with its own seed: seed + i, or the i-th of a list."


def actions_for(envs: _AnyVector, seed: int = _SEED) -> Callable[[], Any]:
    """Return a function that draws actions for all lanes, the same for the same seed."""
    space = copy.deepcopy(envs.action_space)
    space.seed(seed)
    return space.sample


def _observations(envs: _AnyVector, steps: int) -> list[Any]:
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


def check_seeds(envs: _AnyVector) -> None:
    """Check that seed ``s`` means ``s + i`` for lane i, and that it decides the episodes.

    Raises:
        AssertionError: If equal seeds give different observations.
    """
    n = envs.num_envs
    first = copy.deepcopy(envs.reset(seed=_SEED)[0])
    known = "Equal seeds give different observations"
    path = f"reset(seed={_SEED})"
    refuse(difference(first, envs.reset(seed=_SEED)[0], path, exact=False), known, _RESET_REMEDY)
    listed = envs.reset(seed=[_SEED + lane for lane in range(n)])[0]
    found = difference(first, listed, f"reset(seed=[{_SEED}, {_SEED + 1}, …])", exact=False)
    refuse(found, "A list of the lanes' seeds gives other observations", _RESET_REMEDY)
    if n > 1:
        shifted = list(iterate(envs.observation_space, envs.reset(seed=_SEED + 1)[0]))[:-1]
        rows = list(iterate(envs.observation_space, first))[1:]
        for lane, (one, other) in enumerate(zip(rows, shifted, strict=True)):
            found = difference(one, other, f"reset(seed={_SEED + 1}), lane {lane}", exact=False)
            refuse(found, "Lane i is not seeded with seed + i", _RESET_REMEDY)


def check_autoreset(envs: _AnyVector, steps: int) -> None:
    """Check each of `steps` steps against the autoreset mode in the metadata.

    Raises:
        AssertionError: If a step is not what the mode says.
    """
    mode = autoreset_mode(envs)
    draw = actions_for(envs)
    envs.reset(seed=_SEED)
    ended = np.zeros(envs.num_envs, dtype=np.bool_)
    for _ in range(steps):
        if mode is AutoresetMode.DISABLED and ended.any():
            _check_refusal(envs, draw(), ended)
            envs.reset(options={"reset_mask": ended})
            ended = np.zeros_like(ended)
        result = envs.step(draw())
        check_step_form(envs, result)
        restarted = ended if mode is AutoresetMode.NEXT_STEP else np.zeros_like(ended)
        ended = result[2] | result[3]
        _check_restarts(result, restarted)
        if mode is AutoresetMode.SAME_STEP:
            _check_final_infos(result[4], ended)
        _check_final_obs(envs, result, restarted, ended & (mode is AutoresetMode.SAME_STEP))


def _check_refusal(envs: _AnyVector, actions: Any, ended: Any) -> None:
    try:
        envs.step(actions)
    except Exception:
        return
    require(
        False,
        "With autoreset disabled, a lane whose episode has ended was stepped",
        "step() after an episode's end",
        f"an exception that names the lanes {np.flatnonzero(ended).tolist()}",
        "none",
        "Refuse the step until the lanes are reset.",
    )


def _check_restarts(result: Any, restarted: Any) -> None:
    for name, column in zip(("rewards", "terminations", "truncations"), result[1:4], strict=True):
        wrong = restarted & (column != 0)
        require(
            not wrong.any(),
            "In NEXT_STEP mode the step after an episode's end is a reset: no reward, no end",
            f"step().{name}[{int(np.argmax(wrong))}]",
            "0" if name == "rewards" else "False",
            f"{column[int(np.argmax(wrong))]}",
            "Ignore the action of that lane, reset it, and report the reset observation.",
        )


def _check_final_infos(infos: Any, ended: Any) -> None:
    if not ended.any() or not isinstance(infos, dict):
        return
    mask = infos.get("_final_obs")
    require(
        "final_obs" in infos and mask is not None and np.array_equal(mask, ended),
        "In SAME_STEP mode the infos hold the last observations of the episodes that ended",
        'step().infos["_final_obs"]',
        f"{ended.tolist()}",
        f"{None if mask is None else np.asarray(mask).tolist()}",
        'Put what the lane observed before its reset into infos["final_obs"].',
    )


def _check_final_obs(envs: _AnyVector, result: Any, restarted: Any, replaced: Any) -> None:
    """Check `final_obs` and `valid_transition`, which Gymnasium's vectors do not have."""
    try:
        final, valid = envs.final_obs, envs.valid_transition
    except AttributeError as absent:
        warn(
            complaint(
                "The vector does not tell final observations in every autoreset mode",
                "final_obs, valid_transition",
                "attributes, as VectorEnv documents them",
                str(absent),
                "Without them, users must treat each autoreset mode by itself.",
            )
        )
        return
    require(
        np.array_equal(valid, ~restarted),
        "valid_transition is True where a lane's environment made a step, and False where it was "
        "reset instead",
        "valid_transition",
        f"{(~restarted).tolist()}",
        f"{np.asarray(valid).tolist()}",
        "Set it in step().",
    )
    kept = np.flatnonzero(~replaced).tolist()
    refuse(
        lane_difference(envs, result[0], final, kept, "final_obs"),
        "final_obs is the observation itself where the step made no reset",
        "Set it in step().",
    )


def check_partial_reset(envs: _AnyVector) -> None:
    """Check that ``reset_mask`` resets these lanes only, and that the options stay as they were.

    Raises:
        AssertionError: If another lane moves, a seed is not heeded, or the options are changed.
    """
    n = envs.num_envs
    fresh = copy.deepcopy(envs.reset(seed=_SEED)[0])
    before = copy.deepcopy(_observations(envs, 2)[-1])
    mask = np.arange(n) % 2 == 0
    kept = mask.copy()
    options = {"reset_mask": mask}
    after = envs.reset(seed=[_SEED + lane for lane in range(n)], options=options)[0]
    require(
        options.keys() == {"reset_mask"} and options["reset_mask"] is mask,
        "`reset` changes the options it is given",
        'reset(options={"reset_mask": …})',
        "the dict as it was",
        f"the keys {list(options)}",
        "Read the mask with options.get, and copy what you pass on.",
    )
    require(
        np.array_equal(mask, kept),
        "`reset` changes the mask it is given",
        'options["reset_mask"]',
        f"{kept.tolist()}",
        f"{mask.tolist()}",
        "Copy the mask before changing it.",
    )
    path = 'reset(options={"reset_mask": …})'
    others = np.flatnonzero(~kept).tolist()
    refuse(
        lane_difference(envs, before, after, others, path),
        "A partial reset changes the observations of other lanes",
        "Reset the lanes where the mask is True, and report the last observations of the others.",
    )
    refuse(
        lane_difference(envs, fresh, after, np.flatnonzero(kept).tolist(), path),
        "A partial reset does not heed the seeds of its lanes",
        _RESET_REMEDY,
    )


def check_new_data(envs: _AnyVector) -> None:
    """Check that no two calls return the same memory, unless the vector has ``copy = False``.

    Raises:
        AssertionError: If observations of two calls share memory.
    """
    if not getattr(envs.unwrapped, "copy", True):
        return
    calls = [envs.reset(seed=_SEED)[0], *_observations(envs, 3)]
    shared = any(
        checks.data_shares_objects(earlier, later)
        for i, later in enumerate(calls)
        for earlier in calls[:i]
    )
    require(
        not shared,
        "The observations of two calls share memory",
        "step().obs",
        "new data with every call",
        "the same memory twice, so that what a caller keeps is overwritten",
        "Return a copy, or offer it as the argument copy=False.",
    )
