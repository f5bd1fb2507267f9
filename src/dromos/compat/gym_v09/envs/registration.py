"""Public path of `dromos.compat.gym_v09.registration`."""

from dromos.compat.gym_v09.registration import (
    EnvRegistry,
    EnvSpec,
    make,
    register,
    registry,
    spec,
)

__all__ = ["EnvRegistry", "EnvSpec", "make", "register", "registry", "spec"]
