"""Public path of the converter of environments of Gym before 0.26."""

from dromos.compat.old_env import EnvCompatibility

__all__ = ["EnvCompatibility"]
