"""`Lanes`: what a vector asks of whatever moves its lanes.

What moves lanes and restarts them in one go, as native batches and environments in Python do, is a
subclass; anything else is an engine, which `dromos.vector.engine` makes lanes of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dromos._core.episodes import Episodes, Guard
from dromos.error import SnapshotError
from dromos.rollout.arrays import map_arrays
from dromos.snapshot import Writes, rules
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.reset_plan import ResetPlan

if TYPE_CHECKING:
    from dromos.rollout import Rollout
    from dromos.rollout.recording import Target

__all__ = [
    "Flags",
    "LaneArray",
    "Lanes",
    "StepResult",
    "finals_where",
    "judge_rows",
    "map_arrays",
    "rows_in",
]

LaneArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
StepResult = tuple[Any, npt.NDArray[np.float64], Flags, Flags, dict[str, Any]]


def finals_where(ended: Flags, seen: Any, finals: Any) -> Any:
    """Return batches with the rows of `finals` where lanes ended, else those of `seen`.

    Args:
        ended: Which rows' episodes a step replaced; bool (m,).
        seen: Arrays (m, ...) in dicts and tuples.
        finals: Likewise.
    """

    def choose(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.where(ended.reshape(-1, *[1] * (one.ndim - 1)), other, one)

    return map_arrays(choose, seen, finals)


def rows_in(batch: Any, rows: Any) -> Any:
    """Return rows of arrays (n, ...) in dicts and tuples."""
    return map_arrays(lambda array: array[rows], batch)


def judge_rows(target: Any, rows: Any, lanes: Any, writes: Writes, *, nan: bool = True) -> None:
    """Append what puts rows, a row a lane or one for all, into arrays in dicts and tuples.

    Raises:
        SnapshotError: If they are none of these arrays, or hold NaN where there must be none.
    """
    rule = rules.LaneArray(finite=False)

    def judge(own: npt.NDArray[Any], row: Any) -> None:
        rule.judge_lanes(row, own, None, lanes, writes)
        if not nan and own.dtype.kind == "f" and np.isnan(row).any():
            raise SnapshotError("expected numbers, found NaN")

    if not _has_structure(rows, target):
        raise SnapshotError("expected arrays in the structure of the lanes'")
    map_arrays(judge, target, rows)


def _has_structure(given: Any, own: Any) -> bool:
    """Return whether a value is nested as arrays in dicts and tuples are, as deep as they go."""
    if isinstance(own, dict):
        fits = type(given) is dict and given.keys() == own.keys()
        return fits and all(_has_structure(given[key], part) for key, part in own.items())
    if isinstance(own, tuple):
        fits = type(given) is tuple and len(given) == len(own)
        return fits and all(map(_has_structure, given, own))
    return True


class Lanes:
    """The lanes of a vector: what moves them, and what they last reported.

    Attributes:
        episodes: Where each lane is in its episode.
        mode: When a lane whose episode has ended is reset.
        guard: Lets one thread in at a time.
        finished: The lanes that have moved, in that order, until somebody takes them out.
        failures: What lanes raised instead, while nobody waited, until somebody takes it out.
    """

    episodes: Episodes
    mode: AutoresetMode
    guard: Guard
    finished: list[int]
    failures: dict[int, Exception] = {}  # noqa: RUF012  (lanes that can fail have their own)

    def step(self, actions: Any) -> StepResult:
        """Move all lanes, and return what they report."""
        with self.guard:
            self.post(None, actions)
            self.wait(lambda: len(self.moving), None)
            self.finished.clear()
            return self.report(None)

    #: Whether nobody else holds the arrays that `read` gives, or the dicts they are in.
    reads_copies: bool = False

    #: What a step of all lanes takes, roughly.
    seconds_a_step: float = 1e-3

    @property
    def run_length(self) -> int:
        """How many steps may be made at once before anybody looks for Ctrl-C."""
        return max(1, int(0.05 / self.seconds_a_step))

    def play(self, actions: Any) -> Rollout | None:
        """Move all lanes by the actions of many steps, if that needs nothing but one short call.

        Returns:
            What `VectorEnv.rollout` says. None, and no lane has moved, where `run` or `step` have
            to make these steps, or to say what is wrong with them.
        """
        return None

    def run_infos(self, names: Sequence[str]) -> Mapping[str, tuple[Any, tuple[int, ...]]] | None:
        """Return dtype and shape, of one lane, of the infos that `run` is to write.

        None, as here, if these lanes cannot make many steps in one call, or not with such infos.
        """
        return None

    def run(self, out: Target, first: int, last: int) -> int | None:
        """Move all lanes, exactly as one call of `step` for each of the steps [first, last) would.

        Args:
            out: Actions, which have been judged as far as spaces can, and where to write; infos
                are those that `run_infos` was asked for.
            first: The first step.
            last: The step behind the last.

        Returns:
            How many steps were made: fewer where `step` has to make the next one, which may
            refuse it, or where an exception ended the run, which is in ``out.broken`` then. None
            if `step` has to make all, since the arrays do not lie as the lanes need them.
        """
        return None

    def post(self, lanes: list[int] | None, actions: Any) -> None:
        """Begin to move some lanes, or all; those that have moved are `finished`.

        Raises:
            InvalidAction: If the actions are not one a lane; no lane moves then.
            ResetNeeded: If one of them has no episode; no lane moves then.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define `post`")

    def wait(self, missing: Callable[[], int], deadline: float | None) -> bool:
        """Let lanes move until ``missing()`` of them are 0, or a time of `time.monotonic`.

        Returns:
            Whether none is missing.
        """
        return True

    @property
    def moving(self) -> Collection[int]:
        """The lanes that `post` has set in motion and that are not `finished` yet."""
        return ()

    def reset(self, plan: ResetPlan) -> None:
        """Start the episodes of a plan; options that are none are refused before anything changes.

        Lanes that an exception left without an episode are interrupted.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define `reset`")

    def start_reset(self, plan: ResetPlan) -> None:
        """Begin a reset whose lanes will be `finished`."""
        self.reset(plan)
        self.finished.extend(plan.lanes.tolist())

    def observe(self) -> Any:
        """Return the present observation of every lane, as a batch of the caller's own."""
        raise NotImplementedError(f"{type(self).__name__} does not define `observe`")

    def reset_infos(self, plan: ResetPlan) -> dict[str, Any]:
        """Return the infos of lanes that were reset, as columns of one row a lane of the vector."""
        raise NotImplementedError(f"{type(self).__name__} does not define `reset_infos`")

    def report(self, lanes: list[int] | None) -> StepResult:
        """Return what the last step of some lanes, or of all, gave; one row each."""
        raise NotImplementedError(f"{type(self).__name__} does not define `report`")

    def final(self, lanes: list[int] | None) -> Any:
        """Return what lanes observed at the end of their last step, before any reset."""
        raise NotImplementedError(f"{type(self).__name__} does not define `final`")

    def read(self, lanes: list[int], waiting: list[int]) -> dict[str, Any]:
        """Return all that lanes hold besides their episodes, as plain data.

        Args:
            lanes: The lanes.
            waiting: Those of them whose results have not been received.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define `read`")

    def judge(self, state: dict[str, Any], lanes: list[int]) -> Writes:
        """Return what puts the result of `read` into lanes; a state of one goes into all of them.

        Raises:
            SnapshotError, TypeError, ValueError: If it does not fit; nothing has been changed.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define `judge`")

    def judge_status(self, state: dict[str, Any], status: npt.NDArray[np.uint8]) -> None:
        """Raise unless what `judge` has let pass goes with the status of the lanes' episodes.

        Args:
            state: The result of `read`.
            status: The status that goes with it, a row a lane or one for all.

        Raises:
            SnapshotError, TypeError, ValueError: If it does not.
        """

    def call(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """Call a method of each lane's environment, or read an attribute."""
        raise AttributeError(f"the lanes of {type(self).__name__} have no attribute {name!r}")

    def set_attr(self, name: str, values: Sequence[Any]) -> Any:
        """Set an attribute of each lane's environment; of none if one of them refuses its value."""
        raise AttributeError(f"the lanes of {type(self).__name__} have no attribute {name!r}")

    def render(self, lanes: list[int]) -> tuple[Any, ...]:
        """Return a frame of each of some lanes."""
        raise NotImplementedError(f"{type(self).__name__} does not define `render`")

    def close(self) -> None:
        """Release what the lanes hold."""
