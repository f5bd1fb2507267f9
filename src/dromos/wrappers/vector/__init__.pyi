"""What type checkers are told of `dromos.wrappers.vector`, which loads names like its parent."""

from dromos.wrappers.vector.array_conversion import ArrayConversion as ArrayConversion
from dromos.wrappers.vector.common import RecordEpisodeStatistics as RecordEpisodeStatistics
from dromos.wrappers.vector.dict_info_to_list import DictInfoToList as DictInfoToList
from dromos.wrappers.vector.jax_to_numpy import JaxToNumpy as JaxToNumpy
from dromos.wrappers.vector.jax_to_torch import JaxToTorch as JaxToTorch
from dromos.wrappers.vector.numpy_to_torch import NumpyToTorch as NumpyToTorch
from dromos.wrappers.vector.record_episodes import RecordEpisodes as RecordEpisodes
from dromos.wrappers.vector.rendering import HumanRendering as HumanRendering
from dromos.wrappers.vector.rendering import RecordVideo as RecordVideo
from dromos.wrappers.vector.stateful_observation import DelayObservation as DelayObservation
from dromos.wrappers.vector.stateful_observation import (
    FrameStackObservation as FrameStackObservation,
)
from dromos.wrappers.vector.stateful_observation import NormalizeObservation as NormalizeObservation
from dromos.wrappers.vector.stateful_observation import TimeAwareObservation as TimeAwareObservation
from dromos.wrappers.vector.stateful_reward import NormalizeReward as NormalizeReward
from dromos.wrappers.vector.vectorize_action import ClipAction as ClipAction
from dromos.wrappers.vector.vectorize_action import DiscretizeAction as DiscretizeAction
from dromos.wrappers.vector.vectorize_action import RescaleAction as RescaleAction
from dromos.wrappers.vector.vectorize_action import TransformAction as TransformAction
from dromos.wrappers.vector.vectorize_action import (
    VectorizeTransformAction as VectorizeTransformAction,
)
from dromos.wrappers.vector.vectorize_observation import (
    DiscretizeObservation as DiscretizeObservation,
)
from dromos.wrappers.vector.vectorize_observation import DtypeObservation as DtypeObservation
from dromos.wrappers.vector.vectorize_observation import FilterObservation as FilterObservation
from dromos.wrappers.vector.vectorize_observation import FlattenObservation as FlattenObservation
from dromos.wrappers.vector.vectorize_observation import (
    GrayscaleObservation as GrayscaleObservation,
)
from dromos.wrappers.vector.vectorize_observation import RescaleObservation as RescaleObservation
from dromos.wrappers.vector.vectorize_observation import ReshapeObservation as ReshapeObservation
from dromos.wrappers.vector.vectorize_observation import ResizeObservation as ResizeObservation
from dromos.wrappers.vector.vectorize_observation import (
    TransformObservation as TransformObservation,
)
from dromos.wrappers.vector.vectorize_observation import (
    VectorizeTransformObservation as VectorizeTransformObservation,
)
from dromos.wrappers.vector.vectorize_reward import ClipReward as ClipReward
from dromos.wrappers.vector.vectorize_reward import TransformReward as TransformReward
from dromos.wrappers.vector.vectorize_reward import (
    VectorizeTransformReward as VectorizeTransformReward,
)
