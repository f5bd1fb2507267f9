"""Promises of what a vector is, and what its calls return, be it in the first episode or later."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np

from dromos import checks
from dromos.checks.calls import CLOSES_AGAIN
from dromos.checks.promise import Promise, entry, shown
from dromos.testing.comparison import Difference, alike, difference, require_same
from dromos.vector import AutoresetMode, VectorEnv
from dromos.vector.utils import batch_space, concatenate, create_empty_array, iterate

__all__ = [
    "SEED",
    "actions_for",
    "autoreset_mode",
    "check_close",
    "check_forms",
    "check_is_vector",
    "check_render",
    "check_send_recv",
    "check_spaces",
    "check_step_form",
    "lane_difference",
]

AnyVector = VectorEnv[Any, Any, Any]

SEED = 123
_COLUMNS = {"rewards": "float", "terminations": "bool", "truncations": "bool"}
_ADD_INFO = "Add the infos of the lanes with VectorEnv._add_info."

# fmt: off
IS_VECTOR = Promise(
    TypeError, "envs", "The vector must inherit from VectorEnv, actual class: {type}",
    "an instance of dromos.vector.VectorEnv", "{type}",
    "Derive its class from dromos.vector.VectorEnv, or use make_vec.")
MODE = Promise(
    AssertionError, 'metadata["autoreset_mode"]',
    "The metadata of the vector must tell its autoreset mode",
    "a member of dromos.vector.AutoresetMode", "{shown}",
    'Set metadata = {{**metadata, "autoreset_mode": AutoresetMode.NEXT_STEP}}, or the mode it has.')
NUM_ENVS = Promise(
    AssertionError, "num_envs", "A vector has a number of lanes", "an int above 0", "{shown}",
    "Set self.num_envs in __init__.")
HAS_SPACE = Promise(
    AssertionError, "{name}", "The vector must specify its {name}", "a dromos.spaces.Space",
    "nothing", "Set self.{name} in __init__.")
BATCHED = Promise(
    AssertionError, "{name}", "The {name} is not that of one lane, batched",
    "{expected}", "{shown}",
    "Set it to dromos.vector.utils.batch_space(self.single_{name}, self.num_envs).")
RESULT = Promise(
    AssertionError, "{path}", "The result of {path} must be a tuple of {length}", "{form}",
    "{found}", "Return the values as a tuple.")
COLUMN = Promise(
    AssertionError, "{path}", "A column of the step's result has the wrong form",
    "an array of {kind}s of shape ({n},)", "{found}",
    "Return a NumPy array with one value a lane.")
INFOS = Promise(
    AssertionError, "{path}", "The infos of a vector are a dict of columns", "a dict", "{type}",
    "Return {{}} if there is nothing to tell.")
INFO_ROWS = Promise(
    AssertionError, "{path}", "A column of the infos has a row for each lane", "{n} rows",
    "shape {value}", _ADD_INFO)
INFO_MASK = Promise(
    AssertionError, "{path}",
    "A column of the infos has a mask that tells which lanes have the entry",
    "a bool array of shape ({n},)", "{shown}", _ADD_INFO)
SAME_AS_STEP = alike(
    "`send` and `recv` give other results than `step`",
    "Both must do the same with a lane: the same episode, the same wrappers.")
LANE_IDS = Promise(
    AssertionError, 'recv().infos["lane_ids"]', "`recv` tells which lanes its rows are",
    "an int64 array", "{value!r}", 'Set infos["lane_ids"].')
RECEIVED_ONCE = Promise(
    AssertionError, 'recv().infos["lane_ids"]', "`recv` gives each lane that was sent once",
    "none of the lanes {received}, which have been received", "{value}",
    "Take a lane out of the queue with its result.")
FRAMES = Promise(
    AssertionError, "render()", "`render` gives a frame for each lane", "a tuple of {n} frames",
    "{type}", "Return a tuple of what each lane's render returns.")
CLOSED_TWICE = CLOSES_AGAIN._replace(
    text="Calling `close()` on the closed vector should be allowed",
    remedy="Release things in close_extras, which VectorEnv.close calls once.")
# fmt: on


def actions_for(envs: AnyVector, seed: int = SEED) -> Any:
    """Return a function that draws actions for all lanes, the same for the same seed."""
    space = copy.deepcopy(envs.action_space)
    space.seed(seed)
    return space.sample


def check_is_vector(envs: object) -> None:
    """Check that `envs` is an instance of `VectorEnv`."""
    IS_VECTOR.kept(isinstance(envs, VectorEnv), envs)


def autoreset_mode(envs: AnyVector) -> AutoresetMode:
    """Return the mode the metadata tell.

    Raises:
        AssertionError: If they tell none.
    """
    mode = envs.metadata.get("autoreset_mode")
    MODE.require(isinstance(mode, AutoresetMode), mode)
    return mode  # type: ignore[return-value]


def check_spaces(envs: AnyVector) -> None:
    """Check that the spaces of the batch are those of one lane, batched."""
    n = getattr(envs, "num_envs", None)
    NUM_ENVS.require(isinstance(n, int) and n > 0, n)
    for name in ("action_space", "observation_space"):
        single: Any = getattr(envs, f"single_{name}", None)
        batched: Any = getattr(envs, name, None)
        if HAS_SPACE.kept(single is not None, name=f"single_{name}") and HAS_SPACE.kept(
            batched is not None, name=name
        ):
            expected = batch_space(single, envs.num_envs)
            kinds = [(type(space), space.shape, space.dtype) for space in (expected, batched)]
            BATCHED.kept(kinds[0] == kinds[1], batched, name=name, expected=shown(expected))


def check_forms(envs: AnyVector) -> None:
    """Check what a reset and a step return."""
    result, path = envs.reset(seed=SEED), "reset()"
    if _has_length(result, 2, path, "(observations, infos)"):
        checks.check_obs(result[0], envs.observation_space, "reset")
        _check_infos(result[1], envs.num_envs, f"{path}.infos")
    check_step_form(envs, envs.step(actions_for(envs)()))


def check_step_form(envs: AnyVector, result: Any) -> bool:
    """Check what ``step`` returned; return whether it was a tuple of five."""
    if not _has_length(result, 5, "step()", f"(observations, {', '.join(_COLUMNS)}, infos)"):
        return False
    checks.check_obs(result[0], envs.observation_space, "step")
    n = envs.num_envs
    for (name, kind), column in zip(_COLUMNS.items(), result[1:4], strict=True):
        is_array = isinstance(column, np.ndarray)
        fits = is_array and column.shape == (n,) and column.dtype.kind == kind[0]
        found = f"shape {column.shape}, dtype {column.dtype}" if is_array else type(column)
        COLUMN.kept(fits, path=f"step().{name}", kind=kind, n=n, found=found)
    _check_infos(result[4], n, "step().infos")
    return True


def _has_length(result: Any, length: int, path: str, form: str) -> bool:
    is_tuple = isinstance(result, tuple)
    found = f"a tuple of {len(result)}" if is_tuple else type(result)
    kept = is_tuple and len(result) == length
    return RESULT.kept(kept, path=path, length=length, form=form, found=found)


def _check_infos(infos: Any, n: int, path: str) -> None:
    if isinstance(infos, list) and len(infos) == n:
        return  # as DictInfoToList makes them
    if not isinstance(infos, dict):
        INFOS.broken(infos, path=path)
        return
    for key in [key for key in infos if not str(key).startswith("_")]:
        column, mask = infos[key], infos.get(f"_{key}")
        shape = (n,) if isinstance(column, dict) else np.shape(column)
        INFO_ROWS.kept(shape[:1] == (n,), shape, path=entry(path, key), n=n)
        is_mask = isinstance(mask, np.ndarray) and (mask.shape, mask.dtype) == ((n,), np.bool_)
        INFO_MASK.kept(is_mask, mask, path=entry(path, f"_{key}"), n=n)


def lane_difference(
    envs: AnyVector, first: Any, second: Any, lanes: Sequence[int], path: str
) -> Difference | None:
    """Return the first difference of two batches of observations in these lanes, or None."""
    if not lanes:
        return None
    space, parts = envs.single_observation_space, []
    for batch in (first, second):
        rows = list(iterate(envs.observation_space, batch))
        chosen = [rows[lane] for lane in lanes]
        parts.append(concatenate(space, chosen, create_empty_array(space, len(lanes))))
    return difference(parts[0], parts[1], f"{path}, lanes {list(lanes)}", exact=False)


def check_send_recv(envs: AnyVector) -> None:
    """Check that ``send`` and ``recv`` give, in some order, what ``step`` gives."""
    actions = actions_for(envs)()
    envs.reset(seed=SEED)
    try:
        envs.send(actions)
    except NotImplementedError:
        return
    rows: dict[int, tuple[Any, ...]] = {}
    while len(rows) < envs.num_envs:
        _, *signals, infos = envs.recv()
        lanes: Any = infos.get("lane_ids")
        LANE_IDS.require(
            isinstance(lanes, np.ndarray) and lanes.dtype == np.int64 and len(lanes), lanes
        )
        told = lanes.tolist()
        RECEIVED_ONCE.require(rows.keys().isdisjoint(told), told, received=list(rows))
        rows.update(zip(told, _by_lane(signals), strict=True))
    envs.reset(seed=SEED)
    stepped = _by_lane(envs.step(actions)[1:4])
    received = [rows[lane] for lane in range(envs.num_envs)]
    require_same(SAME_AS_STEP, stepped, received, "recv()", exact=True)


def _by_lane(signals: Any) -> list[tuple[Any, ...]]:
    """Return the reward and the flags of each lane."""
    return [(float(reward), *map(bool, flags)) for reward, *flags in zip(*signals, strict=True)]


def check_render(envs: AnyVector) -> None:
    """Check that ``render`` gives a frame for each lane, if the mode has frames."""
    if envs.render_mode in (None, "human"):
        return
    envs.reset(seed=SEED)
    frames: Any = envs.render()
    n = envs.num_envs
    if FRAMES.kept(isinstance(frames, (tuple, list)) and len(frames) == n, frames, n=n):
        for lane, frame in enumerate(frames):
            checks.check_render_return(str(envs.render_mode), frame, entry("render()", lane))


def check_close(envs: AnyVector) -> None:
    """Warn if closing a second time raises."""
    envs.close()
    try:
        envs.close()
    except Exception as problem:
        CLOSED_TWICE.broken(problem)
