"""Public path of the wrappers around the ``render`` of a vector."""

from dromos.wrappers.vector.human_rendering import HumanRendering
from dromos.wrappers.vector.record_video import RecordVideo

__all__ = ["HumanRendering", "RecordVideo"]
