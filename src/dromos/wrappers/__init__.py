"""Wrappers: environments around environments.

Names are loaded when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dromos.wrappers import vector
    from dromos.wrappers.array_conversion import ArrayConversion
    from dromos.wrappers.atari_preprocessing import AtariPreprocessing
    from dromos.wrappers.common import (
        Autoreset,
        OrderEnforcing,
        PassiveEnvChecker,
        RecordEpisodeStatistics,
        TimeLimit,
    )
    from dromos.wrappers.csv_monitor import CsvMonitor
    from dromos.wrappers.jax_to_numpy import JaxToNumpy
    from dromos.wrappers.jax_to_torch import JaxToTorch
    from dromos.wrappers.numpy_to_torch import NumpyToTorch
    from dromos.wrappers.record_episodes import RecordEpisodes
    from dromos.wrappers.rendering import (
        AddWhiteNoise,
        HumanRendering,
        ObstructView,
        RecordVideo,
        RenderCollection,
    )
    from dromos.wrappers.stateful_action import RepeatAction, StickyAction
    from dromos.wrappers.stateful_observation import (
        DelayObservation,
        FrameStackObservation,
        MaxAndSkipObservation,
        NormalizeObservation,
        TimeAwareObservation,
    )
    from dromos.wrappers.stateful_reward import NormalizeReward
    from dromos.wrappers.transform_action import (
        ClipAction,
        DiscretizeAction,
        RescaleAction,
        TransformAction,
    )
    from dromos.wrappers.transform_observation import (
        AddRenderObservation,
        DiscretizeObservation,
        DtypeObservation,
        FilterObservation,
        FlattenObservation,
        GrayscaleObservation,
        RescaleObservation,
        ReshapeObservation,
        ResizeObservation,
        TransformObservation,
    )
    from dromos.wrappers.transform_reward import ClipReward, TransformReward

__all__ = [
    "AddRenderObservation",
    "AddWhiteNoise",
    "ArrayConversion",
    "AtariPreprocessing",
    "Autoreset",
    "ClipAction",
    "ClipReward",
    "CsvMonitor",
    "DelayObservation",
    "DiscretizeAction",
    "DiscretizeObservation",
    "DtypeObservation",
    "FilterObservation",
    "FlattenObservation",
    "FrameStackObservation",
    "GrayscaleObservation",
    "HumanRendering",
    "JaxToNumpy",
    "JaxToTorch",
    "MaxAndSkipObservation",
    "NormalizeObservation",
    "NormalizeReward",
    "NumpyToTorch",
    "ObstructView",
    "OrderEnforcing",
    "PassiveEnvChecker",
    "RecordEpisodeStatistics",
    "RecordEpisodes",
    "RecordVideo",
    "RenderCollection",
    "RepeatAction",
    "RescaleAction",
    "RescaleObservation",
    "ReshapeObservation",
    "ResizeObservation",
    "StickyAction",
    "TimeAwareObservation",
    "TimeLimit",
    "TransformAction",
    "TransformObservation",
    "TransformReward",
    "vector",
]

#: The names of each module.
_NAMES = {
    "array_conversion": "ArrayConversion",
    "atari_preprocessing": "AtariPreprocessing",
    "common": "Autoreset OrderEnforcing PassiveEnvChecker RecordEpisodeStatistics TimeLimit",
    "csv_monitor": "CsvMonitor",
    "jax_to_numpy": "JaxToNumpy",
    "jax_to_torch": "JaxToTorch",
    "numpy_to_torch": "NumpyToTorch",
    "record_episodes": "RecordEpisodes",
    "rendering": "AddWhiteNoise HumanRendering ObstructView RecordVideo RenderCollection",
    "stateful_action": "RepeatAction StickyAction",
    "stateful_observation": (
        "DelayObservation FrameStackObservation MaxAndSkipObservation NormalizeObservation "
        "TimeAwareObservation"
    ),
    "stateful_reward": "NormalizeReward",
    "transform_action": "ClipAction DiscretizeAction RescaleAction TransformAction",
    "transform_observation": (
        "AddRenderObservation DiscretizeObservation DtypeObservation FilterObservation "
        "FlattenObservation GrayscaleObservation RescaleObservation ReshapeObservation "
        "ResizeObservation TransformObservation"
    ),
    "transform_reward": "ClipReward TransformReward",
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}

#: Modules that programs reach for without importing them.
_MODULES = {"utils", "vector", *_NAMES}

#: Names that wrappers had in Gymnasium before 1.0 and in Gym.
_RENAMED = {
    "AddRenderObservationWrapper": "AddRenderObservation",
    "AutoResetWrapper": "Autoreset",
    "FilterObservationWrapper": "FilterObservation",
    "FrameStack": "FrameStackObservation",
    "GrayScaleObservation": "GrayscaleObservation",
    "LambdaAction": "TransformAction",
    "LambdaObservation": "TransformObservation",
    "LambdaReward": "TransformReward",
    "Monitor": "RecordVideo` or `wrappers.CsvMonitor",
    "PixelObservationWrapper": "AddRenderObservation",
    "VectorListInfo": "vector.DictInfoToList",
}


def __getattr__(name: str) -> object:
    from dromos.homes import import_module

    if name in _MODULES:
        return import_module(f"dromos.wrappers.{name}")  # binds itself here
    if name in _HOMES:
        value = getattr(import_module(f"dromos.wrappers.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
    if name in _RENAMED:
        raise AttributeError(f"{name!r} has been renamed with `wrappers.{_RENAMED[name]}`")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
