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

#: What `make` and `make_vec` take themselves; the other arguments are the environment's.
OF_MAKE = ("max_episode_steps", "disable_env_checker", "additional_wrappers", "preset")
OF_MAKE_VEC = ("vectorization_mode", "vector_kwargs", "wrappers", "env_kwargs", "preset")

_OF_THE_VECTOR = 'Say vector_kwargs={{"{}": ...}}, which are for the vector.'
#: What to do instead about arguments that are often given to what does not take them.
_SAID_ELSEWHERE = {
    "seed": "Say reset(seed=...).",
    "num_envs": "Say make_vec(id, num_envs=...).",
    "params": "One environment takes parameters by their names, as length=0.7.",
    **{
        name: _OF_THE_VECTOR.format(name)
        for name in ("num_workers", "num_threads", "shared_memory", "context", "daemon")
    },
}

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
                taken = f".{_taken(creator, name, 'num_envs' in kwargs.keys() - {name})}"
        raise TypeError(f"{said} {where}{taken}") from reason
    error.add_note(reason, f"This {where}")


def is_about_argument(reason: Exception, name: str) -> bool:
    """Return whether `reason` says that the argument `name` is not taken."""
    return isinstance(reason, TypeError) and _unexpected(name) in str(reason)


def _unexpected(name: str) -> str:
    return f"got an unexpected keyword argument '{name}'"


def _taken(creator: Callable[..., Any], given: str, is_of_vector: bool) -> str:
    """Return which arguments `creator` takes, the one like `given` first, for a message."""
    names = _names_taken(creator)
    if is_of_vector and given != "seed":
        near = error.did_you_mean(given, [*names, *OF_MAKE_VEC])
    elif given in _SAID_ELSEWHERE:
        near = f" {_SAID_ELSEWHERE[given]}"
    else:
        near = error.did_you_mean(given, [*names, *OF_MAKE])
    return f"{near} It takes: {', '.join(names) or 'none'}"


def _names_taken(creator: Callable[..., Any]) -> list[str]:
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
    return names + [name for name in getattr(single, "parameters", ()) if name not in names]
