"""The episodes of Python environments, many lanes at a time.

Lists have one element a lane; an episode is an object of the class `Episodes` was made for.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

class Episodes:
    """Steps and reads episodes; see `dromos.vector.autoreset.Episode`."""

    def __init__(self, kind: type) -> None:
        """Take the class of episodes, which names its attributes in ``__slots__``."""

    def step(
        self,
        episodes: list[Any],
        envs: list[Any],
        actions: list[Any],
        first: int = 0,
        last: int | None = None,
    ) -> tuple[int, BaseException] | None:
        """Let the lanes ``[first, last)`` take a step each, or the reset that stands for one.

        Returns:
            None, or the first lane that raised, and what; it has no episode then, and those behind
            it have not moved.
        """

    def idle(self, episodes: list[Any]) -> list[int]:
        """Return the lanes that have no episode to step in."""

    def write(
        self,
        episodes: list[Any],
        rewards: NDArray[np.float64],
        terminated: NDArray[np.bool_],
        truncated: NDArray[np.bool_],
        stepped: NDArray[np.bool_],
        rows: list[int] | None = None,
    ) -> bool:
        """Write what lanes report to C-contiguous arrays of shape (n,), or to some of their rows.

        Returns:
            Whether each reward was a plain number; otherwise `rewards` is to be written anew.
        """

    def report(
        self,
        episodes: list[Any],
        observations: NDArray[Any],
        rewards: NDArray[np.float64],
        terminated: NDArray[np.bool_],
        truncated: NDArray[np.bool_],
        stepped: NDArray[np.bool_],
        rows: list[int] | None = None,
    ) -> bool:
        """Write all that lanes report, as `write` does, and observations to an array of rows.

        Returns:
            Whether that was all, and plain: no infos, observations of the dtype and shape of the
            rows, numbers for rewards. Otherwise all is to be written by other means.
        """

    def observations(self, episodes: list[Any]) -> list[Any]: ...
    def final_observations(self, episodes: list[Any]) -> list[Any]: ...
    def infos(self, episodes: list[Any]) -> list[dict[str, Any]]:
        """Return the infos; if all are empty, an empty list."""

def batch_infos(
    infos: Sequence[dict[str, Any]],
    rows: Sequence[int],
    num_rows: int,
    column: Callable[[Any, list[int], list[Any], int], Any],
) -> dict[str, Any]:
    """Make columns of infos, as `dromos.vector.infos` describes them.

    Args:
        infos: One info a lane.
        rows: The row that each goes to.
        num_rows: The length of the columns.
        column: Makes a column that is not of numbers of one type or of arrays of one dtype and
            shape, of its key, the rows that have it, their values, and the length.
    """

def fill_rows(rows: list[dict[str, Any]], key: Any, column: Any, mask: Any) -> bool:
    """Enter the rows of a column into dicts, one a row: all, or those that `mask`, (n,), has.

    Returns:
        Whether `column` is an array of rows; otherwise nothing is entered.

    Raises:
        ValueError: If the column or the mask has more or fewer rows than there are dicts.
    """
