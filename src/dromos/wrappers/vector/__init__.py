"""Wrappers of vectors.

Names are loaded when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dromos.wrappers.vector.array_conversion import ArrayConversion
    from dromos.wrappers.vector.common import RecordEpisodeStatistics
    from dromos.wrappers.vector.dict_info_to_list import DictInfoToList
    from dromos.wrappers.vector.jax_to_numpy import JaxToNumpy
    from dromos.wrappers.vector.jax_to_torch import JaxToTorch
    from dromos.wrappers.vector.numpy_to_torch import NumpyToTorch
    from dromos.wrappers.vector.record_episodes import RecordEpisodes
    from dromos.wrappers.vector.rendering import HumanRendering, RecordVideo
    from dromos.wrappers.vector.stateful_observation import (
        DelayObservation,
        FrameStackObservation,
        NormalizeObservation,
        TimeAwareObservation,
    )
    from dromos.wrappers.vector.stateful_reward import NormalizeReward
    from dromos.wrappers.vector.vectorize_action import (
        ClipAction,
        DiscretizeAction,
        RescaleAction,
        TransformAction,
        VectorizeTransformAction,
    )
    from dromos.wrappers.vector.vectorize_observation import (
        DiscretizeObservation,
        DtypeObservation,
        FilterObservation,
        FlattenObservation,
        GrayscaleObservation,
        RescaleObservation,
        ReshapeObservation,
        ResizeObservation,
        TransformObservation,
        VectorizeTransformObservation,
    )
    from dromos.wrappers.vector.vectorize_reward import (
        ClipReward,
        TransformReward,
        VectorizeTransformReward,
    )

__all__ = [
    "ArrayConversion",
    "ClipAction",
    "ClipReward",
    "DelayObservation",
    "DictInfoToList",
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
    "NormalizeObservation",
    "NormalizeReward",
    "NumpyToTorch",
    "RecordEpisodeStatistics",
    "RecordEpisodes",
    "RecordVideo",
    "RescaleAction",
    "RescaleObservation",
    "ReshapeObservation",
    "ResizeObservation",
    "TimeAwareObservation",
    "TransformAction",
    "TransformObservation",
    "TransformReward",
    "VectorizeTransformAction",
    "VectorizeTransformObservation",
    "VectorizeTransformReward",
]

#: The names of each module.
_NAMES = {
    "array_conversion": "ArrayConversion",
    "common": "RecordEpisodeStatistics",
    "dict_info_to_list": "DictInfoToList",
    "jax_to_numpy": "JaxToNumpy",
    "jax_to_torch": "JaxToTorch",
    "numpy_to_torch": "NumpyToTorch",
    "record_episodes": "RecordEpisodes",
    "rendering": "HumanRendering RecordVideo",
    "stateful_observation": (
        "DelayObservation FrameStackObservation NormalizeObservation TimeAwareObservation"
    ),
    "stateful_reward": "NormalizeReward",
    "vectorize_action": (
        "ClipAction DiscretizeAction RescaleAction TransformAction VectorizeTransformAction"
    ),
    "vectorize_observation": (
        "DiscretizeObservation DtypeObservation FilterObservation FlattenObservation "
        "GrayscaleObservation RescaleObservation ReshapeObservation ResizeObservation "
        "TransformObservation VectorizeTransformObservation"
    ),
    "vectorize_reward": "ClipReward TransformReward VectorizeTransformReward",
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    from dromos.homes import import_module

    if name in _NAMES:
        return import_module(f"dromos.wrappers.vector.{name}")  # binds itself here
    if name in _HOMES:
        value = getattr(import_module(f"dromos.wrappers.vector.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
