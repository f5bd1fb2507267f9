"""The oldest dialect, under a short name: ``from dromos import legacy as gym``.

It is `dromos.compat.gym_v09`, and its ``vector`` that of `dromos.compat.gym_v21`.
"""

from dromos.compat.gym_v09 import (
    ActionWrapper,
    Env,
    ObservationWrapper,
    RewardWrapper,
    Space,
    Wrapper,
    envs,
    error,
    from_new,
    logger,
    make,
    refuse_double_wrappers,
    register,
    registry,
    spaces,
    spec,
    to_new,
    undo_logger_setup,
    utils,
    vector,
    wrappers,
)

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
