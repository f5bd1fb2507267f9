"""Public path of `RescaleAction`."""

from dromos.wrappers.transform_action import RescaleAction

__all__ = ["RescaleAction"]
