"""`make` and `register` of Gymnasium 0.29: with ``autoreset`` and ``apply_api_compatibility``."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from dromos.compat.as_then import fit
from dromos.compat.gymnasium_v029.wrappers.autoreset import AutoResetWrapper
from dromos.compat.gymnasium_v029.wrappers.todays import forwarding
from dromos.compat.old_env import EnvCompatibility, SilentlyConverted
from dromos.compat.old_ids import OldRegistry
from dromos.core import Env
from dromos.envs import registration as today
from dromos.envs.registration import EnvSpec, WrapperSpec, load_env_creator
from dromos.error import Error

__all__ = ["make", "make_compatible", "register", "registry", "spec"]

_RELEASES = ((0, 26), (0, 29))

#: Today's registry, with the ids that these releases had besides.
registry = OldRegistry(_RELEASES)


def make(
    id: str | EnvSpec,
    max_episode_steps: int | None = None,
    autoreset: bool | None = None,
    apply_api_compatibility: bool | None = None,
    disable_env_checker: bool | None = None,
    **kwargs: Any,
) -> Env[Any, Any]:
    """Make an environment.

    Args:
        id: A registered id or a specification.
        max_episode_steps: The limit of steps, instead of what the specification says.
        autoreset: Whether an episode's last step begins the next one.
        apply_api_compatibility: Whether the environment is of Gym before 0.26 and is to be
            converted.
        disable_env_checker: Whether to leave out the passive checks.
        **kwargs: Arguments of the environment.
    """
    found = spec(id) if isinstance(id, str) else id
    if apply_api_compatibility:
        found = _compatible(found)
    env = today.make(found, max_episode_steps, disable_env_checker, **kwargs)
    fit(env.unwrapped, _RELEASES[1])
    env = forwarding(env)
    return AutoResetWrapper(env) if autoreset else env


def spec(id: str) -> EnvSpec:
    """Return the specification of an id that 0.26 to 0.29 had, or that is registered.

    Raises:
        UnregisteredEnv: If there is no such id; the message names near ones.
    """
    return registry.spec(id)


def _compatible(spec: EnvSpec) -> EnvSpec:
    """Return a specification whose environment is converted."""
    old = spec.entry_point
    if old is None:
        raise Error(f"{spec.id} has no entry point whose environment could be converted")
    spec = copy.copy(spec)
    if isinstance(old, str):
        spec.entry_point = f"{__name__}:make_compatible"
        spec.kwargs = {"old_entry_point": old, **spec.kwargs}
    else:
        spec.entry_point = partial(make_compatible, old)
    return spec


def make_compatible(
    old_entry_point: str | Callable[..., Any], render_mode: str | None = None, **kwargs: Any
) -> EnvCompatibility:
    """Make an environment of Gym before 0.26 and convert it.

    Args:
        old_entry_point: ``"module:Class"`` or a callable.
        render_mode: What the converted environment's ``render()`` draws.
        **kwargs: Arguments of the old environment.
    """
    if isinstance(old_entry_point, str):
        old_entry_point = load_env_creator(old_entry_point)
    return SilentlyConverted(old_entry_point(**kwargs), render_mode)


def register(
    id: str,
    entry_point: Callable[..., Any] | str | None = None,
    reward_threshold: float | None = None,
    nondeterministic: bool = False,
    max_episode_steps: int | None = None,
    order_enforce: bool = True,
    autoreset: bool = False,
    disable_env_checker: bool = False,
    apply_api_compatibility: bool = False,
    additional_wrappers: Sequence[WrapperSpec] = (),
    vector_entry_point: Callable[..., Any] | str | None = None,
    kwargs: dict[str, Any] | None = None,
    **more_kwargs: Any,
) -> None:
    """Give an environment an id.

    Args:
        id: ``[namespace/]name[-v(version)]``.
        entry_point: ``"module:Class"`` or a callable.
        reward_threshold: The mean return at which the task counts as solved.
        nondeterministic: Whether equal seeds and actions may still give different episodes.
        max_episode_steps: The number of steps after which an episode is truncated.
        order_enforce: Whether stepping before a reset is an error.
        autoreset: Whether an episode's last step begins the next one.
        disable_env_checker: Whether `make` leaves out its passive checks.
        apply_api_compatibility: Whether the environment is of Gym before 0.26.
        additional_wrappers: Wrappers `make` applies after its own, innermost first.
        vector_entry_point: Like `entry_point`, for a vector environment.
        kwargs: Keyword arguments of the entry point.
        **more_kwargs: More of them.
    """
    new = EnvSpec(id, entry_point, kwargs={**(kwargs or {}), **more_kwargs})
    if apply_api_compatibility:
        new = _compatible(new)
    if autoreset:
        additional_wrappers = (*additional_wrappers, AutoResetWrapper.wrapper_spec())
    today.register(
        id,
        new.entry_point,
        reward_threshold,
        nondeterministic,
        max_episode_steps,
        order_enforce,
        disable_env_checker,
        additional_wrappers,
        vector_entry_point,
        new.kwargs,
    )
