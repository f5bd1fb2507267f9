"""The episodes of lanes, whatever moves them; environments in Python; one call at a time."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos._core.batch import Autoreset

class Guard:
    """Lets one thread in at a time; a second one gets a `RuntimeError`.

    A guard that is `bound` lets in nobody in a process forked from the one that made it.
    """

    def __init__(self, bound: bool = False) -> None: ...
    def __enter__(self) -> None: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

class Episodes:
    """Where lanes are in their episodes: arrays of one element a lane, which may be written to.

    ``lanes`` are a list or int64 array of lanes, or None for all.
    """

    def __init__(
        self,
        autoreset: Autoreset,
        elapsed: NDArray[np.int32],
        limit: NDArray[np.int32],
        status: NDArray[np.uint8],
        restarted: NDArray[np.bool_],
    ) -> None: ...
    @property
    def autoreset(self) -> Autoreset: ...
    @property
    def elapsed(self) -> NDArray[np.int32]:
        """Steps of the running episode."""

    @property
    def limit(self) -> NDArray[np.int32]:
        """Steps after which an episode is truncated; `NO_LIMIT` for none."""

    @property
    def status(self) -> NDArray[np.uint8]:
        """0 never reset, 1 in an episode, 2 after its end, 3 broken off."""

    @property
    def restarted(self) -> NDArray[np.bool_]:
        """Whether the lane's last call was a reset."""

    def idle(self, lanes: Any = None) -> list[int]:
        """Return those of the lanes that have no episode to step in."""

    def restarting(self, lanes: Any = None) -> NDArray[np.bool_]:
        """Return for which of the lanes a step is a reset, and note it in `restarted`."""

    def begin(self, lanes: Any, restarted: bool) -> None:
        """Note that lanes have started an episode; `restarted`: instead of a step."""

    def count_steps(
        self, lanes: Any, terminated: NDArray[np.bool_], truncated: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Count a step of each of the lanes.

        Args:
            lanes: The lanes.
            terminated: Of all lanes, (n,).
            truncated: Likewise; True also where the limit is reached, afterwards.

        Returns:
            Those of the lanes whose episode has ended.
        """

    def interrupt(self, lanes: Any) -> None:
        """Note that nobody was told of what lanes last did, so that they have to be reset."""

    def end(self, lanes: Any) -> None:
        """Note that the episodes of lanes have ended."""

class PythonLanes:
    """Environments written in Python, moved lane by lane."""

    def __init__(
        self,
        episodes: Episodes,
        envs: list[Any],
        reports: tuple[list[Any], list[Any], list[Any]],
        rewards: NDArray[np.float64],
        terminated: NDArray[np.bool_],
        truncated: NDArray[np.bool_],
        replace: Callable[[Any, Any, Any], tuple[Any, Any, Any]],
        number: Callable[[int, Any], float],
    ) -> None:
        """Keep the arrays and lists, of one element a lane, and write what lanes report to them.

        Args:
            episodes: Their episodes.
            envs: Their environments.
            reports: Observations, final observations, infos.
            rewards: (n,).
            terminated: (n,).
            truncated: (n,).
            replace: Ends an episode and starts the next in the same step: takes an environment, its
                final observation and info, and returns the three things to report.
            number: Makes a float of a lane's reward that is no plain number, or raises.
        """

    def step(
        self, lanes: list[int] | None, actions: list[Any], first: int = 0, last: int | None = None
    ) -> tuple[int, BaseException] | None:
        """Let the lanes ``[first, last)`` of a list take a step each, or the reset it stands for.

        Returns:
            None, or the position of the first that raised, and what; it is interrupted, and those
            behind it have not moved.
        """

    def run(
        self,
        actions: list[Any],
        steps: int,
        observations: NDArray[Any] | None,
        results: tuple[NDArray[Any], ...],
        write: Callable[[int], Any],
    ) -> tuple[int, tuple[int, BaseException] | None]:
        """Move all lanes many times, and write what they report to row t of arrays.

        Args:
            actions: One a step and lane, the lanes of a step side by side.
            steps: The number of steps, T.
            observations: (T, n, ...), or None if `write` is to write them.
            results: Rewards, terminated, truncated, valid; (T, n) each.
            write: Called with t where the observations of step t did not fit the array.

        Returns:
            How many steps all lanes made, and the lane that raised in the next, and what.
        """

    def begin(self, lane: int, result: Any) -> None:
        """Take over what a reset of a lane returned."""

    def write_plain(self, observations: NDArray[Any], lanes: list[int] | None) -> bool:
        """Write observations to rows of an array.

        Returns:
            Whether all are of the dtype and shape of the rows and no lane has an info; otherwise
            what is written does not count.
        """

    def observations(self, lanes: list[int] | None = None) -> list[Any]: ...
    def final_observations(self, lanes: list[int] | None = None) -> list[Any]: ...
    def infos(self, lanes: list[int] | None = None) -> list[dict[str, Any]]:
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
