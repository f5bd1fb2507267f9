"""What many steps in a row move between a vector and one of its workers, as arrays they share.

    actions        (steps, n, …) in the structure of the action space       the vector writes
    observations   (steps, n, …) in the structure of the observation space  the worker writes
    finals         the same, in SAME_STEP mode only
    rewards, terminated, truncated, valid   (steps, n)
    asked          how many of these steps to make                          the vector writes

They lie behind the rows of single steps (see `rows`), one block a worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dromos.rollout.arrays import like_space, map_arrays
from dromos.spaces import Space

if TYPE_CHECKING:
    from dromos.rollout.recording import Target

__all__ = ["RunLayout", "RunRows", "run_rows"]

_ALIGNMENT = 64


class RunLayout(NamedTuple):
    """What decides where the blocks lie, besides the spaces.

    Attributes:
        steps: The most steps of a run.
        offset: Where the first block begins in the file, in bytes.
        bounds: The first lanes of the workers, and the number of lanes.
        finals: Whether final observations have a place.
    """

    steps: int
    offset: int
    bounds: Sequence[int]
    finals: bool


class RunRows:
    """The block of one worker, over memory or, to learn its size, over nothing.

    Attributes:
        size: Where it ends in the file, in bytes.
        results: Rewards, terminated, truncated, valid.
        asked: One number, of the steps to make.
    """

    def __init__(
        self,
        layout: RunLayout,
        offset: int,
        lanes: int,
        spaces: tuple[Space[Any], Space[Any]],
        memory: Any = None,
    ) -> None:
        self.size, self._memory = offset, memory
        shape = (layout.steps, lanes)
        self.asked = self._place("", (1,), np.int64)
        dtypes = (np.float64, np.bool_, np.bool_, np.bool_)
        self.results = tuple(self._place("", shape, dtype) for dtype in dtypes)
        self.observations = like_space(spaces[0], shape, self._place, "")
        self.actions = like_space(spaces[1], shape, self._place, "")
        self.finals = like_space(spaces[0], shape, self._place, "") if layout.finals else None

    def _place(self, _: str, shape: tuple[int, ...], dtype: Any) -> Any:
        start = -(-self.size // _ALIGNMENT) * _ALIGNMENT
        self.size = start + int(np.prod(shape)) * np.dtype(dtype).itemsize
        if self._memory is None:
            return np.empty((), dtype)
        return np.ndarray(shape, dtype, self._memory, start)

    def copy_to(self, out: Target, steps: slice, lanes: slice) -> None:
        """Write what the worker has written to the arrays of a rollout."""
        made = steps.stop - steps.start

        def copy(source: Any, target: Any) -> None:
            target[steps, lanes] = source[:made]

        map_arrays(copy, self.observations, out.observations)
        results = out.rewards, out.terminated, out.truncated, out.valid_transition
        for source, target in zip(self.results, results, strict=True):
            copy(source, target)
        if self.finals is not None:
            map_arrays(copy, self.finals, out.final_observations)

    def first(self, steps: int, tree: Any) -> Any:
        """Return the first steps of some of the arrays."""
        return map_arrays(lambda array: array[:steps], tree)


def run_rows(
    layout: RunLayout, spaces: tuple[Space[Any], Space[Any]], memory: Any = None
) -> list[RunRows]:
    """Return the blocks of all workers."""
    blocks: list[RunRows] = []
    offset = layout.offset
    for first, last in zip(layout.bounds, layout.bounds[1:], strict=False):
        blocks.append(RunRows(layout, offset, last - first, spaces, memory))
        offset = blocks[-1].size
    return blocks
