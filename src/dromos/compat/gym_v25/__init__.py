"""Gym 0.24 and 0.25: ``done`` from ``step``, or five values with ``new_step_api=True``.

``import dromos.compat.gym_v25 as gym`` runs what was written for those releases. Built-in and
newly registered environments are there, converted; environments written for those releases
register here. `to_new` and `from_new` convert single environments.
"""

from dromos import logger, spaces
from dromos.compat import old_errors as error
from dromos.compat.gym_v25 import envs, utils, vector, wrappers
from dromos.compat.gym_v25.conversion import from_new, to_new
from dromos.compat.gym_v25.core import (
    ActionWrapper,
    Env,
    ObservationWrapper,
    RewardWrapper,
    Wrapper,
)
from dromos.compat.gym_v25.registration import make, register, registry, spec
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
