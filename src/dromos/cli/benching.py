"""``dromos bench``: the table while it grows, the picture at its end."""

from __future__ import annotations

from pathlib import Path

from dromos.bench import Cell, Report, draw, measure
from dromos.bench.contestants import DROMOS, NAMES
from dromos.bench.picture import human
from dromos.cli.targets import with_its_module
from dromos.cli.terminal import lines, table
from dromos.error import Error

__all__ = ["USUAL_IDS", "benched"]

#: Measured where no id is given; they need nothing but this library.
USUAL_IDS = ("CartPole-v1", "Pendulum-v1", "Taxi-v4", "LunarLander-v3")


def benched(
    ids: list[str],
    lanes: list[int],
    threads: int | None,
    seconds: float,
    alone: bool,
    picture: Path | None,
    quiet: bool,
) -> Report:
    """Measure, and print a table and write a picture unless they are not wanted.

    Args:
        ids: The ids; the usual ones if there are none.
        lanes: The sizes of vectors.
        threads: The most threads of a vector, or None.
        seconds: How long a round takes.
        alone: Whether to leave out the peers.
        picture: The PNG file to write, or None.
        quiet: Whether to print nothing.

    Raises:
        Error: As `measure`; if the picture cannot be written there, before anything else.
    """
    if picture is not None and not picture.absolute().parent.is_dir():
        raise Error(f"--picture: expected a file in a folder that exists, found {picture}")
    if picture is not None and picture.suffix.lower() != ".png":
        raise Error(f"--picture: expected a name that ends in .png, found {picture}")

    def tell(cell: Cell) -> None:
        if not quiet:
            own = human(cell.steps_per_second[DROMOS])
            lines(f"{cell.env_id}, {cell.what}: {own} steps/s")

    names = (DROMOS,) if alone else NAMES
    chosen = [with_its_module(env_id) for env_id in ids] or list(USUAL_IDS)
    report = measure(chosen, lanes, threads=threads, seconds=seconds, names=names, tell=tell)
    if not quiet:
        _print(report, names)
    if picture is not None:
        draw(report, picture)
        if not quiet:
            lines(f"Picture: {picture}")
    return report


def _print(report: Report, names: tuple[str, ...]) -> None:
    lines("")
    rows = [(cell.env_id, cell.what, *(_said(cell, who) for who in names)) for cell in report.cells]
    table(f"Environment steps a second, {report.machine}", ("id", "what", *names), rows)
    lines(*report.remarks)


def _said(cell: Cell, who: str) -> str:
    speed, ratio = cell.steps_per_second.get(who), cell.ratio(who)
    if speed is None:
        return "-"
    return human(speed) if who == DROMOS or ratio is None else f"{human(speed)} ({ratio:.3g} x)"
