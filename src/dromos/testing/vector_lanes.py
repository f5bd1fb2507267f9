"""Check that each lane of a vector is the environment it should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.testing.comparison import difference, refuse
from dromos.testing.report import require
from dromos.testing.vector_episodes import actions_for
from dromos.testing.vector_form import autoreset_mode
from dromos.vector import AutoresetMode, VectorEnv
from dromos.vector.utils import concatenate, create_empty_array, iterate

if TYPE_CHECKING:
    from dromos.env import Env

__all__ = ["check_lanes"]

_SEED = 123
_KNOWN = "A lane is not the environment of its seed"
_REMEDY = "Look at what the lane does that the environment alone does not, and at its seed."


def check_lanes(
    envs: VectorEnv[Any, Any, Any], env_fn: Callable[[], Env[Any, Any]], steps: int
) -> None:
    """Check that lane i is the environment of `env_fn`, seeded ``seed + i``.

    Raises:
        AssertionError: If an observation, reward or flag is another one.
    """
    mode = autoreset_mode(envs)
    singles = [env_fn() for _ in range(envs.num_envs)]
    space = envs.single_observation_space
    draw = actions_for(envs)
    rows = [env.reset(seed=_SEED + lane)[0] for lane, env in enumerate(singles)]
    ended = [False] * len(singles)

    def compare(observations: Any, call: str) -> None:
        batch = concatenate(space, rows, create_empty_array(space, len(rows)))
        refuse(difference(batch, observations, f"{call}.obs", exact=False), _KNOWN, _REMEDY)

    try:
        compare(envs.reset(seed=_SEED)[0], f"reset(seed={_SEED})")
        for step in range(steps):
            _reset_ended(envs, mode, singles, rows, ended)
            actions = draw()
            expected: list[tuple[float, bool, bool]] = []
            for lane, action in enumerate(iterate(envs.action_space, actions)):
                expected.append(_step_lane(singles[lane], action, lane, mode, rows, ended))
            result = envs.step(actions)
            compare(result[0], f"step {step}")
            found = [(float(r), bool(te), bool(tr)) for r, te, tr in zip(*result[1:4], strict=True)]
            _compare_signals(expected, found, step)
    finally:
        for env in singles:
            env.close()


def _reset_ended(
    envs: VectorEnv[Any, Any, Any],
    mode: AutoresetMode,
    singles: Any,
    rows: list[Any],
    ended: list[bool],
) -> None:
    if mode is AutoresetMode.DISABLED and any(ended):
        envs.reset(options={"reset_mask": np.array(ended)})
        for lane in np.flatnonzero(ended):
            rows[lane], ended[lane] = singles[lane].reset()[0], False


def _step_lane(
    env: Env[Any, Any],
    action: Any,
    lane: int,
    mode: AutoresetMode,
    rows: list[Any],
    ended: list[bool],
) -> tuple[float, bool, bool]:
    """Do with one environment what its lane does in a step."""
    if ended[lane]:
        rows[lane], ended[lane] = env.reset()[0], False
        return 0.0, False, False
    obs, reward, terminated, truncated, _ = env.step(action)
    over = bool(terminated or truncated)
    if over and mode is AutoresetMode.SAME_STEP:
        obs = env.reset()[0]
    rows[lane], ended[lane] = obs, over and mode is not AutoresetMode.SAME_STEP
    return float(reward), bool(terminated), bool(truncated)


def _compare_signals(expected: list[Any], found: list[Any], step: int) -> None:
    for lane, (own, lanes) in enumerate(zip(expected, found, strict=True)):
        same = np.isclose(own[0], lanes[0], rtol=1e-5, atol=1e-5) and own[1:] == lanes[1:]
        require(
            same,
            _KNOWN,
            f"step {step}, lane {lane}: reward, terminated, truncated",
            f"{own}",
            f"{lanes}",
            _REMEDY,
        )
