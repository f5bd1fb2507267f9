"""The coin flips of Haghani and Dewey: how much to bet on a biased coin.

"Rational Decision-Making Under Uncertainty: Observed Betting Patterns on a Biased Coin" (2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos.compat.gym_v25.core import Step
from dromos.compat.old_envs.base import OldEnv
from dromos.spaces import Box, Discrete, Tuple

__all__ = ["KellyCoinflipEnv", "KellyCoinflipGeneralizedEnv", "flip"]

_NORMAL_99 = 2.3263478740408408  # below it lie 99 % of a standard normal


def flip(edge: float, np_random: Any) -> int:
    """Return 1 with the probability `edge`, else -1."""
    return 1 if np_random.uniform() < edge else -1


def _pareto(share: float, alpha: float, least: float) -> float:
    """Return below what `share` of a generalised Pareto distribution of shape `alpha` lies."""
    return float(least + ((1 - share) ** -alpha - 1) / alpha)


class KellyCoinflipEnv(OldEnv):
    """Bet pennies on a coin that wins with the probability `edge`.

    Observations are the wealth, float64 (1,), and the rounds left. The reward is the wealth at the
    end: broke, as rich as may be, or after all rounds.

    Attributes:
        ends_late: Whether, as up to 0.10, the end is the step after the last round or penny, and
            the greatest wealth none.
    """

    metadata = {"render.modes": ["human"]}  # noqa: RUF012  (as that release had it)

    def __init__(
        self,
        initial_wealth: float = 25.0,
        edge: float = 0.6,
        max_wealth: float = 250.0,
        max_rounds: int = 300,
        ends_late: bool = False,
    ) -> None:
        self.action_space = Discrete(int(max_wealth * 100))
        self.observation_space = Tuple(
            (Box(0, max_wealth, (1,), np.float32), Discrete(max_rounds + 1))
        )
        self.reward_range = (0, max_wealth)
        self.edge, self.ends_late = edge, ends_late
        self.wealth = self.initial_wealth = initial_wealth
        self.max_rounds, self.max_wealth = max_rounds, max_wealth
        self.rounds = max_rounds
        self.seed()
        self.reset()

    def _start(self) -> Any:
        self.rounds, self.wealth = self.max_rounds, self.initial_wealth
        return self._observation()

    def _observation(self) -> Any:
        return np.array([self.wealth]), self.rounds

    def step(self, action: Any) -> Step:
        """Bet `action` pennies, or all there is."""
        over = self.wealth < 1e-6 or not self.rounds
        if self.ends_late:
            if not over:
                self._bet(action)
            reward = self.wealth if over and self.wealth >= 1e-6 else 0.0
            return self._observation(), reward, over, {}
        self._bet(action)
        done = self.wealth < 0.01 or self.wealth == self.max_wealth or not self.rounds
        return self._observation(), self.wealth if done else 0.0, done, {}

    def _bet(self, pennies: Any) -> None:
        bet = min(pennies / 100.0, self.wealth)
        self.rounds -= 1
        won = flip(self.edge, self.np_random)
        self.wealth = min(self.max_wealth, self.wealth + won * bet)
        self._count(won)

    def _count(self, won: int) -> None:
        """Take notice of a flip."""

    def render(self, mode: str = "human") -> None:
        """Print wealth and rounds left."""
        print(f"Current wealth: {self.wealth}; Rounds left: {self.rounds}")


class KellyCoinflipGeneralizedEnv(KellyCoinflipEnv):
    """The same with edge, greatest wealth and number of rounds drawn, and hidden, at each reset.

    Observations are the wealth, float64 (1,), the rounds played, the flips won and lost, and the
    greatest wealth so far, float64 (1,). Every flip is counted as won, as from 0.11 on, unless the
    episode `ends_late`. The spaces change with what is drawn, unless the distributions are clipped.
    """

    def __init__(
        self,
        initial_wealth: float = 25.0,
        edge_prior_alpha: float = 7,
        edge_prior_beta: float = 3,
        max_wealth_alpha: float = 5.0,
        max_wealth_m: float = 200.0,
        max_rounds_mean: float = 300.0,
        max_rounds_sd: float = 25.0,
        clip_distributions: bool = False,
        ends_late: bool = False,
    ) -> None:
        self.edge_prior_alpha, self.edge_prior_beta = edge_prior_alpha, edge_prior_beta
        self.max_wealth_alpha, self.max_wealth_m = max_wealth_alpha, max_wealth_m
        self.max_rounds_mean, self.max_rounds_sd = max_rounds_mean, max_rounds_sd
        self.clip_distributions, self.ends_late = clip_distributions, ends_late
        self.initial_wealth = float(initial_wealth)
        self.seed()
        self.reset()

    def _start(self) -> Any:
        self.edge = self.np_random.beta(self.edge_prior_alpha, self.edge_prior_beta)
        wealth_bound, rounds_bound = float("inf"), float("inf")
        if self.clip_distributions:
            wealth_bound = round(_pareto(0.85, self.max_wealth_alpha, self.max_wealth_m))
            rounds_bound = round(self.max_rounds_mean + _NORMAL_99 * self.max_rounds_sd)
        while (wealth := self._drawn_wealth()) > wealth_bound:
            pass
        while (rounds := self._drawn_rounds()) > rounds_bound:
            pass
        self.max_wealth, self.max_rounds = wealth, rounds
        self.reward_range = (0, wealth)
        self._make_spaces(int(min(wealth, wealth_bound)), int(min(rounds, rounds_bound)))
        if self.clip_distributions:
            self._make_spaces(int(wealth_bound), int(rounds_bound))
        self.wealth = self.max_ever_wealth = self.initial_wealth
        self.rounds, self.rounds_elapsed, self.wins, self.losses = rounds, 0, 0, 0
        return self._observation()

    def _drawn_wealth(self) -> int:
        return round(_pareto(self.np_random.uniform(), self.max_wealth_alpha, self.max_wealth_m))

    def _drawn_rounds(self) -> int:
        return round(self.np_random.normal(self.max_rounds_mean, self.max_rounds_sd))

    def _make_spaces(self, wealth: int, rounds: int) -> None:
        self.action_space = Discrete(wealth * 100)
        money = [Box(0, wealth, (1,), np.float32) for _ in range(2)]
        counts = [Discrete(rounds + 1) for _ in range(3)]
        self.observation_space = Tuple((money[0], *counts, money[1]))

    def _count(self, won: int) -> None:
        self.rounds_elapsed += 1
        if won > 0 or not self.ends_late:
            self.max_ever_wealth = max(self.wealth, self.max_ever_wealth)
            self.wins += 1
        else:
            self.losses += 1

    def _observation(self) -> Any:
        return (
            np.array([float(self.wealth)]),
            self.rounds_elapsed,
            self.wins,
            self.losses,
            np.array([float(self.max_ever_wealth)]),
        )
