"""How many resets, steps and frames a second an environment makes.

Each function runs for about `target_duration` seconds of wall time and never less than one call.
The time of drawing actions is not counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dromos.error import Error

if TYPE_CHECKING:
    from dromos.env import Env
    from dromos.vector import VectorEnv

__all__ = ["benchmark_init", "benchmark_render", "benchmark_step", "benchmark_vector_step"]

#: Actions drawn before the clock starts; they are used again and again.
_ACTIONS = 1000
#: Steps between two looks at the clock, which takes as long as a fast step.
_BATCH = 100


def benchmark_step(
    env: Env[Any, Any], target_duration: float = 5, seed: int | None = None
) -> float:
    """Return the number of steps a second, resets at the ends of episodes included.

    Args:
        env: The environment.
        target_duration: Seconds to measure; it takes up to 100 steps longer.
        seed: Seeds the environment and the actions.
    """
    actions = _drawn(env.action_space, seed)
    env.reset(seed=seed)

    def steps(first: int) -> None:
        for i in range(first, first + _BATCH):
            _, _, terminated, truncated, _ = env.step(actions[i % _ACTIONS])
            if terminated or truncated:
                env.reset()

    return _rate(steps, _BATCH, target_duration)


def benchmark_vector_step(
    env: VectorEnv[Any, Any, Any], target_duration: float = 5, seed: int | None = None
) -> float:
    """Return the number of steps of single lanes a second: calls of ``step`` times ``num_envs``.

    A vector whose autoreset is disabled is reset where lanes have ended; in the others autoresets
    count as steps.

    Args:
        env: The vector.
        target_duration: Seconds to measure; it takes one call longer.
        seed: Seeds the lanes and the actions.
    """
    from dromos.vector import AutoresetMode

    actions = _drawn(env.action_space, seed, _BATCH)
    disabled = env.metadata.get("autoreset_mode") is AutoresetMode.DISABLED
    env.reset(seed=seed)

    def step(i: int) -> None:
        _, _, terminated, truncated, _ = env.step(actions[i % _BATCH])
        if disabled and (ended := terminated | truncated).any():
            env.reset(options={"reset_mask": ended})

    return _rate(step, 1, target_duration) * env.num_envs


def benchmark_init(
    env_lambda: Callable[[], Env[Any, Any]], target_duration: float = 5, seed: int | None = None
) -> float:
    """Return how many environments a second are made and reset for the first time.

    Args:
        env_lambda: Makes an environment; it is closed outside the measured time.
        target_duration: Seconds to measure; it takes one environment longer.
        seed: Seeds each reset.
    """
    made, spent = 0, 0.0
    while spent < target_duration or made == 0:
        start = time.perf_counter()
        env = env_lambda()
        env.reset(seed=seed)
        spent += time.perf_counter() - start
        made += 1
        env.close()
    return made / spent


def benchmark_render(env: Env[Any, Any], target_duration: float = 5) -> float:
    """Return the number of frames a second that ``env.render()`` gives.

    Args:
        env: The environment, in a mode with frames.
        target_duration: Seconds to measure; it takes one frame longer.

    Raises:
        Error: If the environment gives no frames: its mode is None or ``"human"``.
    """
    if env.render_mode in (None, "human"):
        raise Error(
            f"render_mode: expected a mode in which render() returns frames, found "
            f'{env.render_mode!r}. Make the environment with render_mode="rgb_array".'
        )
    env.reset()
    return _rate(lambda _: env.render(), 1, target_duration)


def _drawn(space: Any, seed: int | None, count: int = _ACTIONS) -> list[Any]:
    if seed is not None:
        space.seed(seed)
    return [space.sample() for _ in range(count)]


def _rate(call: Callable[[int], Any], counts: int, target_duration: float) -> float:
    """Call ``call(0)``, ``call(counts)``, … for a time; return how much was counted a second."""
    done = 0
    start = time.perf_counter()
    while True:
        call(done)
        done += counts
        spent = time.perf_counter() - start
        if spent >= target_duration:
            return done / spent
