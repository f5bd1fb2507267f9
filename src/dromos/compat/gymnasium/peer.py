"""The real Gymnasium, for those who use it side by side with this library."""

from __future__ import annotations

from typing import Any

from dromos.compat.gymnasium.dialects import OWN
from dromos.env import Env
from dromos.error import DependencyNotInstalled, Error

__all__ = ["peer"]


def peer() -> Any:
    """Return the real ``gymnasium`` package.

    Raises:
        DependencyNotInstalled: If it is not installed.
        Error: If this library answers for the name.
    """
    try:
        import gymnasium
    except ModuleNotFoundError as missing:
        raise DependencyNotInstalled(
            "Converting environments needs Gymnasium itself, run `pip install gymnasium`"
        ) from missing
    if gymnasium.Env is Env:  # type: ignore[comparison-overlap]
        raise Error(
            f"`gymnasium` is {OWN} in this process, so there is nothing to convert: pass the "
            "environment on as it is, or do not install the alias."
        )
    return gymnasium
