"""Blackjack as up to 0.21, with cards drawn by the generator of that time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dromos.compat.gym_v25.core import Step
from dromos.compat.old_envs.base import OldEnv
from dromos.error import InvalidAction
from dromos.spaces import Discrete, Tuple

__all__ = [
    "BlackjackEnv",
    "cmp",
    "deck",
    "draw_card",
    "draw_hand",
    "is_bust",
    "is_natural",
    "score",
    "sum_hand",
    "usable_ace",
]

#: Ace, 2 to 10, and the three faces, which count 10.
deck = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10]


def cmp(a: float, b: float) -> float:
    """Return 1 if `a` is greater than `b`, -1 if it is less, else 0."""
    return float(a > b) - float(a < b)


def draw_card(np_random: Any) -> int:
    """Return a card of an endless deck."""
    return int(np_random.choice(deck))


def draw_hand(np_random: Any) -> list[int]:
    """Return two cards."""
    return [draw_card(np_random), draw_card(np_random)]


def usable_ace(hand: Sequence[int]) -> bool:
    """Return whether a hand has an ace that can count 11."""
    return 1 in hand and sum(hand) + 10 <= 21


def sum_hand(hand: Sequence[int]) -> int:
    """Return what a hand counts."""
    return sum(hand) + 10 * usable_ace(hand)


def is_bust(hand: Sequence[int]) -> bool:
    """Return whether a hand counts more than 21."""
    return sum_hand(hand) > 21


def score(hand: Sequence[int]) -> int:
    """Return what a hand counts; 0 if that is more than 21."""
    return 0 if is_bust(hand) else sum_hand(hand)


def is_natural(hand: Sequence[int]) -> bool:
    """Return whether a hand is an ace and a ten."""
    return sorted(hand) == [1, 10]


class BlackjackEnv(OldEnv):
    """Hit (1) or stick (0); example 5.1 of Sutton and Barto's book.

    Observations are the player's sum, the dealer's open card, and whether the player has a usable
    ace, a bool.

    Attributes:
        natural: Whether a win with a natural counts 1.5.
        sab: Whether a natural wins against all but another, as in the book; `natural` is then
            without effect.
    """

    metadata = {"render.modes": []}  # noqa: RUF012  (as that release had it)

    def __init__(self, natural: bool = False, sab: bool = False) -> None:
        self.action_space = Discrete(2)
        self.observation_space = Tuple((Discrete(32), Discrete(11), Discrete(2)))
        self.natural, self.sab = natural, sab
        self.dealer: list[int] = []
        self.player: list[int] = []
        self.seed()
        self.reset()

    def _start(self) -> Any:
        self.dealer = draw_hand(self.np_random)
        self.player = draw_hand(self.np_random)
        return self._observation()

    def _observation(self) -> tuple[int, int, bool]:
        return sum_hand(self.player), self.dealer[0], usable_ace(self.player)

    def step(self, action: Any) -> Step:
        """Draw a card, or let the dealer play.

        Raises:
            InvalidAction: If the action is not 0 or 1.
        """
        if action not in self.action_space:
            raise InvalidAction(f"{action!r} is not an action: expected 0, stick, or 1, hit")
        if action:
            self.player.append(draw_card(self.np_random))
            done = is_bust(self.player)
            return self._observation(), -float(done), done, {}
        while sum_hand(self.dealer) < 17:
            self.dealer.append(draw_card(self.np_random))
        reward = cmp(score(self.player), score(self.dealer))
        if is_natural(self.player):
            if self.sab and not is_natural(self.dealer):
                reward = 1.0
            elif not self.sab and self.natural and reward == 1.0:
                reward = 1.5
        return self._observation(), reward, True, {}
