"""The Python of the guide to the checkers runs as it stands, and finds what it says it would."""

import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "testing-your-env.md"


def block(language):
    pattern = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return pattern.search(GUIDE.read_text())[1]


def test_the_example_is_sound():
    exec(block("python"), {})


def test_the_report_that_is_shown():
    faulty = block("python").replace(
        'return {"place": np.array([self.place], np.float32)}, {}', 'return {"place": 4}, {}'
    )
    faulty = faulty.replace("gym.make(Walk)", "gym.make(Walk, disable_env_checker=True)")
    with pytest.raises(AssertionError) as caught:
        exec(faulty, {})
    assert str(caught.value.report).startswith(block("text").rstrip("\n"))
