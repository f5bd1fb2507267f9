"""An environment of plain integers; its spaces come from a function and from variables."""

from typing import Any

from dromos import Env
from dromos.spaces import Discrete


def states(count: int) -> Discrete:
    return Discrete(count)


class Corridor(Env[int, int]):
    def __init__(self, length: int) -> None:
        ways = Discrete(2)
        self.action_space = ways
        self.observation_space = states(length)
        self.length = length
        self.place = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        super().reset(seed=seed)
        self.place = 0
        return self.place, {}

    def step(self, action: int) -> tuple[int, int, bool, bool, dict[str, Any]]:
        self.place = max(0, self.place + (1 if action else -1))
        return self.place, -1, self.place == self.length - 1, False, {}


env = Corridor(4)
observation, _ = env.reset()
total = 0.0
over = False
while not over:
    observation, reward, terminated, truncated, _ = env.step(1)
    total += reward
    over = terminated or truncated
print(observation + 1, total)
