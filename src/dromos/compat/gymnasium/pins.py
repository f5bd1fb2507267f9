"""Which release a project is written for, read from where it says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from dromos.compat.gymnasium.dialects import Dialect, dialect_of
from dromos.error import Error

__all__ = ["Pin", "pins_of"]

_FILES = ("requirements.txt", "setup.py", "setup.cfg", "pyproject.toml")

#: The last release of each minor number.
_GYM = """
0.7.4 0.8.2 0.9.7 0.10.11 0.11.0 0.12.6 0.13.1 0.14.0 0.15.7 0.16.0 0.17.3 0.18.3 0.19.0 0.20.0
0.21.0 0.22.0 0.23.1 0.24.1 0.25.2 0.26.2
"""
_GYMNASIUM = "0.26.3 0.27.1 0.28.1 0.29.1 1.0.0 1.1.1 1.2.3 1.3.0 1.4.0"
_RELEASES = {"gym": _GYM.split(), "gymnasium": _GYMNASIUM.split()}

_CLAUSE = r"(?:===?|~=|!=|<=|>=|<|>|\^|~)\s*[\w.*]+"
#: ``gym[all]==0.21``, at the start of a line or of a text in quotes; the name alone counts too.
_REQUIREMENT = re.compile(
    rf"""(?:^|["'])\s*(gymnasium|gym)\s*(?:\[[^\]]*\])?\s*\(?({_CLAUSE}(?:\s*,\s*{_CLAUSE})*)?\)?"""
    r"""\s*(?=$|[;#"'])""",
    re.MULTILINE,
)
#: ``gym = "^0.21"`` and ``gym = {version = "0.21.0", extras = [...]}``, as Poetry has it.
_TABLE = re.compile(
    r"""^\s*(gymnasium|gym)\s*=\s*(?:\{.*?version\s*=\s*)?["']([^"']*)["']""", re.MULTILINE
)


class Pin(NamedTuple):
    """What a file asks for.

    Attributes:
        file: The file.
        text: The name and the version, as the file has them.
        dialect: The dialect that answers for it.
    """

    file: Path
    text: str
    dialect: Dialect


def pins_of(directory: Path) -> list[Pin]:
    """Return what a project asks for: one pin a name, from the first file that has it.

    Looked at are ``requirements.txt``, ``setup.py``, ``setup.cfg`` and ``pyproject.toml`` in
    `directory`, or else in the nearest directory above that has any of them.

    Raises:
        Error: If a release is asked for that no dialect covers.
    """
    for place in (directory, *directory.parents):
        files = [place / name for name in _FILES if (place / name).is_file()]
        if files:
            found: dict[str, Pin] = {}
            for pin in (pin for file in files for pin in _read(file)):
                found.setdefault(pin.dialect.name, pin)
            return list(found.values())
    return []


def _read(file: Path) -> Iterator[Pin]:
    text = file.read_text(encoding="utf-8", errors="replace")
    patterns = [_REQUIREMENT, _TABLE] if file.suffix == ".toml" else [_REQUIREMENT]
    for found in (match for pattern in patterns for match in pattern.finditer(text)):
        name, wanted = found[1], (found[2] or "").strip()
        try:
            dialect = dialect_of(_chosen(wanted, _RELEASES[name]), name)
        except (Error, ValueError) as reason:  # of integers with thousands of digits
            line = 1 + text.count("\n", 0, found.start(1))
            raise Error(f"{file}, line {line}: {name}{wanted:.60}: {reason}") from reason
        yield Pin(file, f"{name}{wanted}", dialect)


def _chosen(wanted: str, releases: Sequence[str]) -> str:
    """Return the newest release that all clauses allow; an exact one in any case."""
    clauses = [_clause(part) for part in wanted.split(",") if part.strip()]
    for operator, version in clauses:
        if operator in ("==", "===", ""):
            return version.rstrip(".*")
    allowed = [
        release
        for release in releases
        if all(
            _ALLOWS[operator](_numbers(release), _numbers(version)) for operator, version in clauses
        )
    ]
    return (allowed or releases)[-1]


def _clause(text: str) -> tuple[str, str]:
    operator, version = re.match(r"\s*([=~!<>^]*)\s*(.*?)\s*$", text).groups()  # type: ignore[union-attr]
    return operator, version


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _compatible(release: tuple[int, ...], version: tuple[int, ...]) -> bool:
    return release >= version and release[: len(version) - 1] == version[:-1]


_ALLOWS: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    "<": lambda release, version: release < version,
    "<=": lambda release, version: release[: len(version)] <= version,
    ">": lambda release, version: release > version,
    ">=": lambda release, version: release >= version,
    "!=": lambda release, version: release[: len(version)] != version,
    "~=": _compatible,
    "~": lambda release, version: release[:2] == version[:2],
    "^": lambda release, version: (
        release >= version
        and release[: 2 if version[0] == 0 else 1] == version[: 2 if version[0] == 0 else 1]
    ),
}
