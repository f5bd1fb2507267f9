"""`StepAPICompatibility`: ``step`` with four values or five."""

from __future__ import annotations

from typing import Any

from dromos.compat.gymnasium_v029.core import Wrapper
from dromos.step_api import step_api_compatibility
from dromos.utils.record_constructor import RecordConstructorArgs, recorded

__all__ = ["StepAPICompatibility"]


class StepAPICompatibility(Wrapper[Any, Any], RecordConstructorArgs):
    """Return from ``step`` five values, or four with ``done``, whatever the environment returns.

    Attributes:
        output_truncation_bool: Whether there are five.
        is_vector_env: Whether a vector is wrapped.
    """

    @recorded
    def __init__(self, env: Any, output_truncation_bool: bool = True) -> None:
        """Wrap `env`.

        Args:
            env: An environment.
            output_truncation_bool: Whether ``step`` returns five values.
        """
        super().__init__(env)
        self.output_truncation_bool = output_truncation_bool
        self.is_vector_env = bool(getattr(env.unwrapped, "is_vector_env", False))

    def step(self, action: Any) -> Any:
        """Step the wrapped environment."""
        result = self.env.step(action)
        return step_api_compatibility(result, self.output_truncation_bool, self.is_vector_env)
