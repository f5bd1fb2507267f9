"""Gymnasium 0.29: ``final_observation`` and ``final_info``, and the names wrappers had.

``import dromos.compat.gymnasium_v029 as gym`` runs what was written for it, and so does
``dromos.compat.gymnasium.install("0.29")`` for programs that import ``gymnasium``. Environments
and spaces are today's, with the ids, bounds and calls that 0.26 to 0.29 had.
"""

from dromos import logger, spaces, utils
from dromos.compat import old_errors as error
from dromos.compat.gymnasium_v029 import envs, experimental, vector, wrappers
from dromos.compat.gymnasium_v029.core import (
    ActionWrapper,
    Env,
    ObservationWrapper,
    RewardWrapper,
    Wrapper,
)
from dromos.compat.gymnasium_v029.making import make_vec
from dromos.compat.gymnasium_v029.registration import make, register, registry, spec
from dromos.envs.registration import pprint_registry
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
    "experimental",
    "logger",
    "make",
    "make_vec",
    "pprint_registry",
    "register",
    "registry",
    "spaces",
    "spec",
    "utils",
    "vector",
    "wrappers",
]

__version__ = "0.29.1"
