"""Both ways between environments of Gym 0.9 and today's."""

from __future__ import annotations

from typing import Any

from dromos import core
from dromos.compat.gym_v09.core import Env
from dromos.compat.gym_v21 import conversion
from dromos.compat.gym_v21.conversion import to_new

__all__ = ["FromNew", "from_new", "to_new"]


class FromNew(conversion.FromNew, Env[Any, Any]):  # type: ignore[misc]
    """The old face of an environment of today's interface; see `dromos.compat.gym_v21`."""


def from_new(env: core.Env[Any, Any]) -> FromNew:
    """Return `env`, of today's interface, as an environment of the dialect."""
    return FromNew(env)
