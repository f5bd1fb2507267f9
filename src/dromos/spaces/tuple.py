"""`Tuple`: the cartesian product of spaces, by position."""

from __future__ import annotations

import collections.abc
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast, overload

import numpy as np
from typing_extensions import Self, TypeVar

from dromos.spaces.composite import checked_spaces, is_integer, wrong_seed
from dromos.spaces.hooks import copied_rng
from dromos.spaces.masks import expect, steering
from dromos.spaces.product import ProductSpace, batch_of_differing
from dromos.spaces.space import Space

if TYPE_CHECKING:
    import numpy.typing as npt

    from dromos.spaces.box import Box
    from dromos.spaces.discrete import Discrete

__all__ = ["Tuple"]

_Parts_co = TypeVar("_Parts_co", bound="tuple[Any, ...]", default="tuple[Any, ...]", covariant=True)
_A = TypeVar("_A")
_B = TypeVar("_B")
_C = TypeVar("_C")
_Array = TypeVar("_Array", bound="npt.NDArray[Any]")
_Integer = TypeVar("_Integer", bound="int | np.integer[Any]")

_Seeds: TypeAlias = "int | np.integer[Any] | Sequence[Any] | np.random.Generator | None"


class Tuple(ProductSpace[_Parts_co], collections.abc.Sequence[Any]):
    """Tuples with one element of each subspace; a sequence of its subspaces itself.

    Args:
        spaces: The subspaces.
        seed: An integer ≥ 0 from which the subspaces' seeds are drawn, a sequence of seeds for
            them, or a generator for the tuple itself.

    Raises:
        TypeError: If an element of `spaces` is no space.
    """

    spaces: tuple[Space[Any], ...]

    # Several spaces of different kinds have no common kind that would be of use: what is known of
    # their elements is known where the spaces stand in a tuple, or are all boxes or all integers.
    @overload
    def __init__(self: Tuple[tuple[_A]], spaces: tuple[Space[_A]], seed: _Seeds = None) -> None: ...
    @overload
    def __init__(
        self: Tuple[tuple[_A, _B]], spaces: tuple[Space[_A], Space[_B]], seed: _Seeds = None
    ) -> None: ...
    @overload
    def __init__(
        self: Tuple[tuple[_A, _B, _C]],
        spaces: tuple[Space[_A], Space[_B], Space[_C]],
        seed: _Seeds = None,
    ) -> None: ...
    @overload
    def __init__(
        self: Tuple[tuple[_Array, ...]], spaces: Iterable[Box[_Array]], seed: _Seeds = None
    ) -> None: ...
    @overload
    def __init__(
        self: Tuple[tuple[_Integer, ...]], spaces: Iterable[Discrete[_Integer]], seed: _Seeds = None
    ) -> None: ...
    @overload
    def __init__(
        self: Tuple[tuple[Any, ...]], spaces: Iterable[Space[Any]], seed: _Seeds = None
    ) -> None: ...
    def __init__(self, spaces: Iterable[Space[Any]], seed: _Seeds = None) -> None:
        self.spaces = checked_spaces(spaces)
        super().__init__(None, None, seed)

    def seed(self, seed: int | np.integer[Any] | Sequence[Any] | None = None) -> tuple[Any, ...]:
        """Seed the subspaces.

        Args:
            seed: None to seed each from the system, an integer ≥ 0 from which their seeds are
                drawn, or a tuple or list of one seed each.

        Returns:
            The seeds of the subspaces.
        """
        if seed is not None and not is_integer(seed) and not isinstance(seed, (tuple, list)):
            raise wrong_seed(self, "a tuple or list", seed)
        seeds: tuple[Any, ...] = self._seed_product(seed)
        return seeds

    def _fresh_copy(self) -> Self:
        if type(self) is not Tuple:
            return super()._fresh_copy()
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.spaces = tuple([space._fresh_copy() for space in self.spaces])
        return copy

    def sample(
        self, mask: tuple[Any, ...] | None = None, probability: tuple[Any, ...] | None = None
    ) -> _Parts_co:
        """Return a tuple of independent samples.

        Args:
            mask: A tuple with the mask, or None, of each subspace.
            probability: A tuple with the probability, or None, of each subspace.
        """
        name, parts = steering(mask, probability)
        if parts is None:
            return cast("_Parts_co", tuple([space.sample() for space in self.spaces]))
        expect(isinstance(parts, tuple), f"the type of the {name}", "tuple", type(parts))
        expect(len(parts) == len(self.spaces), f"the length of the {name}", len(self), len(parts))
        pairs = zip(self.spaces, parts, strict=True)
        return cast("_Parts_co", tuple([space.sample(**{name: part}) for space, part in pairs]))

    def contains(self, x: Any) -> bool:
        """Return whether `x`, a tuple, list or array, has one element of each subspace."""
        if not isinstance(x, (tuple, list, np.ndarray)) or getattr(x, "ndim", 1) == 0:
            return False
        if len(x) != len(self.spaces):
            return False
        for space, part in zip(self.spaces, x, strict=True):  # noqa: SIM110  (`all` is slower)
            if not space.contains(part):
                return False
        return True

    def to_jsonable(self, sample_n: Iterable[tuple[Any, ...]]) -> list[Any]:
        """Return one batch a subspace, as that subspace makes it."""
        samples = list(sample_n)
        return [s.to_jsonable([x[i] for x in samples]) for i, s in enumerate(self.spaces)]

    def from_jsonable(self, sample_n: Iterable[Any]) -> list[tuple[Any, ...]]:
        """Return the elements of `to_jsonable`."""
        columns = zip(self.spaces, sample_n, strict=True)
        return list(zip(*(space.from_jsonable(column) for space, column in columns), strict=True))

    @overload
    def __getitem__(self, index: int) -> Space[Any]: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Space[Any], ...]: ...
    def __getitem__(self, index: int | slice) -> Space[Any] | tuple[Space[Any], ...]:
        """Return the subspace at a position."""
        return self.spaces[index]

    def __len__(self) -> int:
        """Return the number of subspaces."""
        return len(self.spaces)

    def __repr__(self) -> str:
        return f"Tuple({', '.join(map(str, self.spaces))})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tuple) and self.spaces == other.spaces

    def __hash__(self) -> int:
        return hash((Tuple, self.spaces))

    def _subspaces(self) -> tuple[Space[Any], ...]:
        return self.spaces

    def _parts(self, structure: Any) -> Sequence[Any]:
        if len(structure) != len(self.spaces):
            raise ValueError(
                f"Expected {len(self.spaces)} parts, one for each subspace of the Tuple, "
                f"found {len(structure)}"
            )
        return structure  # type: ignore[no-any-return]

    def _entries(self) -> Iterable[tuple[Any, Any]]:
        return enumerate(self.spaces)

    def _entries_of(self, x: Any) -> Iterable[tuple[Any, Any, Any]]:
        if set(self._misfits(x)) - {"tuple"} or not _has_items(x):
            return ()
        return zip(range(len(x)), x, self.spaces, strict=True)

    def _misfits(self, x: Any) -> Iterable[str]:
        misfits = () if isinstance(x, tuple) else ("tuple",)
        return (*misfits, "length") if _has_items(x) and len(x) != len(self.spaces) else misfits

    def _assemble(self, parts: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(parts)

    def _rows(self, columns: Iterable[Iterator[Any]]) -> Iterator[tuple[Any, ...]]:
        return zip(*columns, strict=True)

    def _columns(self, items: Sequence[Any]) -> Sequence[Sequence[Any]]:
        return [[self._parts(item)[i] for item in items] for i in range(len(self.spaces))]

    def _of(self, subspaces: Iterable[Space[Any]], seed: Any = None) -> Any:
        return Tuple(subspaces, seed)

    @staticmethod
    def _batch_differing(spaces: Sequence[Tuple[Any]]) -> Tuple[Any]:
        columns = zip(*(space.spaces for space in spaces), strict=True)
        return Tuple(map(batch_of_differing, columns), copied_rng(spaces[0]))

    def _json_fields(self) -> dict[str, Any]:
        return {"spaces": [space.to_json_tree() for space in self.spaces]}

    @classmethod
    def _from_json_fields(cls, fields: Any) -> Self:
        return cls(fields.spaces("spaces"))


def _has_items(x: Any) -> bool:
    return isinstance(x, (tuple, list)) or (isinstance(x, np.ndarray) and x.ndim > 0)
