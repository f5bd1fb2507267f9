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
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dromos.compat.gymnasium.dialects import Dialect

__all__ = ["run_program", "usage"]

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


def usage() -> str:
    """Return what ``dromos run --help`` prints."""
    return _parser().format_help()


def _run(options: argparse.Namespace) -> int:
    dialects = _chosen(options) if options.api == "auto" else _asked_for(options)
    if options.dry_run:
        return _list_lacking(options.program[0], options.module, dialects, options.json)
    command = [sys.executable, *(["-m"] if options.module else []), *options.program]
    return _become(command, _environment(dialects, options.no_numpy_names))


def _asked_for(options: argparse.Namespace) -> list[Dialect]:
    """Return the dialects of the release on the command line, and say so if it is a near one."""
    from dromos.compat.gymnasium.dialects import dialects_to_run

    dialects = dialects_to_run(options.api, gym=options.gym)
    if not dialects[0].version.startswith(options.api):
        _say(f"{options.api} is run as {', '.join(map(str, dialects))}")
    return dialects


def _chosen(options: argparse.Namespace) -> list[Dialect]:
    """Return the dialects of the releases that the program's project asks for, and say which."""
    from dromos.compat.gymnasium.dialects import dialects_to_run
    from dromos.compat.gymnasium.pins import pins_of

    start = Path.cwd() if options.module else Path(options.program[0]).resolve().parent
    pins = pins_of(start)
    for pin in pins:
        _say(f"{pin.file} asks for {pin.text}; it is run as {pin.dialect} ({pin.dialect.version})")
    if pins:
        return [pin.dialect for pin in pins]
    _say(f"nothing in {start} or above asks for a release of gym or gymnasium; it is run as 1.4")
    return dialects_to_run("1.4", gym=options.gym)


def _say(what: str) -> None:
    print(f"dromos run: {what}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dromos run",
        usage="dromos run [options] SCRIPT [arguments]\n"
        "       dromos run [options] -m MODULE [arguments]",
        allow_abbrev=False,
        description="Run a program written for Gymnasium, unchanged, on dromos.",
    )
    parser.add_argument(
        "--api",
        default="1.4",
        help="the release it speaks, from 0.7 to 1.4 (default), or auto: what the program's "
        "requirements.txt, setup.py or pyproject.toml asks for",
    )
    parser.add_argument("--gym", action="store_true", help="answer for `import gym` as well")
    parser.add_argument(
        "--no-numpy-names",
        action="store_true",
        help="leave out the names of NumPy 1, such as np.float_, that programs before 1.0 find",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="only list what it imports that dromos lacks"
    )
    parser.add_argument("--json", action="store_true", help="print the list as JSON")
    parser.add_argument("-m", dest="module", action="store_true", help="run a module")
    parser.add_argument("program", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _environment(dialects: Sequence[Dialect], no_numpy_names: bool) -> dict[str, str]:
    """Return this process's environment with the aliases in front of the search path."""
    from dromos.compat.gymnasium.old_times import NO_NUMPY_NAMES

    paths = [str(dialect.shim) for dialect in dialects]
    inherited = os.environ.get("PYTHONPATH", "")
    more = {NO_NUMPY_NAMES: "1"} if no_numpy_names else {}
    path = os.pathsep.join(filter(None, (*paths, inherited)))
    return {**os.environ, **more, "PYTHONPATH": path}


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
