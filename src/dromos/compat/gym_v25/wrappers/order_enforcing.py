"""`OrderEnforcing`: no step before the first reset."""

from __future__ import annotations

from typing import Any

from dromos.compat.gym_v25.core import Step, Wrapper
from dromos.error import ResetNeeded

__all__ = ["OrderEnforcing"]


class OrderEnforcing(Wrapper[Any, Any]):
    """Raise an error when ``step`` is called before ``reset``."""

    def __init__(
        self,
        env: Any,
        new_step_api: bool = False,
        disable_render_order_enforcing: bool = False,
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            new_step_api: Whether ``step`` returns five values.
            disable_render_order_enforcing: Without effect: rendering is not refused.
        """
        super().__init__(env, new_step_api)
        self._has_reset = False

    def step(self, action: Any) -> Step:
        """Step the wrapped environment.

        Raises:
            ResetNeeded: If the environment has not been reset.
        """
        if not self._has_reset:
            raise ResetNeeded("Cannot call env.step() before calling reset()")
        return super().step(action)

    def reset(self, **kwargs: Any) -> Any:
        """Reset the wrapped environment; from then on it may be stepped."""
        self._has_reset = True
        return self.env.reset(**kwargs)
