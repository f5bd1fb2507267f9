"""The arguments of a vector's reset, checked and laid out lane by lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, SupportsIndex, TypeAlias

import numpy as np

from dromos.seeding import check_seed

__all__ = ["LaneOptions", "LaneSeeds", "ResetPlan", "plan_reset"]

#: None, one seed from which lane ``i`` gets ``seed + i``, or one seed or None a lane.
LaneSeeds: TypeAlias = "SupportsIndex | Sequence[SupportsIndex | None] | None"

#: None, options for every lane (with ``reset_mask`` or not), or one dict or None a lane.
LaneOptions: TypeAlias = "Mapping[str, Any] | Sequence[Mapping[str, Any] | None] | None"

_MASK = "reset_mask"


class ResetPlan(NamedTuple):
    """What to reset and how.

    Attributes:
        lane_ids: The lanes to reset; ascending.
        seeds: A seed or None for each of these lanes.
        options: Options or None for each of these lanes; dicts of their own, so that a lane that
            changes its options changes nobody else's.
        partial: Whether a mask chose the lanes.
    """

    lane_ids: list[int]
    seeds: list[int | None]
    options: list[dict[str, Any] | None]
    partial: bool


def plan_reset(num_envs: int, seed: LaneSeeds, options: LaneOptions) -> ResetPlan:
    """Check the arguments of a reset; they are left unchanged.

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
    seeds = _seeds(num_envs, seed)
    mask = None
    if options is None or isinstance(options, Mapping):
        lane_options = [None if options is None else dict(options)] * num_envs
        if options is not None and _MASK in options:
            mask = _checked_mask(num_envs, options[_MASK])
            lane_options = [{k: v for k, v in options.items() if k != _MASK}] * num_envs
    else:
        lane_options = _options_by_lane(num_envs, options)
    lane_ids = list(range(num_envs)) if mask is None else np.flatnonzero(mask).tolist()
    return ResetPlan(
        lane_ids,
        [seeds[lane] for lane in lane_ids],
        [None if (own := lane_options[lane]) is None else dict(own) for lane in lane_ids],
        partial=mask is not None,
    )


def _seeds(num_envs: int, seed: LaneSeeds) -> list[int | None]:
    if seed is None:
        return [None] * num_envs
    if isinstance(seed, np.ndarray) and seed.ndim == 0:
        seed = seed.item()
    if not isinstance(seed, (Sequence, np.ndarray)):
        first = check_seed(seed)
        assert first is not None
        return [first + lane for lane in range(num_envs)]
    if len(seed) != num_envs:
        raise ValueError(
            f"If seeds are passed as a list the length must match num_envs={num_envs} "
            f"but got length={len(seed)}."
        )
    return [check_seed(own) for own in seed]


def _checked_mask(num_envs: int, mask: object) -> np.ndarray[Any, np.dtype[np.bool_]]:
    name = "`options['reset_mask']`"
    if not isinstance(mask, np.ndarray):
        raise TypeError(f"{name} must be a numpy array, got {type(mask)}")
    if mask.shape != (num_envs,):
        raise ValueError(f"{name} must have shape `({num_envs},)`, got {mask.shape}")
    if mask.dtype != np.bool_:
        raise TypeError(f"{name} must have dtype `np.bool_`, got {mask.dtype}")
    if not mask.any():
        raise ValueError(f"{name} must be True for at least one lane, got {mask}")
    return mask


def _options_by_lane(num_envs: int, options: object) -> list[dict[str, Any] | None]:
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
