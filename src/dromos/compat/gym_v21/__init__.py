"""Gym 0.11 to 0.21: ``env.seed``, `RandomState`, `GoalEnv`, `Monitor`, lists of infos.

An old environment that draws from `np_random` draws the numbers that it drew then, and the
built-in ones give the episodes that they gave.
"""

from dromos import logger, spaces
from dromos.compat import old_errors as error
from dromos.compat.gym_v21 import envs, utils, vector
from dromos.compat.gym_v21.conversion import from_new
from dromos.compat.gym_v21.core import (
    ActionWrapper,
    Env,
    GoalEnv,
    ObservationWrapper,
    RewardWrapper,
    Wrapper,
)
from dromos.compat.gym_v21.envs.registration import make, register, registry, spec
from dromos.compat.gym_v25 import wrappers
from dromos.compat.gym_v25.conversion import to_new
from dromos.spaces import Space

__all__ = [
    "ActionWrapper",
    "Env",
    "GoalEnv",
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

__version__ = "0.21.0"
