"""Elements of spaces as flat arrays, and back; spaces compared by structure.

Third parties extend each function to their own class of space with its ``register``.
"""

from __future__ import annotations

from typing import Any

from dromos.spaces.dispatch import answered_by, raise_if_no_space
from dromos.spaces.space import Space

__all__ = ["flatdim", "flatten", "flatten_space", "is_space_dtype_shape_equiv", "unflatten"]


@answered_by("_flatdim")
def flatdim(space: Space[Any]) -> int:
    """Return the length of the array that an element of `space` flattens into.

    Raises:
        ValueError: If elements have no fixed size, as those of `Graph` and `Sequence`.
        NotImplementedError: If the class of `space` does not say.
    """
    try:
        return space._flatdim()
    except AttributeError:
        raise_if_no_space("flatdim", space)
        raise


@answered_by("_flatten")
def flatten(space: Space[Any], x: Any) -> Any:
    """Return element `x` of `space` as a new array of one axis.

    ===================================  =======================================================
    Space                                Array
    ===================================  =======================================================
    `Box`, `MultiBinary`                 the elements in C order
    `Discrete`, `MultiDiscrete`          one-hot vectors, one after the other
    `Text`                               int32 indices of the characters, padded
    `Tuple`, `Dict`                      the flattened parts, one after the other
    `OneOf`                              the index and the flattened element, padded
    ===================================  =======================================================

    `Sequence` and `Graph`, and a `Tuple` or `Dict` with one inside, keep their structure; their
    elements are flattened.

    Raises:
        ValueError: If `x` is no element of `space` and cannot be flattened as one.
        NotImplementedError: If the class of `space` does not say how.
    """
    try:
        return space._flatten(x)
    except AttributeError:
        raise_if_no_space("flatten", space)
        raise


@answered_by("_unflatten")
def unflatten(space: Space[Any], x: Any) -> Any:
    """Return the element of `space` that `flatten` made `x` of.

    Raises:
        ValueError: If `x` is not the flattened form of an element, as a vector of several ones
            is not for `Discrete`; not every element of `flatten_space` is.
        NotImplementedError: If the class of `space` does not say how.
    """
    try:
        return space._unflatten(x)
    except AttributeError:
        raise_if_no_space("unflatten", space)
        raise


@answered_by("_flat_space")
def flatten_space(space: Space[Any]) -> Any:
    """Return the space of the flattened elements of `space`: a `Box` of one axis where it can be.

    `Sequence` and `Graph`, and a `Tuple` or `Dict` with one inside, keep their structure; their
    subspaces are flattened.

    Raises:
        NotImplementedError: If the class of `space` does not say.
    """
    try:
        return space._flat_space()
    except AttributeError:
        raise_if_no_space("flatten_space", space)
        raise


@answered_by("_is_equivalent")
def is_space_dtype_shape_equiv(space_1: Space[Any], space_2: Space[Any]) -> bool:
    """Return whether elements of both spaces fit into one batch.

    They do if both have the same structure, dtypes and shapes; bounds and numbers of values may
    differ.
    """
    try:
        return space_1._is_equivalent(space_2)
    except AttributeError:
        raise_if_no_space("is_space_dtype_shape_equiv", space_1)
        raise
