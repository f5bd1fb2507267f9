"""Public path of `ClipAction`."""

from dromos.wrappers.transform_action import ClipAction

__all__ = ["ClipAction"]
