"""``dromos check``: find what is to be checked, and check it."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import warnings
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from dromos.env import Env
from dromos.error import Error
from dromos.registration import load_env_creator, make, make_vec
from dromos.registration import spec as spec_of
from dromos.testing import report_on_env, report_on_vector_env, report_on_wrapper
from dromos.wrapper import Wrapper

if TYPE_CHECKING:
    from dromos.testing import Report

__all__ = ["examined"]

_Made = TypeVar("_Made")


def examined(
    target: str,
    strict: bool,
    vector: int | None,
    around: str | None,
    arguments: dict[str, Any] | None = None,
) -> Report:
    """Return the report on an environment, a vector or a class of wrappers.

    Args:
        target: An id, or ``"module:Class"``; modules in the working directory are found as well.
        strict: As for `dromos.testing.check_env`.
        vector: The number of lanes of the vector to check, None for a single environment.
        around: The environment that a class of wrappers is put around, named as `target` may be;
            None for CartPole-v1.
        arguments: Those of the environment or of the wrapper.

    Raises:
        Error: If there is nothing under a name, or what there is cannot be made, or the arguments
            do not go together.
    """
    found: Any = _class_of(target)
    given = arguments or {}
    is_wrapper = isinstance(found, type) and issubclass(found, Wrapper)
    _refuse_mixed(target, is_wrapper, strict, vector, around)
    if is_wrapper:
        inner = around or "CartPole-v1"
        maker = partial(make, _class_of(inner))
        _made(inner, maker).close()  # that it cannot be made is no fault of the wrapper
        return report_on_wrapper(found, maker, given)
    if vector is not None:
        return report_on_vector_env(_made(target, partial(make_vec, found, vector, **given)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the report says it better
        env = _made(target, partial(make, found, disable_env_checker=True, **given)).unwrapped
    return report_on_env(env, strict=strict)


def _refuse_mixed(
    target: str, is_wrapper: bool, strict: bool, vector: int | None, around: str | None
) -> None:
    if is_wrapper and (strict or vector is not None):
        wrong = "--strict" if strict else "--vector"
        raise Error(
            f"{target} is a class of wrappers, and {wrong} is for environments. Leave {wrong} out."
        )
    if strict and vector is not None:
        raise Error(
            "--strict is for a single environment, and --vector checks a vector of it. Leave one "
            "of them out, or run the command once with each."
        )
    if around is not None and not is_wrapper:
        raise Error(
            f"--around is for a class of wrappers, and {target} is none. Leave --around out."
        )


def _made(name: str, make_it: Callable[[], _Made]) -> _Made:
    try:
        return make_it()
    except (Error, OSError):  # these say all in their message
        raise
    except Exception as reason:
        said = " ".join(str(reason).split()).rstrip(".")
        raise Error(
            f"{name} could not be made: {type(reason).__name__}: {said}. Make it in Python to see "
            "where it was raised."
        ) from reason


def _class_of(target: str) -> str | type[Env[Any, Any]]:
    """Return the class that `target` names, or `target` itself if it is an id."""
    module_name, colon, name = target.partition(":")
    if "" not in sys.path:
        sys.path.insert(0, "")
    if not colon:
        if _is_module(target):
            raise Error(f"{target} is a module. {_classes_in(target)}")
        return target
    try:
        found = load_env_creator(target)
    except AttributeError:
        try:
            spec_of(target)  # "module:id": importing the module registers it
        except Error as unknown:
            raise Error(
                f"{target}: {module_name} has no class {name!r} and registers no id of this name. "
                f"{_classes_in(module_name)}"
            ) from unknown
        return target
    except ModuleNotFoundError as absent:
        if not f"{module_name}.".startswith(f"{absent.name}."):
            raise Error(
                f"{target}: {module_name} imports {absent.name}, which is not there. Install it."
            ) from absent
        raise Error(
            f"{target}: expected a module {module_name!r}, found none ({absent}). Run the command "
            "where the module is, or install it."
        ) from absent
    if not (isinstance(found, type) and issubclass(found, Env)):
        raise Error(
            f"{target}: expected a class of environments or wrappers, found {found!r}. Derive it "
            "from dromos.Env or dromos.Wrapper."
        )
    return found


def _is_module(target: str) -> bool:
    """Return whether a target that is no id is a module that can be imported."""
    try:
        spec_of(target)
    except Error:
        try:
            return importlib.util.find_spec(target) is not None
        except (ImportError, ValueError):  # its package is not there, or the name cannot be one
            return False
    return False


def _classes_in(module_name: str) -> str:
    """Return a sentence that lists what could be checked in a module."""
    module = importlib.import_module(module_name)
    classes = [
        f"{module_name}:{name}"
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, Env)
        and value.__module__.partition(".")[0] == module_name.partition(".")[0]
    ]
    if not classes:
        return "There is no class of environments or wrappers in it; derive one from dromos.Env."
    return f"What can be checked in it: {', '.join(classes)}."
