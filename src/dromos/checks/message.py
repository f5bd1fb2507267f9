"""How a check says what is wrong."""

from __future__ import annotations

__all__ = ["complaint", "entry", "shown"]

#: Longest representation of a value inside a message, in characters.
_SHOWN_LENGTH = 160


def complaint(known: str, path: str, expected: str, found: str, remedy: str) -> str:
    """Return the text of a complaint.

    Args:
        known: The text by which clients of Gymnasium know the complaint; their warning filters
            match the start of a message.
        path: The place, such as ``obs["camera"][1]``.
        expected: What belongs there.
        found: What is there.
        remedy: What to do, as a whole sentence.
    """
    return f"{known.rstrip('.')}. {path}: expected {expected}, found {found}. {remedy}"


def entry(path: str, key: object) -> str:
    """Return the path of ``value[key]`` where `path` is that of ``value``."""
    return f'{path}["{key}"]' if isinstance(key, str) else f"{path}[{key!r}]"


def shown(value: object) -> str:
    """Return a representation of `value` that fits into a sentence."""
    text = " ".join(repr(value).split())
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"
