"""`Dict`: the cartesian product of spaces, by key."""

from __future__ import annotations

import collections.abc
from collections import OrderedDict
from collections.abc import (
    Collection,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    Sequence,
    ValuesView,
)
from typing import TYPE_CHECKING, Any, TypeAlias, cast, overload

import numpy as np
from typing_extensions import Self, TypeVar

from dromos._core import spaces as native
from dromos.error import CustomSpaceError
from dromos.spaces.composite import is_integer, wrong_seed
from dromos.spaces.hooks import copied_rng
from dromos.spaces.masks import expect, steering
from dromos.spaces.product import ProductSpace, batch_of_differing
from dromos.spaces.space import Space

if TYPE_CHECKING:
    import numpy.typing as npt

    from dromos.spaces.box import Box
    from dromos.spaces.discrete import Discrete

__all__ = ["Dict"]

_Parts_co = TypeVar("_Parts_co", bound="dict[str, Any]", default="dict[str, Any]", covariant=True)
_Part = TypeVar("_Part")
_Array = TypeVar("_Array", bound="npt.NDArray[Any]")
_Integer = TypeVar("_Integer", bound="int | np.integer[Any]")

_Seeds: TypeAlias = "dict[str, Any] | int | np.integer[Any] | np.random.Generator | None"


