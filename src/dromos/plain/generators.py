"""Kinds of random generators."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from dromos.plain import randomness
from dromos.plain.errors import MalformedError
from dromos.plain.kinds import Kind

__all__ = ["GENERATORS"]


class _Whole(Kind):
    """A generator: always made of all its parts at once."""

    def label(self, arguments: list[Any], parts: list[Any], index: int) -> str:
        return ".state"

    def build(self, arguments: list[Any], parts: list[Any]) -> Any:
        if arguments or len(parts) != self.length:
            raise MalformedError(f"expected {self.length} parts of {self.tag}, found {len(parts)}")
        return self.made_of(parts)

    length: int

    def made_of(self, parts: list[Any]) -> Any:
        """Return the generator made of `length` parts."""
        raise NotImplementedError


class _Bits(_Whole):
    tag = "$bits"
    length = 3

    def parts(self, value: Any) -> list[Any]:
        return randomness.bits_to_parts(value)

    def copy_whole(self, value: Any) -> Any:
        return randomness.copy_bits(value)

    def made_of(self, parts: list[Any]) -> Any:
        return randomness.bits_from_parts(parts)


class _Generator(_Whole):
    tag = "$generator"
    length = 1

    def parts(self, value: Any) -> list[Any]:
        return [value.bit_generator]

    def label(self, arguments: list[Any], parts: list[Any], index: int) -> str:
        return ".bit_generator"

    def made_of(self, parts: list[Any]) -> Any:
        if type(parts[0]) not in randomness.BITS.values():
            raise MalformedError(f"expected a bit generator, found a {type(parts[0]).__name__}")
        return np.random.Generator(parts[0])


class _Legacy(_Whole):
    tag = "$randomstate"
    length = 3

    def parts(self, value: Any) -> list[Any]:
        return randomness.legacy_to_parts(value)

    def made_of(self, parts: list[Any]) -> Any:
        return randomness.legacy_from_parts(parts)


class _Python(_Whole):
    tag = "$random"
    length = 2

    def parts(self, value: Any) -> list[Any]:
        return randomness.python_to_parts(value)

    def made_of(self, parts: list[Any]) -> Any:
        return randomness.python_from_parts(parts)


#: By the exact type, like containers.
GENERATORS: dict[type, Kind] = {
    np.random.Generator: _Generator(),
    np.random.RandomState: _Legacy(),
    random.Random: _Python(),
    **dict.fromkeys(randomness.BITS.values(), _Bits()),
}
