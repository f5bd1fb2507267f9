"""`make_vec`: from an id to a vector of environments."""

from __future__ import annotations

import copy
import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeAlias

from dromos import error, logger
from dromos.arguments import named
from dromos.env import Env
from dromos.homes import lives_in, load
from dromos.registration.creators import explain, is_about_argument, load_env_creator, own_kwargs
from dromos.registration.lane_values import values_of_lanes
from dromos.registration.make import make, spec_of
from dromos.registration.spec import EnvSpec

if TYPE_CHECKING:
    import numpy.typing as npt

    from dromos.vector import VectorEnv

__all__ = ["VectorizeMode", "make_vec"]


@lives_in("dromos.envs.registration")
class VectorizeMode(Enum):
    """How `make_vec` makes many environments out of one id."""

    ASYNC = "async"
    RAY = "ray"
    SYNC = "sync"
    VECTOR_ENTRY_POINT = "vector_entry_point"


_AnyEnv: TypeAlias = "Env[Any, Any]"
_Wrap: TypeAlias = Callable[[_AnyEnv], _AnyEnv]

#: Functions that wrap every copy, or one that is also told which copy it wraps.
_Wrappers: TypeAlias = Sequence[_Wrap] | Callable[[_AnyEnv, int], _AnyEnv]


class _Plan(NamedTuple):
    """A vector to be made."""

    spec: EnvSpec  # with all arguments of the environment in its kwargs
    num_envs: int
    mode: VectorizeMode
    vector_kwargs: dict[str, Any]
    wrappers: _Wrappers
    env_kwargs: Sequence[Mapping[str, Any]] | None


#: Presets are a room further up.
_MANIFEST = "dromos.presets:manifest"
_APPLY_PRESET = "dromos.presets:apply_preset"

#: Where the classes live that step copies of a single environment.
_DRIVERS = {
    VectorizeMode.SYNC: "dromos.vector.sync_vector_env:SyncVectorEnv",
    VectorizeMode.ASYNC: "dromos.vector.async_vector_env:AsyncVectorEnv",
    VectorizeMode.RAY: "dromos.vector.ray.vector_env:RayVectorEnv",
}

#: From a class that steps many lanes at once to a vector whose actors hold such.
_RAY_BATCHES = "dromos.vector.ray.batch_vector:ray_batches"


def make_vec(
    id: str | EnvSpec | type[Env[Any, Any]],
    num_envs: int = 1,
    vectorization_mode: VectorizeMode | str | None = None,
    vector_kwargs: dict[str, Any] | None = None,
    wrappers: _Wrappers | None = None,
    *,
    env_kwargs: Sequence[Mapping[str, Any]] | None = None,
    preset: str | Mapping[str, Any] | None = None,
    **kwargs: Any,
) -> VectorEnv[Any, Any, npt.NDArray[Any]]:
    """Make a vector of environments.

    Args:
        id: As in `make`.
        num_envs: The number of environments.
        vectorization_mode: ``"vector_entry_point"`` for the class that steps all of them at
            once, the default where there is one and the copies are alike; ``"sync"`` for copies
            stepped one after the other; ``"async"`` for copies in worker processes; ``"ray"`` for
            lanes in the actors of a Ray cluster: of the class that steps them at once where there
            is one and the copies are alike, else copies.
        vector_kwargs: Arguments of the vector class.
        wrappers: Functions that wrap every single copy, innermost first; or one function of the
            environment and the index of its copy, which returns the environment wrapped or not.
        env_kwargs: Further arguments of each environment, one dict a copy. They win over `kwargs`.
            Copies are stepped one by one; `params` says the same to every kind of vector.
        preset: The name of a preset (see `dromos.presets`), or a manifest: each copy is made with
            its arguments, over which `kwargs` win, and wrapped as it says.
        **kwargs: Arguments of the environment. They win over those in the specification. ``params``
            maps names of arguments to one value or to one a lane (a list or array of `num_envs`);
            native lanes take distributions as well.

    Raises:
        UnregisteredEnv: If the id is not registered; the message names near ones.
        ValueError: If there is no such mode, or one of the `params` has values for other than
            `num_envs` lanes.
        Error: If the number of environments is not an integer ≥ 1 or not that of `env_kwargs`, if
            the environment does not have the mode, or if wrappers or arguments for single copies
            are asked for in the mode ``"vector_entry_point"``.
    """
    spec = _with_own_kwargs(spec_of(id))
    if preset is not None:
        if vectorization_mode is None and not _takes(spec.vector_entry_point, "preset"):
            vectorization_mode = VectorizeMode.SYNC
        kwargs, wrappers = _preset_as_arguments(preset, vectorization_mode, kwargs, wrappers)
    # A specification of a whole vector, as `VectorEnv.spec`, says these too, and then wins.
    recorded = spec.kwargs.pop
    plan = _Plan(
        spec,
        _count(recorded("num_envs", num_envs)),
        _mode(spec, recorded("vectorization_mode", vectorization_mode), env_kwargs is not None),
        named("vector_kwargs", recorded("vector_kwargs", vector_kwargs) or {}),
        recorded("wrappers", wrappers) or (),
        recorded("env_kwargs", env_kwargs),
    )
    _check_env_kwargs(plan)
    spec.kwargs.update(kwargs)
    at_once = plan.mode is VectorizeMode.VECTOR_ENTRY_POINT or _in_batches(plan)
    envs = _make_at_once(plan) if at_once else _make_copies(plan)
    envs.unwrapped.spec = _vector_spec(plan)
    _check_autoreset_mode(envs)
    return envs


