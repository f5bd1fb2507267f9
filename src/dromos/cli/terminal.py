"""Tables and progress on the terminal, drawn with rich."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import threading
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

__all__ = ["Gauge", "complain", "lines", "page", "pairs", "table", "wait", "warn"]

PIPE_WIDTH = 120  # columns of output that goes to a file or a pipe


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; every column but the first gives way when there is little room."""
    drawn = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    drawn.add_column(columns[0], no_wrap=True)
    for column in columns[1:]:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*map(escape, row))
    _console().print(drawn)


def pairs(title: str, entries: Iterable[tuple[str, str]]) -> None:
    """Print names and values under a title."""
    drawn = Table(
        title=title, title_justify="left", title_style="bold", box=None, show_header=False
    )
    drawn.add_column(style="cyan", no_wrap=True)
    drawn.add_column(overflow="fold")
    for name, value in entries:
        drawn.add_row(escape(name), escape(value))
    _console().print(drawn)


def lines(*texts: str) -> None:
    """Print texts as they are, one a line."""
    for text in texts:
        print(text)


def page(text: str) -> None:
    """Print Markdown, set for reading on a terminal and as it is elsewhere."""
    console = _console()
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        print(text)


def complain(text: str, kind: str = "error") -> None:
    """Print an error, or another kind of trouble, to the standard error stream."""
    colour = "red" if kind == "error" else "yellow"
    console = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
    console.print(f"[{colour}]{kind}:[/] {escape(text)}")


def warn(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning without the place in the source; stands in for `warnings.showwarning`."""
    complain(re.sub(r"\x1b\[\d+m(WARN: )?", "", str(message)), kind="warning")


def wait() -> None:
    """Wait until somebody presses Ctrl-C."""
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()


class Gauge:
    """A live bar below the lines that are printed, on a terminal; elsewhere only the lines.

    Args:
        label: What the bar measures.
        full: The value at which the bar is full.
    """

    def __init__(self, label: str, full: float) -> None:
        console = _console()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=40),
            TextColumn("{task.fields[note]}"),
            console=console,
            transient=True,
            auto_refresh=False,  # no thread of its own, which would take time from what it shows
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(label, total=full, note="")

    def __enter__(self) -> Gauge:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def show(self, value: float, note: str) -> None:
        """Move the bar to `value`, with a note at its side."""
        self._bar.update(self._task, completed=value, note=note, refresh=True)

    def line(self, text: str) -> None:
        """Print a line above the bar."""
        self._bar.console.print(escape(text), highlight=False, soft_wrap=True)


def _console() -> Console:
    console = Console(file=sys.stdout, highlight=False, emoji=False)  # ":x:" stays as it is
    if not console.is_terminal and not _columns():
        console.width = PIPE_WIDTH
    return console


def _columns() -> int:
    """Return how many columns the user says there are, 0 if the user does not."""
    said = os.environ.get("COLUMNS", "")
    return int(said) if said.isdecimal() else 0
