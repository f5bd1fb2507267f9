"""`make_vec`: from an id to a vector of environments."""

from __future__ import annotations

import copy
import importlib
import operator
from collections.abc import Callable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, NoReturn

from dromos import error, logger
from dromos.env import Env
from dromos.registration.creators import load_env_creator, own_kwargs
from dromos.registration.make import make, spec_of
from dromos.registration.spec import EnvSpec

if TYPE_CHECKING:
    from dromos.vector import VectorEnv
    from dromos.wrapper import Wrapper

__all__ = ["VectorizeMode", "make_vec"]


class VectorizeMode(Enum):
    """How `make_vec` makes many environments out of one id."""

    ASYNC = "async"
    SYNC = "sync"
    VECTOR_ENTRY_POINT = "vector_entry_point"


#: Where the classes live that step copies of a single environment.
_DRIVERS = {
    VectorizeMode.SYNC: "dromos.vector.sync_vector_env:SyncVectorEnv",
    VectorizeMode.ASYNC: "dromos.vector.async_vector_env:AsyncVectorEnv",
}


def make_vec(
    id: str | EnvSpec | type[Env[Any, Any]],
    num_envs: int = 1,
    vectorization_mode: VectorizeMode | str | None = None,
    vector_kwargs: dict[str, Any] | None = None,
    wrappers: Sequence[Callable[[Env[Any, Any]], Wrapper[Any, Any, Any, Any]]] | None = None,
    **kwargs: Any,
) -> VectorEnv[Any, Any, Any]:
    """Make a vector of environments.

    Args:
        id: As in `make`.
        num_envs: The number of environments.
        vectorization_mode: ``"vector_entry_point"`` for the class that steps all of them at
            once, the default where there is one; ``"sync"`` for copies stepped one after the
            other; ``"async"`` for copies in worker processes.
        vector_kwargs: Arguments of the vector class.
        wrappers: Functions that wrap every single copy, innermost first.
        **kwargs: Arguments of the environment. They win over those in the specification.

    Raises:
        UnregisteredEnv: If the id is not registered; the message names near ones.
        ValueError: If there is no such mode.
        Error: If the number of environments is not an integer ≥ 1, if the environment or this
            version of the library does not have the mode, or if wrappers are asked for in the
            mode ``"vector_entry_point"``.
    """
    spec = _with_own_kwargs(spec_of(id))
    # A specification of a whole vector, as `VectorEnv.spec`, says these too, and then wins.
    num_envs = _count(spec.kwargs.pop("num_envs", num_envs))
    mode = _mode(spec, spec.kwargs.pop("vectorization_mode", vectorization_mode))
    vector_kwargs = spec.kwargs.pop("vector_kwargs", vector_kwargs) or {}
    wrappers = spec.kwargs.pop("wrappers", wrappers) or ()
    spec.kwargs.update(kwargs)
    if mode is VectorizeMode.VECTOR_ENTRY_POINT:
        envs = _make_at_once(spec, num_envs, vector_kwargs, wrappers)
    else:
        envs = _make_copies(spec, num_envs, mode, vector_kwargs, wrappers)
    envs.unwrapped.spec = _vector_spec(spec, num_envs, mode, vector_kwargs, wrappers)
    _check_autoreset_mode(envs)
    return envs


def _with_own_kwargs(spec: EnvSpec) -> EnvSpec:
    kwargs = own_kwargs(spec.kwargs)
    spec = copy.copy(spec)
    spec.kwargs = kwargs
    spec.additional_wrappers = copy.deepcopy(spec.additional_wrappers)
    return spec


def _count(num_envs: int) -> int:
    try:
        count = operator.index(num_envs)
    except TypeError:
        count = 0
    if count < 1:
        raise error.Error(f"num_envs must be an integer of at least 1, got {num_envs!r}")
    return count


def _mode(spec: EnvSpec, mode: VectorizeMode | str | None) -> VectorizeMode:
    if mode is None:
        has_class = spec.vector_entry_point is not None
        return VectorizeMode.VECTOR_ENTRY_POINT if has_class else VectorizeMode.SYNC
    try:
        return VectorizeMode(mode)
    except ValueError:
        raise ValueError(
            f"Invalid vectorization mode: {mode!r}, "
            f"valid modes: {[valid.value for valid in VectorizeMode]}"
        ) from None


