"""Wrappers: environments around environments.

Names are loaded when they are first used.
"""

from __future__ import annotations

#: The names of each module; `__init__.pyi` tells type checkers of them.
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

__all__ = sorted({*_HOMES, "vector"})  # pyright: ignore[reportUnsupportedDunderAll]

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
