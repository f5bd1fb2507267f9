"""Gym 0.22 and 0.23: as 0.25, with lists of infos from vectors and no ``new_step_api``."""

from dromos import logger, spaces
from dromos.compat import old_errors as error
from dromos.compat.gym_v23 import envs, vector
from dromos.compat.gym_v23.envs.registration import make, register, registry, spec
from dromos.compat.gym_v25 import utils, wrappers
from dromos.compat.gym_v25.conversion import from_new, to_new
from dromos.compat.gym_v25.core import (
    ActionWrapper,
    Env,
    ObservationWrapper,
    RewardWrapper,
    Wrapper,
)
from dromos.spaces import Space

__all__ = [
    "ActionWrapper",
    "Env",
    "ObservationWrapper",
    "RewardWrapper",
    "Space",
    "Wrapper",
    "envs",
    "error",
    "from_new",
    "logger",
    "make",
    "register",
    "registry",
    "spaces",
    "spec",
    "to_new",
    "utils",
    "vector",
    "wrappers",
]

__version__ = "0.23.1"
