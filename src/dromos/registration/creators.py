"""From entry points and recorded arguments to the objects they mean."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import Any

from dromos import error
from dromos.homes import load
from dromos.plain import resolve

__all__ = ["explain", "is_about_argument", "load_env_creator", "own_kwargs"]

#: Types whose values refer to nothing and are never changed.
_ATOMS = frozenset({type(None), bool, int, float, str})


def load_env_creator(name: str) -> Callable[..., Any]:
    """Import what an entry point names.

    Args:
        name: ``"module:attribute"``; the attribute may be dotted.

    Raises:
        Error: If the text is not of this form.
        ModuleNotFoundError: If there is no such module.
        AttributeError: If the module has no such attribute.
    """
    _check_form(name)
    creator: Callable[..., Any] = load(name)
    return creator


@functools.lru_cache(maxsize=1024)
def _check_form(name: str) -> None:
    module, _, attribute = name.partition(":")
    if not module or not attribute or ":" in attribute:
        raise error.Error(
            f'Malformed entry point: {name!r}. Expected "module:attribute", for example '
            '"my_package.envs:MyEnv"'
        )


def own_kwargs(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of recorded arguments, with what JSON only referred to imported."""
    if _ATOMS.issuperset(map(type, kwargs.values())):
        return dict(kwargs)
    resolved: dict[str, Any] = resolve(copy.deepcopy(kwargs))
    return resolved


def explain(
    reason: Exception, creator: Callable[..., Any], env_id: str, kwargs: dict[str, Any]
) -> None:
    """Raise a `TypeError` that tells more than `reason`, or add to another error where it can be.

    Args:
        reason: What calling the entry point raised.
        creator: The entry point.
        env_id: The environment's id.
        kwargs: The arguments it was called with.

    Raises:
        TypeError: If `reason` is one.
    """
    where = f"was raised from the environment creator for {env_id} with kwargs ({kwargs})"
    if type(reason) is TypeError:
        said, taken = str(reason), ""
        for name in kwargs:
            if is_about_argument(reason, name):  # of the hints behind it, one is enough
                said = said.partition(_unexpected(name))[0] + _unexpected(name)
                taken = f".{_taken(creator, name)}"
        raise TypeError(f"{said} {where}{taken}") from reason
    if hasattr(reason, "add_note"):  # Python 3.11
        reason.add_note(f"This {where}")


def is_about_argument(reason: Exception, name: str) -> bool:
    """Return whether `reason` says that the argument `name` is not taken."""
    return isinstance(reason, TypeError) and _unexpected(name) in str(reason)


def _unexpected(name: str) -> str:
    return f"got an unexpected keyword argument '{name}'"


def _taken(creator: Callable[..., Any], given: str) -> str:
    """Return which arguments `creator` takes, the one like `given` first, for a message."""
    import inspect

    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    names: list[str] = []
    for level in inspect.getmro(creator) if isinstance(creator, type) else (creator,):
        try:
            parameters = inspect.signature(level).parameters.values()
        except (TypeError, ValueError):  # a builtin that does not tell
            break
        names += [p.name for p in parameters if p.kind in named and p.name not in names]
        if not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters):
            break  # else it passes the others on to the next class
    single = getattr(creator, "single", creator)  # a native vector takes its lanes' parameters
    names += [name for name in getattr(single, "parameters", ()) if name not in names]
    return f"{error.did_you_mean(given, names)} It takes: {', '.join(names) or 'none'}"
