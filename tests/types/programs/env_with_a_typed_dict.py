"""An environment whose dicts have types by key."""

from typing import Any, TypedDict, cast

import numpy as np
from numpy.typing import NDArray

from dromos import Env, Space
from dromos.spaces import Box, Dict, MultiBinary


class Sight(TypedDict):
    image: NDArray[np.uint8]
    doors: NDArray[np.int8]


class House(Env[Sight, NDArray[np.int8]]):
    def __init__(self) -> None:
        # A space of dicts does not know of keys; only its author does.
        seen = Dict(image=Box(0, 255, (4, 4, 3), np.uint8), doors=MultiBinary(3))
        self.observation_space = cast("Space[Sight]", seen)
        self.action_space = MultiBinary(3)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Sight, dict[str, Any]]:
        super().reset(seed=seed)
        return {"image": np.zeros((4, 4, 3), np.uint8), "doors": np.zeros(3, np.int8)}, {}

    def step(self, action: NDArray[np.int8]) -> tuple[Sight, float, bool, bool, dict[str, Any]]:
        seen: Sight = {"image": np.zeros((4, 4, 3), np.uint8), "doors": action}
        return seen, 0.0, False, False, {}


house = House()
house.reset()
seen, *_ = house.step(np.ones(3, np.int8))
print(seen["doors"].sum())
