"""The Python of the rendering guide runs as it stands, and leaves the files it speaks of."""

import re
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "rendering.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_examples_run_one_after_the_other(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for code in BLOCK.findall(GUIDE.read_text()):
        exec(compile(code, str(GUIDE), "exec"), names)
    files = {"cartpole.mp4", "last.png", "four.png", "pendulum.png"}
    assert {path.name for path in tmp_path.iterdir()} == files
    assert capsys.readouterr().out.count("▀") > 1000