def _preset_as_arguments(
    preset: str | Mapping[str, Any],
    mode: VectorizeMode | str | None,
    kwargs: dict[str, Any],
    wrappers: _Wrappers | None,
) -> tuple[dict[str, Any], _Wrappers | None]:
    """Return the arguments and wrappers that make every copy as a preset says."""
    plan: dict[str, Any] = load_env_creator(_MANIFEST)(preset)
    arguments = {**plan["env_kwargs"], **kwargs}
    if mode in (None, VectorizeMode.VECTOR_ENTRY_POINT, VectorizeMode.VECTOR_ENTRY_POINT.value):
        return {**arguments, "preset": plan}, wrappers
    apply: _Wrap = partial(load_env_creator(_APPLY_PRESET), plan)
    if callable(wrappers):
        outer = wrappers
        return arguments, lambda env, index: outer(apply(env), index)
    return arguments, [apply, *(wrappers or ())]


def _takes(creator: Any, name: str) -> bool:
    """Return whether an entry point has an argument of this name."""
    if isinstance(creator, str):
        creator = load_env_creator(creator)
    return creator is not None and name in inspect.signature(creator).parameters


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


def _check_env_kwargs(plan: _Plan) -> None:
    if plan.env_kwargs is None:
        return
    if len(plan.env_kwargs) != plan.num_envs:
        raise error.Error(
            f"Expected env_kwargs to hold one dict for each of num_envs={plan.num_envs} "
            f"environments, got {len(plan.env_kwargs)}"
        )
    if plan.mode is VectorizeMode.VECTOR_ENTRY_POINT:
        raise error.Error(
            "Cannot use `vector_entry_point` vectorization mode with env_kwargs: there are no "
            'single copies. Use vectorization_mode="sync" or "async"'
        )


def _mode(spec: EnvSpec, mode: VectorizeMode | str | None, differ: bool) -> VectorizeMode:
    if mode is None:
        if spec.vector_entry_point is None:
            return VectorizeMode.SYNC
        if not differ:
            return VectorizeMode.VECTOR_ENTRY_POINT
        logger.warn(
            f"make_vec({spec.id!r}, env_kwargs=...) steps copies one by one (SyncVectorEnv), which "
            "is slower than the class that steps all lanes at once.",
            detail="Where the arguments are parameters, say params={name: [one value a lane]} "
            'instead; vectorization_mode="sync" asks for copies and is silent.',
        )
        return VectorizeMode.SYNC
    try:
        return VectorizeMode(mode)
    except ValueError:
        raise ValueError(
            f"Invalid vectorization mode: {mode!r}, "
            f"valid modes: {[valid.value for valid in VectorizeMode]}"
        ) from None


def _make_copies(plan: _Plan) -> VectorEnv[Any, Any, Any]:
    if plan.spec.entry_point is None:
        raise error.Error(
            f"Cannot create vectorized environment for {plan.spec.id} because it doesn't have an "
            "entry point defined."
        )
    driver = _driver(plan.mode)
    vector_kwargs = plan.vector_kwargs
    if plan.mode is VectorizeMode.ASYNC:  # who asked for an id did not ask for shared memory
        vector_kwargs = {"shared_memory": "auto", **vector_kwargs}
    kwargs_of_lanes = _kwargs_of_lanes(plan)
    makers = [partial(_make_one, plan, *lane) for lane in enumerate(kwargs_of_lanes)]
    try:
        vector: VectorEnv[Any, Any, Any] = driver(makers, **vector_kwargs)
    except TypeError as reason:
        if any(is_about_argument(reason, name) for name in vector_kwargs):
            explain(reason, driver, plan.spec.id, {"num_envs": plan.num_envs, **vector_kwargs})
        raise
    return vector


