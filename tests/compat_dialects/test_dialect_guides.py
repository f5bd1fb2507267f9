"""The guide to the old dialects runs as it stands, and that to one's own environment is true."""

import re
import subprocess
import sys
from pathlib import Path

from dromos.scaffold import write_package

DOCS = Path(__file__).parents[2] / "docs"


def test_the_examples_of_the_guide_run():
    text = (DOCS / "old-dialects.md").read_text()
    code = "\n".join(re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    options = ("-W", "error", "-W", "ignore::DeprecationWarning")
    done = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_names_then_and_today_are_names():
    import dromos
    from dromos.compat import gymnasium_v029

    text = (DOCS / "old-dialects.md").read_text()
    table = text.split("| name then | today |")[1].split("\n\n")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    assert len(rows) == 8
    for then, _ in rows:
        for name in re.findall(r"`(\w+)", then):
            assert hasattr(gymnasium_v029.wrappers, name), name
    for _, today in rows[:6]:
        assert hasattr(dromos.wrappers, re.match(r"`(\w+)", today)[1]), today


def test_the_layout_of_a_new_package(tmp_path):
    text = (DOCS / "your-own-environment.md").read_text()
    tree = text.split("gym-grid-world/\n")[1].split("```")[0]
    shown = {line.split("── ")[1].split()[0].rstrip("/") for line in tree.strip().splitlines()}
    written = {path.name for path in write_package("grid-world", tmp_path).rglob("*")}
    assert shown == written


def test_c20_the_guide_warns_of_spaces_of_ones_own():
    text = " ".join((DOCS / "old-dialects.md").read_text().split())
    assert "Spaces of a class of one's own are not batched" in text
    assert "Many learning programs take it for granted that observations are arrays" in text
