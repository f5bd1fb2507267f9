"""``dromos run``: run a program written for Gymnasium, unchanged.

This is Python itself, started with the alias on its module search path: arguments, ``__main__``,
``sys.path``, signals and the exit code are Python's own, and every process that the program
starts inherits the alias.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dromos.compat.gymnasium.dialects import Dialect

__all__ = ["run_program"]

WRONG_USAGE = 2
LACKING = 1  # exit code of a dry run that found imports which would fail


def run_program(arguments: Sequence[str]) -> int:
    """Run a script or module, or with ``--dry-run`` list what it imports that we lack.

    Args:
        arguments: What follows ``dromos run`` on the command line.

    Returns:
        The exit code; on POSIX systems the program takes the place of this process instead.
    """
    options = _parser().parse_args(arguments)
    if not options.program:
        _parser().error("expected a script, or -m and a module")
    from dromos.error import Error

    try:
        return _run(options)
    except Error as problem:
        print(f"error: {problem}", file=sys.stderr)
        return WRONG_USAGE


def _run(options: argparse.Namespace) -> int:
    from dromos.compat.gymnasium.dialects import dialects_to_run

    dialects = dialects_to_run(options.api, gym=options.gym)
    if options.dry_run:
        return _list_lacking(options.program[0], options.module, dialects, options.json)
    command = [sys.executable, *(["-m"] if options.module else []), *options.program]
    return _become(command, _environment(dialects))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dromos run",
        usage="dromos run [options] SCRIPT [arguments]\n"
        "       dromos run [options] -m MODULE [arguments]",
        allow_abbrev=False,
        description="Run a program written for Gymnasium, unchanged, on dromos.",
    )
    parser.add_argument(
        "--api", default="1.4", help="the release it speaks: 1.4 (default), 0.29, 0.25, 0.9"
    )
    parser.add_argument("--gym", action="store_true", help="answer for `import gym` as well")
    parser.add_argument(
        "--dry-run", action="store_true", help="only list what it imports that dromos lacks"
    )
    parser.add_argument("--json", action="store_true", help="print the list as JSON")
    parser.add_argument("-m", dest="module", action="store_true", help="run a module")
    parser.add_argument("program", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _environment(dialects: Sequence[Dialect]) -> dict[str, str]:
    """Return this process's environment with the aliases in front of the search path."""
    paths = [str(dialect.shim) for dialect in dialects]
    inherited = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (*paths, inherited)))}


def _become(command: list[str], environment: dict[str, str]) -> int:
    if os.name == "nt":  # there `exec` returns to the shell before the program has ended
        return subprocess.run(command, env=environment, check=False).returncode
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, environment)


def _list_lacking(program: str, is_module: bool, dialects: Sequence[Dialect], as_json: bool) -> int:
    from dromos.compat.gymnasium.lacking import lacking_names

    lists = [lacking_names(program, dialect, is_module=is_module) for dialect in dialects]
    lacking = sorted(itertools.chain(*lists))
    if as_json:
        print(json.dumps([found._asdict() for found in lacking], indent=2))
    else:
        for found in lacking:
            print(f"{found.file}:{found.line}: {found.says}")
        fails = sum(not found.guarded for found in lacking)
        print(f"{len(lacking)} names are missing, {fails} of them imported without a fallback.")
    return LACKING if any(not found.guarded for found in lacking) else 0
