"""Public path of `dromos.compat.gym_v25.registration`."""

from dromos.compat.gym_v25.registration import (
    EnvRegistry,
    EnvSpec,
    make,
    register,
    registry,
    spec,
)

__all__ = ["EnvRegistry", "EnvSpec", "make", "register", "registry", "spec"]
