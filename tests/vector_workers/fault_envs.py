"""Environments that fail in all the ways environments fail."""

from __future__ import annotations

import faulthandler
import os
import signal
import time
from typing import Any

import numpy as np

from dromos.core import Env
from dromos.spaces import Box, Discrete

#: The variable of the environment that names a file: while it is there, slow lanes do not finish.
HELD = "DROMOS_TESTS_HELD"


def held_up(seconds: float) -> None:
    """Wait until the tests say so, or for some seconds if they do not say."""
    path = os.environ.get(HELD)
    if path is None:
        time.sleep(seconds)
    while path is not None and os.path.exists(path):
        time.sleep(0.005)


class Counter(Env[Any, Any]):
    """Counts its steps from the seed on; the last action is in the info if asked for."""

    metadata = {"render_modes": ["ansi"]}  # noqa: RUF012

    def __init__(self, length: int = 1000, render_mode: str | None = None) -> None:
        self.observation_space = Box(-np.inf, np.inf, (2,), np.float64)
        self.action_space = Discrete(10)
        self.length = length
        self.render_mode = render_mode
        self.count = self.start = 0
        self.closed_at: str | None = None

    def observe(self) -> Any:
        return np.array([self.start, self.count], dtype=np.float64)

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        if seed is not None:
            self.start = seed
        self.count = 0
        return self.observe(), {}

    def step(self, action: Any) -> Any:
        self.count += 1
        return self.observe(), float(action), self.count >= self.length, False, {}

    def nap(self, seconds: float) -> float:
        held_up(seconds)
        return seconds

    def render(self) -> Any:
        return f"{self.start}+{self.count}"


class Touchy(Counter):
    """Does on certain actions what its methods are called."""

    def step(self, action: Any) -> Any:
        if action == 9:
            raise KeyError("nine")
        if action == 8:
            os.kill(os.getpid(), signal.SIGKILL)
        if action == 7:
            time.sleep(1000)
        if action == 6:
            os._exit(3)
        if action == 5:
            held_up(0.4)
        if action == 4:
            raise Unpicklable("four", object())
        return super().step(action)


class Unpicklable(Exception):
    """Cannot be made again from its arguments."""

    def __init__(self, name: str, thing: object) -> None:
        super().__init__(f"{name} is wrong")


class Speechless(Exception):
    """Raises when it is asked what it says."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


class AtHomeOnly(Exception):
    """Can be made in the process whose number it has been given, and in no other."""

    def __init__(self, process: int) -> None:
        if process != os.getpid():
            raise RuntimeError("not at home")
        super().__init__(process)


class Raises(Counter):
    """Raises an exception of a class for action 1; `AtHomeOnly` is given this process's number."""

    def __init__(self, kind: type[Exception]) -> None:
        super().__init__()
        self.kind = kind

    def step(self, action: Any) -> Any:
        if action == 1:
            raise self.kind(os.getpid())
        return super().step(action)


class Listing(Counter):
    """Has a list as its info."""

    def step(self, action: Any) -> Any:
        return *super().step(action)[:4], [("count", self.count)]


class FailsToReset(Counter):
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        if options and options.get("fail"):
            raise ValueError("cannot be reset")
        return super().reset(seed=seed, options=options)


class FailsToClose(Counter):
    def close(self) -> None:
        raise RuntimeError("cannot be closed")


class HangsInClose(Counter):
    def close(self) -> None:
        time.sleep(1000)


class FailsToStart(Counter):
    def __init__(self) -> None:
        raise KeyError("no such thing")


class DiesAtStart(Counter):
    def __init__(self) -> None:
        faulthandler.disable()  # the fault is wanted: no report of it among the tests
        os.kill(os.getpid(), signal.SIGSEGV)
