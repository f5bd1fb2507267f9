"""Which import name, of which releases, is answered by which packages."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dromos.compat.gymnasium.places import (
    GYM_PLACES,
    GYMNASIUM_PLACES,
    LATEST_PLACES,
    OLDEST_PLACES,
)
from dromos.error import Error

__all__ = [
    "DIALECTS",
    "FIRST_OF_GYMNASIUM",
    "OWN",
    "Dialect",
    "Release",
    "dialect_of",
    "dialects_to_run",
    "release_of",
]

#: The library's own root package; looked up by name because nothing inside imports it.
OWN = __name__.partition(".")[0]

_COMPAT = f"{OWN}.compat"
_SHIMS = Path(__file__).parents[1] / "shim"

#: (major, minor). Gym ends with 0.26, where Gymnasium begins: one line of time for both.
Release = tuple[int, int]


@dataclass(frozen=True)
class Dialect:
    """An import name that the library answers to, and the releases whose programs it runs.

    Attributes:
        api: The release whose interface it has, as users write it.
        name: What programs import.
        version: What ``__version__`` says; clients parse it to choose among their code paths.
        since: The first release whose programs it runs.
        until: The last one, if that is later than `api`.
        homes: The packages that hold its modules; the first that has one provides it.
        places: Modules that the release had elsewhere: the name below the root, and the full
            names of the modules here whose names it has, with spaces between.
    """

    api: str
    name: str
    version: str
    since: str
    homes: tuple[str, ...]
    places: Mapping[str, str] = field(default_factory=dict, compare=False)
    until: str | None = None

    @property
    def releases(self) -> tuple[Release, Release]:
        """The first and the last release whose programs it runs."""
        return release_of(self.since), release_of(self.until or self.api)

    @property
    def shim(self) -> Path:
        """The directory that answers for the name where it is on the module search path."""
        return _SHIMS / f"{self.name}-{self.api}"

    @property
    def has_own_classes(self) -> bool:
        """Whether classes of built-in environments have the release's interface, not today's."""
        return self.releases[1] < FIRST_OF_GYMNASIUM

    def class_then(self, value: Any) -> Any:
        """Return what stands for a thing of today's: another class, if it is one, or the thing."""
        if not self.has_own_classes or not isinstance(value, type):
            return value
        registration = importlib.import_module(f"{self.homes[0]}.envs.registration")
        return registration.EnvSpec.class_then(value)

    def sources(self, inner: str) -> list[str]:
        """Return the modules whose names ``{name}.{inner}`` has, if it stands in `places`."""
        return self.places.get(inner, "").format(home=self.homes[0]).split()

    def home(self, inner: str) -> str | None:
        """Return the full name of the module that provides ``{name}.{inner}``, or None."""
        if sources := self.sources(inner):
            return sources[0]
        for home in self.homes:
            full = f"{home}.{inner}"
            try:
                if importlib.util.find_spec(full) is not None:
                    return full
            except ModuleNotFoundError as absent:
                if absent.name is None or not f"{full}.".startswith(f"{absent.name}."):
                    raise  # not this module is missing, but one that a package above it imports
        return None

    def leads_to(self, inner: str) -> bool:
        """Return whether ``{name}.{inner}`` is today's module of that name, and can be imported."""
        if self.home(inner) != f"{OWN}.{inner}":
            return False
        above = inner.rpartition(".")[0]
        if not above or self.sources(above):
            return True
        spec = importlib.util.find_spec(self.home(above) or OWN)
        return spec is not None and spec.submodule_search_locations is not None

    def __str__(self) -> str:
        last = self.until or self.api
        span = last if self.since == last else f"{self.since} to {last}"
        return f"{self.name} {span}"


def _packages(*names: str) -> tuple[str, ...]:
    return (*(f"{_COMPAT}.{name}" for name in names), OWN)


