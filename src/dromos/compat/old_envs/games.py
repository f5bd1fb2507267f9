"""Small games of Gym up to 0.19: NChain, Roulette, and two that guess a number."""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos.compat.gym_v25.core import Step
from dromos.compat.old_envs.base import OldEnv
from dromos.error import InvalidAction
from dromos.spaces import Box, Discrete

__all__ = ["GuessingGame", "HotterColder", "NChainEnv", "RouletteEnv"]


def _check(env: Any, action: Any) -> None:
    if action not in env.action_space:
        raise InvalidAction(f"{action!r} is not an action of {env}: expected {env.action_space}")


class NChainEnv(OldEnv):
    """A chain of states: 0 goes forward, 1 back to the start for a small reward.

    M. Strens, "A Bayesian Framework for Reinforcement Learning" (2000), section 6.1.

    Attributes:
        n: The number of states.
        slip: How likely the other action is taken.
        small: The reward for going back.
        large: The reward for going forward at the end.
    """

    metadata = {"render.modes": []}  # noqa: RUF012  (as that release had it)

    def __init__(self, n: int = 5, slip: float = 0.2, small: float = 2, large: float = 10) -> None:
        self.n, self.slip, self.small, self.large = n, slip, small, large
        self.state = 0
        self.action_space = Discrete(2)
        self.observation_space = Discrete(n)
        self.seed()

    def _start(self) -> int:
        self.state = 0
        return 0

    def step(self, action: Any) -> Step:
        """Go forward or back."""
        _check(self, action)
        back = bool(action) != (self.np_random.rand() < self.slip)
        reward: float = 0
        if back:
            self.state, reward = 0, self.small
        elif self.state < self.n - 1:
            self.state += 1
        else:
            reward = self.large
        return self.state, reward, False, {}


class RouletteEnv(OldEnv):
    """Bet on zero, on a parity by a number that has it, or leave with the last action."""

    metadata = {"render.modes": []}  # noqa: RUF012  (as that release had it)

    def __init__(self, spots: int = 37) -> None:
        self.n = spots + 1
        self.action_space = Discrete(self.n)
        self.observation_space = Discrete(1)
        self.seed()

    def _start(self) -> int:
        return 0

    def step(self, action: Any) -> Step:
        """Spin the wheel, or leave."""
        _check(self, action)
        if action == self.n - 1:
            return 0, 0, True, {}
        spin = self.np_random.randint(0, self.n - 1)
        if spin == action == 0:
            reward = self.n - 2.0
        elif spin and action and spin % 2 == action % 2:
            reward = 1.0
        else:
            reward = -1.0
        return 0, reward, False, {}


class _Guessing(OldEnv):
    """Guess a number between -1000 and 1000; observations say on which side the guess was.

    0 is no guess yet, 1 too low, 2 right, 3 too high.
    """

    metadata = {"render.modes": []}  # noqa: RUF012  (as that release had it)
    range, guess_max = 1000, 200
    bounds: int

    def __init__(self) -> None:
        bound = np.array([self.bounds], np.float32)
        self.action_space = Box(-bound, bound, dtype=np.float32)
        self.observation_space = Discrete(4)
        self.number, self.guess_count, self.observation = 0.0, 0, 0
        self.seed()
        self.reset()

    def _start(self) -> int:
        self.number = self.np_random.uniform(-self.range, self.range)
        self.guess_count = self.observation = 0
        return 0

    def step(self, action: Any) -> Step:
        """Guess: a number, or an array (1,)."""
        guess = np.array([action]) if isinstance(action, (int, float)) else np.asarray(action)
        _check(self, guess)
        self.observation = 2 + int(np.sign(guess[0] - self.number))
        self.guess_count += 1
        reward, done = self._judge(guess)
        info = {"number": self.number, "guesses": self.guess_count}
        return self.observation, reward, done or self.guess_count >= self.guess_max, info

    def _judge(self, guess: Any) -> tuple[Any, bool]:
        raise NotImplementedError


class GuessingGame(_Guessing):
    """Guess a number within 10; that gives 1 and ends the episode."""

    bounds = 10000

    def _judge(self, guess: Any) -> tuple[int, bool]:
        near = bool(abs(guess[0] - self.number) < self.range * 0.01)
        return int(near), near


class HotterColder(_Guessing):
    """Guess a number; the nearer, the greater the reward, up to 1."""

    bounds = 2000

    def _judge(self, guess: Any) -> tuple[Any, bool]:
        low, high = min(guess, self.number), max(guess, self.number)
        ratio = (low + self.bounds) / (high + self.bounds)
        return np.atleast_1d(ratio**2)[0], False
