"""What a vector's lanes last reported: `final_obs` and `valid_transition`, kept and restored."""

from __future__ import annotations

import copy
import itertools
from typing import Any, Generic

import numpy as np
import numpy.typing as npt
from typing_extensions import Self

from dromos.core import ActType, ObsType
from dromos.error import ResetNeeded, SnapshotError
from dromos.plain.errors import shown
from dromos.snapshot import at, require_names, rules, written_arrays
from dromos.spaces import Box, Dict, Space, Tuple
from dromos.vector.autoreset import UNSET, Writes
from dromos.vector.base import VectorEnv
from dromos.vector.deep_copies import deep_copy_of
from dromos.vector.lane_queue import all_lane_ids
from dromos.vector.lanes import Lanes
from dromos.vector.utils.space_utils import batch_space, create_empty_array

__all__ = ["Flags", "ReportingVector", "check_rows"]

Flags = npt.NDArray[np.bool_]


class ReportingVector(VectorEnv[ObsType, ActType, npt.NDArray[Any]], Generic[ObsType, ActType]):
    """A vector that tells what its lanes last reported.

    After a step of all lanes they tell it themselves; what `recv` returned, and what was reported
    before some of them moved on, is kept here.
    """

    _lanes: Lanes
    _final: Any = None  # what `final_obs` tells, where that is not what the lanes hold
    _stepped: Flags | None = None  # likewise `valid_transition`
    _reported: list[int] | None = None  # the lanes that these tell of; None for all

    @property
    def final_obs(self) -> ObsType:  # type: ignore[override]
        """What the lanes last reported observed at the end of their steps, before any reset."""
        with self._lanes.guard:
            if self._final is not None:
                return copy.deepcopy(self._final)  # type: ignore[no-any-return]
            if (self._lanes.episodes.status == UNSET).any():
                raise ResetNeeded(f"{self} has no observations before the first `reset()`.")
            final: ObsType = self._lanes.final(None)
            return final

    @property
    def valid_transition(self) -> Flags:  # type: ignore[override]
        """Which of the lanes last reported made a step of their environment; bool."""
        stepped = self._stepped
        return ~self._lanes.episodes.restarted if stepped is None else stepped.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return a copy: of one moment, never of lanes some of which have moved on.

        Raises:
            RuntimeError: If another thread moves the lanes.
        """
        with self._lanes.guard:
            reduced: Any = super().__reduce_ex__(4)
            twin: Self = deep_copy_of(reduced, self, memo)
            return twin

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Become what `pickle` takes.

        Raises:
            RuntimeError: If another thread moves the lanes.
        """
        with self._lanes.guard:
            return super().__reduce_ex__(protocol)

    def _lanes_tell(self, stepped: Flags | None = None) -> None:
        """Tell from now on what the lanes hold, and that these, or those not restarted, stepped."""
        self._final = self._reported = None
        self._stepped = stepped

    def _keep_report(self) -> None:
        """Keep what was last reported of all lanes, before some of them move on."""
        if self._final is None and not (self._lanes.episodes.status == UNSET).any():
            self._final = self._lanes.final(None)
            self._stepped = self.valid_transition

    def _reports(self, lanes: list[int], rows: npt.NDArray[np.int64]) -> dict[str, Any] | None:
        """Return what `final_obs` and `valid_transition` tell of lanes; None if nothing does.

        Args:
            lanes: The lanes.
            rows: The same.
        """
        if self._final is None and (self._lanes.episodes.status[rows] == UNSET).any():
            return None
        told = lanes
        if self._reported is not None:
            places = {lane: row for row, lane in enumerate(self._reported)}
            among = [lane for lane in lanes if lane in places]
            rows = np.array([places[lane] for lane in among], np.int64)
            # One list for both, whenever it can be: equal states have equal bytes.
            told = lanes if among == lanes else among
        final = self._lanes.final(None) if self._final is None else self._final
        final = self.single_observation_space._take_rows(final, rows)
        valid = self.valid_transition[rows]
        return written_arrays({"lanes": told, "final_obs": final, "valid_transition": valid})

    def _judge_reports(self, reports: Any, sources: list[int], targets: list[int]) -> Writes:
        """Return what lets `final_obs` and `valid_transition` tell of restored lanes.

        Raises:
            SnapshotError: If `reports` is not what `snapshot_state` has under that name.
        """
        told: list[int] = []
        stepped = np.zeros(0, np.bool_)
        if reports is not None:
            require_names(reports, ("lanes", "final_obs", "valid_transition"))
            told, stepped = reports["lanes"], reports["valid_transition"]
            if told != sources and (type(told) is not list or not set(told) <= set(sources)):
                raise SnapshotError(f"lanes: expected some of {sources}")
            if type(stepped) is not np.ndarray or stepped.dtype != np.bool_:
                raise SnapshotError("valid_transition: expected an array of bools")
            is_distinct = told == sources or len(set(told)) == len(told)
            if not is_distinct or stepped.shape != (len(told),):
                raise SnapshotError(f"valid_transition: expected {len(told)}, one a lane")
            with at(".final_obs"):
                check_rows(self.single_observation_space, reports["final_obs"], len(told))
        everything = all_lane_ids(self.num_envs)
        if reports is not None and (targets is everything or sorted(targets) == everything):
            ids = targets
            if len(sources) > 1 and told != sources:
                places = dict(zip(sources, targets, strict=False))
                ids = [places[lane] for lane in told]
            if len(ids) == len(told):
                return [lambda: self._tell(ids, reports["final_obs"], stepped)]
        valid = self.valid_transition if self._reported is None else None

        def tell_of_all() -> None:  # each lane knows what it observed last
            present = ~self._lanes.episodes.restarted if valid is None else valid
            made = dict(zip(told, stepped, strict=True))
            for source, target in zip(itertools.cycle(sources), targets, strict=False):
                present[target] = made.get(source, False)
            self._lanes_tell(present)

        return [tell_of_all]

    def _tell(self, lanes: list[int], final: Any, stepped: Flags) -> None:
        whole = len(lanes) == self.num_envs
        if whole and lanes != all_lane_ids(self.num_envs):
            order = np.argsort(lanes).tolist()
            final = self.single_observation_space._take_rows(final, order)
            stepped = stepped[order]
        self._final, self._stepped = final, stepped
        self._reported = None if whole else lanes


def check_rows(space: Space[Any], batch: Any, rows: int) -> None:
    """Raise unless `batch` has rows of the dtype and shape of elements of `space`.

    Raises:
        SnapshotError: If it has not.
    """
    if isinstance(space, Dict):
        require_names(batch, space.spaces)
        for key, part in space.spaces.items():
            check_rows(part, batch[key], rows)
    elif isinstance(space, Tuple):
        if type(batch) is not tuple or len(batch) != len(space.spaces):
            raise SnapshotError(f"expected {len(space.spaces)} batches, found {shown(batch)}")
        for part, one in zip(space.spaces, batch, strict=True):
            check_rows(part, one, rows)
    elif isinstance(like := create_empty_array(space, rows), np.ndarray):
        rules.Array(finite=False).checked(batch, like.dtype, like.shape)
        # Environments need not keep to the bounds of a Box.
        if not isinstance(space, Box) and not batch_space(space, rows).contains(batch):
            raise SnapshotError(f"expected {rows} elements of {space!s:.200}")
    elif type(batch) is not tuple or len(batch) != rows or not all(map(space.contains, batch)):
        raise SnapshotError(f"expected {rows} elements of {space!s:.200}, found {shown(batch)}")
