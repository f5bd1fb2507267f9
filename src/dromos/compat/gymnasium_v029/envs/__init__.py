"""The environments, and the registry that holds them."""

from dromos.compat.gymnasium_v029.envs import registration
from dromos.compat.gymnasium_v029.making import make_vec
from dromos.compat.gymnasium_v029.registration import make, register, registry, spec
from dromos.envs.registration import pprint_registry

__all__ = ["make", "make_vec", "pprint_registry", "register", "registration", "registry", "spec"]
