"""Wrappers of vectors.

Names are loaded when they are first used.
"""

from __future__ import annotations

#: The names of each module; `__init__.pyi` tells type checkers of them.
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

__all__ = sorted(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll]


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
