"""The registry, and `make`, `make_vec` and `register` with the arguments they had."""

from dromos.compat.gymnasium_v029.making import make_vec
from dromos.compat.gymnasium_v029.registration import make, register, registry, spec
from dromos.envs.registration import (
    EnvCreator,
    EnvSpec,
    VectorEnvCreator,
    WrapperSpec,
    find_highest_version,
    get_env_id,
    load_env_creator,
    namespace,
    parse_env_id,
    pprint_registry,
    register_envs,
)

__all__ = [
    "EnvCreator",
    "EnvSpec",
    "VectorEnvCreator",
    "WrapperSpec",
    "find_highest_version",
    "get_env_id",
    "load_env_creator",
    "make",
    "make_vec",
    "namespace",
    "parse_env_id",
    "pprint_registry",
    "register",
    "register_envs",
    "registry",
    "spec",
]
