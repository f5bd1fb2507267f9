"""`Autoreset`: the step after the last one of an episode starts the next episode."""

from __future__ import annotations

from typing import Any, SupportsFloat

from dromos.core import ActType, Env, ObsType, Wrapper
from dromos.utils.record_constructor import RecordConstructorArgs

__all__ = ["Autoreset"]


class Autoreset(Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs):
    """Reset the environment in the step that follows the end of an episode.

    The action of that step is ignored and its result is ``(obs, 0.0, False, False, info)`` with
    the observation and info of the reset: the ``NEXT_STEP`` mode of vector environments.

    Attributes:
        autoreset: Whether the next step will be a reset.
    """

    __module__ = "dromos.wrappers.common"  # the public path, which specs and pickles name

    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`."""
        RecordConstructorArgs.__init__(self)
        super().__init__(env)
        self.autoreset = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment; the next step will be a step."""
        result = self.env.reset(seed=seed, options=options)
        self.autoreset = False
        return result

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment, or reset it if its episode is over."""
        if self.autoreset:
            obs, info = self.env.reset()
            self.autoreset = False
            return obs, 0.0, False, False, info
        result = self.env.step(action)
        self.autoreset = bool(result[2] or result[3])
        return result