def _make_copies(
    spec: EnvSpec,
    num_envs: int,
    mode: VectorizeMode,
    vector_kwargs: dict[str, Any],
    wrappers: Sequence[Callable[[Env[Any, Any]], Env[Any, Any]]],
) -> VectorEnv[Any, Any, Any]:
    if spec.entry_point is None:
        raise error.Error(
            f"Cannot create vectorized environment for {spec.id} because it doesn't have an entry "
            "point defined."
        )
    driver = _driver(mode)
    one_spec = copy.copy(spec)
    one_spec.kwargs = {}
    kwargs = spec.kwargs

    def make_one() -> Env[Any, Any]:
        env = make(one_spec, **kwargs)
        for wrap in wrappers:
            env = wrap(env)
        return env

    vector: VectorEnv[Any, Any, Any] = driver([make_one] * num_envs, **vector_kwargs)
    return vector


def _driver(mode: VectorizeMode) -> Callable[..., Any]:
    module, _, name = _DRIVERS[mode].partition(":")
    try:
        driver: Callable[..., Any] = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as absent:
        if absent.name != module:
            raise
        there = [valid.value for valid in VectorizeMode if valid is not mode]
        raise error.Error(
            f"This version of dromos has no vectorization mode {mode.value!r}, its modes: {there}"
        ) from absent
    return driver


def _make_at_once(
    spec: EnvSpec,
    num_envs: int,
    vector_kwargs: dict[str, Any],
    wrappers: Sequence[Callable[[Env[Any, Any]], Env[Any, Any]]],
) -> VectorEnv[Any, Any, Any]:
    if spec.vector_entry_point is None:
        raise error.Error(
            f"Cannot create vectorized environment for {spec.id} because it doesn't have a vector "
            "entry point defined."
        )
    if wrappers:
        _refuse_wrappers("wrappers argument", wrappers)
    if spec.additional_wrappers:
        _refuse_wrappers("additional_wrappers of the spec", spec.additional_wrappers)
    if twice := sorted(spec.kwargs.keys() & vector_kwargs.keys()):
        raise error.Error(
            f"{spec.id} is given {twice} both as arguments and in vector_kwargs: give them once"
        )
    creator: Any = spec.vector_entry_point
    if isinstance(creator, str):
        creator = load_env_creator(creator)
    if spec.max_episode_steps is not None:
        spec.kwargs.setdefault("max_episode_steps", spec.max_episode_steps)
    vector: VectorEnv[Any, Any, Any] = creator(num_envs=num_envs, **spec.kwargs, **vector_kwargs)
    return vector


def _refuse_wrappers(where: str, wrappers: Sequence[object]) -> NoReturn:
    raise error.Error(
        f"Cannot use `vector_entry_point` vectorization mode with the {where} ({wrappers}): there "
        'is no single environment to wrap. Use vectorization_mode="sync", or wrap the vector'
    )


def _vector_spec(
    spec: EnvSpec,
    num_envs: int,
    mode: VectorizeMode,
    vector_kwargs: dict[str, Any],
    wrappers: Sequence[object],
) -> EnvSpec:
    """Return the specification with which `make_vec` builds this vector again."""
    spec = copy.copy(spec)
    spec.kwargs = dict(spec.kwargs)
    if num_envs != 1:
        spec.kwargs["num_envs"] = num_envs
    spec.kwargs["vectorization_mode"] = mode.value
    if vector_kwargs:
        spec.kwargs["vector_kwargs"] = vector_kwargs
    if wrappers:
        spec.kwargs["wrappers"] = list(wrappers)
    return spec


def _check_autoreset_mode(envs: VectorEnv[Any, Any, Any]) -> None:
    from dromos.vector import AutoresetMode

    metadata = envs.metadata
    if "autoreset_mode" not in metadata:
        logger.warn(
            f"The VectorEnv ({envs}) is missing AutoresetMode metadata, metadata={metadata}"
        )
    elif not isinstance(metadata["autoreset_mode"], AutoresetMode):
        logger.warn(
            f"The VectorEnv ({envs}) metadata['autoreset_mode'] is not an instance of "
            f"AutoresetMode, {type(metadata['autoreset_mode'])}."
        )
