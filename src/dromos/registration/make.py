"""`make`: from an id to an environment in its default wrappers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dromos import error, wrappers
from dromos.env import Env
from dromos.registration.creators import (
    explain,
    is_about_argument,
    load_env_creator,
    own_kwargs,
)
from dromos.registration.lookup import find_spec
from dromos.registration.render_mode import fit_render_mode
from dromos.registration.spec import EnvCreator, EnvSpec
from dromos.specs import WrapperSpec
from dromos.wrapper import Wrapper
from dromos.wrappers.time_limit import tells_of_limits

__all__ = ["make", "spec_of"]

#: The `max_episode_steps` that asks `make` for an environment without a time limit.
_NO_LIMIT = -1


def make(
    id: str | EnvSpec | type[Env[Any, Any]],
    max_episode_steps: int | None = None,
    disable_env_checker: bool | None = None,
    **kwargs: Any,
) -> Env[Any, Any]:
    """Make an environment.

    The result is ``TimeLimit<OrderEnforcing<PassiveEnvChecker<the environment>>>``, each wrapper
    where the specification or the arguments ask for it, with the specification's additional
    wrappers around.

    Args:
        id: A registered id, also without its version (the newest is taken) or as
            ``"module:id"`` (the module, which registers it, is imported first); a specification;
            or a class of environments that need not be registered.
        max_episode_steps: After how many steps an episode is truncated, instead of what the
            specification says; -1 for no limit.
        disable_env_checker: Whether to leave out the passive checks, instead of what the
            specification says.
        **kwargs: Arguments of the environment. They win over those in the specification.

    Raises:
        UnregisteredEnv: If the id is not registered; the message names near ones.
        DeprecatedEnv: If only newer versions are registered.
        Error: If the id is malformed or has no entry point.
        TypeError: If the environment does not take the arguments, or is not an `Env`.
        ValueError: If one of the wrappers does not say how it was built.
    """
    spec = spec_of(id)
    env_kwargs = own_kwargs(spec.kwargs)
    env_kwargs.update(kwargs)
    creator = _creator_of(spec)
    outermost = fit_render_mode(creator, env_kwargs)
    env = _create(creator, spec, env_kwargs, outermost is not None)
    env.unwrapped.spec = _bare(spec, env_kwargs)
    outer_wrappers = _not_applied_yet(spec, env)

    # Looked up when called, so that a wrapper that a program puts in their place counts.
    if disable_env_checker is None:
        disable_env_checker = spec.disable_env_checker
    if not disable_env_checker:
        env = wrappers.PassiveEnvChecker(env)
    if spec.order_enforce:
        env = wrappers.OrderEnforcing(env)
    limit = max_episode_steps
    if limit is None and not tells_of_limits(spec):
        limit = spec.max_episode_steps
    if limit is not None and limit != _NO_LIMIT:
        env = wrappers.TimeLimit(env, limit)
    for wrapper in outer_wrappers:
        env = _wrap(env, wrapper)
    return env if outermost is None else outermost(env)


def spec_of(id: str | EnvSpec | type[Env[Any, Any]]) -> EnvSpec:
    """Return the specification `make` and `make_vec` go by."""
    if isinstance(id, EnvSpec):
        return id
    if isinstance(id, str):
        return find_spec(id)
    if isinstance(id, type) and issubclass(id, Env):
        return EnvSpec(id.__name__, id)
    raise _NoIdError(f"Expected id to be a string or EnvSpec, got {type(id)}")


class _NoIdError(error.Error, TypeError):
    """The first argument is no id. Gymnasium's `make` and `make_vec` raise one of the two each."""


def _creator_of(spec: EnvSpec) -> EnvCreator:
    if spec.entry_point is None:
        raise error.Error(f"{spec.id} registered but entry_point is not specified")
    if isinstance(spec.entry_point, str):
        return load_env_creator(spec.entry_point)
    return spec.entry_point


def _create(
    creator: EnvCreator, spec: EnvSpec, kwargs: dict[str, Any], mode_replaced: bool
) -> Env[Any, Any]:
    """Call the entry point; what goes wrong names the environment."""
    try:
        env = creator(**kwargs)
    except Exception as reason:
        if mode_replaced and is_about_argument(reason, "render_mode"):
            raise error.Error(
                f"{spec.id} lists its render modes in its metadata, but its constructor does not "
                f"take `render_mode`. With that argument it is given {kwargs['render_mode']!r}, "
                "and a wrapper makes the mode you asked for out of it"
            ) from reason
        explain(reason, creator, spec.id, kwargs)
        raise
    if not isinstance(env, Env):
        raise TypeError(
            "The environment must inherit from the gymnasium.Env class, "
            f"actual class: {type(env)}.{_remedy(type(env))}"
        )
    return env


def _remedy(found: type) -> str:
    """Return the advice for a class whose base is another library's `Env`."""
    foreign = next((b for b in found.__mro__ if b.__name__ in ("Env", "Wrapper")), None)
    if foreign is None:
        return ""
    return f" It is built on {foreign.__module__}.{foreign.__name__}; build it on dromos.Env"


def _bare(spec: EnvSpec, kwargs: dict[str, Any]) -> EnvSpec:
    """Return the specification of the innermost environment: the wrappers add their own part."""
    return spec._replaced(
        max_episode_steps=None,
        order_enforce=False,
        disable_env_checker=True,
        kwargs=kwargs,
        additional_wrappers=(),
    )


def _not_applied_yet(spec: EnvSpec, env: Env[Any, Any]) -> tuple[WrapperSpec, ...]:
    """Return the wrappers the entry point has not applied itself.

    Raises:
        ValueError: If it has applied others than the specification says.
    """
    wanted = spec.additional_wrappers
    if not wanted or not isinstance(env, Wrapper) or env.spec is None:
        return wanted
    applied = env.spec.additional_wrappers
    if len(applied) > len(wanted):
        return ()
    for ours, theirs in zip(wanted, applied, strict=False):
        if ours != theirs:
            raise ValueError(
                f"The environment's wrapper spec {theirs} is different from the saved `EnvSpec` "
                f"additional wrapper {ours}"
            )
    return wanted[len(applied) :]


def _wrap(env: Env[Any, Any], spec: WrapperSpec) -> Env[Any, Any]:
    if spec.kwargs is None:
        raise ValueError(
            f"{spec.name} wrapper does not inherit from `gymnasium.utils.RecordConstructorArgs`, "
            "therefore, the wrapper cannot be recreated."
        )
    wrapper: Callable[..., Env[Any, Any]] = load_env_creator(spec.entry_point)
    return wrapper(env=env, **own_kwargs(spec.kwargs))
