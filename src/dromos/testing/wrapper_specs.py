"""Checks that a wrapper can be built again from what it records of its constructor's arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dromos.checks.message import complaint, going_on, warn
from dromos.env import Env
from dromos.specs import same_value
from dromos.testing import promises
from dromos.testing.report import require
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrapper import Wrapper

if TYPE_CHECKING:
    from dromos.registration import EnvSpec

__all__ = ["check_recorded", "check_spec", "forgotten_arguments"]

_SEED = 123
_RECORD = "Begin __init__ with RecordConstructorArgs.__init__(self, name=value, …), with every "
_RECORD += "argument but env."


def forgotten_arguments(env: Wrapper[Any, Any, Any, Any]) -> list[str]:
    """Return the constructor's parameters that `env` has not recorded."""
    # That of __init__: a class may have a __new__ that takes anything.
    parameters = list(inspect.signature(type(env).__init__).parameters.values())[2:]
    named = [p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    saved = getattr(env, "_saved_kwargs", {})
    return [name for name in named if name not in saved]


def check_recorded(env: Wrapper[Any, Any, Any, Any], kwargs: Mapping[str, Any]) -> None:
    """Check that `env` has recorded every argument, and these as they are.

    Raises:
        AssertionError: If it forgets one or records another value.
    """
    if not isinstance(env, RecordConstructorArgs):
        warn(
            complaint(
                "The wrapper does not record its arguments, so that no spec can build it again",
                "class",
                "dromos.utils.RecordConstructorArgs among the bases",
                f"{[base.__name__ for base in type(env).__mro__[1:3]]}",
                _RECORD,
            )
        )
        return
    for name in forgotten_arguments(env):
        with going_on():
            require(
                False,
                "The wrapper forgets an argument of its constructor",
                f"_saved_kwargs[{name!r}]",
                "the argument",
                "nothing",
                _RECORD,
            )
    for name, value in kwargs.items():
        saved = env._saved_kwargs.get(name, value)
        with going_on():
            require(
                _same_argument(saved, value),
                "The wrapper records another value than it was given",
                f"_saved_kwargs[{name!r}]",
                f"{value!r}",
                f"{saved!r}",
                _RECORD,
            )


def _same_argument(saved: Any, given: Any) -> bool:
    """Return whether two arguments are equal, or of a class whose instances never are."""
    by_identity = type(given).__eq__ is object.__eq__  # type: ignore[comparison-overlap]
    return (by_identity and type(saved) is type(given)) or same_value(saved, given)


def check_spec(
    made: Callable[[], Wrapper[Any, Any, Any, Any]], ignored_infos: Iterable[str] = ()
) -> None:
    """Check that the spec of a wrapper, and its JSON if it has one, builds the same stack.

    Args:
        made: Makes an environment with the wrapper around it.
        ignored_infos: Entries of the infos that are not compared.

    Raises:
        AssertionError: If it builds another one.
    """
    env = made()
    if not isinstance(env, RecordConstructorArgs) or env.spec is None:
        return
    _compare_rebuilt(env, env.spec, "spec.make()", ignored_infos)
    try:
        text = env.spec.to_json()
    except ValueError:
        return  # a function that no import finds is an argument; nobody promised that
    path = "EnvSpec.from_json(spec.to_json()).make()"
    _compare_rebuilt(made(), type(env.spec).from_json(text), path, ignored_infos)


def _compare_rebuilt(
    env: Env[Any, Any], spec: EnvSpec, path: str, ignored_infos: Iterable[str]
) -> None:
    again = spec.make()
    known = "The spec builds another stack than it is the spec of"
    try:
        for what in (str, lambda e: e.action_space, lambda e: e.observation_space):
            mine, other = what(env), what(again)
            require(mine == other, known, path, f"{mine}", f"{other}", _RECORD)
        env.reset(seed=_SEED)
        again.reset(seed=_SEED)
        seen, rebuilt = (promises.future(e, ignored_infos=ignored_infos) for e in (env, again))
        promises.require_same_future(seen, rebuilt, known, _RECORD)
    finally:
        again.close()
        env.close()
