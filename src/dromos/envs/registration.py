"""Public path of `dromos.registration`."""

from dromos import registration as _registration
from dromos.registration import (
    ENV_ID_RE,
    EnvCreator,
    EnvSpec,
    VectorEnvCreator,
    VectorizeMode,
    WrapperSpec,
    find_highest_version,
    get_env_id,
    load_env_creator,
    make,
    make_vec,
    namespace,
    parse_env_id,
    pprint_registry,
    register,
    register_envs,
    registry,
    spec,
)

__all__ = [
    "ENV_ID_RE",
    "EnvCreator",
    "EnvSpec",
    "VectorEnvCreator",
    "VectorizeMode",
    "WrapperSpec",
    "current_namespace",
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

current_namespace: str | None


def __getattr__(name: str) -> object:
    if name == "current_namespace":
        return _registration.current_namespace
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
