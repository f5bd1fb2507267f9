"""The environment of a new package and its tests: templates with ``$names``."""

from __future__ import annotations

__all__ = ["ENVIRONMENT", "TESTS"]

ENVIRONMENT = '''\
"""`$env_class`: a walk on a grid."""

from __future__ import annotations

from typing import Any

import dromos as gym
import numpy as np
from dromos import spaces
from dromos.render import Raster

#: The change of row and column by each action: up, right, down, left.
MOVES = np.array([(-1, 0), (0, 1), (1, 0), (0, -1)])

PIXELS = 64  # the side of a field in a picture
GROUND, TILE = (226, 233, 241), (247, 249, 252)  # RGB
WALKER, EYE, TARGET, RIM = (240, 150, 70), (33, 42, 60), (110, 190, 150), (60, 140, 105)


class $env_class(gym.Env[np.ndarray, int]):
    """Walk on a square grid to the target.

    An observation is row and column of the walker, then of the target; int64 (4,). Each step costs
    0.01; the one that reaches the target earns 1 and ends the episode.
    """

    metadata = {"render_modes": ["ansi", "rgb_array"], "render_fps": 4}

    def __init__(self, size: int = 5, render_mode: str | None = None) -> None:
        """Make a grid of `size` by `size` fields."""
        if size < 2:
            raise ValueError(f"size must be at least 2, got {size}")
        self.size = size
        self.render_mode = render_mode
        self.observation_space = spaces.Box(0, size - 1, (4,), np.int64)
        self.action_space = spaces.Discrete(len(MOVES))
        self._walker = np.zeros(2, dtype=np.int64)
        self._target = np.zeros(2, dtype=np.int64)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Put walker and target on two different fields."""
        super().reset(seed=seed)
        fields = self.np_random.choice(self.size**2, size=2, replace=False)
        self._walker, self._target = np.array(np.divmod(fields, self.size)).T
        return self._observation(), {}

    def step(self, action: int) -> tuple[np.ndarray, float, bool, bool, dict[str, Any]]:
        """Move the walker, who stays where a wall is."""
        self._walker = np.clip(self._walker + MOVES[action], 0, self.size - 1)
        arrived = bool((self._walker == self._target).all())
        return self._observation(), 1.0 if arrived else -0.01, arrived, False, {}

    def render(self) -> str | np.ndarray | None:
        """Return the grid as text or as a picture."""
        if self.render_mode == "ansi":
            return self._text()
        return self._picture() if self.render_mode == "rgb_array" else None

    def _observation(self) -> np.ndarray:
        return np.concatenate([self._walker, self._target])

    def _text(self) -> str:
        grid = np.full((self.size, self.size), ".")
        grid[tuple(self._target)] = "X"
        grid[tuple(self._walker)] = "o"
        return "\\n".join("".join(row) for row in grid)

    def _picture(self) -> np.ndarray:
        canvas = Raster(PIXELS * self.size, PIXELS * self.size)
        canvas.background(GROUND)
        with canvas.placed(scale=PIXELS):  # from here on, a field is 1 wide
            for row, column in np.ndindex(self.size, self.size):
                canvas.rectangle(column + 0.03, row + 0.03, 0.94, 0.94, TILE, corner=0.1)
            row, column = self._target + 0.5
            canvas.disc(column, row, 0.36, TARGET)
            canvas.arc(column, row, 0.36, 0.06, RIM)
            row, column = self._walker + 0.5
            canvas.shadow(column - 0.2, row + 0.1, 0.4, 0.2, (*EYE, 90), blur=0.1, corner=0.1)
            canvas.disc(column, row, 0.26, WALKER)
            for side in (-0.09, 0.09):
                canvas.disc(column + side, row - 0.05, 0.04, EYE)
        return canvas.pixels()
'''

TESTS = '''\
"""What is true of `$env_id`."""

import dromos as gym
import numpy as np
import pytest
from dromos.utils.env_checker import check_env

from $package.envs import $env_class
from $package.envs.$module import PIXELS, WALKER


def walk(env, seed):
    """Return the rewards of an episode whose walker goes up or down, then left or right."""
    (row, column, target_row, target_column), _ = env.reset(seed=seed)
    rewards, over = [], False
    while not over:
        if row != target_row:
            action = 0 if row > target_row else 2
        else:
            action = 1 if column < target_column else 3
        (row, column, _, _), reward, terminated, truncated, _ = env.step(action)
        rewards.append(reward)
        over = terminated or truncated
    return rewards


def test_it_keeps_the_contract():
    check_env(gym.make("$env_id").unwrapped, strict=True)


def test_the_straight_way_reaches_the_target():
    rewards = walk(gym.make("$env_id", size=4), seed=1)
    assert rewards[-1] == 1.0
    assert set(rewards[:-1]) <= {-0.01}
    assert len(rewards) <= 6


def test_equal_seeds_give_equal_episodes():
    env = gym.make("$env_id")
    assert walk(env, seed=3) == walk(env, seed=3)


def test_walls_hold_the_walker():
    env = gym.make("$env_id", size=3)
    env.reset(seed=0)
    for action in range(env.action_space.n):
        for _ in range(5):
            assert env.step(action)[0] in env.observation_space


def test_an_episode_is_truncated():
    env = gym.make("$env_id", size=2, max_episode_steps=1)
    (_, column, _, target_column), _ = env.reset(seed=0)
    away = 3 if column < target_column else 1
    assert env.step(away)[2:4] == (False, True)


def test_it_is_drawn():
    env = $env_class(size=3, render_mode="rgb_array")
    env.reset(seed=0)
    frame = env.render()
    assert frame.dtype == np.uint8
    row, column = (env.reset(seed=0)[0][:2] * PIXELS + PIXELS // 2).tolist()
    assert frame[row + 8, column].tolist() == list(WALKER)
    text = $env_class(size=3, render_mode="ansi")
    text.reset(seed=0)
    assert sorted(text.render().replace("\\n", "")) == sorted("oX.......")


def test_several_at_once():
    envs = gym.make_vec("$env_id", num_envs=4)
    observations, _ = envs.reset(seed=0)
    assert observations.shape == (4, 4)
    envs.close()


def test_a_grid_has_two_fields_at_least():
    with pytest.raises(ValueError, match="at least 2"):
        gym.make("$env_id", size=1)
'''
