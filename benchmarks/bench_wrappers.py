"""What wrappers add to a step, ours against Gymnasium's, in one run.

    python benchmarks/bench_wrappers.py

The wrapped environments do nothing but return the same step again, and the time they take alone
is taken off; for `AtariPreprocessing` they hold an emulator that stands still. Vectors are of
CartPole. Ratios above 1 mean that we are faster. A row is a name and a function that, given one of
the two libraries, returns the call with and the call without the wrapper; new wrappers get theirs
in `ROWS`.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from types import ModuleType
from typing import Any

import cv2
import gymnasium
import gymnasium.wrappers.vector
import numpy as np
from ale_py import ALEInterface, LoggerMode, roms
from timing import best_microseconds, machine, print_table

import dromos
import dromos.wrappers.atari_preprocessing
import dromos.wrappers.vector
from dromos._core import pixels

Calls = tuple[Callable[[], object], Callable[[], object]]
Row = tuple[str, Callable[[ModuleType], Calls]]

LANES = 1024
RNG = np.random.default_rng(0)
VECTOR = RNG.normal(size=4).astype(np.float32)
SCREEN = RNG.integers(0, 256, (210, 160, 3), dtype=np.uint8)
SMALL = RNG.integers(0, 256, (84, 84), dtype=np.uint8)


def emulator() -> ALEInterface:
    ALEInterface.setLoggerMode(LoggerMode.Error)
    ale = ALEInterface()
    ale.loadROM(str(roms.get_rom_path("breakout")))
    ale.reset_game()
    return ale


ALE = emulator()


def still(library: Any, obs: np.ndarray) -> Any:
    """Return an environment that returns `obs` at every step."""

    class Still(library.Env):  # type: ignore[misc]
        def __init__(self) -> None:
            image = obs.dtype == np.uint8
            self.observation_space = library.spaces.Box(
                *((0, 255) if image else (-np.inf, np.inf)), obs.shape, obs.dtype.type
            )
            self.action_space = library.spaces.Discrete(2)
            self.result = (obs, 1.5, False, False, {})
            self.ale = ALE
            self._frameskip = 1

        def get_action_meanings(self) -> list[str]:
            return ["NOOP"]

        def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
            super().reset(seed=seed)
            return obs, {}

        def step(self, action: Any) -> Any:
            return self.result

    return Still()


def row(name: str, obs: np.ndarray, wrapper: str, **kwargs: Any) -> Row:
    """Return the row of ``library.wrapper(env, **kwargs)``, around a single environment."""

    def calls(library: Any) -> Calls:
        env = still(library, obs)
        wrapped = attrgetter(wrapper)(library)(env, **kwargs)
        env.reset(seed=0)
        wrapped.reset(seed=0)
        wrapped.step(0)
        step, bare = wrapped.step, env.step
        return lambda: step(0), lambda: bare(0)

    return name, calls


def vector_row(name: str, wrapper: str) -> Row:
    """Return the row of ``library.wrapper(envs)``, around a vector."""

    def calls(library: Any) -> Calls:
        made = [
            library.make_vec("CartPole-v1", LANES, vectorization_mode="vector_entry_point")
            for _ in range(2)
        ]
        actions = np.zeros(LANES, np.int64)
        envs, wrapped = made[0], attrgetter(wrapper)(library)(made[1])
        envs.reset(seed=0)
        wrapped.reset(seed=0)
        return lambda: wrapped.step(actions), lambda: envs.step(actions)

    return name, calls


ROWS = [
    row("pass-through", VECTOR, "Wrapper"),
    row("NormalizeObservation (4,)", VECTOR, "wrappers.NormalizeObservation"),
    row("NormalizeObservation image", SCREEN, "wrappers.NormalizeObservation"),
    row("NormalizeReward", VECTOR, "wrappers.NormalizeReward"),
    row("ClipReward", VECTOR, "wrappers.ClipReward", min_reward=-1, max_reward=1),
    row("FrameStackObservation 4 x (4,)", VECTOR, "wrappers.FrameStackObservation", stack_size=4),
    row(
        "FrameStackObservation 4 x (84, 84)", SMALL, "wrappers.FrameStackObservation", stack_size=4
    ),
    row("GrayscaleObservation", SCREEN, "wrappers.GrayscaleObservation"),
    row("ResizeObservation (84, 84)", SCREEN, "wrappers.ResizeObservation", shape=(84, 84)),
    row("MaxAndSkipObservation image", SCREEN, "wrappers.MaxAndSkipObservation"),
    row("AtariPreprocessing", SCREEN, "wrappers.AtariPreprocessing"),
    row("AtariPreprocessing colour", SCREEN, "wrappers.AtariPreprocessing", grayscale_obs=False),
    vector_row(f"vector NormalizeObservation {LANES}", "wrappers.vector.NormalizeObservation"),
    vector_row(f"vector NormalizeReward {LANES}", "wrappers.vector.NormalizeReward"),
]


def kernels() -> list[tuple[str, float, float, float]]:
    """Return our kernels on one screen against what Gymnasium's wrappers call."""
    weights = np.array([0.2125, 0.7154, 0.0721])
    grey = SCREEN[..., 0].copy()
    cases: dict[str, Calls] = {
        "grayscale, NumPy": (
            lambda: pixels.grayscale(SCREEN),
            lambda: np.sum(np.multiply(SCREEN, weights), axis=-1).astype(np.uint8),
        ),
        "luma, OpenCV": (
            lambda: pixels.luma(SCREEN),
            lambda: cv2.cvtColor(SCREEN, cv2.COLOR_RGB2GRAY),
        ),
        "resize_area grey, OpenCV": (
            lambda: pixels.resize_area(grey, 84, 84, False),
            lambda: cv2.resize(grey, (84, 84), interpolation=cv2.INTER_AREA),
        ),
        "resize_area colour, OpenCV": (
            lambda: pixels.resize_area(SCREEN, 84, 84, True),
            lambda: cv2.resize(SCREEN, (84, 84), interpolation=cv2.INTER_AREA),
        ),
    }
    found = []
    for name, calls in cases.items():
        ours, theirs = best_microseconds(*calls, seconds=0.05)
        found.append((name, ours, theirs, theirs / ours))
    return found


def main() -> None:
    cv2.setNumThreads(1)
    print(machine())
    table = []
    for name, calls in ROWS:
        timed = best_microseconds(*calls(dromos), *calls(gymnasium), seconds=0.05)
        ours, theirs = timed[0] - timed[1], timed[2] - timed[3]
        table.append((name, ours, theirs, theirs / ours if ours > 0 else float("inf")))
    print_table("Added to a step", ("wrapper", "dromos us", "Gymnasium us", "ratio"), table)
    print_table("Kernels", ("on a screen (210, 160, 3)", "dromos us", "us", "ratio"), kernels())


if __name__ == "__main__":
    main()
