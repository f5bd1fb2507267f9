"""The arguments of a native vector's reset: whole arrays where all lanes are treated alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from dromos.native.fields import Lanes
from dromos.seeding import check_seed
from dromos.vector.reset_plan import LaneOptions, LaneSeeds, plan_reset

__all__ = ["ResetArguments", "reset_arguments"]

#: Lanes that get the same options, and these.
_Share: TypeAlias = "tuple[Lanes, Mapping[str, Any] | None]"


class ResetArguments(NamedTuple):
    """What to reset and how.

    Attributes:
        lanes: The lanes to reset; int64 (m,), ascending.
        first_seed: The seed of lane 0, lane ``i`` getting ``first_seed + i``; None if `seeds`
            says.
        seeds: A seed or None for each of these lanes; empty where nobody gave any.
        options: Which of the lanes get which options.
        partial: Whether a mask chose the lanes.
    """

    lanes: Lanes
    first_seed: int | None
    seeds: list[int | None]
    options: list[_Share]
    partial: bool


def reset_arguments(num_envs: int, seed: LaneSeeds, options: LaneOptions) -> ResetArguments:
    """Check the arguments of a reset as `plan_reset` does, without a loop over lanes if possible.

    Raises:
        TypeError, ValueError, Error: If an argument is wrong.
    """
    one_seed = seed is None or isinstance(seed, (int, np.integer))
    one_dict = options is None or (isinstance(options, Mapping) and "reset_mask" not in options)
    if one_seed and one_dict:
        lanes = np.arange(num_envs, dtype=np.int64)
        return ResetArguments(
            lanes,
            check_seed(seed),  # type: ignore[arg-type]
            [],
            [(lanes, options)],  # type: ignore[list-item]
            partial=False,
        )
    plan = plan_reset(num_envs, seed, options)
    lanes = np.array(plan.lane_ids, dtype=np.int64)
    if isinstance(options, Mapping):
        shared: Iterable[_Share] = [(lanes, plan.options[0])]
    else:
        shared = ((lanes[i : i + 1], own) for i, own in enumerate(plan.options))
    return ResetArguments(lanes, None, plan.seeds, list(shared), plan.partial)
