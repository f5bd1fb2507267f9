"""The arrays that a rollout of a vector goes into: new ones, or the caller's."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.rollout.arrays import Array, Place, leaves_of, like_space
from dromos.rollout.value import FIELDS, NUMBERS, Rollout

if TYPE_CHECKING:
    import os

__all__ = ["count_of_steps", "empty", "given_arrays", "of_caller", "zeros"]


def zeros(_: str, shape: tuple[int, ...], dtype: Any) -> Array:
    """Return a new array; of objects, of None."""
    return np.full(shape, None) if np.dtype(dtype).hasobject else np.zeros(shape, dtype)


def count_of_steps(steps: Any) -> int:
    """Return a number of steps as an int.

    Raises:
        TypeError: If it is no integer.
        ValueError: If it is less than 1.
    """
    try:
        count = operator.index(steps)
    except TypeError:
        raise TypeError(
            f"Expected the number of steps to be an integer, found {steps!r}; "
            "with a policy, call `rollout(policy, steps)`"
        ) from None
    if count < 1:
        raise ValueError(f"Expected at least one step, found {count}")
    return count


def empty(vector: Any, steps: int, path: str | os.PathLike[str] | None) -> Rollout:
    """Return zeros for a vector's rollout (see `Rollout.empty`)."""
    steps = count_of_steps(steps)
    if path is None:
        return _allocated(vector, steps, zeros)
    from dromos.rollout.files import mapped, write_manifest

    with mapped(path) as place:
        rollout = _allocated(vector, steps, place)
        write_manifest(rollout, path)
    return rollout


def _allocated(vector: Any, steps: int, place: Place) -> Rollout:
    shape = (steps, vector.num_envs)

    def observations(name: str, length: int) -> Any:
        return like_space(vector.single_observation_space, (length, shape[1]), place, name)

    fields: dict[str, Any] = {
        "observations": observations("observations", steps + 1),
        "actions": like_space(vector.single_action_space, shape, place, "actions"),
    }
    fields |= {name: place(name, shape, np.dtype(dtype)) for name, dtype in NUMBERS.items()}
    if shows_next(vector):
        fields["final_observations"] = observations("final_observations", steps)
    return Rollout(**fields)


def shows_next(vector: Any) -> bool:
    """Return whether lanes that end show their next episode at once: SAME_STEP mode."""
    mode = vector.metadata.get("autoreset_mode")
    return getattr(mode, "name", None) == "SAME_STEP"


def given_arrays(out: Any, *, futures: bool = False) -> dict[str, Array]:
    """Return the arrays of a caller's ``out`` by what they are called (see `leaves_of`).

    Args:
        out: A `Rollout`, or a dict of some of its fields.
        futures: Whether they are for the futures of an environment, not for a vector.

    Raises:
        TypeError: If it is neither a `Rollout` nor a dict of such arrays.
        ValueError: If it is one of futures and should not be, or two of its arrays overlap.
    """
    if isinstance(out, Rollout):
        if out.time_axis != futures:
            axes = ("(T, N, ...), of a vector", "(K, T, ...), of futures")
            raise ValueError(f"out: expected arrays {axes[futures]}, found {axes[not futures]}")
        given = {name: getattr(out, name) for name in FIELDS}
        if not out.has_own_finals:
            del given["final_observations"]
    elif isinstance(out, Mapping):
        given = dict(out)
    else:
        raise TypeError(f"out: expected a Rollout or a dict of arrays, found {type(out).__name__}")
    if unknown := [name for name in given if name not in FIELDS]:
        raise TypeError(f"out: expected fields among {', '.join(FIELDS)}, found {unknown}")
    arrays = {where: leaf for name, tree in given.items() for where, leaf in leaves_of(tree, name)}
    for where, array in arrays.items():
        if not isinstance(array, np.ndarray):
            raise TypeError(f"out[{where!r}]: expected an array, found {type(array).__name__}")
    refuse_overlaps(itertools.combinations(arrays.items(), 2))
    return arrays


def refuse_overlaps(pairs: Iterable[tuple[tuple[str, Array], tuple[str, Array]]]) -> None:
    """Raise if two arrays, neither of which has gaps, share memory.

    Raises:
        ValueError: If two do.
    """
    for (name, one), (other_name, other) in pairs:
        solid = one.flags.c_contiguous and other.flags.c_contiguous
        if solid and np.may_share_memory(one, other):
            raise ValueError(
                f"{name} and {other_name} of out: expected arrays of their own, they overlap"
            )


def of_caller(arrays: Mapping[str, Array], new: Place = zeros) -> Place:
    """Return what takes the caller's arrays where there are some, and makes new ones elsewhere.

    Args:
        arrays: Of `given_arrays`.
        new: What makes the others.

    Returns:
        A function of the name, shape and dtype of an array. It raises `ValueError` where the
        caller's is too short, or of another shape or dtype.
    """
    if not arrays:
        return new
    fields = {name.partition("[")[0] for name in arrays}

    def place(name: str, shape: tuple[int, ...], dtype: Any) -> Array:
        array = arrays.get(name)
        if array is None:
            if name.partition("[")[0] in fields:
                raise ValueError(f"out[{name!r}]: expected such an array, found none")
            return new(name, shape, dtype)
        if array.dtype != dtype:
            raise ValueError(f"out[{name!r}]: expected {np.dtype(dtype)}, found {array.dtype}")
        if array.shape[1:] != shape[1:] or not array.ndim or len(array) < shape[0]:
            raise ValueError(
                f"out[{name!r}]: expected an array of shape {shape}, or of more steps, found "
                f"{array.shape}"
            )
        if not array.flags.writeable:
            raise ValueError(f"out[{name!r}]: expected an array to write to; it is read-only")
        return array[: shape[0]]

    return place
