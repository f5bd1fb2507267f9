"""The rule of what a vector's wrapper showed last, one row for each row of the last results."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.snapshot import Writes, rules
from dromos.vector.last_report import check_rows
from dromos.wrappers.rules.lazy_frames import LazyFrames
from dromos.wrappers.rules.stacking import LazyStack
from dromos.wrappers.rules.trees import first_leaf, map_tree, put_rows, take_rows

__all__ = ["LastReport"]


class LastReport(rules.Rule):
    """Observations of a wrapper in its attribute ``_final_obs``; `LazyFrames` as their arrays."""

    is_of_lanes = True

    def take(self, value: Any, owner: Any, lanes: Any = None) -> Any:
        """Return the rows; of some lanes, theirs, if the last results were those of all lanes."""
        if value is None:
            return None
        if lanes is None:
            return map_tree(np.asarray, value)
        if _rows(value, owner) != owner.num_envs:
            return None
        return take_rows(map_tree(np.asarray, value), lanes)

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        """Return rows of the shape and dtype of the wrapper's observations."""
        if value is None:
            return None
        self._check(value, owner, range(1, owner.num_envs + 1))
        return _shown(value, owner)

    def judge_lanes(self, value: Any, present: Any, owner: Any, lanes: Any, writes: Writes) -> None:
        """Judge rows of some lanes, or one for all of them."""
        if value is None or present is None or _rows(present, owner) != owner.num_envs:
            return
        self._check(value, owner, (1, len(lanes)))
        changed = map_tree(np.array, present)
        put_rows(changed, lanes, value)
        writes.append(lambda: setattr(owner, "_final_obs", _shown(changed, owner)))

    def _check(self, value: Any, owner: Any, counts: Any) -> None:
        rows = _rows(value, owner)
        if rows not in counts:
            raise rules.expected(f"as many rows as one of {counts}", rows)
        check_rows(owner.single_observation_space, value, rows)


def _rows(value: Any, owner: Any) -> int:
    leaf = first_leaf(owner.single_observation_space, value)[1]
    return len(leaf) if np.ndim(leaf) or isinstance(leaf, LazyFrames) else 0


def _shown(value: Any, owner: Any) -> Any:
    return map_tree(_lazy, value) if isinstance(owner._rule, LazyStack) else value


def _lazy(stacks: npt.NDArray[Any]) -> LazyFrames:
    size = stacks.shape[1]
    ages = np.full(len(stacks), size - 1, np.int64)
    return LazyFrames([stacks[:, place].copy() for place in range(size)], ages, size, None)
