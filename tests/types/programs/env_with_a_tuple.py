"""An environment of a tuple of integers, as Blackjack's."""

from typing import Any

from dromos import Env
from dromos.spaces import Discrete, Tuple


class Cards(Env[tuple[int, int, int], int]):
    def __init__(self) -> None:
        self.observation_space = Tuple((Discrete(32), Discrete(11), Discrete(2)))
        self.action_space = Discrete(2)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[tuple[int, int, int], dict[str, Any]]:
        super().reset(seed=seed)
        return (12, 10, 0), {}

    def step(self, action: int) -> tuple[tuple[int, int, int], float, bool, bool, dict[str, Any]]:
        return (21, 10, 0), 1.0, True, False, {}


cards = Cards()
(mine, theirs, ace), _ = cards.reset(seed=4)
print(mine > theirs, cards.observation_space.sample()[2])
