"""Checks of ``step``: that seed and action decide it, and that its data are new."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING, Any

from dromos import checks
from dromos.checks.message import Fault, going_on, refusal
from dromos.checks.reuse import reuse_fault, shared_parts
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
#: What the complaint calls a part of a step, where it has another name.
_WORDS = {"terminated": "termination"}
_STEPS_KEPT = 2
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
            "The `.np_random` is not properly been updated after step.",
            f"np_random after {path}",
            "the same state each time",
            "different states",
            _GENERATOR,
        )
    require(
        not results[0][3],
        "Environment truncates after 1 step, something has gone very wrong.",
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
            f"Deterministic step {_WORDS.get(name, name)} are not equivalent for the same seed and "
            "action",
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
            break
    calls.append(("reset", env.reset(seed=seed)))
    told: dict[str, Fault] = {}
    for (i, (first, earlier)), (j, (second, later)) in combinations(enumerate(calls, 1), 2):
        for what, kind, path in shared_parts(earlier, later, second):
            known = (
                f"The {what} returned by `env.{first}() (call {i})` and `env.{second}() (call "
                f"{j})` share an object, therefore, modifying one will modify the other. "
                f"Environments must return new {kind} data on every call as users keep the data "
                "returned to them."
            )
            told.setdefault(path, reuse_fault(known, path))
    for fault in told.values():
        with going_on():
            raise refusal(AssertionError, fault)


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
