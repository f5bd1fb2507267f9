"""What is known of the registered environments, as plain data."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, TypedDict

from dromos.error import DependencyNotInstalled, Error
from dromos.homes import home_of
from dromos.native import NativeEnv
from dromos.registration import load_env_creator, load_plugins, make, registry, spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dromos.env import Env
    from dromos.registration import EnvSpec

__all__ = ["Details", "Row", "details", "rows"]


class Row(TypedDict):
    """One environment in ``dromos list``."""

    id: str
    group: str
    description: str | None
    max_episode_steps: int | None
    reward_threshold: float | None
    native_vector: bool


class Details(TypedDict):
    """One environment in ``dromos info``."""

    id: str
    description: str | None
    entry_point: str | None
    vector_entry_point: str | None
    max_episode_steps: int | None
    reward_threshold: float | None
    nondeterministic: bool
    observation_space: str
    action_space: str
    arguments: dict[str, Any]
    render_modes: list[str]
    render_fps: float | None
    wrappers: list[str]
    documentation: str | None


def rows(namespace: str | None = None) -> list[Row]:
    """Return a row for every registered environment, by group and id.

    Args:
        namespace: Only of this namespace or, for environments without one, of this family.

    Raises:
        Error: If nothing is registered under `namespace`.
    """
    load_plugins()
    found = sorted((_row(each) for each in registry.values()), key=_order)
    if namespace is None:
        return found
    chosen = [row for row in found if row["group"] == namespace]
    if not chosen:
        groups = ", ".join(sorted({row["group"] for row in found}))
        raise Error(f"Nothing is registered under the namespace {namespace!r}; there is: {groups}.")
    return chosen


def details(env_id: str) -> Details:
    """Return all that is known of one environment; this makes it.

    Args:
        env_id: A registered id; without a version, the newest is meant.

    Raises:
        UnregisteredEnv: If there is no such id.
    """
    found = spec(env_id)
    creator = _creator(found)
    env = make(found)
    try:
        return Details(
            id=found.id,
            description=_first_line(creator),
            entry_point=_path(found.entry_point),
            vector_entry_point=_path(found.vector_entry_point),
            max_episode_steps=found.max_episode_steps,
            reward_threshold=found.reward_threshold,
            nondeterministic=found.nondeterministic,
            observation_space=str(env.observation_space),
            action_space=str(env.action_space),
            arguments=_arguments(creator) | _parameters(env.unwrapped) | found.kwargs,
            render_modes=list(env.metadata.get("render_modes", [])),
            render_fps=env.metadata.get("render_fps"),
            wrappers=list(_wrappers(env)),
            documentation=inspect.getdoc(creator),
        )
    finally:
        env.close()


def _row(found: EnvSpec) -> Row:
    return Row(
        id=found.id,
        group=_group(found),
        description=_first_line(_creator(found)),
        max_episode_steps=found.max_episode_steps,
        reward_threshold=found.reward_threshold,
        native_vector=found.vector_entry_point is not None,
    )


def _order(row: Row) -> tuple[str, str]:
    return row["group"], row["id"]


def _group(found: EnvSpec) -> str:
    """Return the namespace or, without one, the family: ``classic_control`` of the module path."""
    if found.namespace is not None:
        return found.namespace
    path = _path(found.entry_point or found.vector_entry_point) or ""
    parts = path.partition(":")[0].split(".")
    return parts[2] if len(parts) > 3 else parts[0]


def _creator(found: EnvSpec) -> Callable[..., Any] | None:
    """Return what builds the environment, or None if a library it needs is missing."""
    entry_point = found.entry_point or found.vector_entry_point
    if not isinstance(entry_point, str):
        return entry_point
    try:
        return load_env_creator(entry_point)
    except (DependencyNotInstalled, ImportError):
        return None


def _path(entry_point: Any) -> str | None:
    if entry_point is None or isinstance(entry_point, str):
        return entry_point
    return f"{home_of(entry_point)}:{entry_point.__qualname__}"


def _first_line(creator: Callable[..., Any] | None) -> str | None:
    documentation = inspect.getdoc(creator) if creator is not None else None
    return documentation.partition("\n")[0] if documentation else None


def _arguments(creator: Callable[..., Any] | None) -> dict[str, Any]:
    """Return the keyword arguments of a constructor and their defaults."""
    if creator is None:
        return {}
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return {
        name: None if parameter.default is parameter.empty else parameter.default
        for name, parameter in inspect.signature(creator).parameters.items()
        if parameter.kind in named
    }


def _parameters(env: Env[Any, Any]) -> dict[str, Any]:
    """Return the parameters of native dynamics and their values."""
    names = env.parameter_names() if isinstance(env, NativeEnv) else []
    return {name: getattr(env, name) for name in names}


def _wrappers(env: Env[Any, Any]) -> Iterator[str]:
    """Yield the class names of the layers, outermost first."""
    layer: Any = env
    while layer is not env.unwrapped:
        yield type(layer).__name__
        layer = layer.env
