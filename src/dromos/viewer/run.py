"""`Run`: what a viewer knows of the environment it shows. Who steps it is told elsewhere."""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dromos.error import AlreadyPendingCallError, Error, ResetNeeded, SnapshotError
from dromos.vector.autoreset import AutoresetMode
from dromos.viewer.episode import Episode
from dromos.viewer.figures import action_counts, shown_info, shown_value
from dromos.viewer.moments import Moment, Moments
from dromos.viewer.subject import Outcome, Subject, leaves
from dromos.viewer.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Run", "Update"]

_SHOWN_AT_FIRST = 4


class Update(NamedTuple):
    """What a page is told: numbers and texts as JSON knows them, and the lanes' pictures."""

    told: dict[str, Any]
    frames: list[Any]


class _Told(NamedTuple):
    """What a moment keeps besides the state of the environment."""

    observations: Any
    infos: Any
    actions: Any
    tally: dict[str, Any]
    place: tuple[int, Any]


class Run:
    """The lanes of an environment or a vector: what they show, and the way back.

    Attributes:
        subject: The lanes.
        tally: Their returns and lengths.
        shown: The lanes whose pictures are shown, in order.
        focus: The lane whose numbers are shown.
        episode: What the focus lane did in its episode.
        last_episode: The one before, None if nobody saw it to its end.
        moments: States along the focus lane's episode.
        observations: What all lanes showed last; None before that.
        total: Steps since the viewer started.
        spares_time: Whether the start of an episode is not kept where there is no time for it.
        why_no_frames: Why there are no pictures, or None.
        why_no_moments: Why one cannot go back, or None.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.tally = Tally(subject.lanes)
        self.shown = list(range(min(subject.lanes, _SHOWN_AT_FIRST)))
        self.focus = 0
        self.episode = Episode(subject, 0)
        self.last_episode: Episode | None = None
        self.moments = Moments()
        self.observations: Any = None
        self.infos: dict[str, Any] = {}
        self.actions: Any = None
        self.total = 0
        self.spares_time = False
        self.why_no_frames = subject.why_no_frames()
        self.why_no_moments: str | None = None

    @property
    def step(self) -> int:
        """The step of the focus lane's episode."""
        return int(self.tally.lengths[self.focus])

    def started(self, observations: Any, infos: dict[str, Any], seed: Any, options: Any) -> None:
        """Note a reset.

        Args:
            observations: What it returned.
            infos: Likewise.
            seed: What it was called with.
            options: Likewise.
        """
        plan = self.subject.started(seed, options)
        self.observations, self.infos, self.actions = observations, infos, None
        self.tally.start(plan.lanes)
        for row in np.flatnonzero(plan.lanes == self.focus):
            self._begin(plan.seeds[row], plan.options[row] or None)

    def stepped(self, actions: Any, outcome: Outcome, lanes: Any = None) -> None:
        """Note a step.

        Args:
            actions: Of all lanes, or of those in `lanes`; None if nobody knows.
            outcome: What it gave.
            lanes: Of which lanes; None for all.
        """
        tally, focus, rows = self.tally, self.focus, ... if lanes is None else np.asarray(lanes)
        over = tally.ended[rows]
        begun = self.subject.begun(over, outcome, rows)
        fresh = over if self.subject.resets_itself is not None else np.zeros_like(over)
        tally.step(outcome, fresh if begun is None else fresh | begun, begun, rows)
        self.total += 1
        if lanes is not None:  # rows of some lanes: they cannot be looked at as the whole
            self.observations, self.infos, self.actions = None, {}, None
            return
        self.observations, self.infos, self.actions = outcome.observations, outcome.infos, actions
        if begun is not None and begun[focus]:
            self._begin(None, None)
            return
        self.moments.forget_after(self.step - 1)
        observation = self.subject.observation(self._final(outcome), focus)
        earned = float(tally.rewards[focus])
        died, cut = bool(tally.terminated[focus]), bool(tally.truncated[focus])
        self.episode.add(actions, observation, earned, died, cut)
        if (died or cut) and self.subject.resets_itself is AutoresetMode.SAME_STEP:
            self._begin(None, None)
        elif self.moments.are_due(self.step):
            self.take_moment(by_hand=False)

    def _final(self, outcome: Outcome) -> Any:
        """Return what was observed before any reset."""
        same_step = self.subject.resets_itself is AutoresetMode.SAME_STEP
        if same_step and self.tally.ended[self.focus]:
            return self.subject.final(outcome)
        return outcome.observations

    def lost(self) -> None:
        """Note that steps are made which nobody tells of."""
        self.tally.forget()
        self.moments.clear()
        self.episode, self.last_episode = Episode(self.subject, self.focus), None
        self.observations, self.infos, self.actions = None, {}, None

    def look_at(self, lane: int) -> None:
        """Show the numbers of another lane."""
        if lane == self.focus:
            return
        self.focus = lane
        self.moments.clear()
        self.last_episode = None
        self.episode = Episode(self.subject, lane)
        if self.observations is not None:
            self.take_moment(by_hand=False, always=True)
        self.episode.start = self.moments.kept[0].snapshot if self.moments.kept else None

    def _begin(self, seed: int | None, options: Any) -> None:
        self.last_episode = self.episode if self.episode.is_over else None
        shown = self.subject.observation(self.observations, self.focus)
        self.episode = Episode(self.subject, self.focus, shown, seed, options)
        self.moments.clear()
        if not self.spares_time or self.moments.are_due(0):
            moment = self.take_moment(by_hand=False)
            self.episode.start = None if moment is None else moment.snapshot

    def take_moment(self, by_hand: bool, always: bool = False) -> Moment | None:
        """Keep the present state, so that one can go back to it.

        Args:
            by_hand: Whether somebody asked for it.
            always: Whether to do so even if it was found to be impossible before.

        Raises:
            Error: If somebody asked for it and it cannot be.
        """
        if self.why_no_moments is not None and not (by_hand or always):
            return None
        began = time.perf_counter()
        try:
            snapshot = self.subject.env.snapshot()
            told = _Told(
                *copy.deepcopy((self.observations, self.infos, self.actions)),
                self.tally.state(),
                self.episode.place(),
            )
        except Exception as reason:  # what it is made of is the user's
            self.why_no_moments = f"no snapshots: {reason}"
            if by_hand:
                raise Error(self.why_no_moments) from reason
            return None
        self.moments.took(time.perf_counter() - began)
        return self.moments.add(self.step, by_hand, snapshot, told)

    def go_back(self, number: int) -> None:
        """Go back to a moment of the episode.

        Raises:
            Error: If it is gone or cannot be restored.
        """
        moment = self.moments.find(number)
        try:
            self.subject.env.restore(moment.snapshot)
        except SnapshotError as reason:
            raise Error(f"back: {reason}") from reason
        told: _Told = moment.told
        self.observations, self.infos, self.actions = copy.deepcopy(told[:3])
        self.tally.take_back(told.tally)
        self.episode.cut(told.place)

    def fork(self, subject: Subject) -> Run:
        """Return a run of a copy of the lanes that goes on from here by itself."""
        twin = Run(subject)
        twin.shown, twin.focus, twin.total = list(self.shown), self.focus, self.total
        twin.tally.take_back(self.tally.state())
        twin.episode, twin.moments = self.episode.fork(subject), self.moments.fork()
        state = (self.observations, self.infos, self.actions)
        twin.observations, twin.infos, twin.actions = copy.deepcopy(state)
        return twin

    def update(self) -> Update:
        """Return what the lanes show now."""
        subject, observations = self.subject, self.observations
        rows = [self.tally.row(lane) for lane in self.shown]
        told: dict[str, Any] = {
            "id": subject.name,
            "lanes": subject.lanes,
            "shown": list(self.shown),
            "focus": self.tally.row(self.focus),
            "rows": rows,
            "total": self.total,
            "ends": [list(end) for end in self.tally.ends],
            "moments": [[one.number, one.step, one.by_hand] for one in self.moments.kept],
            "observation": [],
            "info": [],
            "actions": None,
            "action": [],
            "why_no_moments": self.why_no_moments,
        }
        if observations is not None:
            own = subject.observation(observations, self.focus)
            told["observation"] = _shown_parts(subject.observation_space, own, "observation")
            told["info"] = shown_info(subject.info(self.infos, self.focus))
        if self.actions is not None:
            own = subject.action(self.actions, self.focus)
            told["actions"] = action_counts(subject.action_space, self.actions)
            told["action"] = _shown_parts(subject.action_space, own, "action")
        frames = self._frames(self.shown)
        return Update({**told, "why_no_frames": self.why_no_frames}, frames)

    def _frames(self, lanes: Sequence[int]) -> list[Any]:
        if self.why_no_frames is not None:
            return []
        try:
            return self.subject.frames(lanes)
        except (AlreadyPendingCallError, ResetNeeded):  # another time
            return []
        except Exception as reason:  # the user's drawing, a missing library, no OpenGL
            self.why_no_frames = f"no pictures: {type(reason).__name__}: {reason}"
            return []


def _shown_parts(space: Any, value: Any, whole: str) -> list[dict[str, Any]]:
    return [shown_value(name or whole, part) for name, part in leaves(space, value)]
