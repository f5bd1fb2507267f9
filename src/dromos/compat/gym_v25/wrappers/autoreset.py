"""`AutoResetWrapper`: the last step of an episode begins the next one."""

from __future__ import annotations

from typing import Any

from dromos.compat.gym_v25.core import Step, Wrapper

__all__ = ["AutoResetWrapper"]


class AutoResetWrapper(Wrapper[Any, Any]):
    """Reset the environment in the step that ends its episode.

    That step returns the first observation of the next episode, its own reward and ``done``, and
    the info of the reset with ``final_observation`` and ``final_info``.
    """

    def step(self, action: Any) -> Step:
        """Step the wrapped environment, and reset it if its episode is over."""
        obs, reward, *over, info = self._stepped(self.env.step(action))
        if any(over):
            final_obs, final_info = obs, info
            obs, info = self.env.reset(return_info=True)
            info = {**info, "final_observation": final_obs, "final_info": final_info}
        return obs, reward, *over, info
