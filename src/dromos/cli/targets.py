"""What a command line names: an id, or a class in a module, also in the working directory."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar

from dromos.env import Env
from dromos.error import Error
from dromos.registration import load_env_creator
from dromos.registration import spec as spec_of

__all__ = ["made", "named", "with_its_module"]

_Made = TypeVar("_Made")


def named(target: str) -> str | type[Env[Any, Any]]:
    """Return the class that `target` names, or `target` itself if it is an id.

    Raises:
        Error: If there is nothing of this name, or its module cannot be imported.
    """
    module_name, colon, name = target.partition(":")
    _refuse_file(target, module_name, name)
    _look_here_too()
    if not colon:
        if _is_module(target):
            raise Error(f"{target} is a module. {_classes_in(target)}")
        return target
    try:
        if module_name and name:
            _imported(target, module_name)
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
    if not (isinstance(found, type) and issubclass(found, Env)):
        raise Error(
            f"{target}: expected a class of environments or wrappers, found {found!r}. Derive it "
            "from dromos.Env or dromos.Wrapper."
        )
    return found


def with_its_module(env_id: str) -> str:
    """Return an id, once the module before its colon has been imported, if it has one.

    Raises:
        Error: If the module cannot be imported.
    """
    module_name, colon, name = env_id.partition(":")
    if colon and module_name:
        _refuse_file(env_id, module_name, name)
        _look_here_too()
        _imported(env_id, module_name)
    return env_id


def made(name: str, make_it: Callable[[], _Made]) -> _Made:
    """Return what `make_it` returns.

    Raises:
        Error: If it raises anything; the message calls what is made `name`.
    """
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


def _look_here_too() -> None:
    """Let modules in the working directory be imported, as ``python -m`` does."""
    if "" not in sys.path:
        sys.path.insert(0, "")


def _refuse_file(target: str, module_name: str, name: str) -> None:
    """Raise if a file is named where its module is to be."""
    if not module_name.endswith(".py"):
        return
    folder, file = os.path.split(module_name)
    where = f" in {folder}" if folder not in ("", ".") else ""
    raise Error(
        f"{target}: expected an id or MODULE:CLASS, found a file. Say "
        f"{file.removesuffix('.py')}:{name or 'CLASS'}{where}."
    )


def _imported(target: str, module_name: str) -> ModuleType:
    """Return a module; whatever importing it raises is told in one line."""
    if not all(part.isidentifier() for part in module_name.split(".")):
        raise Error(
            f"{target}: expected the name of a module, as my_envs, found {module_name!r}. Run the "
            "command where the module is, or install it."
        )
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as absent:
        if not f"{module_name}.".startswith(f"{absent.name}."):
            raise Error(
                f"{target}: {module_name} imports {absent.name}, which is not there. Install it."
            ) from absent
        raise Error(
            f"{target}: expected a module {module_name!r}, found none ({absent}). Run the command "
            "where the module is, or install it."
        ) from absent
    except Error:
        raise
    except (Exception, SystemExit) as reason:
        raise Error(_unimportable(target, module_name, reason)) from reason


def _unimportable(target: str, module_name: str, reason: BaseException) -> str:
    said = " ".join(str(reason).split()).rstrip(".")
    if isinstance(reason, SystemExit):
        remedy = 'Put what the script does under `if __name__ == "__main__":`.'
    else:
        remedy = f'`python -c "import {module_name}"` shows where.'
    return f"{target}: importing {module_name} raised {type(reason).__name__}: {said}. {remedy}"


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
    module = _imported(module_name, module_name)
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
