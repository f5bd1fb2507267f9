"""What the arguments of a vector wrapper are, told once: by the wrapper of single environments."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["documented_by"]

_Constructor = TypeVar("_Constructor", bound=Callable[..., None])

_SECTION = re.compile(r"^(Args|Raises):\n", re.MULTILINE)
_ENTRY = re.compile(r"^    (\w[\w, ]*):", re.MULTILINE)


def documented_by(single: type[Any]) -> Callable[[_Constructor], _Constructor]:
    """Write the docstring of a vector wrapper's constructor; a decorator of ``__init__``.

    Arguments and errors that it does not tell itself are told as `single` tells them, in the order
    of the signature.

    Args:
        single: The wrapper of single environments.
    """

    def decorate(constructor: _Constructor) -> _Constructor:
        known = _sections(vars(single)["__init__"].__doc__ or "")
        own = _sections(constructor.__doc__ or "")
        env = {"env": _vector_of(known["Args"].get("env", ""))}
        arguments = {**known["Args"], **env, **own["Args"]}
        code = inspect.unwrap(constructor).__code__  # quicker than a signature, by 25 us a face
        names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        sections = {
            # With python -OO nothing is known.
            "Args": {name: arguments.get(name, "") for name in names},
            "Raises": {**known["Raises"], **own["Raises"]},
        }
        first = (
            f"Wrap `env`: each lane as `dromos.wrappers.{single.__name__}` wraps an environment."
        )
        constructor.__doc__ = "\n\n".join([first, *_written(sections)]) + "\n"
        return constructor

    return decorate


def _vector_of(environment: str) -> str:
    """Return what is told of an environment, told of a vector."""
    if environment.startswith(" An environment"):
        return environment.replace(" An environment", " A vector of environments", 1)
    return " The vector."


def _sections(docstring: str) -> dict[str, dict[str, str]]:
    """Return the text of each entry of the sections `Args` and `Raises`."""
    _, *parts = _SECTION.split(inspect.cleandoc(docstring))
    found: dict[str, dict[str, str]] = {"Args": {}, "Raises": {}}
    for title, body in zip(parts[::2], parts[1::2], strict=True):
        _, *entries = _ENTRY.split(body.rstrip())
        texts = (text.rstrip() for text in entries[1::2])
        found[title] = dict(zip(entries[::2], texts, strict=True))
    return found


def _written(sections: dict[str, dict[str, str]]) -> list[str]:
    return [
        "\n".join([f"{title}:", *(f"    {name}:{text}" for name, text in entries.items())])
        for title, entries in sections.items()
        if entries
    ]
