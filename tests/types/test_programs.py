"""Programs as users write them: `make types` checks them, and here they run."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from dromos import logger

_PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))


@pytest.mark.parametrize("program", _PROGRAMS, ids=lambda program: program.stem)
def test_a_program_that_is_checked_also_runs(program: Path) -> None:
    level = logger.min_level
    try:
        runpy.run_path(str(program), run_name="__main__")
    finally:
        logger.set_level(level)
