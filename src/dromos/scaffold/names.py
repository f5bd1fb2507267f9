"""The names of a new package and of what is in it, all made of one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dromos.error import Error

__all__ = ["Names"]

_PREFIX = "gym-"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Names:
    """The names that follow from that of an environment.

    Attributes:
        name: The environment's: words of small letters and digits, with hyphens between.
    """

    name: str

    @classmethod
    def of(cls, text: str) -> Names:
        """Return the names for what a user typed; ``gym-`` in front may be left out.

        Raises:
            Error: If it is no name.
        """
        name = text.removeprefix(_PREFIX)
        if not _NAME.fullmatch(name):
            hint = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower())
            hint = re.sub(r"^[0-9-]+|-+$", "", hint)
            raise Error(
                f"{text!r} cannot name a package: expected words of small letters and digits with "
                f"hyphens between, the first letter no digit, for example {hint or 'grid-world'!r}."
            )
        return cls(name)

    @property
    def distribution(self) -> str:
        """What ``pip`` calls the package, and the name of its folder."""
        return f"{_PREFIX}{self.name}"

    @property
    def package(self) -> str:
        """What Python imports."""
        return self.distribution.replace("-", "_")

    @property
    def module(self) -> str:
        """The module that holds the environment; its name ends in ``_env``."""
        return "_".join(self._words())

    @property
    def env_class(self) -> str:
        """The class of the environment; its name ends in ``Env``."""
        return "".join(map(str.capitalize, self._words()))

    @property
    def vector_class(self) -> str:
        """The class of vectors of it; its name ends in ``VectorEnv``."""
        return f"{self.env_class.removesuffix('Env')}VectorEnv"

    @property
    def dynamics(self) -> str:
        """The struct of an environment in C++."""
        return self.env_class.removesuffix("Env") or self.env_class

    @property
    def library(self) -> str:
        """The library of such environments, and the file with the struct."""
        return self.name.replace("-", "_")

    @property
    def env_id(self) -> str:
        """What `make` is given."""
        return f"{self.name}-v0"

    def _words(self) -> list[str]:
        """Return the words of the name and, whether or not it ends in it, one ``env``."""
        return [*filter(None, self.name.removesuffix("env").split("-")), "env"]