def _kwargs_of_lanes(plan: _Plan) -> list[dict[str, Any]]:
    """Return the arguments of each copy, its share of the `params` among them.

    Raises:
        TypeError, ValueError: As `values_of_lanes` does.
    """
    shared = dict(plan.spec.kwargs)
    params = None
    if "params" in shared and not _takes(plan.spec.entry_point, "params"):
        params = shared.pop("params")
    lanes = [{**shared, **own} for own in values_of_lanes(params, plan.num_envs)]
    for kwargs, own in zip(lanes, plan.env_kwargs or (), strict=False):
        kwargs.update(own)
    return lanes


def _make_one(plan: _Plan, index: int, kwargs: dict[str, Any]) -> Env[Any, Any]:
    spec = copy.copy(plan.spec)
    spec.kwargs = {}
    env = make(spec, **kwargs)
    if callable(plan.wrappers):
        return plan.wrappers(env, index)
    for wrap in plan.wrappers:
        env = wrap(env)
    return env


def _driver(mode: VectorizeMode) -> Callable[..., Any]:
    driver: Callable[..., Any] = load(_DRIVERS[mode])
    return driver


def _in_batches(plan: _Plan) -> bool:
    """Return whether the lanes in actors are of the class that steps many at once."""
    spec = plan.spec
    alike = not (plan.wrappers or spec.additional_wrappers or plan.env_kwargs)
    if plan.mode is not VectorizeMode.RAY or spec.vector_entry_point is None or not alike:
        return False
    creator: Any = spec.vector_entry_point
    if isinstance(creator, str):
        creator = load_env_creator(creator)
    from dromos.vector.env_vector import EnvVector
    from dromos.vector.lane_vector import LaneVector

    return (
        isinstance(creator, type)
        and issubclass(creator, LaneVector)
        and (not issubclass(creator, EnvVector))
    )


def _make_at_once(plan: _Plan) -> VectorEnv[Any, Any, Any]:
    spec, vector_kwargs = plan.spec, plan.vector_kwargs
    creator: Any = spec.vector_entry_point
    if creator is None:
        raise error.Error(
            f"Cannot create vectorized environment for {spec.id} because it doesn't have a vector "
            "entry point defined."
        )
    if plan.wrappers:
        _refuse_wrappers("wrappers argument", plan.wrappers)
    if spec.additional_wrappers:
        _refuse_wrappers("additional_wrappers of the spec", spec.additional_wrappers)
    if twice := sorted({"num_envs", *spec.kwargs} & vector_kwargs.keys()):
        raise error.Error(
            f"{spec.id} is given {twice} both as arguments and in vector_kwargs: give them once"
        )
    if spec.max_episode_steps is not None and "max_episode_steps" not in vector_kwargs:
        spec.kwargs.setdefault("max_episode_steps", spec.max_episode_steps)
    if isinstance(creator, str):
        creator = load_env_creator(creator)
    arguments = {"num_envs": plan.num_envs, **spec.kwargs, **vector_kwargs}
    make_one = partial(load(_RAY_BATCHES), creator) if plan.mode is VectorizeMode.RAY else creator
    try:
        vector: VectorEnv[Any, Any, Any] = make_one(**arguments)
    except Exception as reason:
        explain(reason, creator, spec.id, arguments)
        raise
    return vector


def _refuse_wrappers(where: str, wrappers: object) -> NoReturn:
    raise error.Error(
        f"Cannot use `vector_entry_point` vectorization mode with the {where} ({wrappers}): there "
        'is no single environment to wrap. Use vectorization_mode="sync", or wrap the vector'
    )


def _vector_spec(plan: _Plan) -> EnvSpec:
    """Return the specification with which `make_vec` builds this vector again."""
    spec = copy.copy(plan.spec)
    spec.kwargs = {**spec.kwargs, "vectorization_mode": plan.mode.value}
    if plan.num_envs != 1:
        spec.kwargs["num_envs"] = plan.num_envs
    if plan.vector_kwargs:
        spec.kwargs["vector_kwargs"] = plan.vector_kwargs
    if plan.wrappers:
        spec.kwargs["wrappers"] = plan.wrappers if callable(plan.wrappers) else list(plan.wrappers)
    if plan.env_kwargs is not None:
        spec.kwargs["env_kwargs"] = [dict(own) for own in plan.env_kwargs]
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
