"""Batches in memory that processes share.

Third parties extend each function to their own class of space with its ``register``.
"""

from __future__ import annotations

from typing import Any

from dromos.spaces import Space
from dromos.spaces.dispatch import answered_by, raise_if_no_space

__all__ = ["create_shared_memory", "read_from_shared_memory", "write_to_shared_memory"]


@answered_by("_create_shared")
def create_shared_memory(space: Space[Any], n: int = 1, ctx: Any = None) -> Any:
    """Return memory for a batch of `n` elements of `space`, shared between processes.

    Args:
        space: The space of a single element.
        n: The number of elements.
        ctx: `multiprocessing`, or one of its contexts; the former if None.

    Returns:
        A locked array of `multiprocessing`, or such arrays in the structure of the space.

    Raises:
        TypeError: If elements have no fixed size, as those of `Graph` and `Sequence`.
        CustomSpaceError: If the class of `space` has no implementation.
    """
    if ctx is None:
        import multiprocessing as ctx
    try:
        return space._create_shared(n, ctx)
    except AttributeError:
        raise_if_no_space("create_shared_memory", space)
        raise


@answered_by("_read_shared")
def read_from_shared_memory(space: Space[Any], shared_memory: Any, n: int = 1) -> Any:
    """Return the batch of `n` elements in shared memory; its arrays are views of that memory.

    Args:
        space: The space of a single element.
        shared_memory: What `create_shared_memory` returned.
        n: The number of elements.
    """
    try:
        return space._read_shared(shared_memory, n)
    except AttributeError:
        raise_if_no_space("read_from_shared_memory", space)
        raise


@answered_by("_write_shared")
def write_to_shared_memory(space: Space[Any], index: int, value: Any, shared_memory: Any) -> None:
    """Write one element of a batch in shared memory.

    Args:
        space: The space of a single element.
        index: The position of the element in the batch.
        value: The element.
        shared_memory: What `create_shared_memory` returned.
    """
    try:
        space._write_shared(index, value, shared_memory)
    except AttributeError:
        raise_if_no_space("write_to_shared_memory", space)
        raise
