"""``dromos check``: find what is to be checked, and check it."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any

from dromos.env import Env
from dromos.error import Error
from dromos.registration import load_env_creator, make, make_vec
from dromos.testing import report_on_env, report_on_vector_env, report_on_wrapper
from dromos.wrapper import Wrapper

if TYPE_CHECKING:
    from dromos.testing import Report

__all__ = ["examined"]


def examined(target: str, strict: bool, vector: int | None, around: str) -> Report:
    """Return the report on an environment, a vector or a class of wrappers.

    Args:
        target: An id, or ``"module:Class"``; modules in the working directory are found as well.
        strict: As for `dromos.testing.check_env`.
        vector: The number of lanes of the vector to check, None for a single environment.
        around: The id of the environment that a class of wrappers is put around.

    Raises:
        Error: If there is nothing under that name.
    """
    found: Any = _class_of(target)
    if isinstance(found, type) and issubclass(found, Wrapper):
        return report_on_wrapper(found, around)
    if vector is not None:
        return report_on_vector_env(make_vec(found, vector))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the report says it better
        env = make(found, disable_env_checker=True).unwrapped
    return report_on_env(env, strict=strict)


def _class_of(target: str) -> str | type[Env[Any, Any]]:
    """Return the class that `target` names, or `target` itself if it is an id."""
    module_name, colon, _ = target.partition(":")
    if not colon:
        return target
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        found = load_env_creator(target)
    except AttributeError:
        return target  # "module:id": importing the module registers it
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
