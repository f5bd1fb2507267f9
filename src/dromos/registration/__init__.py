"""Registration: what environments there are, and how they are made."""

from dromos.registration import carrying as _carrying  # noqa: F401  (what workers are told)
from dromos.registration.creators import load_env_creator
from dromos.registration.ids import ENV_ID_RE, get_env_id, parse_env_id
from dromos.registration.lookup import spec
from dromos.registration.make import make
from dromos.registration.make_vec import VectorizeMode, make_vec
from dromos.registration.plugins import load_plugins
from dromos.registration.printing import pprint_registry
from dromos.registration.registry import (
    Registry,
    find_highest_version,
    namespace,
    register,
    register_envs,
    registry,
)
from dromos.registration.spec import EnvCreator, EnvSpec, VectorEnvCreator
from dromos.specs import WrapperSpec

__all__ = [
    "ENV_ID_RE",
    "EnvCreator",
    "EnvSpec",
    "Registry",
    "VectorEnvCreator",
    "VectorizeMode",
    "WrapperSpec",
    "current_namespace",
    "find_highest_version",
    "get_env_id",
    "load_env_creator",
    "load_plugins",
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
    if name == "current_namespace":  # it changes, so it is read where it is kept
        from dromos.registration.registry import current_namespace

        return current_namespace
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
