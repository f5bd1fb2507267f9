"""What type checkers are told of `dromos.wrappers.vector`, which loads names like its parent."""

from dromos.wrappers.vector.array_conversion import *
from dromos.wrappers.vector.common import *
from dromos.wrappers.vector.dict_info_to_list import *
from dromos.wrappers.vector.jax_to_numpy import *
from dromos.wrappers.vector.jax_to_torch import *
from dromos.wrappers.vector.numpy_to_torch import *
from dromos.wrappers.vector.record_episodes import *
from dromos.wrappers.vector.rendering import *
from dromos.wrappers.vector.stateful_observation import *
from dromos.wrappers.vector.stateful_reward import *
from dromos.wrappers.vector.vectorize_action import *
from dromos.wrappers.vector.vectorize_observation import *
from dromos.wrappers.vector.vectorize_reward import *
