"""Gym 0.21 to 0.25: ``done`` from ``step``, ``render(mode=...)``, ``env.seed``, lists of infos.

``import dromos.compat.gym_v21 as gym`` runs what was written for those releases. Built-in and
newly registered environments are there, converted; environments written for those releases
register here. `to_new` and `from_new` convert single environments.
"""

from dromos import error, logger, spaces
from dromos.compat.gym_v21 import envs, utils, vector, wrappers
from dromos.compat.gym_v21.conversion import from_new, to_new
from dromos.compat.gym_v21.core import (
    ActionWrapper,
    Env,
    ObservationWrapper,
    RewardWrapper,
    Wrapper,
)
from dromos.compat.gym_v21.registration import make, register, registry, spec
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

__version__ = "0.25.2"
