"""`Space`: what every space is, and what a space of a user's own may leave to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeAlias

import numpy as np
import numpy.typing as npt
from typing_extensions import Self, TypeVar

from dromos import seeding
from dromos.error import CustomSpaceError
from dromos.homes import adopt, home_of, rename
from dromos.spaces.hooks import SpaceHooks

__all__ = ["MaskNDArray", "Space", "T_cov"]

T_cov = TypeVar("T_cov", covariant=True, default=Any)

#: A mask of choices: 1 may be drawn, 0 may not.
MaskNDArray: TypeAlias = npt.NDArray[np.int8]


@adopt
class Space(SpaceHooks, Generic[T_cov]):
    """A set of values: the actions an environment takes, or the observations it gives.

    A space of a user's own defines `sample` and `contains` (and `seed`, if it holds generators
    besides its own); everything else has a default, under which batches are tuples of elements.
    What the defaults cannot do for it, the methods of `SpaceHooks` say, one a public function.

    Spaces are mutable: an attribute assigned is an attribute in force.

    Args:
        shape: The shape of the elements if they are arrays, else None.
        dtype: The dtype of the elements if they are arrays, else None.
        seed: An integer ≥ 0, or a generator to draw from (it is shared, not copied).
    """

    dtype: np.dtype[Any] | None
    _shape: tuple[int, ...] | None
    _np_random: np.random.Generator | None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        rename(cls)

    def __init__(
        self,
        shape: Sequence[int] | None = None,
        dtype: npt.DTypeLike | None = None,
        seed: Any = None,
    ) -> None:
        self._shape = None if shape is None else tuple(shape)
        self.dtype = None if dtype is None else np.dtype(dtype)
        self._np_random = None
        if isinstance(seed, np.random.Generator):
            self._np_random = seed
        elif seed is not None:
            self.seed(seed)

    @property
    def np_random(self) -> np.random.Generator:
        """The generator samples are drawn from; seeded from the system when first asked for."""
        if self._np_random is None:
            self.seed()
        if self._np_random is None:  # a subclass's `seed` may seed its subspaces only
            self._np_random, _ = seeding.np_random()
        return self._np_random

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The shape of the elements, or None if they are not arrays."""
        return self._shape

    @property
    def is_np_flattenable(self) -> bool:
        """Whether elements flatten into one array of a fixed length."""
        raise NotImplementedError(
            f"{type(self).__name__} does not say whether it flattens into an array: "
            "define `is_np_flattenable`"
        )

    def sample(self, mask: Any | None = None, probability: Any | None = None) -> T_cov:
        """Return a random element.

        Args:
            mask: Which choices may be drawn; its form is the space's own.
            probability: How likely each choice is; not together with `mask`.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define `sample`")

    def seed(self, seed: Any = None) -> Any:
        """Seed the space, and the spaces it is made of.

        Args:
            seed: An integer ≥ 0, or None to draw a seed from the system. Spaces made of others
                also take a structure of seeds.

        Returns:
            The seed that was used; for spaces made of others, a structure of seeds.
        """
        self._np_random, used = seeding.np_random(seed)
        return used

    def contains(self, x: Any) -> bool:
        """Return whether `x` is an element of the space."""
        raise NotImplementedError(f"{type(self).__name__} does not define `contains`")

    def __contains__(self, x: Any) -> bool:
        return self.contains(x)

    def __setstate__(self, state: Iterable[tuple[str, Any]] | Mapping[str, Any]) -> None:
        """Restore a pickled space; pickles of old Gym name two attributes differently."""
        attributes = dict(state)
        for old, new in (("shape", "_shape"), ("np_random", "_np_random")):
            if old in attributes:
                attributes[new] = attributes.pop(old)
        if isinstance(attributes.get("_np_random"), np.random.RandomState):
            attributes["_np_random"] = None  # spaces have drawn from a Generator since Gym 0.22
        self.__dict__.update(attributes)

    def to_jsonable(self, sample_n: Sequence[Any]) -> Any:
        """Return a batch of elements as what `json.dumps` takes; the elements, unless overridden.

        Args:
            sample_n: The elements.
        """
        return list(sample_n)

    def from_jsonable(self, sample_n: Any) -> list[Any]:
        """Return the batch of elements that `to_jsonable` was given.

        Args:
            sample_n: What `to_jsonable` returned.
        """
        return list(sample_n)

    def to_json(self) -> str:
        """Return the space as a JSON text, from which `from_json` makes an equal space.

        Bounds are exact. The state of the random generator is not part of it.

        Raises:
            CustomSpaceError: If the space, or one it is made of, is of a class without JSON form.
        """
        import json

        return json.dumps(self.to_json_tree(), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the space that a text of `to_json` describes; nothing is imported or executed.

        Raises:
            InvalidJson: If `text` is not JSON, or does not describe a space of this class.
        """
        from dromos.spaces.json_form import parse, space_from_tree

        return space_from_tree(parse(text), cls)

    def to_json_tree(self) -> dict[str, Any]:
        """Return what `to_json` writes, as JSON-able dicts, lists and scalars."""
        cls = type(self)
        if "_json_fields" not in cls.__dict__:
            raise CustomSpaceError(
                f"{cls.__name__} has no JSON form. To give it one, define the method "
                "`_json_fields(self)`, returning a dict, and the class method "
                "`_from_json_fields(cls, fields)` in that class"
            )
        return {"space": space_name(cls), **self._json_fields()}


def space_name(cls: type[Any]) -> str:
    """Return the name of a class of space in JSON: of our own ones bare, else ``module:Class``."""
    is_ours = home_of(cls).startswith("dromos.spaces.")
    return cls.__name__ if is_ours else f"{home_of(cls)}:{cls.__qualname__}"
