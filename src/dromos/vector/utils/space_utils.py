"""Batches: their spaces, and how elements come into them and out of them.

Third parties extend each function to their own class of space with its ``register``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from dromos.spaces import Space
from dromos.spaces.dispatch import answered_by, raise_if_no_space
from dromos.spaces.product import batch_of_differing
from dromos.spaces.utils import is_space_dtype_shape_equiv

__all__ = [
    "batch_differing_spaces",
    "batch_space",
    "concatenate",
    "create_empty_array",
    "is_space_dtype_shape_equiv",
    "iterate",
]


@answered_by("_batch")
def batch_space(space: Space[Any], n: int = 1) -> Any:
    """Return the space of batches of `n` elements of `space`.

    ==================================================  ========================================
    Space                                               Batch
    ==================================================  ========================================
    `Box`                                               `Box` of shape (n, …), bounds repeated
    `Discrete`                                          `MultiDiscrete` of shape (n,)
    `MultiDiscrete`, `MultiBinary`                      `Box` of shape (n, …), of integers
    `Tuple`, `Dict`                                     the same of batches
    `Text`, `Sequence`, `Graph`, `OneOf`, and others    `Tuple` of n copies, seeded differently
    ==================================================  ========================================

    The batch samples from a copy of the space's generator.
    """
    try:
        return space._batch(n)
    except AttributeError:
        raise_if_no_space("batch_space", space)
        raise


@answered_by("_batch_differing")
def batch_differing_spaces(spaces: Sequence[Space[Any]]) -> Any:
    """Return the space of batches with one element of each of `spaces`.

    They are of one class, with one dtype and shape; bounds and numbers of values may differ.

    Raises:
        ValueError: If there is no space, or dtypes, shapes or keys differ.
        TypeError: If the spaces are of different classes.
    """
    return batch_of_differing(spaces)


@answered_by("_iterate")
def iterate(space: Space[Any], items: Any) -> Iterator[Any]:
    """Return an iterator over the elements of a batch.

    Args:
        space: The space of the batch, such as `batch_space` returns.
        items: The batch.

    Raises:
        TypeError: If `items` is no batch, or `space` a `Discrete`, whose elements are none.
        CustomSpaceError: If the class of `space` has no implementation.
    """
    try:
        return space._iterate(items)
    except AttributeError:
        raise_if_no_space("iterate", space)
        raise


@answered_by("_concatenate")
def concatenate(space: Space[Any], items: Iterable[Any], out: Any) -> Any:
    """Return elements of `space` as one batch.

    Args:
        space: The space of a single element.
        items: The elements.
        out: Where arrays are written to, such as `create_empty_array` returns.

    Returns:
        The batch: `out`, or a new structure of the arrays in `out`.

    Raises:
        ValueError: If an item has another shape, or there are not as many as rows of `out`.
    """
    try:
        return space._concatenate(items, out)
    except AttributeError:
        raise_if_no_space("concatenate", space)
        raise


@answered_by("_create_empty")
def create_empty_array(space: Space[Any], n: int = 1, fn: Callable[..., Any] = np.zeros) -> Any:
    """Return a batch for `concatenate` to write to.

    Its arrays need not hold elements of the space: zero may be out of bounds.

    Args:
        space: The space of a single element.
        n: The number of elements.
        fn: What makes an array of ``fn(shape, dtype=dtype)``, such as `numpy.empty`.

    Returns:
        The batch; None for a space of a user's own class.
    """
    try:
        return space._create_empty(n, fn)
    except AttributeError:
        raise_if_no_space("create_empty_array", space)
        raise
