"""Timing functions against each other, and the machine it is done on."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["ROUNDS", "SECONDS_A_ROUND", "best_microseconds", "machine"]

ROUNDS = 5
SECONDS_A_ROUND = 0.2


def best_microseconds(
    *functions: Callable[[], object], seconds: float = SECONDS_A_ROUND, rounds: int = ROUNDS
) -> list[float]:
    """Return the time of one call of each function in microseconds.

    The functions take turns, so that a machine that slows down slows all of them; each figure is
    the best of `rounds` rounds of about `seconds`.
    """
    counts = []
    for function in functions:
        count, elapsed = 1, 0.0
        while elapsed < seconds / 20:
            count *= 2
            elapsed = _timed(function, count)
        counts.append(max(1, int(count * seconds / elapsed)))
    best = [float("inf")] * len(functions)
    for _ in range(rounds):
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