DIALECTS = (
    Dialect("1.4", "gymnasium", "1.4.0", "1.4", (OWN,)),
    Dialect("1.3", "gymnasium", "1.3.0", "1.0", (OWN,), LATEST_PLACES),
    Dialect("0.29", "gymnasium", "0.29.1", "0.26", _packages("gymnasium_v029"), GYMNASIUM_PLACES),
    Dialect("1.4", "gym", "1.4.0", "1.0", (OWN,)),
    Dialect("0.26", "gym", "0.26.2", "0.26", _packages("gymnasium_v029"), GYMNASIUM_PLACES),
    Dialect("0.25", "gym", "0.25.2", "0.24", _packages("gym_v25"), GYM_PLACES),
    Dialect("0.23", "gym", "0.23.1", "0.22", _packages("gym_v23", "gym_v25"), GYM_PLACES),
    Dialect(
        "0.21", "gym", "0.21.0", "0.11", _packages("gym_v21", "gym_v23", "gym_v25"), GYM_PLACES
    ),
    Dialect(
        "0.9",
        "gym",
        "0.9.7",
        "0.7",
        _packages("gym_v09", "gym_v21", "gym_v23", "gym_v25"),
        OLDEST_PLACES,
        until="0.10",
    ),
)

#: The release that was Gym's last and Gymnasium's first.
FIRST_OF_GYMNASIUM = (0, 26)
_RELEASE = re.compile(r"v?(\d+)\.(\d+)(?:\.\w+)*$")


def release_of(api: str) -> Release:
    """Return a release's number as it is compared: ``"0.21.0"`` is ``(0, 21)``.

    Raises:
        Error: If it is no number of a release.
    """
    if (parts := _RELEASE.match(api.strip())) is None:
        raise Error(
            f"Expected a release as `--api` takes it, such as 0.21 or 1.0.0, found {api!r}. "
            f"{_known()}"
        )
    return int(parts[1]), int(parts[2])


def dialect_of(api: str, name: str) -> Dialect:
    """Return the dialect that runs the programs of a release under a name.

    Args:
        api: The release, as ``"0.21"`` or ``"0.21.0"``; any that a dialect covers.
        name: The import name, ``"gym"`` or ``"gymnasium"``.

    Raises:
        Error: If there is none; the message names the nearest, and how to type it.
    """
    release = release_of(api)
    named = [dialect for dialect in DIALECTS if dialect.name == name]
    for dialect in named:
        if _covers(dialect, release):
            return dialect
    if not named:
        raise Error(f"There is no dialect of a library named {name!r}. {_known()}")
    near = min(named, key=lambda dialect: _distance(dialect, release))
    raise Error(
        f"There is no dialect {name} {api}. The nearest is {near}: write `--api {near.api}`, or "
        f'`install("{near.api}", "{near.name}")`. {_known()}'
    )


def dialects_to_run(api: str, *, gym: bool) -> list[Dialect]:
    """Return the dialects of a program that speaks a release.

    Args:
        api: The release.
        gym: Whether to answer for ``gym`` as well as for ``gymnasium``. The releases that were
            Gym's answer for that name in any case: those before 0.26 for it alone, 0.26 for both.

    Raises:
        Error: If there is no such release.
    """
    release = release_of(api)
    both = {name: _found(name, release) for name in ("gymnasium", "gym")}
    if both["gymnasium"] is None:
        return [dialect_of(api, "gym")]
    first_of_gymnasium = both["gymnasium"].releases[0]
    wanted = (
        ("gymnasium", "gym") if gym or release == first_of_gymnasium == (0, 26) else ("gymnasium",)
    )
    if gym and both["gym"] is None:  # Gym ended; the last that it was goes with later releases
        both["gym"] = dialect_of("0.26" if release < (1, 0) else "1.4", "gym")
    return [dialect for name in wanted if (dialect := both[name]) is not None]


def _found(name: str, release: Release) -> Dialect | None:
    return next((d for d in DIALECTS if d.name == name and _covers(d, release)), None)


def _covers(dialect: Dialect, release: Release) -> bool:
    first, last = dialect.releases
    return first <= release <= last


def _distance(dialect: Dialect, release: Release) -> int:
    first, last = dialect.releases
    return min(abs(_place(end) - _place(release)) for end in (first, last))


def _place(release: Release) -> int:
    """Return where a release stands on the line of time, on which 1.0 follows 0.29."""
    major, minor = release
    return minor if major == 0 else 30 * major + minor


def _known() -> str:
    return "The dialects are: " + "; ".join(map(str, DIALECTS)) + "."
