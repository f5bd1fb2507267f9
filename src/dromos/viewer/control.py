"""`Control`: what pages ask for, done between two steps by the thread that steps."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from dromos.error import Error
from dromos.viewer.film import film

if TYPE_CHECKING:
    from dromos.viewer.episode import Episode
    from dromos.viewer.protocol import Command
    from dromos.viewer.run import Run, Update

__all__ = ["Answer", "Control", "Download", "Reply", "Stage"]

UPDATES_A_SECOND = 30.0
_MOST_ASKED = 256


class Download(NamedTuple):
    """A file for a page: its name, and what makes its contents, in whatever thread."""

    name: str
    contents: Callable[[], bytes]


Answer = dict[str, Any] | Download
Reply = Callable[[Answer], None]


class Stage(Protocol):
    """Who shows what a control tells.

    Attributes:
        wanted: Whether a page waits for an update.
        present: How many pages are open.
        control: Whose updates are shown.
    """

    wanted: bool
    present: int
    control: Control | None

    def spread(self, update: Update) -> None:
        """Show an update."""

    def hand_over(self, control: Control | None) -> None:
        """Show what another control tells; None for the one at the start."""


class Control:
    """Base of what steps: the script of a user (`Watch`), or the viewer itself (`Driver`).

    The thread that steps calls `_obey_all` between two steps, and `_publish` when an update is
    wanted; any thread calls `ask`.

    Attributes:
        run: What is shown.
        paused: Whether it stands still.
        speed: Steps a second at most; None for no limit.
    """

    mode: ClassVar[str] = ""
    #: The largest part of the time that goes into updates.
    _share: ClassVar[float] = 0.5
    #: Commands that only some controls obey, and what others answer.
    _refusals: ClassVar[dict[str, str]] = {}

    def __init__(self, run: Run, stage: Stage) -> None:
        self.run, self.stage = run, stage
        self.paused = False
        self.speed: float | None = None
        self._steps_left = 0
        self._fresh = True  # whether there is something that no update told yet
        self._asked: deque[tuple[Command, Reply]] = deque()
        self._bell = threading.Condition()
        self._due = self._next_update = 0.0
        self._rate, self._rated = 0.0, (0.0, 0)

    def ask(self, command: Command, reply: Reply) -> None:
        """Let a command be obeyed between two steps."""
        if len(self._asked) >= _MOST_ASKED:
            reply({"error": f"{command.do}: {_MOST_ASKED} commands wait for the next step"})
            return
        with self._bell:
            self._asked.append((command, reply))
            self._bell.notify_all()

    def wake(self) -> None:
        """Let a thread that waits look again."""
        with self._bell:
            self._bell.notify_all()

    def leave_to_parent(self) -> None:
        """Go on unseen in a fork, where nobody would let go of the lock or let it go on."""
        self._bell = threading.Condition()
        self._asked.clear()
        self.paused, self.speed = False, None

    def _hold(self, seconds: float) -> None:
        with self._bell:
            if not self._asked:
                self._bell.wait(seconds)

    def _obey_all(self) -> None:
        while self._asked:
            command, reply = self._asked.popleft()
            reply(self._obey(command))
            self._next_update, self._fresh = 0.0, True

    def _obey(self, command: Command) -> Answer:
        refusal = self._refusals.get(command.do)
        if refusal is not None:
            return {"error": f"{command.do}: {refusal}"}
        try:
            answer: Answer | None = getattr(self, f"_do_{command.do}")(command.value)
        except Error as problem:
            return {"error": str(problem)}
        except Exception as problem:  # what the environment raised is shown, the viewer goes on
            return {"error": f"{command.do}: {type(problem).__name__}: {problem}"}
        return {"done": command.do} if answer is None else answer

    def _is_held(self, now: float) -> bool:
        """Return whether the next step has to wait."""
        if self._steps_left:
            return False
        return self.paused or (self.speed is not None and now < self._due)

    def _count_step(self) -> None:
        """Note that a step is made now."""
        self._steps_left, self._fresh = max(0, self._steps_left - 1), True
        if self.speed is not None:
            now = time.perf_counter()
            self._due = max(now - 0.1, self._due) + 1 / self.speed

    def _wait_time(self, now: float) -> float:
        if self.paused or self.speed is None:
            return 0.2
        return min(0.2, max(0.0, self._due - now))

    def _publish(self) -> None:
        """Show an update if one is wanted and it is time."""
        began = time.perf_counter()
        if not (self._fresh and self.stage.wanted) or began < self._next_update:
            return
        if self.stage.control is not self:
            return
        self.stage.wanted = self._fresh = False
        update = self.run.update()
        self._measure_rate(began)
        told = {
            **update.told,
            "mode": self.mode,
            "paused": self.paused,
            "speed": self.speed,
            "rate": self._rate,
            **self._more(),
        }
        self.stage.spread(update._replace(told=told))
        cost = time.perf_counter() - began
        self._next_update = began + max(1 / UPDATES_A_SECOND, cost / self._share)

    def _measure_rate(self, now: float) -> None:
        since, total = self._rated
        if now - since >= 0.5:
            self._rate = (self.run.total - total) / (now - since) if since else 0.0
            self._rated = (now, self.run.total)

    def _more(self) -> dict[str, Any]:
        """Return what only this control has to tell."""
        return {"keys": None, "keyboard": False, "problem": None}

    def _do_pause(self, value: None) -> None:
        self.paused = True

    def _do_resume(self, value: None) -> None:
        self.paused, self._steps_left = False, 0

    def _do_step(self, value: int) -> None:
        self.paused, self._steps_left = True, value

    def _do_speed(self, value: float | None) -> None:
        self.speed, self._due = value, 0.0

    def _do_lanes(self, value: list[int]) -> None:
        self.run.shown = value
        if self.run.focus not in value:
            self.run.look_at(value[0])

    def _do_focus(self, value: int) -> None:
        self.run.look_at(value)
        if value not in self.run.shown:
            self.run.shown = [*self.run.shown[:-1], value]

    def _do_snapshot(self, value: None) -> None:
        if self.run.observations is None:
            raise Error("snapshot: no step has been seen yet; take one after the next step")
        self.run.take_moment(by_hand=True)

    def _do_download(self, value: str) -> Answer:
        run = self.run
        episode = run.last_episode if value.startswith("last") else run.episode
        if episode is None or not episode.steps:
            raise Error("download: there is no such episode yet; wait for its first step")
        name = "".join(c if c.isalnum() or c in "-_" else "-" for c in run.subject.name)
        name = f"{name}-lane-{episode.lane}" if run.subject.lanes > 1 else name
        if value.endswith("video"):
            return self._film(episode, name)
        kept = episode.fork(run.subject)
        return Download(f"{name}.jsonl", lambda: kept.file().encode())

    def _film(self, episode: Episode, name: str) -> Download:
        run = self.run
        if run.why_no_frames is not None:
            raise Error(f"download: {run.why_no_frames}")
        start = episode.start
        if start is None or episode.too_long:
            raise Error(
                "download: where this episode began is not known, so it cannot be played again "
                "for a film; download the next one"
            )
        kept = episode.fork(run.subject.clone())
        return Download(f"{name}.mp4", lambda: film(kept, start))
