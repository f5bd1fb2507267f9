"""`FilterObservation` with all keys by default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dromos.compat.gymnasium_v029.core import Wrapper
from dromos.core import Env
from dromos.spaces import Dict
from dromos.utils.record_constructor import recorded
from dromos.wrappers import transform_observation

__all__ = ["FilterObservation"]


class FilterObservation(transform_observation.FilterObservation[Any, Any, Any], Wrapper):
    """Keep some of the entries of `Dict` observations."""

    @recorded
    def __init__(self, env: Env[Any, Any], filter_keys: Sequence[str] | None = None) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            filter_keys: The keys to keep; None for all.

        Raises:
            TypeError: If the keys are of the wrong type.
            ValueError: If the space is no `Dict`, a key is missing, or none is given.
        """
        space = env.observation_space
        if filter_keys is None and isinstance(space, Dict):
            filter_keys = list(space.spaces)
        super().__init__(env, filter_keys or ())
