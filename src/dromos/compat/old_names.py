"""Helpers that modules of old releases had besides, and that programs import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.registration import (
    ENV_ID_RE,
    find_highest_version,
    get_env_id,
    load_env_creator,
    load_plugins,
    namespace,
    parse_env_id,
)
from dromos.step_api import DoneStepType as OldStepType
from dromos.step_api import TerminatedTruncatedStepType as NewStepType
from dromos.step_api import convert_to_done_step_api as step_to_old_api
from dromos.step_api import convert_to_terminated_truncated_step_api as step_to_new_api

__all__ = [
    "ENV_ID_RE",
    "NewStepType",
    "OldStepType",
    "bound",
    "current_namespace",
    "env_id_re",
    "find_highest_version",
    "get_env_id",
    "load",
    "load_env_plugins",
    "namespace",
    "parse_env_id",
    "rk4",
    "step_to_new_api",
    "step_to_old_api",
    "wrap",
]

env_id_re = ENV_ID_RE
load = load_env_creator
load_env_plugins = load_plugins
current_namespace: str | None = None


def wrap(x: float, m: float, M: float) -> float:
    """Return an angle moved by whole spans to between `m` and `M`."""
    span = M - m
    while x > M:
        x -= span
    while x < m:
        x += span
    return x


def bound(x: float, m: Any, M: float | None = None) -> float:
    """Return `x` clipped to `m` and `M`, or to the pair `m`."""
    low, high = m if M is None else (m, M)
    return min(max(x, low), high)  # type: ignore[no-any-return]


def rk4(
    derivs: Callable[[Any], Any], y0: Sequence[float], t: Sequence[float]
) -> NDArray[np.float64]:
    """Integrate with the classical method of Runge and Kutta.

    Args:
        derivs: Returns the derivative at a state.
        y0: The first state.
        t: The times, ascending.

    Returns:
        The last state, without its last component.
    """
    state = np.asarray(y0, np.float64)
    for start, end in pairwise(t):
        step = end - start
        first = np.asarray(derivs(state))
        second = np.asarray(derivs(state + step / 2 * first))
        third = np.asarray(derivs(state + step / 2 * second))
        fourth = np.asarray(derivs(state + step * third))
        state = state + step / 6 * (first + 2 * second + 2 * third + fourth)
    return state[:4]
