"""An environment as functions of a state."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.experimental.functional import FuncEnv

Point = NDArray[np.float64]


class Drift(FuncEnv[Point, Point, int, float, bool, None, None]):
    def initial(self, rng: Any, params: None = None) -> Point:
        return np.zeros(2)

    def transition(self, state: Point, action: int, rng: Any, params: None = None) -> Point:
        return state + action

    def observation(self, state: Point, rng: Any, params: None = None) -> Point:
        return state

    def reward(
        self, state: Point, action: int, next_state: Point, rng: Any, params: None = None
    ) -> float:
        return float(next_state.sum())

    def terminal(self, state: Point, rng: Any, params: None = None) -> bool:
        return bool(state.sum() > 3)


drift = Drift()
state = drift.initial(None)
print(drift.reward(state, 1, drift.transition(state, 1, None), None))
