"""`BaseEnvTimestep`: what DI-engine's environments return from ``step``."""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["BaseEnvTimestep"]


class BaseEnvTimestep(NamedTuple):
    """The result of a step.

    Attributes:
        obs: The observation.
        reward: The reward.
        done: Whether the episode is over, for whichever reason.
        info: More about the step.
    """

    obs: Any
    reward: Any
    done: bool
    info: dict[str, Any]
