"""The errors of the dialect: today's, and that of a wrapper applied twice."""

from __future__ import annotations

from dromos.error import (
    DependencyNotInstalled,
    DeprecatedEnv,
    Error,
    InvalidAction,
    ResetNeeded,
    UnregisteredEnv,
    UnsupportedMode,
)

__all__ = [
    "DependencyNotInstalled",
    "DeprecatedEnv",
    "DoubleWrapperError",
    "Error",
    "InvalidAction",
    "ResetNeeded",
    "UnregisteredEnv",
    "UnsupportedMode",
]


class DoubleWrapperError(Error):
    """A wrapper of the same name is in the stack already."""
