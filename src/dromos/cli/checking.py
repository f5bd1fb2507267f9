"""``dromos check``: find what is to be checked, and check it."""

from __future__ import annotations

import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

from dromos.cli.targets import made, named
from dromos.error import Error
from dromos.registration import make, make_vec
from dromos.testing import report_on_env, report_on_vector_env, report_on_wrapper
from dromos.wrapper import Wrapper

if TYPE_CHECKING:
    from dromos.testing import Report

__all__ = ["examined"]


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
    found: Any = named(target)
    given = arguments or {}
    is_wrapper = isinstance(found, type) and issubclass(found, Wrapper)
    _refuse_mixed(target, is_wrapper, strict, vector, around)
    if is_wrapper:
        inner = around or "CartPole-v1"
        maker = partial(make, named(inner))
        made(inner, maker).close()  # that it cannot be made is no fault of the wrapper
        return report_on_wrapper(found, maker, given)
    if vector is not None:
        return report_on_vector_env(made(target, partial(make_vec, found, vector, **given)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the report says it better
        env = made(target, partial(make, found, disable_env_checker=True, **given)).unwrapped
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
