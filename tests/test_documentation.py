"""The Python of the README and the guides runs as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))]


#: What runs elsewhere: at a keyboard in tests/play; block by block below, since an alias that is
#: installed stays, and with Stable-Baselines3 in tests/clients.
ELSEWHERE = {"docs/drop-in.md", "docs/playing.md", "docs/with-stable-baselines3.md"}
#: What is meant to warn: programs of old releases do, and checks of CartPole's infinite bounds.
WARNS = {"docs/old-dialects.md", "docs/wrappers.md"}


def _name(page):
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize(
    "page",
    [p for p in PAGES if BLOCK.search(p.read_text()) and _name(p) not in ELSEWHERE],
    ids=_name,
)
def test_examples_run_one_after_the_other(page, tmp_path):
    script = tmp_path / "page.py"  # a file: workers that are spawned read it again
    script.write_text("\n".join(BLOCK.findall(page.read_text())))
    warnings = "default" if _name(page) in WARNS else "error"
    command = [sys.executable, "-W", warnings, str(script)]
    alone = {**os.environ, "RAY_ADDRESS": "local"}  # no cluster of other tests
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=alone)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_blocks_of_the_drop_in_page_run_each_by_itself(tmp_path):
    blocks = BLOCK.findall((ROOT / "docs" / "drop-in.md").read_text())
    run = [block for block in blocks if "stable_baselines3" not in block]
    assert (len(blocks), len(run)) == (3, 2)
    for block in run:
        command = [sys.executable, "-W", "error", "-c", block]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
