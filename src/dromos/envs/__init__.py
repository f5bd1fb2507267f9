"""The environments, and the registry that holds them.

Importing this package enters the rows of the catalogue into the registry. It imports none of the
environments.
"""

from dromos.envs import catalogue as _catalogue  # noqa: F401  (enters the rows)
from dromos.envs.registration import (
    make,
    make_vec,
    pprint_registry,
    register,
    register_envs,
    registry,
    spec,
)

__all__ = [
    "make",
    "make_vec",
    "pprint_registry",
    "register",
    "register_envs",
    "registry",
    "spec",
]
