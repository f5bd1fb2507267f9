"""The wrappers of ``experimental.wrappers``: today's, with a version in their names."""

from typing import TYPE_CHECKING, Any

from dromos import wrappers as _todays
from dromos.compat.gymnasium_v029.experimental import vector_wrappers as vector
from dromos.wrappers import AddRenderObservation as PixelObservationV0
from dromos.wrappers import AtariPreprocessing as AtariPreprocessingV0
from dromos.wrappers import Autoreset as AutoresetV0
from dromos.wrappers import ClipAction as ClipActionV0
from dromos.wrappers import ClipReward as ClipRewardV0
from dromos.wrappers import DelayObservation as DelayObservationV0
from dromos.wrappers import DtypeObservation as DtypeObservationV0
from dromos.wrappers import FilterObservation as FilterObservationV0
from dromos.wrappers import FlattenObservation as FlattenObservationV0
from dromos.wrappers import FrameStackObservation as FrameStackObservationV0
from dromos.wrappers import GrayscaleObservation as GrayscaleObservationV0
from dromos.wrappers import HumanRendering as HumanRenderingV0
from dromos.wrappers import MaxAndSkipObservation as MaxAndSkipObservationV0
from dromos.wrappers import NormalizeObservation as NormalizeObservationV0
from dromos.wrappers import NormalizeReward as NormalizeRewardV0
from dromos.wrappers import NormalizeReward as NormalizeRewardV1
from dromos.wrappers import OrderEnforcing as OrderEnforcingV0
from dromos.wrappers import PassiveEnvChecker as PassiveEnvCheckerV0
from dromos.wrappers import RecordEpisodeStatistics as RecordEpisodeStatisticsV0
from dromos.wrappers import RecordVideo as RecordVideoV0
from dromos.wrappers import RenderCollection as RenderCollectionV0
from dromos.wrappers import RescaleAction as RescaleActionV0
from dromos.wrappers import RescaleObservation as RescaleObservationV0
from dromos.wrappers import ReshapeObservation as ReshapeObservationV0
from dromos.wrappers import ResizeObservation as ResizeObservationV0
from dromos.wrappers import StickyAction as StickyActionV0
from dromos.wrappers import TimeAwareObservation as TimeAwareObservationV0
from dromos.wrappers import TransformAction as LambdaActionV0
from dromos.wrappers import TransformObservation as LambdaObservationV0
from dromos.wrappers import TransformReward as LambdaRewardV0

if TYPE_CHECKING:
    from dromos.wrappers import JaxToNumpy as JaxToNumpyV0
    from dromos.wrappers import JaxToTorch as JaxToTorchV0
    from dromos.wrappers import NumpyToTorch as NumpyToTorchV0

__all__ = [
    "AtariPreprocessingV0",
    "AutoresetV0",
    "ClipActionV0",
    "ClipRewardV0",
    "DelayObservationV0",
    "DtypeObservationV0",
    "FilterObservationV0",
    "FlattenObservationV0",
    "FrameStackObservationV0",
    "GrayscaleObservationV0",
    "HumanRenderingV0",
    "JaxToNumpyV0",
    "JaxToTorchV0",
    "LambdaActionV0",
    "LambdaObservationV0",
    "LambdaRewardV0",
    "MaxAndSkipObservationV0",
    "NormalizeObservationV0",
    "NormalizeRewardV0",
    "NormalizeRewardV1",
    "NumpyToTorchV0",
    "OrderEnforcingV0",
    "PassiveEnvCheckerV0",
    "PixelObservationV0",
    "RecordEpisodeStatisticsV0",
    "RecordVideoV0",
    "RenderCollectionV0",
    "RescaleActionV0",
    "RescaleObservationV0",
    "ReshapeObservationV0",
    "ResizeObservationV0",
    "StickyActionV0",
    "TimeAwareObservationV0",
    "vector",
]

#: Those that need a library which is imported when they are asked for.
_LAZY = {f"{name}V0": name for name in ("JaxToNumpy", "JaxToTorch", "NumpyToTorch")}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(_todays, _LAZY[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
