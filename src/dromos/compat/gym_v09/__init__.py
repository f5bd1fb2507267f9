"""Gym 0.9 and 0.10: `_step` and `_reset`, `registry.env_specs`, `Monitor`.

``from dromos import legacy as gym`` runs what was written for it. Built-in and newly registered
environments are there, converted; environments of the dialect register here. `to_new` and
`from_new` convert single environments.
"""

from dromos import logger, spaces
from dromos.compat import old_errors as error
from dromos.compat.gym_v09 import envs, wrappers
from dromos.compat.gym_v09.conversion import from_new, to_new
from dromos.compat.gym_v09.core import (
    ActionWrapper,
    Env,
    ObservationWrapper,
    RewardWrapper,
    Wrapper,
    refuse_double_wrappers,
)
from dromos.compat.gym_v09.registration import make, register, registry, spec
from dromos.compat.gym_v21 import utils, vector
from dromos.compat.gym_v21.core import GoalEnv
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
    "refuse_double_wrappers",
    "register",
    "registry",
    "spaces",
    "spec",
    "to_new",
    "undo_logger_setup",
    "utils",
    "vector",
    "wrappers",
]

__version__ = "0.9.7"


def undo_logger_setup() -> None:
    """Let all warnings pass again. There are no handlers to remove: none were installed."""
    logger.set_level(logger.WARN)
