"""`Driver`: steps an environment itself, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.error import Error
from dromos.viewer.control import Control, Stage

if TYPE_CHECKING:
    from dromos.viewer.run import Run

__all__ = ["Driver"]

_LARGEST_SEED = 2**31


class Driver(Control):
    """Steps an environment as pages want it; while no page is open, it stands still.

    Every episode of a single environment is reset with a seed of its own, so that each can be
    downloaded as a file that repeats it.

    Args:
        run: The environment.
        stage: Where it is shown.
        policy: Called with the observations, returns actions; None draws random ones.
        keys: Which keys mean which action; None asks the environment.
        seed: Of the first episode; None draws one.
        is_branch: Whether the environment is a copy of one that a script steps; it is closed at
            the end, and goes on where it is.
    """

    def __init__(
        self,
        run: Run,
        stage: Stage,
        policy: Callable[[Any], Any] | None = None,
        keys: Mapping[Any, Any] | None = None,
        seed: int | None = None,
        is_branch: bool = False,
    ) -> None:
        super().__init__(run, stage)
        self.mode = "branch" if is_branch else "viewer"  # type: ignore[misc]
        self.speed = run.subject.fps
        self.problem: str | None = None
        self._policy, self._seed, self._is_branch = policy, seed, is_branch
        self._seeds = np.random.default_rng(seed)
        self._keys = run.subject.keys(keys)
        self._keyboard = False
        self._held: set[int] = set()
        self._tapped: list[int] = []
        self._first_moment: int | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._live, name="dromos-viewer-run", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def go_back_first(self, number: int) -> None:
        """Go back to a moment of a branch before anything else."""
        self._first_moment = number

    def close(self) -> None:
        """End the thread; a branch's environment is closed."""
        self._closing = True
        self.wake()
        if self._thread is not threading.current_thread() and self._thread.ident is not None:
            self._thread.join()

    def _live(self) -> None:
        try:
            self._tried(self._begin)
            while not self._closing:
                self._obey_all()
                self._publish()
                now = time.perf_counter()
                if self._is_held(now) or not self.stage.present or self.problem is not None:
                    self._hold(self._wait_time(now))
                elif self._waits_for_a_key():
                    self._hold(0.2)
                else:
                    self._count_step()
                    self._tried(self._move)
        finally:
            if self._is_branch:
                self.run.subject.env.close()

    def _hold(self, seconds: float) -> None:
        with self._bell:
            if not self._asked and not self._closing:
                if self._fresh and self.stage.wanted:
                    seconds = min(seconds, max(0.001, self._next_update - time.perf_counter()))
                self._bell.wait(seconds)

    def _tried(self, action: Callable[[], None]) -> None:
        """Do something with the environment; what it raises is shown, and it stands still."""
        try:
            action()
        except Exception as problem:
            self.problem = f"{type(problem).__name__}: {problem}. Reset to go on."

    def _begin(self) -> None:
        if not self._is_branch:
            self._reset(self._seed)
        elif self._first_moment is not None:
            self.run.go_back(self._first_moment)

    def _reset(self, seed: int | None, ended: Any = None) -> None:
        run = self.run
        if seed is None and ended is None:
            seed = int(self._seeds.integers(_LARGEST_SEED))
        options = None if ended is None else {"reset_mask": ended}
        observations, infos = run.subject.env.reset(seed=seed, options=options)
        run.started(observations, infos, seed, options)
        self._tapped.clear()

    def _move(self) -> None:
        run = self.run
        ended = run.tally.ended
        if run.subject.resets_itself is None and ended.any():
            self._reset(None, ended if run.subject.lanes > 1 else None)
            return
        actions = self._actions()
        run.stepped(actions, run.subject.outcome(run.subject.env.step(actions)))

    def _actions(self) -> Any:
        run = self.run
        policy = self._policy
        actions = run.subject.sample() if policy is None else policy(run.observations)
        if not self._keyboard or self._keys is None:
            return actions
        pressed = tuple(sorted({*self._held, *self._tapped}))
        self._tapped.clear()
        action = self._keys.get(pressed, self._keys.get((), self._no_key()))
        return run.subject.with_action(actions, run.focus, action)

    def _no_key(self) -> Any:
        """Return what no key means where the environment does not say: as in `play`, 0."""
        space = self.run.subject.action_space
        shape = space.shape or ()
        return np.zeros(shape, space.dtype) if shape else 0

    def _waits_for_a_key(self) -> bool:
        """Return whether a game is played in turns, and it is the player's."""
        if not self._keyboard or self._keys is None or () in self._keys or self._steps_left:
            return False
        return not (self._tapped or self.run.tally.ended[self.run.focus])

    def _more(self) -> dict[str, Any]:
        keys = None if self._keys is None else [list(held) for held in self._keys]
        return {"keys": keys, "keyboard": self._keyboard, "problem": self.problem}

    def _do_reset(self, value: int | None) -> None:
        self.problem = None
        self._reset(value)
        self._due = 0.0

    def _do_back(self, value: int) -> None:
        self.run.go_back(value)
        self.problem, self.paused, self._steps_left = None, True, 0

    def _do_keyboard(self, value: bool) -> None:
        if value and self._keys is None:
            raise Error(
                "keyboard: the environment does not say which keys play it; define "
                "get_keys_to_action in its class, or pass keys_to_action to dromos.view"
            )
        self._keyboard = value
        self._held.clear()
        self._tapped.clear()

    def _do_keys(self, value: list[list[int]]) -> None:
        self._held = set(value[0])
        self._tapped = [*self._tapped, *value[1]][-16:]

    def _do_branch(self, value: None) -> None:
        raise Error("branch: the viewer makes the steps here; go back or reset as you like")

    def _do_return(self, value: None) -> None:
        if not self._is_branch:
            raise Error("return: there is no script to return to")
        self._closing = True
        self.stage.hand_over(None)
