"""A file to play again."""

from pathlib import Path

import pytest

import dromos as gym
from dromos.wrappers import RecordEpisodes


@pytest.fixture
def cart(tmp_path) -> Path:
    """An episode of nine steps."""
    env = RecordEpisodes(gym.make("CartPole-v1"), tmp_path)
    env.reset(seed=3)
    for _ in range(9):
        env.step(1)
    env.close()
    return tmp_path / "episode-0.jsonl"


@pytest.fixture
def changed(cart):
    """Make a copy of the file in which a line has another text."""

    def change(line, old, new):
        lines = cart.read_text().splitlines()
        assert old in lines[line - 1]
        lines[line - 1] = lines[line - 1].replace(old, new)
        cart.write_text("\n".join(lines) + "\n")
        return cart

    return change
