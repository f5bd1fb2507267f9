"""Pieces of reStructuredText, for the pages that are generated."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["heading", "list_table", "literal"]


def heading(text: str, underline: str) -> str:
    """Return a heading."""
    return f"{text}\n{underline * len(text)}"


def literal(value: object) -> str:
    """Return a value set as code, on one line."""
    return f"``{' '.join(str(value).split())}``"


def list_table(rows: Iterable[Iterable[str]], *, header: bool = False) -> str:
    """Return a table; the first row can be its header."""
    lines = [".. list-table::", f"   :header-rows: {int(header)}", ""]
    for row in rows:
        first, *rest = row
        lines.append(f"   * - {first}")
        lines += [f"     - {cell}" for cell in rest]
    return "\n".join(lines)
