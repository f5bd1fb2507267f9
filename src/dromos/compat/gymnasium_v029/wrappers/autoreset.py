"""`AutoResetWrapper`: the last step of an episode begins the next one."""

from __future__ import annotations

from typing import Any, SupportsFloat

from dromos._core.batch import Episode
from dromos.compat.gymnasium_v029.core import Wrapper
from dromos.core import Env
from dromos.utils.record_constructor import RecordConstructorArgs, recorded

__all__ = ["AutoResetWrapper"]


class AutoResetWrapper(Wrapper[Any, Any], RecordConstructorArgs):
    """Reset the environment in the step that ends its episode.

    That step returns the first observation of the next episode, its own reward and flags, and the
    info of the reset with ``final_observation`` and ``final_info``.
    """

    @recorded
    def __init__(self, env: Env[Any, Any]) -> None:
        """Wrap `env`."""
        super().__init__(env)

    def step(self, action: Any) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment, and reset it if its episode is over."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        if Episode(True).count_step(terminated, truncated):
            final_obs, final_info = obs, info
            obs, info = self.env.reset()
            info = {**info, "final_observation": final_obs, "final_info": final_info}
        return obs, reward, terminated, truncated, info
