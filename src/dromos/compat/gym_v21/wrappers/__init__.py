"""Wrappers of the dialect.

Any other wrapper of `dromos.wrappers` fits as well, between two conversions:
``from_new(wrappers.ClipReward(to_new(env), -1, 1))``.
"""

from dromos.compat.gym_v21.wrappers.monitor import Monitor
from dromos.compat.gym_v21.wrappers.order_enforcing import OrderEnforcing
from dromos.compat.gym_v21.wrappers.time_limit import TimeLimit
from dromos.compat.gym_v21.wrappers.todays import (
    AtariPreprocessing,
    ClipAction,
    FilterObservation,
    FlattenObservation,
    FrameStack,
    GrayScaleObservation,
    NormalizeObservation,
    NormalizeReward,
    RecordEpisodeStatistics,
    RecordVideo,
    RescaleAction,
    ResizeObservation,
    TimeAwareObservation,
    TransformObservation,
    TransformReward,
)

__all__ = [
    "AtariPreprocessing",
    "ClipAction",
    "FilterObservation",
    "FlattenObservation",
    "FrameStack",
    "GrayScaleObservation",
    "Monitor",
    "NormalizeObservation",
    "NormalizeReward",
    "OrderEnforcing",
    "RecordEpisodeStatistics",
    "RecordVideo",
    "RescaleAction",
    "ResizeObservation",
    "TimeAwareObservation",
    "TimeLimit",
    "TransformObservation",
    "TransformReward",
]
