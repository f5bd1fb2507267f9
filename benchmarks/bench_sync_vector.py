"""Time of a `SyncVectorEnv` step, ours against Gymnasium's, over environments that do nothing.

Prints microseconds a step of the whole vector, and Gymnasium's time over ours (> 1: we are
faster). Both run in turn in one process; each figure is the best of several rounds.

    python benchmarks/bench_sync_vector.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import gymnasium
import gymnasium.vector
import numpy as np

import dromos.core
import dromos.spaces
import dromos.vector

PEER = SimpleNamespace(Env=gymnasium.Env, spaces=gymnasium.spaces, vector=gymnasium.vector)
OURS = SimpleNamespace(Env=dromos.core.Env, spaces=dromos.spaces, vector=dromos.vector)

ROUNDS = 5
SECONDS_A_ROUND = 0.2
EPISODE_LENGTH = 50

Spaces = Callable[[Any], Any]


def observe_box(spaces: Any) -> Any:
    return spaces.Box(-1.0, 1.0, (4,), np.float32)


def observe_image(spaces: Any) -> Any:
    return spaces.Box(0, 255, (84, 84, 4), np.uint8)


def observe_discrete(spaces: Any) -> Any:
    return spaces.Discrete(16)


def observe_dict(spaces: Any) -> Any:
    return spaces.Dict(position=observe_box(spaces), cell=spaces.Discrete(16))


def no_info() -> dict[str, Any]:
    return {}


def numeric_info() -> dict[str, Any]:
    return {"score": 1.5, "lives": 3, "won": False, "position": np.zeros(3)}


CASES = {
    "Box(4), no info": (observe_box, no_info),
    "Box(4), 4 info keys": (observe_box, numeric_info),
    "Discrete, no info": (observe_discrete, no_info),
    "Dict, 4 info keys": (observe_dict, numeric_info),
    "image 84x84x4, no info": (observe_image, no_info),
}


def make_vector(
    library: Any, observe: Spaces, info: Callable[[], dict[str, Any]], num_envs: int, mode: str
) -> Any:
    class Idle(library.Env):  # type: ignore[misc]
        def __init__(self) -> None:
            self.observation_space = observe(library.spaces)
            self.action_space = library.spaces.Discrete(2)
            self.obs = self.observation_space.sample()
            self.steps = 0

        def reset(self, *, seed: int | None = None, options: object = None) -> Any:
            self.steps = 0
            return self.obs, info()

        def step(self, action: int) -> Any:
            self.steps += 1
            return self.obs, 1.0, self.steps == EPISODE_LENGTH, False, info()

    return library.vector.SyncVectorEnv([Idle] * num_envs, autoreset_mode=mode)


def microseconds_a_step(vector: Any, actions: Any) -> float:
    steps = 0
    start = time.perf_counter()
    while (elapsed := time.perf_counter() - start) < SECONDS_A_ROUND:
        vector.step(actions)
        steps += 1
    return elapsed / steps * 1e6


def compare(case: str, num_envs: int, mode: str) -> tuple[float, float]:
    observe, info = CASES[case]
    vectors = [make_vector(library, observe, info, num_envs, mode) for library in (PEER, OURS)]
    actions = vectors[0].action_space.sample()
    for vector in vectors:
        vector.reset(seed=0)
    times = [[microseconds_a_step(v, actions) for v in vectors] for _ in range(ROUNDS)]
    peer, ours = map(min, zip(*times, strict=True))
    return peer, ours


def main() -> None:
    print(f"{'case':26}{'lanes':>6}  {'mode':10}{'Gymnasium us':>13}{'dromos us':>11}{'ratio':>7}")
    for case in CASES:
        for num_envs, mode in ((8, "NextStep"), (8, "SameStep"), (128, "NextStep")):
            peer, ours = compare(case, num_envs, mode)
            print(
                f"{case:26}{num_envs:6}  {mode:10}{peer:13.1f}{ours:11.1f}{peer / ours:7.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
