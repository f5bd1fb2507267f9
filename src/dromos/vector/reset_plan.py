"""The arguments of a vector's reset, checked and laid out lane by lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, SupportsIndex, TypeAlias

import numpy as np
import numpy.typing as npt

from dromos.seeding import check_seed

__all__ = ["LaneOptions", "LaneSeeds", "ResetPlan", "checked_mask", "plan_reset"]

#: None, one seed from which lane ``i`` gets ``seed + i``, or one seed or None a lane.
LaneSeeds: TypeAlias = "SupportsIndex | Sequence[SupportsIndex | None] | None"

#: None, options for every lane (with ``reset_mask`` or not), or one dict or None a lane.
LaneOptions: TypeAlias = "Mapping[str, Any] | Sequence[Mapping[str, Any] | None] | None"

_MASK = "reset_mask"


class ResetPlan(NamedTuple):
    """What to reset and how.

    Attributes:
        lanes: The lanes to reset; int64 (m,), ascending.
        first_seed: The seed of lane 0, lane ``i`` getting ``first_seed + i``; None if `lane_seeds`
            says.
        lane_seeds: A seed or None for each lane to reset; empty where nobody gave any.
        lane_options: Options or None for each lane to reset, or for all of them.
        partial: Whether a mask chose the lanes.
    """

    lanes: npt.NDArray[np.int64]
    first_seed: int | None
    lane_seeds: list[int | None]
    lane_options: Mapping[str, Any] | list[Mapping[str, Any] | None] | None
    partial: bool

    @property
    def seeds(self) -> list[int | None]:
        """A seed or None for each of the lanes."""
        if self.first_seed is not None:
            return [self.first_seed + lane for lane in self.lanes.tolist()]
        return self.lane_seeds or [None] * len(self.lanes)

    @property
    def options(self) -> list[dict[str, Any] | None]:
        """Options or None for each of the lanes; dicts of their own, which the lane may change."""
        own = self.lane_options
        each = own if isinstance(own, list) else [own] * len(self.lanes)
        return [None if options is None else dict(options) for options in each]

    @property
    def shares(self) -> list[tuple[npt.NDArray[np.int64], Mapping[str, Any] | None]]:
        """The lanes that get the same options, and these."""
        own = self.lane_options
        if not isinstance(own, list):
            return [(self.lanes, own)]
        return [(self.lanes[row : row + 1], options) for row, options in enumerate(own)]

    def within(self, first: int, last: int) -> ResetPlan:
        """Return what this plan says of the lanes [first, last), numbered from `first`."""
        rows = np.flatnonzero((self.lanes >= first) & (self.lanes < last)).tolist()
        seeds = None if self.first_seed is None else self.first_seed + first
        own = self.lane_options
        options = [own[row] for row in rows] if isinstance(own, list) else own
        lane_seeds = [self.lane_seeds[row] for row in rows] if self.lane_seeds else []
        partial = len(rows) < last - first
        return ResetPlan(self.lanes[rows] - first, seeds, lane_seeds, options, partial)


def plan_reset(num_envs: int, seed: LaneSeeds, options: LaneOptions) -> ResetPlan:
    """Check the arguments of a reset; they are left unchanged, and may be changed afterwards.

    Args:
        num_envs: The number of lanes.
        seed: None, an integer ``s`` (lane ``i`` gets ``s + i``), or `num_envs` integers or Nones.
        options: None, a dict for all lanes, or `num_envs` dicts or Nones. In the dict for all
            lanes ``reset_mask``, a bool array (num_envs,), chooses the lanes to reset.

    Raises:
        TypeError: If the mask is not a bool array or the options are not dicts.
        ValueError: If a list or the mask has the wrong length or the mask chooses no lane.
        Error: If a seed is not an integer ≥ 0.
    """
    first, seeds = _seeds(num_envs, seed)
    lanes = np.arange(num_envs, dtype=np.int64)
    if options is not None and not isinstance(options, Mapping):
        return ResetPlan(lanes, first, seeds, _options_by_lane(num_envs, options), partial=False)
    if options is None or _MASK not in options:
        shared = None if options is None else dict(options)
        return ResetPlan(lanes, first, seeds, shared, partial=False)
    lanes = np.flatnonzero(checked_mask(num_envs, options[_MASK]))
    if seeds:
        seeds = [seeds[lane] for lane in lanes.tolist()]
    shared = {key: value for key, value in options.items() if key != _MASK}
    return ResetPlan(lanes, first, seeds, shared, partial=True)


def _seeds(num_envs: int, seed: LaneSeeds) -> tuple[int | None, list[int | None]]:
    """Return the seed of the first lane or None, and one or None a lane or an empty list."""
    if isinstance(seed, np.ndarray) and seed.ndim == 0:
        seed = seed.item()
    if seed is None or not isinstance(seed, (Sequence, np.ndarray)):
        return check_seed(seed), []
    if len(seed) != num_envs:
        raise ValueError(
            f"If seeds are passed as a list the length must match num_envs={num_envs} "
            f"but got length={len(seed)}."
        )
    return None, [check_seed(own) for own in seed]


def checked_mask(num_envs: int, mask: object) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return a mask of lanes to reset; bool (num_envs,).

    Raises:
        TypeError: If it is no array, or not of bools.
        ValueError: If it is of another shape, or chooses no lane.
    """
    name = "`options['reset_mask']`"
    if not isinstance(mask, np.ndarray):
        raise TypeError(f"{name} must be a numpy array, got {type(mask)}")
    if mask.shape != (num_envs,):
        raise ValueError(f"{name} must have shape `({num_envs},)`, got {mask.shape}")
    if mask.dtype != np.bool_:
        raise TypeError(f"{name} must have `dtype=np.bool_`, got {mask.dtype}")
    if not mask.any():
        raise ValueError(
            f"{name} must contain a boolean array with at least one True value, got "
            f"reset_mask={mask}"
        )
    return mask


def _options_by_lane(num_envs: int, options: object) -> list[Mapping[str, Any] | None]:
    if not isinstance(options, (list, tuple)):
        raise TypeError(
            f"Reset options must be None, a dict, or a list of {num_envs} dicts or Nones, "
            f"got {type(options)}"
        )
    if len(options) != num_envs:
        raise ValueError(
            f"If options are passed as a list the length must match num_envs={num_envs} "
            f"but got length={len(options)}."
        )
    for lane, own in enumerate(options):
        if own is not None and not isinstance(own, Mapping):
            raise TypeError(f"The reset options of lane {lane} must be a dict, got {type(own)}")
        if own is not None and _MASK in own:
            raise ValueError(
                f"The reset options of lane {lane} hold `reset_mask`, which belongs in one dict "
                "for all lanes; reset the masked lanes in a call of their own."
            )
    return [None if own is None else dict(own) for own in options]
