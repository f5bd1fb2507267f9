"""The spaces of a vector, made of the spaces of its sub-environments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from dromos.spaces import (
    Box,
    Dict,
    Discrete,
    MultiBinary,
    MultiDiscrete,
    Space,
    Tuple,
)
from dromos.spaces.utils import is_space_dtype_shape_equiv
from dromos.vector.utils.space_utils import batch_differing_spaces, batch_space

__all__ = ["LaneSpaces", "batches_to_arrays", "lane_spaces"]

AnySpace = Space[Any]


class HasSpaces(Protocol):
    """An environment, or what is known of one."""

    @property
    def observation_space(self) -> AnySpace:
        """The space of its observations."""
        ...

    @property
    def action_space(self) -> AnySpace:
        """The space of its actions."""
        ...


class LaneSpaces(NamedTuple):
    """The spaces of one lane and of all lanes together, as pairs."""

    observation: tuple[AnySpace, AnySpace]
    action: tuple[AnySpace, AnySpace]


def lane_spaces(
    envs: Sequence[HasSpaces], observation_mode: str | tuple[AnySpace, AnySpace]
) -> LaneSpaces:
    """Return the spaces of a vector after checking that its sub-environments agree.

    Args:
        envs: The sub-environments; at least one.
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
    envs: Sequence[HasSpaces], mode: str | tuple[AnySpace, AnySpace], single: AnySpace
) -> None:
    for lane, env in enumerate(envs):
        if mode == "same":
            _require_equal(lane, "observation", env.observation_space, single)
        elif not is_space_dtype_shape_equiv(env.observation_space, single):
            raise RuntimeError(
                "The sub-environments' observation spaces must have one dtype and shape with "
                f"observation_mode={mode!r}: expected {single}, found "
                f"{env.observation_space} in lane {lane}; the spaces are not equivalent."
            )
        _require_equal(lane, "action", env.action_space, envs[0].action_space)


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
    if isinstance(space, Dict):
        return all(map(batches_to_arrays, space.spaces.values()))
    if isinstance(space, Tuple):
        return all(map(batches_to_arrays, space.spaces))
    return type(space) in (Box, Discrete, MultiBinary, MultiDiscrete)
