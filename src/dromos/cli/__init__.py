"""The command line: ``dromos list | info | help | check | play | view | run | new | demo | …``.

This room draws tables and progress with rich and reads arguments with typer; what it shows comes
from functions that return plain data, the same that ``--json`` prints.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from threading import current_thread, main_thread
from types import FrameType

__all__ = ["main"]

_INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C ended


def main() -> None:
    """Run the command line on ``sys.argv`` and exit with its code."""
    if sys.argv[1:2] == ["run"]:  # needs no other library, and hands over everything to Python
        from dromos.cli.run import run_program

        sys.exit(run_program(sys.argv[2:]))
    if not _is_ours_to_hear():
        sys.exit(_loaded()())
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # there is nothing to end yet, nor to tell
    run = _loaded()
    pressed = _note_ctrl_c()
    try:
        sys.exit(run())
    except BaseException as end:
        ends_well = isinstance(end, SystemExit) and not end.code  # as `view` does with Ctrl-C
        if not pressed or ends_well:
            raise
        # Libraries that are being imported make other exceptions of it, which say nothing.
        sys.exit(_INTERRUPTED)


def _loaded() -> Callable[[], int]:
    """Return what runs a command; importing it takes most of the time of a short one."""
    try:
        from dromos.cli.app import run
    except ModuleNotFoundError as missing:
        if missing.name not in {"rich", "typer"}:
            raise
        sys.exit(
            f"The dromos command needs {missing.name}, which is not installed. "
            'Install it with: pip install "dromos[cli]"'
        )
    return run


def _is_ours_to_hear() -> bool:
    """Return whether Ctrl-C ends this process: jobs in the background and threads ignore it."""
    is_usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    return is_usual and current_thread() is main_thread()


def _note_ctrl_c() -> list[int]:
    """Return a list that gets an element when somebody presses Ctrl-C; all else is as usual."""
    pressed: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, note)
    return pressed
