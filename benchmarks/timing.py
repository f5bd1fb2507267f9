"""Printing what timing functions against each other gave, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from dromos.bench.timing import ROUNDS, SECONDS_A_ROUND, best_microseconds, machine

__all__ = ["ROUNDS", "SECONDS_A_ROUND", "best_microseconds", "machine", "print_table"]


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table; floats with three significant digits."""
    texts = [[_text(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *texts, strict=True)]
    print(f"\n{title}\n")
    for cells in (columns, ["-" * width for width in widths], *texts):
        print(
            "| " + " | ".join(cell.ljust(w) for cell, w in zip(cells, widths, strict=True)) + " |"
        )


def _text(cell: object) -> str:
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:.3g}" if abs(cell) < 1000 else f"{cell:,.0f}"
