"""Public path of `PassiveEnvChecker`."""

from dromos.wrappers.common import PassiveEnvChecker

__all__ = ["PassiveEnvChecker"]
