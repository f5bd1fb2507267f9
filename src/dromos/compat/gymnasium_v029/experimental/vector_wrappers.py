"""The wrappers of ``experimental.wrappers.vector``: today's, with a version in their names."""

from typing import TYPE_CHECKING, Any

from dromos import wrappers as _todays
from dromos.wrappers.vector import ClipAction as ClipActionV0
from dromos.wrappers.vector import ClipReward as ClipRewardV0
from dromos.wrappers.vector import DictInfoToList as DictInfoToListV0
from dromos.wrappers.vector import DictInfoToList as VectorListInfo
from dromos.wrappers.vector import DtypeObservation as DtypeObservationV0
from dromos.wrappers.vector import FilterObservation as FilterObservationV0
from dromos.wrappers.vector import FlattenObservation as FlattenObservationV0
from dromos.wrappers.vector import GrayscaleObservation as GrayscaleObservationV0
from dromos.wrappers.vector import RecordEpisodeStatistics as RecordEpisodeStatisticsV0
from dromos.wrappers.vector import RecordEpisodeStatistics as VectorRecordEpisodeStatistics
from dromos.wrappers.vector import RescaleAction as RescaleActionV0
from dromos.wrappers.vector import RescaleObservation as RescaleObservationV0
from dromos.wrappers.vector import ReshapeObservation as ReshapeObservationV0
from dromos.wrappers.vector import ResizeObservation as ResizeObservationV0
from dromos.wrappers.vector import TransformAction as LambdaActionV0
from dromos.wrappers.vector import TransformObservation as LambdaObservationV0
from dromos.wrappers.vector import TransformReward as LambdaRewardV0
from dromos.wrappers.vector import VectorizeTransformAction as VectorizeLambdaActionV0
from dromos.wrappers.vector import VectorizeTransformObservation as VectorizeLambdaObservationV0
from dromos.wrappers.vector import VectorizeTransformReward as VectorizeLambdaRewardV0

if TYPE_CHECKING:
    from dromos.wrappers.vector import JaxToNumpy as JaxToNumpyV0
    from dromos.wrappers.vector import JaxToTorch as JaxToTorchV0
    from dromos.wrappers.vector import NumpyToTorch as NumpyToTorchV0

__all__ = [
    "ClipActionV0",
    "ClipRewardV0",
    "DictInfoToListV0",
    "DtypeObservationV0",
    "FilterObservationV0",
    "FlattenObservationV0",
    "GrayscaleObservationV0",
    "JaxToNumpyV0",
    "JaxToTorchV0",
    "LambdaActionV0",
    "LambdaObservationV0",
    "LambdaRewardV0",
    "NumpyToTorchV0",
    "RecordEpisodeStatisticsV0",
    "RescaleActionV0",
    "RescaleObservationV0",
    "ReshapeObservationV0",
    "ResizeObservationV0",
    "VectorListInfo",
    "VectorRecordEpisodeStatistics",
    "VectorizeLambdaActionV0",
    "VectorizeLambdaObservationV0",
    "VectorizeLambdaRewardV0",
]

#: Those that need a library which is imported when they are asked for.
_LAZY = {f"{name}V0": name for name in ("JaxToNumpy", "JaxToTorch", "NumpyToTorch")}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(_todays.vector, _LAZY[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
