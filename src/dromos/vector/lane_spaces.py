"""The spaces of a vector, made of those of its sub-environments, and batches of their elements."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

from dromos.error import add_note
from dromos.spaces import Space
from dromos.spaces.utils import is_space_dtype_shape_equiv
from dromos.vector.utils.space_utils import (
    batch_differing_spaces,
    batch_space,
    concatenate,
    create_empty_array,
)

__all__ = ["LaneSpaces", "ObservationBatcher", "batches_to_arrays", "lane_spaces"]

AnySpace = Space[Any]


class LaneSpaces(NamedTuple):
    """The spaces of one lane and of all lanes together, as pairs."""

    observation: tuple[AnySpace, AnySpace]
    action: tuple[AnySpace, AnySpace]


def lane_spaces(
    envs: Sequence[Any], observation_mode: str | tuple[AnySpace, AnySpace]
) -> LaneSpaces:
    """Return the spaces of a vector after checking that its sub-environments agree.

    Args:
        envs: The sub-environments, or what is known of each; at least one.
        observation_mode: ``"same"`` when all observation spaces are equal, ``"different"`` when
            only their dtypes and shapes are (the bounds are batched lane by lane), or the tuple
            ``(batched space, single space)``.

    Raises:
        RuntimeError: If a sub-environment's space does not match.
        ValueError, TypeError: If the mode is none of the three.
    """
    _check_mode(observation_mode)
    single = envs[0].observation_space
    action_space = envs[0].action_space
    if isinstance(observation_mode, tuple):
        single = observation_mode[1]
    _check_lanes(envs, observation_mode, single)
    if isinstance(observation_mode, tuple):
        batched = observation_mode[0]
    elif observation_mode == "same":
        batched = batch_space(single, len(envs))
    else:
        batched = batch_differing_spaces([env.observation_space for env in envs])
    return LaneSpaces((single, batched), (action_space, batch_space(action_space, len(envs))))


def _check_lanes(
    envs: Sequence[Any], mode: str | tuple[AnySpace, AnySpace], single: AnySpace
) -> None:
    for lane, env in enumerate(envs):
        if mode == "same":
            _require_equal(lane, "observation", env.observation_space, single)
        elif not is_space_dtype_shape_equiv(env.observation_space, single):
            raise _MisfitError(
                "The sub-environments' observation spaces must have one dtype and shape with "
                f"observation_mode={mode!r}: expected {single}, found "
                f"{env.observation_space} in lane {lane}; the spaces are not equivalent."
            )
        _require_equal(lane, "action", env.action_space, envs[0].action_space)


class _MisfitError(RuntimeError, ValueError):
    """Spaces of lanes do not fit one another, which Gymnasium tells by the one or the other."""


def _check_mode(mode: str | tuple[AnySpace, AnySpace]) -> None:
    if isinstance(mode, tuple) and len(mode) == 2:
        if not all(isinstance(space, Space) for space in mode):
            raise TypeError(
                "Expected both elements of observation_mode to be spaces, "
                f"got {type(mode[0])} and {type(mode[1])}"
            )
    elif mode not in ("same", "different"):
        raise ValueError(
            "Expected observation_mode to be 'same', 'different' or a tuple (batched space, "
            f"single space), got {mode!r}"
        )


def _require_equal(lane: int, kind: str, found: AnySpace, expected: AnySpace) -> None:
    if found != expected:
        remedy = "; use `observation_mode='different'` if only the bounds differ"
        raise RuntimeError(
            f"The sub-environments' {kind} spaces are not equivalent: expected {expected}, "
            f"found {found} in lane {lane}{remedy if kind == 'observation' else ''}."
        )


def batches_to_arrays(space: AnySpace) -> bool:
    """Return whether batching observations of `space` copies all of them into arrays.

    Elements of the other spaces stay the objects that the sub-environments returned.
    """
    return space._batches_to_arrays()


class ObservationBatcher:
    """Makes one batch of the observations of several lanes."""

    def __init__(self, single_space: Space[Any], *, fresh: bool) -> None:
        """Choose where batches go.

        Args:
            single_space: The observations of one lane.
            fresh: Whether each batch gets memory of its own; otherwise batches of one size share
                a buffer.
        """
        self._single_space = single_space
        self._fresh = fresh
        self._all_arrays = batches_to_arrays(single_space)
        self._buffers: dict[int, Any] = {}

    def __call__(self, rows: list[Any]) -> Any:
        """Return the batch of `rows`; an error because one does not fit says which."""
        if self._fresh:
            return self.batch_anew(rows)
        if len(rows) not in self._buffers:
            self._buffers[len(rows)] = create_empty_array(self._single_space, len(rows))
        return self._concatenated(rows, self._buffers[len(rows)])

    def batch_anew(self, rows: list[Any]) -> Any:
        """Return the batch of `rows` in memory of its own."""
        batch = self._concatenated(rows, create_empty_array(self._single_space, len(rows)))
        return batch if self._all_arrays else copy.deepcopy(batch)

    def _concatenated(self, rows: list[Any], out: Any) -> Any:
        try:
            return concatenate(self._single_space, rows, out)
        except Exception as error:
            misfits = [row for row, obs in enumerate(rows) if obs not in self._single_space]
            add_note(error, f"The observations in rows {misfits} do not fit {self._single_space}.")
            raise
