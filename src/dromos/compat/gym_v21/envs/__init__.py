"""The registry of the dialect. Its built-in environments are today's, converted."""

from dromos.compat.gym_v21.envs import registration
from dromos.compat.gym_v21.envs.registration import make, register, registry, spec

__all__ = ["make", "register", "registration", "registry", "spec"]
