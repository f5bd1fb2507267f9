"""Wrappers under the names, and with the arguments, that they had in 0.29."""

from dromos.compat import old_errors as error
from dromos.compat.gymnasium_v029.wrappers.autoreset import AutoResetWrapper
from dromos.compat.gymnasium_v029.wrappers.filter_observation import FilterObservation
from dromos.compat.gymnasium_v029.wrappers.frame_stack import FrameStack, LazyFrames
from dromos.compat.gymnasium_v029.wrappers.gray_scale_observation import GrayScaleObservation
from dromos.compat.gymnasium_v029.wrappers.normalize import (
    NormalizeObservation,
    NormalizeReward,
    RunningMeanStd,
    update_mean_var_count_from_moments,
)
from dromos.compat.gymnasium_v029.wrappers.pixel_observation import (
    STATE_KEY,
    PixelObservationWrapper,
)
from dromos.compat.gymnasium_v029.wrappers.record_episode_statistics import RecordEpisodeStatistics
from dromos.compat.gymnasium_v029.wrappers.record_video import (
    RecordVideo,
    capped_cubic_video_schedule,
)
from dromos.compat.gymnasium_v029.wrappers.resize_observation import ResizeObservation
from dromos.compat.gymnasium_v029.wrappers.step_api_compatibility import StepAPICompatibility
from dromos.compat.gymnasium_v029.wrappers.time_aware_observation import TimeAwareObservation
from dromos.compat.gymnasium_v029.wrappers.todays import (
    AtariPreprocessing,
    ClipAction,
    FlattenObservation,
    HumanRendering,
    LambdaObservation,
    OrderEnforcing,
    PassiveEnvChecker,
    RenderCollection,
    RescaleAction,
    TimeLimit,
    TransformReward,
)
from dromos.compat.gymnasium_v029.wrappers.transform_observation import TransformObservation
from dromos.compat.gymnasium_v029.wrappers.vector_list_info import VectorListInfo
from dromos.compat.old_env import EnvCompatibility, LegacyEnv

__all__ = [
    "STATE_KEY",
    "AtariPreprocessing",
    "AutoResetWrapper",
    "ClipAction",
    "EnvCompatibility",
    "FilterObservation",
    "FlattenObservation",
    "FrameStack",
    "GrayScaleObservation",
    "HumanRendering",
    "LambdaObservation",
    "LazyFrames",
    "LegacyEnv",
    "NormalizeObservation",
    "NormalizeReward",
    "OrderEnforcing",
    "PassiveEnvChecker",
    "PixelObservationWrapper",
    "RecordEpisodeStatistics",
    "RecordVideo",
    "RenderCollection",
    "RescaleAction",
    "ResizeObservation",
    "RunningMeanStd",
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
