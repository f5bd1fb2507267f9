"""`Watch`: the steps that a script makes, seen from inside its calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dromos.error import Error
from dromos.viewer.control import Control, Stage
from dromos.viewer.driver import Driver

if TYPE_CHECKING:
    from dromos.viewer.run import Run

__all__ = ["Watch"]

_NOT_HERE = "the script makes the steps; branch off first, which leaves the script alone"


class Watch(Control):
    """Looks on while a script steps an environment, and can hold it up.

    While nobody looks, the wrapper does not even call this: see `attend`.

    Args:
        run: What is shown.
        stage: Where.
        on_eyes: Called with whether steps have to be told from now on; from any thread.
    """

    mode = "script"
    _share = 0.1
    _refusals = dict.fromkeys(("reset", "keyboard", "keys"), _NOT_HERE)

    def __init__(self, run: Run, stage: Stage, on_eyes: Callable[[bool], None]) -> None:
        super().__init__(run, stage)
        run.spares_time = True
        self.eyes = False
        self._on_eyes = on_eyes
        self._missed = True

    def attend(self, attentive: bool) -> None:
        """Note whether a page looks on; called by the server's thread."""
        attentive = attentive or (self.paused and self.stage.present > 0)
        if attentive != self.eyes:
            if not attentive:
                self._missed = True
            self.eyes = attentive
            self._on_eyes(attentive)
        elif attentive:  # a step that ended just then may have taken the short path
            self._on_eyes(True)
        if not self.stage.present:  # nobody is left who could let the script go on
            self.paused, self.speed = False, None
            self.wake()

    def leave_to_parent(self) -> None:
        """Go on unseen, by the short path."""
        super().leave_to_parent()
        self.attend(False)

    def before_step(self) -> None:
        """Do what pages asked for, and hold the script up where they want that."""
        if self._missed:
            self._missed = False
            self.run.lost()
        self._obey_all()
        while self._is_held(now := time.perf_counter()) and self.stage.present:
            self._publish()
            self._hold(self._wait_time(now))
            self._obey_all()
        self._count_step()

    def after_step(self, actions: Any, result: Any, lanes: Any = None) -> None:
        """Note what a step gave."""
        self.run.stepped(actions, self.run.subject.outcome(result), lanes)
        self._publish()

    def after_reset(self, result: Any, seed: Any, options: Any) -> None:
        """Note what a reset gave."""
        if self._missed:
            self._missed = False
            self.run.lost()
        self._obey_all()
        observations, infos = result
        self.run.started(observations, infos, seed, options)
        self._fresh = True
        self._publish()

    def _do_branch(self, value: None) -> None:
        if self.run.observations is None:
            raise Error("branch: no step has been seen yet; branch off after the next step")
        self._branch_off()

    def _do_back(self, value: int) -> None:
        self.run.moments.find(value)
        self._branch_off(value)

    def _branch_off(self, moment: int | None = None) -> None:
        subject = self.run.subject.clone()
        driver = Driver(self.run.fork(subject), self.stage, is_branch=True)
        driver.paused = True
        if moment is not None:
            driver.go_back_first(moment)
        self.paused = False
        self.stage.hand_over(driver)
        driver.start()

    def _do_return(self, value: None) -> None:
        raise Error("return: this is what the script does; there is nothing to return from")