class Dict(ProductSpace[_Parts_co], collections.abc.Mapping[str, Space[Any]]):
    """Dicts with one element of each subspace, under its key; a mapping of its subspaces itself.

    Args:
        spaces: The subspaces: a mapping, or a sequence of pairs of a key and a space. A mapping is
            sorted by key where its keys can be compared; an `OrderedDict` and a sequence keep
            their order.
        seed: An integer ≥ 0 from which the subspaces' seeds are drawn, a dict of seeds for them,
            or a generator for the dict itself.
        sort_keys: False to keep the order of any mapping.
        **spaces_kwargs: More subspaces, behind those of `spaces`.

    Raises:
        TypeError: If `spaces` is neither, or a subspace is no space.
        ValueError: If a key is given twice.
    """

    spaces: dict[str, Space[Any]]
    sort_keys: bool

    # Subspaces of different kinds have no common kind that would be of use; see `Tuple`.
    @overload
    def __init__(
        self: Dict[dict[str, _Array]],
        spaces: Mapping[str, Box[_Array]] | Sequence[tuple[str, Box[_Array]]],
        seed: _Seeds = None,
        *,
        sort_keys: bool = True,
    ) -> None: ...
    @overload
    def __init__(
        self: Dict[dict[str, _Integer]],
        spaces: Mapping[str, Discrete[_Integer]] | Sequence[tuple[str, Discrete[_Integer]]],
        seed: _Seeds = None,
        *,
        sort_keys: bool = True,
    ) -> None: ...
    @overload
    def __init__(
        self: Dict[dict[str, Any]],
        spaces: Mapping[str, Space[Any]] | Sequence[tuple[str, Space[Any]]] | None = None,
        seed: _Seeds = None,
        *,
        sort_keys: bool = True,
        **spaces_kwargs: Space[Any],
    ) -> None: ...
    def __init__(
        self,
        spaces: Mapping[str, Space[Any]] | Sequence[tuple[str, Space[Any]]] | None = None,
        seed: _Seeds = None,
        *,
        sort_keys: bool = True,
        **spaces_kwargs: Space[Any],
    ) -> None:
        self.sort_keys = sort_keys
        self.spaces = _ordered(spaces, sort_keys)
        for key, space in spaces_kwargs.items():
            if key in self.spaces:
                raise ValueError(f"Expected each key once, found {key!r} as a keyword, too")
            self.spaces[key] = space
        for key, space in self.spaces.items():
            _check_space(key, space)
        super().__init__(None, None, seed)

    def seed(self, seed: int | np.integer[Any] | dict[str, Any] | None = None) -> dict[str, Any]:
        """Seed the subspaces.

        Args:
            seed: None to seed each from the system, an integer ≥ 0 from which their seeds are
                drawn, or a dict of one seed each, under the subspaces' keys.

        Returns:
            The seeds of the subspaces.
        """
        if isinstance(seed, dict):
            if seed.keys() != self.spaces.keys():
                raise ValueError(
                    f"Expected seeds with the keys {list(self.spaces)}, found {list(seed)}"
                )
        elif seed is not None and not is_integer(seed):
            raise wrong_seed(self, "a dict", seed)
        seeds: dict[str, Any] = self._seed_product(seed)
        return seeds

    def sample(
        self, mask: dict[str, Any] | None = None, probability: dict[str, Any] | None = None
    ) -> _Parts_co:
        """Return a dict of independent samples.

        Args:
            mask: A dict with the mask, or None, of each subspace.
            probability: A dict with the probability, or None, of each subspace.
        """
        name, parts = steering(mask, probability)
        if parts is None:
            drawn = {key: space.sample() for key, space in self.spaces.items()}
            return cast("_Parts_co", drawn)
        expect(isinstance(parts, dict), f"the type of the {name}", "dict", type(parts))
        is_complete = parts.keys() == self.spaces.keys()
        expect(is_complete, f"the keys of the {name}", list(self.spaces), list(parts))
        drawn = {key: space.sample(**{name: parts[key]}) for key, space in self.spaces.items()}
        return cast("_Parts_co", drawn)

    def contains(self, x: Any) -> bool:
        """Return whether `x` is a dict with these keys and one element of each subspace."""
        if not isinstance(x, dict) or x.keys() != self.spaces.keys():
            return False
        for key, space in self.spaces.items():  # noqa: SIM110  (`all` is slower)
            if not space.contains(x[key]):
                return False
        return True

    def to_jsonable(self, sample_n: Iterable[dict[str, Any]]) -> dict[str, Any]:
        """Return one batch a subspace, as that subspace makes it, under its key."""
        samples = list(sample_n)
        return {k: s.to_jsonable([x[k] for x in samples]) for k, s in self.spaces.items()}

    def from_jsonable(self, sample_n: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the elements of `to_jsonable`."""
        columns = [space.from_jsonable(sample_n[key]) for key, space in self.spaces.items()]
        return [self._assemble(row) for row in zip(*columns, strict=True)]

    def __getitem__(self: Dict[dict[str, _Part]], key: str) -> Space[_Part]:
        """Return the subspace under a key."""
        return self.spaces[key]

    def __setitem__(self, key: str, value: Space[Any]) -> None:
        """Put a subspace under a key."""
        _check_space(key, value)
        self.spaces[key] = value

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys."""
        return iter(self.spaces)

    def __len__(self) -> int:
        """Return the number of subspaces."""
        return len(self.spaces)

    def keys(self) -> KeysView[str]:
        """Return the keys, in order."""
        return self.spaces.keys()

    def values(self) -> ValuesView[Space[Any]]:
        """Return the subspaces, in order."""
        return self.spaces.values()

    def items(self) -> ItemsView[str, Space[Any]]:
        """Return the keys and subspaces, in order."""
        return self.spaces.items()

    def __repr__(self) -> str:
        return f"Dict({', '.join(f'{key!r}: {space}' for key, space in self.spaces.items())})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dict) and self.spaces == other.spaces

    def __hash__(self) -> int:
        return hash(Dict)

    def _subspaces(self) -> Collection[Space[Any]]:
        return self.spaces.values()

    def _parts(self, structure: Any) -> Sequence[Any]:
        try:
            return list(map(structure.__getitem__, self.spaces))
        except (AttributeError, KeyError, IndexError, TypeError):
            found = list(structure) if isinstance(structure, Mapping) else type(structure)
            raise ValueError(
                f"Expected a part for each of the keys {list(self.spaces)}, found {found}"
            ) from None

    def _entries(self) -> Iterable[tuple[Any, Any]]:
        return self.spaces.items()

    def _entries_of(self, x: Any) -> Iterable[tuple[Any, Any, Any]]:
        if self._misfits(x):
            return ()
        return [(key, x[key], space) for key, space in self.spaces.items()]

    def _misfits(self, x: Any) -> Iterable[str]:
        if not isinstance(x, dict):
            return ("dict",)
        return () if x.keys() == self.spaces.keys() else ("keys",)

    def _assemble(self, parts: Iterable[Any]) -> dict[str, Any]:
        return dict(zip(self.spaces, parts, strict=True))

    def _rows(self, columns: Iterable[Iterator[Any]]) -> Iterator[dict[str, Any]]:
        records = native.records(self.spaces, columns)
        if records is not None:
            return records
        keys = tuple(self.spaces)
        return (dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True))

    def _columns(self, items: Sequence[Any]) -> Sequence[Sequence[Any]]:
        try:
            return [[item[key] for item in items] for key in self.spaces]
        except (KeyError, IndexError, TypeError):
            return list(zip(*map(self._parts, items), strict=True))  # says what is missing

    def _of(self, subspaces: Iterable[Space[Any]], seed: Any = None) -> Any:
        return Dict(self._assemble(subspaces), seed, sort_keys=self.sort_keys)

    def _is_equivalent(self, other: Any) -> bool:
        return (
            isinstance(other, Dict)
            and self.spaces.keys() == other.spaces.keys()
            and all(space._is_equivalent(other.spaces[key]) for key, space in self.spaces.items())
        )

    @staticmethod
    def _batch_differing(spaces: Sequence[Dict]) -> Dict:
        first = spaces[0]
        for space in spaces:
            if space.spaces.keys() != first.spaces.keys():
                raise ValueError(
                    "Expected all Dict spaces to have the same keys, "
                    f"found {list(first)} and {list(space)}"
                )
        columns = ([space.spaces[key] for space in spaces] for key in first.spaces)
        batch: Dict = first._of([batch_of_differing(c) for c in columns], copied_rng(first))
        return batch

    def _json_fields(self) -> dict[str, Any]:
        for key in self.spaces:
            if type(key) not in _JSON_KEYS:
                raise CustomSpaceError(
                    "Expected the keys of a Dict with a JSON form to be strings, integers, bools "
                    f"or None, found {key!r}"
                )
        # Pairs, since JSON objects have neither an order nor keys other than strings.
        pairs = [[key, space.to_json_tree()] for key, space in self.spaces.items()]
        return {"sort_keys": bool(self.sort_keys), "spaces": pairs}

    @classmethod
    def _from_json_fields(cls, fields: Any) -> Self:
        pairs = fields.get("spaces", list)
        if not all(type(p) is list and len(p) == 2 and type(p[0]) in _JSON_KEYS for p in pairs):
            raise fields.wrong("spaces", "a list of pairs of a key and a space")
        keys = [key for key, _ in pairs]
        if len(set(keys)) != len(keys):
            raise fields.wrong("spaces", "pairs of different keys")
        spaces = [fields.space_of(tree) for _, tree in pairs]
        ordered = OrderedDict(zip(keys, spaces, strict=True))
        return cls(ordered, sort_keys=fields.get("sort_keys", bool))


_JSON_KEYS = (str, int, bool, type(None))


def _ordered(spaces: Any, sort_keys: bool) -> dict[Any, Any]:
    if spaces is None:
        return {}
    if isinstance(spaces, Mapping):
        if sort_keys and not isinstance(spaces, OrderedDict):
            try:
                return dict(sorted(spaces.items(), key=lambda pair: pair[0]))
            except TypeError:  # keys of different types
                pass
        return dict(spaces.items())
    if isinstance(spaces, Sequence):
        return dict(spaces)
    raise TypeError(f"Expected spaces to be a mapping or a sequence of pairs, found {type(spaces)}")


def _check_space(key: object, space: object) -> None:
    if not isinstance(space, Space):
        raise TypeError(f"Expected an instance of Space under {key!r}, found {type(space)}")
