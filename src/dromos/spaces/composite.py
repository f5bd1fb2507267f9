"""What the spaces have in common that are made of other spaces: seeds and parts of masks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from dromos import seeding
from dromos.spaces.space import Space, T_cov

__all__ = [
    "CompositeSpace",
    "checked_spaces",
    "flatten_batch",
    "is_integer",
    "no_fixed_size",
    "stacked",
    "unflatten_batch",
    "wrong_seed",
]

#: Seeds of subspaces are drawn below this.
_SUBSEED_LIMIT = np.iinfo(np.int32).max


class CompositeSpace(Space[T_cov]):
    """A space made of others, each with a generator of its own."""

    @property
    def np_random(self) -> np.random.Generator:
        """The space's own generator; asking for it leaves the subspaces' alone."""
        if self._np_random is None:
            self._np_random, _ = seeding.np_random()
        return self._np_random

    def _seed_own(self, seed: Any) -> int:
        self._np_random, used = seeding.np_random(seed)
        return used

    def _seed_subspaces(self, subspaces: Collection[Space[Any]]) -> list[Any]:
        """Seed each subspace with an integer drawn from the space's own generator."""
        subseeds = self.np_random.integers(_SUBSEED_LIMIT, size=len(subspaces)).tolist()
        return [space.seed(seed) for space, seed in zip(subspaces, subseeds, strict=True)]

    def _seed_own_and_subspaces(
        self, seed: Any, subspaces: Sequence[Space[Any]]
    ) -> tuple[Any, ...]:
        """Seed a space that draws from its own generator, too; the first seed is its own."""
        if seed is None:
            return (self._seed_own(None), *(space.seed(None) for space in subspaces))
        if is_integer(seed):
            own = self._seed_own(seed)
            used = self._seed_subspaces(subspaces)
            # Drawing the subseeds must not leave a trace: one stream an own seed.
            return (self._seed_own(own), *used)
        if not isinstance(seed, (tuple, list)):
            raise wrong_seed(self, "a tuple or list", seed)
        if len(seed) != 1 + len(subspaces):
            raise ValueError(
                f"Expected {1 + len(subspaces)} seeds, one for the {type(self).__name__} and one "
                f"for each of its subspaces, found {len(seed)}"
            )
        used = [space.seed(subseed) for space, subseed in zip(subspaces, seed[1:], strict=True)]
        return (self._seed_own(seed[0]), *used)


def is_integer(seed: object) -> bool:
    """Return whether `seed` is one integer, of Python or NumPy."""
    return isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)


def wrong_seed(space: Space[Any], structure: str, found: object) -> TypeError:
    """Return the error of a seed that is neither an integer nor the structure of the space."""
    return TypeError(
        f"Expected the seed of a {type(space).__name__} to be None, an integer or {structure}, "
        f"found {found!r}"
    )


def checked_spaces(spaces: Iterable[Any]) -> tuple[Space[Any], ...]:
    """Return `spaces` as a tuple; raise `TypeError` if one of them is no space."""
    if not isinstance(spaces, Iterable):
        raise TypeError(f"Expected an iterable of spaces, found {spaces!r}")
    checked = tuple(spaces)
    for space in checked:
        if not isinstance(space, Space):
            raise TypeError(f"Expected an instance of Space, found {space!r} of {type(space)}")
    return checked


def flatten_batch(space: Space[Any], batch: Any) -> Any:
    """Return a batch of elements of `space` as a batch of flattened elements."""
    flat = [space._flatten(x) for x in space._unbatch(batch)]
    return stacked(space._flat_space(), flat)


def unflatten_batch(space: Space[Any], batch: Any) -> Any:
    """Return the batch of elements of `space` that `flatten_batch` was given."""
    return stacked(space, [space._unflatten(x) for x in space._flat_space()._unbatch(batch)])


def stacked(space: Space[Any], items: Sequence[Any]) -> Any:
    """Return elements of `space` as one batch."""
    return space._concatenate(items, space._create_empty(len(items), np.zeros))


def no_fixed_size(space: Space[Any]) -> TypeError:
    """Return the error of asking for shared memory for elements without a fixed size."""
    return TypeError(
        f"{space} has a dynamic shape, so there is no memory of a fixed size to share for it; use "
        "`shared_memory=False`"
    )
