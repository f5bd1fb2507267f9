"""The command line: ``dromos list | info | help | check | play | view | run | new | demo | …``.

This room draws tables and progress with rich and reads arguments with typer; what it shows comes
from functions that return plain data, the same that ``--json`` prints.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line on ``sys.argv`` and exit with its code."""
    if sys.argv[1:2] == ["run"]:  # needs no other library, and hands over everything to Python
        from dromos.cli.run import run_program

        sys.exit(run_program(sys.argv[2:]))
    try:
        from dromos.cli.app import run
    except KeyboardInterrupt:
        sys.exit(130)  # what a shell reports of a program that Ctrl-C ended
    except ModuleNotFoundError as missing:
        if missing.name not in {"rich", "typer"}:
            raise
        sys.exit(
            f"The dromos command needs {missing.name}, which is not installed. "
            'Install it with: pip install "dromos[cli]"'
        )
    sys.exit(run())
