"""`Text`: strings over a set of characters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from typing_extensions import Self

from dromos.spaces import shared_arrays
from dromos.spaces.composite import is_integer
from dromos.spaces.masks import (
    check_array,
    check_binary,
    check_distribution,
    expect,
    only_one,
    weighted_indices,
)
from dromos.spaces.space import Space

__all__ = ["Text", "alphanumeric"]

alphanumeric: frozenset[str] = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)

_INDEX = np.dtype(np.int32)


class Text(Space[str]):
    """The strings of bounded length over a set of characters.

    A string flattens into the int32 indices of its characters in `character_list`, padded to
    `max_length` with the number of characters.

    Args:
        max_length: The length of the longest string.
        min_length: The length of the shortest string.
        charset: The characters. A set is sorted; a string keeps its order, and each character once.
        seed: An integer ≥ 0, or a generator to draw from.

    Raises:
        TypeError: If a length is no integer.
        ValueError: If ``0 <= min_length <= max_length`` does not hold, or an element of `charset`
            is not a single character.
    """

    min_length: int
    max_length: int
    is_np_flattenable = True  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType]

    def __init__(
        self,
        max_length: int | np.integer[Any],
        *,
        min_length: int | np.integer[Any] = 1,
        charset: frozenset[str] | set[str] | str | Sequence[str] = alphanumeric,
        seed: int | np.integer[Any] | np.random.Generator | None = None,
    ) -> None:
        for name, length in (("min_length", min_length), ("max_length", max_length)):
            if not is_integer(length):
                raise TypeError(f"Expected {name} to be an integer, found {type(length)}")
        if not 0 <= min_length <= max_length:
            raise ValueError(
                "Expected 0 <= min_length <= max_length, "
                f"found min_length={min_length}, max_length={max_length}"
            )
        # The order of a set differs from process to process.
        is_set = isinstance(charset, (set, frozenset))
        characters = sorted(charset) if is_set else list(dict.fromkeys(charset))
        wrong = [character for character in characters if len(character) != 1]
        if wrong:
            raise ValueError(f"Expected the charset to hold single characters, found {wrong}")
        self.min_length, self.max_length = int(min_length), int(max_length)
        self._char_list = tuple(characters)
        self._char_set = frozenset(characters)
        self._char_index = {char: i for i, char in enumerate(characters)}
        self._char_str = "".join(sorted(characters))
        super().__init__(dtype=str, seed=seed)

    @property
    def character_set(self) -> frozenset[str]:
        """The characters, without order."""
        return self._char_set

    @property
    def character_list(self) -> tuple[str, ...]:
        """The characters, in the order of their indices."""
        return self._char_list

    @property
    def characters(self) -> str:
        """The characters, sorted."""
        return self._char_str

    def character_index(self, char: str) -> np.int32:
        """Return the index of a character; raise `KeyError` if the space has no such character."""
        return np.int32(self._char_index[char])

    def sample(
        self,
        mask: tuple[int | None, npt.NDArray[np.int8] | None] | None = None,
        probability: tuple[int | None, npt.NDArray[np.float64] | None] | None = None,
    ) -> str:
        """Return a random string, of uniform length and characters unless told otherwise.

        Args:
            mask: ``(length, characters)``: the length, or None for a random one, and an int8 array
                of shape (number of characters,), 1 where a character may be drawn, 0 where not,
                or None if all may. If none may be, the string is empty.
            probability: Likewise, with a float64 array whose sum is 1: how likely each character
                is.

        Raises:
            MaskError: If the mask or the probability is none.
            ValueError: If both are given, or no character may be drawn and the empty string is not
                in the space.
        """
        only_one(mask, probability)
        length, weights = self._steered(mask, probability)
        if length is None:
            length = int(self.np_random.integers(self.min_length, self.max_length + 1))
        if weights.any():
            indices = weighted_indices(self.np_random, weights, length)
            return "".join([self.character_list[index] for index in indices.tolist()])
        if self.min_length > 0:
            raise ValueError(
                "Expected a character that may be drawn, since strings have at least "
                f"{self.min_length}; found mask={mask} for the characters {self.characters!r}"
            )
        return ""

    def _steered(self, mask: Any, probability: Any) -> tuple[int | None, npt.NDArray[np.float64]]:
        """Return the length, if it is given, and how likely each character is."""
        if probability is not None:
            length, likely = self._checked("probability", probability, np.float64)
            if likely is not None:
                check_distribution("probability", likely)
                return length, likely
        else:
            length, allowed = self._checked("mask", (None, None) if mask is None else mask, np.int8)
            if allowed is not None:
                check_binary("mask", allowed)
                return length, allowed / max(1, allowed.sum())
        number = len(self.character_list)
        return length, np.ones(number) / max(1, number)

    def _checked(
        self, what: str, given: Any, dtype: type[np.generic]
    ) -> tuple[int | None, npt.NDArray[Any] | None]:
        """Return the length and the array of a mask or probability, after checking them."""
        expect(isinstance(given, tuple), f"the type of the {what}", "tuple", type(given))
        expect(len(given) == 2, f"the length of the {what}", 2, len(given))
        length, array = given
        if length is not None:
            expect(is_integer(length), f"the length in the {what}", "an integer", type(length))
            length = int(length)
            in_range = self.min_length <= length <= self.max_length
            limits = f"between {self.min_length} and {self.max_length}"
            expect(in_range, f"the length in the {what}", limits, length)
        if array is not None:
            check_array(what, array, (len(self.character_list),), dtype)
        return length, array

    def contains(self, x: Any) -> bool:
        """Return whether `x` is a string of such a length over such characters."""
        return (
            isinstance(x, str)
            and self.min_length <= len(x) <= self.max_length
            and self.character_set.issuperset(x)
        )

    def __repr__(self) -> str:
        return f"Text({self.min_length}, {self.max_length}, charset={self.characters})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Text)
            and self.min_length == other.min_length
            and self.max_length == other.max_length
            and self.character_set == other.character_set
        )

    def __hash__(self) -> int:
        return hash((Text, self.character_set))

    def _is_equivalent(self, other: Any) -> bool:
        return (
            isinstance(other, Text)
            and self.max_length == other.max_length
            and self.character_set == other.character_set
        )

    def _flatdim(self) -> int:
        return self.max_length

    def _flat_dtype(self) -> np.dtype[Any]:
        return _INDEX

    def _flatten(self, x: str) -> npt.NDArray[np.int32]:
        if len(x) > self.max_length or not self.character_set.issuperset(x):
            raise ValueError(f"Expected an element of {self}, found {x!r}")
        indices = np.full(self.max_length, len(self.character_list), _INDEX)
        indices[: len(x)] = list(map(self._char_index.__getitem__, x))
        return indices

    def _unflatten(self, x: npt.NDArray[Any]) -> str:
        characters = self.character_list
        return "".join([characters[int(i)] for i in x.tolist() if 0 <= i < len(characters)])

    def _flat_space(self) -> Any:
        from dromos.spaces.box import Box

        return Box(0, len(self.character_list), (self.max_length,), _INDEX)

    def _zero(self) -> str:
        return self.characters[:1] * self.min_length

    def _create_empty(self, n: int, fn: Callable[..., Any]) -> tuple[str, ...]:
        return (self.characters[:1] * self.min_length,) * n

    def _create_shared(self, n: int, ctx: Any) -> Any:
        return shared_arrays.create_array(ctx, _INDEX, n * self.max_length)

    def _read_shared(self, memory: Any, n: int) -> tuple[str, ...]:
        lanes = shared_arrays.view(memory, _INDEX, (n, self.max_length))
        return tuple(self._unflatten(lane) for lane in lanes)

    def _write_shared(self, index: int, value: str, memory: Any) -> None:
        shared_arrays.write(memory, _INDEX, (self.max_length,), index, self._flatten(value))

    def _json_fields(self) -> dict[str, Any]:
        return {
            "min_length": self.min_length,
            "max_length": self.max_length,
            # A list, since a JSON string would join two surrogates into one character.
            "charset": list(self.character_list),
        }

    @classmethod
    def _from_json_fields(cls, fields: Any) -> Self:
        charset = fields.get("charset", list)
        if not all(isinstance(character, str) for character in charset):
            raise fields.wrong("charset", "a list of characters")
        shortest, longest = fields.get("min_length", int), fields.get("max_length", int)
        return cls(longest, min_length=shortest, charset=charset)
