"""`TransformObservation` with two arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dromos.compat.gymnasium_v029.core import Wrapper
from dromos.core import Env
from dromos.utils.record_constructor import recorded
from dromos.wrappers import transform_observation

__all__ = ["TransformObservation"]


class TransformObservation(transform_observation.TransformObservation[Any, Any, Any], Wrapper):
    """Pass every observation through a function; the space stays, unless it is assigned.

    Attributes:
        f: The function.
    """

    snapshot_exclude = frozenset({"f", "func"})

    @recorded
    def __init__(self, env: Env[Any, Any], f: Callable[[Any], Any]) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            f: Makes of an observation of `env` one of this wrapper.
        """
        super().__init__(env, f)
        self.f = f
