"""Wrappers of the dialect.

Any other wrapper of `dromos.wrappers` fits as well, between two conversions:
``from_new(wrappers.ClipReward(to_new(env), -1, 1))``.
"""

from dromos.compat import old_errors as error
from dromos.compat.gym_v25.wrappers.autoreset import AutoResetWrapper
from dromos.compat.gym_v25.wrappers.early import ClipReward, FlattenDictWrapper, SignReward
from dromos.compat.gym_v25.wrappers.monitor import Monitor
from dromos.compat.gym_v25.wrappers.order_enforcing import OrderEnforcing
from dromos.compat.gym_v25.wrappers.time_limit import TimeLimit
from dromos.compat.gym_v25.wrappers.todays import (
    AtariPreprocessing,
    ClipAction,
    FilterObservation,
    FlattenObservation,
    FrameStack,
    GrayScaleObservation,
    HumanRendering,
    NormalizeObservation,
    NormalizeReward,
    PassiveEnvChecker,
    PixelObservationWrapper,
    RecordEpisodeStatistics,
    RecordVideo,
    RescaleAction,
    ResizeObservation,
    StepAPICompatibility,
    TimeAwareObservation,
    TransformObservation,
    TransformReward,
    VectorListInfo,
)
from dromos.compat.gymnasium_v029.wrappers import (
    STATE_KEY,
    LazyFrames,
    RunningMeanStd,
    capped_cubic_video_schedule,
    update_mean_var_count_from_moments,
)

__all__ = [
    "STATE_KEY",
    "AtariPreprocessing",
    "AutoResetWrapper",
    "ClipAction",
    "ClipReward",
    "FilterObservation",
    "FlattenDictWrapper",
    "FlattenObservation",
    "FrameStack",
    "GrayScaleObservation",
    "HumanRendering",
    "LazyFrames",
    "Monitor",
    "NormalizeObservation",
    "NormalizeReward",
    "OrderEnforcing",
    "PassiveEnvChecker",
    "PixelObservationWrapper",
    "RecordEpisodeStatistics",
    "RecordVideo",
    "RescaleAction",
    "ResizeObservation",
    "RunningMeanStd",
    "SignReward",
    "StepAPICompatibility",
    "TimeAwareObservation",
    "TimeLimit",
    "TransformObservation",
    "TransformReward",
    "VectorListInfo",
    "capped_cubic_video_schedule",
    "error",
    "update_mean_var_count_from_moments",
]
