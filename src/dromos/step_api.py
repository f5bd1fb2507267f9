"""Between the step of four values, which ends in one ``done``, and that of five.

    ==================  ==========================  ====================  =================
    (terminated,        ``done``                    info entry            back again
    truncated)                                      TimeLimit.truncated
    ==================  ==========================  ====================  =================
    (False, False)      False                       none                  (False, False)
    (True, False)       True                        False                 (True, False)
    (False, True)       True                        True                  (False, True)
    (True, True)        True                        False                 (True, False)
    ==================  ==========================  ====================  =================

The infos that are passed in are never changed. `dromos.utils.step_api_compatibility` is the public
path.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dromos.error import Error

__all__ = [
    "DoneStepType",
    "TerminatedTruncatedStepType",
    "convert_to_done_step_api",
    "convert_to_terminated_truncated_step_api",
    "step_api_compatibility",
]

#: (observation, reward, done, info); each batched for a vector.
DoneStepType: TypeAlias = tuple[Any, Any, Any, Any]
#: (observation, reward, terminated, truncated, info); each batched for a vector.
TerminatedTruncatedStepType: TypeAlias = tuple[Any, Any, Any, Any, Any]

_KEY = "TimeLimit.truncated"
_MASK = f"_{_KEY}"  # in the infos of a vector: which lanes have the entry

_Flags: TypeAlias = npt.NDArray[np.bool_]


def step_api_compatibility(
    step_returns: TerminatedTruncatedStepType | DoneStepType,
    output_truncation_bool: bool = True,
    is_vector_env: bool = False,
) -> TerminatedTruncatedStepType | DoneStepType:
    """Return the result of a step in the form of five values or in that of four.

    Args:
        step_returns: What ``step`` returned, in either form.
        output_truncation_bool: Whether to return five values.
        is_vector_env: Whether a vector returned it; its infos are one dict of columns (n,) or a
            list of one dict a lane.

    Raises:
        Error: If it is neither four values nor five.
    """
    convert = (
        convert_to_terminated_truncated_step_api
        if output_truncation_bool
        else convert_to_done_step_api
    )
    return convert(step_returns, is_vector_env)


def convert_to_terminated_truncated_step_api(
    step_returns: DoneStepType | TerminatedTruncatedStepType, is_vector_env: bool = False
) -> TerminatedTruncatedStepType:
    """Return the result of a step as five values, `done` divided by ``TimeLimit.truncated``.

    Args:
        step_returns: What ``step`` returned; five values are returned as they are.
        is_vector_env: Whether a vector returned it.

    Raises:
        Error: If it is neither four values nor five.
    """
    if _length(step_returns) == 5:
        return step_returns  # type: ignore[return-value]
    obs, reward, done, info = step_returns  # type: ignore[misc]
    if is_vector_env:
        limited, info = _taken_from_infos(info, len(done))
        return obs, reward, done & ~limited, done & limited, info
    limited_one = bool(info.get(_KEY, False))
    return obs, reward, done and not limited_one, done and limited_one, _without(info)


def convert_to_done_step_api(
    step_returns: TerminatedTruncatedStepType | DoneStepType, is_vector_env: bool = False
) -> DoneStepType:
    """Return the result of a step as four values; ``TimeLimit.truncated`` tells which end it was.

    Args:
        step_returns: What ``step`` returned; four values are returned as they are.
        is_vector_env: Whether a vector returned it.

    Raises:
        Error: If it is neither four values nor five.
    """
    if _length(step_returns) == 4:
        return step_returns  # type: ignore[return-value]
    obs, reward, terminated, truncated, info = step_returns  # type: ignore[misc]
    if is_vector_env:
        ended, limited = terminated | truncated, truncated & ~terminated
        return obs, reward, ended, _with_entries(info, ended, limited)
    done = terminated or truncated
    if done:
        info = {**info, _KEY: bool(truncated and not terminated)}
    return obs, reward, done, info


def _length(step_returns: tuple[Any, ...]) -> int:
    if not isinstance(step_returns, tuple) or len(step_returns) not in (4, 5):
        found = f"{len(step_returns)}" if isinstance(step_returns, tuple) else type(step_returns)
        raise Error(
            "step_returns: expected a tuple (obs, reward, done, info) or (obs, reward, terminated, "
            f"truncated, info), found {found}. Pass on what `step` returned, unchanged."
        )
    return len(step_returns)


def _taken_from_infos(infos: Any, num_envs: int) -> tuple[_Flags, Any]:
    """Return which lanes were cut off by a limit, and the infos without that entry."""
    if isinstance(infos, dict):
        limited = np.asarray(infos.get(_KEY, np.zeros(num_envs, np.bool_)), dtype=np.bool_)
        present = np.asarray(infos.get(_MASK, True), dtype=np.bool_)
        return limited & present, _without(infos)
    entries = [bool(info.get(_KEY, False)) for info in infos]
    return np.array(entries, dtype=np.bool_), [_without(info) for info in infos]


def _without(info: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in info.items() if key not in (_KEY, _MASK)}


def _with_entries(infos: Any, ended: _Flags, limited: _Flags) -> Any:
    if isinstance(infos, dict):
        return {**infos, _KEY: limited, _MASK: ended} if ended.any() else infos
    return [
        {**info, _KEY: bool(limited[lane])} if ended[lane] else info
        for lane, info in enumerate(infos)
    ]
