"""Which import name, of which release, is answered by which packages."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from dromos.error import Error

__all__ = ["DIALECTS", "OWN", "Dialect", "dialect_of", "dialects_to_run"]

#: The library's own root package; looked up by name because nothing inside imports it.
OWN = __name__.partition(".")[0]

_SHIMS = Path(__file__).parents[1] / "shim"


@dataclass(frozen=True)
class Dialect:
    """An import name that the library answers to.

    Attributes:
        api: The release whose interface it has, as users write it.
        name: What programs import.
        version: What ``__version__`` says; clients parse it to choose among their code paths.
        homes: The packages that hold its modules; the first that has one provides it.
    """

    api: str
    name: str
    version: str
    homes: tuple[str, ...]

    @property
    def shim(self) -> Path:
        """The directory that answers for the name where it is on the module search path."""
        return _SHIMS / f"{self.name}-{self.api}"

    def home(self, inner: str) -> str | None:
        """Return the full name of the module that provides ``{name}.{inner}``, or None."""
        for home in self.homes:
            full = f"{home}.{inner}"
            try:
                if importlib.util.find_spec(full) is not None:
                    return full
            except ModuleNotFoundError as absent:
                if absent.name is None or not f"{full}.".startswith(f"{absent.name}."):
                    raise  # not this module is missing, but one that a package above it imports
        return None


DIALECTS = (
    Dialect("1.4", "gymnasium", "1.4.0", (OWN,)),
    Dialect("0.29", "gymnasium", "0.29.1", (f"{OWN}.compat.gymnasium_v029", OWN)),
    Dialect("1.4", "gym", "1.4.0", (OWN,)),
    Dialect("0.25", "gym", "0.25.2", (f"{OWN}.compat.gym_v21", OWN)),
    Dialect("0.9", "gym", "0.9.7", (f"{OWN}.compat.gym_v09", f"{OWN}.compat.gym_v21", OWN)),
)


def dialect_of(api: str, name: str) -> Dialect:
    """Return the dialect of a release under a name.

    Raises:
        Error: If there is none; the message lists those there are.
    """
    for dialect in DIALECTS:
        if (dialect.api, dialect.name) == (api, name):
            return dialect
    known = ", ".join(f"{dialect.name} {dialect.api}" for dialect in DIALECTS)
    raise Error(f"There is no dialect {name} {api}; expected one of: {known}")


def dialects_to_run(api: str, *, gym: bool) -> list[Dialect]:
    """Return the dialects of a program that speaks a release.

    Args:
        api: The release.
        gym: Whether to answer for ``gym`` as well as for ``gymnasium``; the releases that were
            Gym's answer for that name alone.

    Raises:
        Error: If there is no such release.
    """
    names = [dialect.name for dialect in DIALECTS if dialect.api == api]
    if names == ["gym"]:
        return [dialect_of(api, "gym")]
    return [dialect_of(api, name) for name in ("gymnasium", "gym")[: gym + 1]]
