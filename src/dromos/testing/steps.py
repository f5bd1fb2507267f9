"""Checks of ``step``: that seed and action decide it, and that its data are new."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from dromos import checks
from dromos.checks.message import Faults, gathered, going_on
from dromos.testing.comparison import difference
from dromos.testing.report import require

if TYPE_CHECKING:
    from dromos.env import Env

__all__ = [
    "action_of",
    "check_returned_data_not_reused",
    "check_step_determinism",
    "check_steps",
    "without",
]

_SEED = 123
_STEPS_KEPT = 3
_GENERATOR = "Draw every random number from self.np_random, and keep no state across reset."


def action_of(env: Env[Any, Any], seed: int = _SEED) -> Any:
    """Return an action for `env`, the same for the same seed; its space draws on undisturbed."""
    space = copy.deepcopy(env.action_space)
    space.seed(seed)
    return space.sample()


def check_step_determinism(
    env: Env[Any, Any], seed: int = _SEED, ignored_infos: Iterable[str] = ()
) -> None:
    """Check that the same seed and action give the same step.

    Environments whose spec says ``nondeterministic`` are left aside.

    Args:
        env: The environment.
        seed: That of the reset and of the action.
        ignored_infos: Entries of the infos that are not compared.

    Raises:
        AssertionError: If the two steps differ, or the episode is truncated by the first.
    """
    if env.spec is not None and env.spec.nondeterministic:
        return
    action = action_of(env, seed)
    results, states = [], []
    for _ in range(2):
        env.reset(seed=seed)
        *data, info = env.step(copy.deepcopy(action))
        results.append((*data, without(info, ignored_infos)))
        generator = env.unwrapped._np_random
        states.append(None if generator is None else generator.bit_generator.state)
    path = f"step({action!r}) after reset(seed={seed})"
    names = ("observations", "rewards", "terminated", "truncated", "info")
    for name, first, second in zip(names, *results, strict=True):
        with going_on():
            _require_equal(name, first, second, path)
    with going_on():
        require(
            states[0] == states[1],
            "Deterministic step: the random number generators are not the same for the same seed "
            "and action",
            f"np_random after {path}",
            "the same state each time",
            "different states",
            _GENERATOR,
        )
    require(
        not results[0][3],
        "Environment truncates after 1 step, something has gone very wrong",
        f"{path}.truncated",
        "False",
        repr(results[0][3]),
        "Truncate for a limit of time or space; what ends by itself is terminated.",
    )


def without(info: Any, ignored: Iterable[str]) -> Any:
    """Return an info but for the entries `ignored`; what is no dict as it is."""
    left_out = set(ignored)
    if not isinstance(info, dict):
        return info
    return {key: value for key, value in info.items() if key not in left_out}


def _require_equal(name: str, first: Any, second: Any, path: str) -> None:
    element = {"observations": "obs", "rewards": "reward"}.get(name, name)
    found = difference(first, second, f"{path}.{element}", exact=False)
    if found is not None:
        require(
            False,
            f"Deterministic step {name} are not equivalent for the same seed and action",
            found.path,
            found.first,
            f"{found.second} the second time",
            _GENERATOR,
        )


def check_returned_data_not_reused(env: Env[Any, Any], seed: int = _SEED) -> None:
    """Check that no two of a reset, three steps and another reset return the same objects.

    Raises:
        AssertionError: If two observations or infos share memory or a mutable object.
    """
    calls = [("reset", env.reset(seed=seed))]
    for i in range(_STEPS_KEPT):
        obs, _, terminated, truncated, info = env.step(action_of(env, seed + i))
        calls.append(("step", (obs, info)))
        if terminated or truncated:
            calls.append(("reset", env.reset()))
    calls.append(("reset", env.reset()))
    faults = Faults()
    with gathered(faults):
        for i, (source, data) in enumerate(calls):
            for earlier_source, earlier in calls[:i]:
                checks.env_data_reuse_passive_checker(earlier, data, earlier_source, source)
    told = {fault.path: fault for _, fault in reversed(faults.warnings)}
    for fault in reversed(told.values()):
        with going_on():
            raise AssertionError(fault)


def check_steps(env: Env[Any, Any], steps: int = 1) -> bool:
    """Check what `steps` steps return; return whether each was a tuple of five.

    Raises:
        AssertionError: As `dromos.checks.check_step_return`.
        Error: If a step is a tuple of another length.
    """
    env.reset()
    for i in range(steps):
        result: Any = env.step(action_of(env, i))
        has_form = isinstance(result, tuple) and len(result) == 5
        with going_on():
            checks.check_step_return(result, env.observation_space)
        if not has_form:
            return False
        if result[2] or result[3]:
            env.reset()
    return True
