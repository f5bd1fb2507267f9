"""Timing functions against each other, and printing what came out as a table."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROUNDS = 5
SECONDS_A_ROUND = 0.2


def best_microseconds(
    *functions: Callable[[], object], seconds: float = SECONDS_A_ROUND
) -> list[float]:
    """Return the time of one call of each function in microseconds.

    The functions take turns, so that a machine that slows down slows all of them; each figure is
    the best of `ROUNDS` rounds of about `seconds`.
    """
    counts = []
    for function in functions:
        count, elapsed = 1, 0.0
        while elapsed < seconds / 20:
            count *= 2
            elapsed = _timed(function, count)
        counts.append(max(1, int(count * seconds / elapsed)))
    best = [float("inf")] * len(functions)
    for _ in range(ROUNDS):
        for i, (function, count) in enumerate(zip(functions, counts, strict=True)):
            best[i] = min(best[i], _timed(function, count) / count * 1e6)
    return best


def _timed(function: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        function()
    return time.perf_counter() - start


def machine() -> str:
    """Return the name of this machine's processor and what runs on it."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        if lines:
            name = f"{lines[0].split(':', 1)[1].strip()}, {len(lines)} cores"
    return f"{name}, Python {platform.python_version()}, {platform.system()}"


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
