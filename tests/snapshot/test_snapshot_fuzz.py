"""Hostile snapshots under right checksums: refused, or what the constructor could have made."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz_stacks import stacks

NAMES = sorted(stacks())
GROUPS = 2
#: Of each stack; `test_there_are_enough` multiplies.
MUTATIONS = 360


def test_there_are_enough():
    assert len(NAMES) >= 50
    assert len(NAMES) * MUTATIONS >= 20_000


@pytest.mark.parametrize("group", range(GROUPS))
def test_mutations_of_good_snapshots(group, tmp_path):
    """A process of its own, since what hangs in C or eats memory would take pytest along."""
    names = NAMES[group::GROUPS]
    script = Path(__file__).with_name("fuzz.py")
    done = subprocess.run(
        [sys.executable, script, "1", str(MUTATIONS), *names],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,  # MuJoCo warns into a file of the folder, and on the output
    )
    assert done.returncode == 0, done.stderr[-3000:]
    rows = [json.loads(line) for line in done.stdout.splitlines() if line[:1] == "["]
    assert [row[:2] for row in rows] == [[name, MUTATIONS] for name in names]
    assert all(0 < accepted < made / 2 for _, made, accepted in rows), rows
