"""Public path of `dromos.compat.gym_v21.registration`."""

from dromos.compat.gym_v21.registration import (
    EnvRegistry,
    EnvSpec,
    make,
    register,
    registry,
    spec,
)

__all__ = ["EnvRegistry", "EnvSpec", "make", "register", "registry", "spec"]
