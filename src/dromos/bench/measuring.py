"""Measuring ids, one after another, everybody in turns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dromos.bench.contestants import DROMOS, NAMES, STEPS_A_CALL, Missing, steps_of
from dromos.bench.timing import SECONDS_A_ROUND, best_microseconds, machine
from dromos.error import Error
from dromos.registration import spec

__all__ = ["Cell", "Report", "measure"]


@dataclass
class Cell:
    """One measurement: an id, single or as a vector.

    Attributes:
        env_id: The id.
        lanes: How many lanes; None for a single environment.
        steps_per_second: Steps of environments a second, by who made them; those who could not
            are missing.
    """

    env_id: str
    lanes: int | None
    steps_per_second: dict[str, float] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """What was stepped, in words."""
        return "single" if self.lanes is None else f"{self.lanes} lanes"

    def ratio(self, who: str) -> float | None:
        """Return how many times as fast as `who` this library is; None if either is missing."""
        speeds = self.steps_per_second
        return speeds[DROMOS] / speeds[who] if {DROMOS, who} <= speeds.keys() else None


@dataclass
class Report:
    """All measurements of a run.

    Attributes:
        machine: What it was measured on.
        cells: The measurements.
        remarks: Who could not take part in what, and why.
    """

    machine: str
    cells: list[Cell] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "machine": self.machine,
            "measurements": [
                {"id": cell.env_id, "lanes": cell.lanes, "steps_per_second": cell.steps_per_second}
                for cell in self.cells
            ],
            "remarks": self.remarks,
        }


def measure(
    ids: Sequence[str],
    lanes: Sequence[int] = (64, 1024),
    *,
    threads: int | None = None,
    seconds: float = SECONDS_A_ROUND,
    names: Sequence[str] = NAMES,
    tell: Callable[[Cell], object] = lambda _: None,
) -> Report:
    """Measure environments, single and as vectors, beside the peers that are installed.

    Args:
        ids: The ids.
        lanes: The sizes of vectors.
        threads: The most threads of a vector; None for everybody's own choice.
        seconds: How long a round of one measurement takes, roughly; there are five of each.
        names: Who takes part.
        tell: Called with each measurement when it is there.

    Raises:
        UnregisteredEnv: If an id is not registered; nothing has been measured then.
        DependencyNotInstalled: If an environment needs what is not installed.
        Error: If a number is out of range.
    """
    if (
        not 0 < seconds < math.inf
        or any(size < 1 for size in lanes)
        or (threads is not None and threads < 1)
    ):
        raise Error(
            f"Expected lanes and threads of at least 1 and seconds above 0, found lanes="
            f"{list(lanes)}, threads={threads}, seconds={seconds}"
        )
    known = [spec(env_id).id for env_id in ids]
    report = Report(machine())
    for env_id in known:
        for size in (None, *lanes):
            cell = Cell(env_id, size)
            _fill(cell, report, threads, seconds, names)
            report.cells.append(cell)
            tell(cell)
    return report


def _fill(
    cell: Cell, report: Report, threads: int | None, seconds: float, names: Sequence[str]
) -> None:
    ready = dict(_ready(cell, report, threads, names))
    try:
        times = best_microseconds(*(steps for steps, _ in ready.values()), seconds=seconds)
    finally:
        for _, close in ready.values():
            close()
    made = STEPS_A_CALL if cell.lanes is None else cell.lanes
    for who, microseconds in zip(ready, times, strict=True):
        cell.steps_per_second[who] = made / microseconds * 1e6


def _ready(
    cell: Cell, report: Report, threads: int | None, names: Sequence[str]
) -> Iterator[tuple[str, Any]]:
    for who in names:
        try:
            yield who, steps_of(who, cell.env_id, cell.lanes, threads)
        except Missing as reason:
            if str(reason) not in report.remarks:
                report.remarks.append(str(reason))
