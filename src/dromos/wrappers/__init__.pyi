"""What type checkers are told of `dromos.wrappers`, which loads its names when they are used.

A module gives what its ``__all__`` lists; one that lists more than wrappers is asked by name.
"""

from dromos.wrappers import vector as vector
from dromos.wrappers.array_conversion import ArrayConversion as ArrayConversion
from dromos.wrappers.atari_preprocessing import *
from dromos.wrappers.common import *
from dromos.wrappers.csv_monitor import CsvMonitor as CsvMonitor
from dromos.wrappers.jax_to_numpy import JaxToNumpy as JaxToNumpy
from dromos.wrappers.jax_to_torch import JaxToTorch as JaxToTorch
from dromos.wrappers.numpy_to_torch import NumpyToTorch as NumpyToTorch
from dromos.wrappers.record_episodes import RecordEpisodes as RecordEpisodes
from dromos.wrappers.rendering import *
from dromos.wrappers.stateful_action import *
from dromos.wrappers.stateful_observation import *
from dromos.wrappers.stateful_reward import *
from dromos.wrappers.transform_action import *
from dromos.wrappers.transform_observation import *
from dromos.wrappers.transform_reward import *
