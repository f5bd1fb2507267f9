"""The command line, called as a program is."""

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from dromos.cli import main


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]


@pytest.fixture
def dromos(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run ``dromos`` with arguments."""

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["dromos", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        code = stop.value.code
        return Ran(code if isinstance(code, int) else 1, *capsys.readouterr())

    return run
