"""Promises of ``step``: that seed and action decide it, and that its data are new."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING, Any

from dromos import checks
from dromos.checks.promise import Fault, Promise, tell
from dromos.checks.reuse import NEW_DATA, shared_parts
from dromos.testing.comparison import alike, check_same

if TYPE_CHECKING:
    from dromos.env import Env

__all__ = [
    "action_of",
    "check_decided",
    "check_returned_data_not_reused",
    "check_step_determinism",
    "check_steps",
    "without",
]

_SEED = 123
#: The elements of a step, and what faults call them.
_WORDS = {
    "obs": "observations",
    "reward": "rewards",
    "terminated": "termination",
    "truncated": "truncated",
    "info": "info",
}
_STEPS_KEPT = 2
_GENERATOR = "Draw every random number from self.np_random, and keep no state across reset."

# fmt: off
DECIDED = alike(
    "Deterministic step {word} are not equivalent for the same seed and action", _GENERATOR)
GENERATOR_DECIDED = Promise(
    AssertionError, "np_random after {path}",
    "The `.np_random` is not properly been updated after step.",
    "the same state each time", "different states", _GENERATOR)
GOES_ON = Promise(
    AssertionError, "{path}.truncated",
    "Environment truncates after 1 step, something has gone very wrong.", "False", "{value!r}",
    "Truncate for a limit of time or space; what ends by itself is terminated.")
NEVER_SHARED = NEW_DATA._replace(kind=AssertionError, text=(
    "The {what} returned by `env.{first}() (call {i})` and `env.{second}() (call {j})` share an "
    "object, therefore, modifying one will modify the other. Environments must return new {kind} "
    "data on every call as users keep the data returned to them."))
# fmt: on


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
    path, when = f"step({action!r}) after reset(seed={seed})", " the second time"
    for (name, word), first, second in zip(_WORDS.items(), *results, strict=True):
        place = f"{path}.{name}"
        check_same(DECIDED, first, second, place, exact=False, word=word, when=when)
    GENERATOR_DECIDED.kept(states[0] == states[1], path=path)
    GOES_ON.kept(not results[0][3], results[0][3], path=path)


def check_decided(env: Env[Any, Any], compare: bool | None, ignored_infos: Iterable[str]) -> None:
    """Check that the same seed and action give the same step, unless `compare` is False."""
    if compare is not False:
        check_step_determinism(env, _SEED, ignored_infos)


def without(info: Any, ignored: Iterable[str]) -> Any:
    """Return an info but for the entries `ignored`; what is no dict as it is."""
    left_out = set(ignored)
    if not isinstance(info, dict):
        return info
    return {key: value for key, value in info.items() if key not in left_out}


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
        at = {"first": first, "second": second, "i": i, "j": j}
        for what, kind, path in shared_parts(earlier, later, second):
            told.setdefault(path, NEVER_SHARED.fault(what=what, kind=kind, path=path, **at))
    for fault in told.values():
        tell(fault)


def check_steps(env: Env[Any, Any], steps: int = 1) -> bool:
    """Check what `steps` steps return; return whether each was a tuple of five.

    Raises:
        AssertionError: As `dromos.checks.check_step_return`.
        Error: If a step is a tuple of another length.
    """
    env.reset()
    for i in range(steps):
        result: Any = env.step(action_of(env, i))
        checks.check_step_return(result, env.observation_space)
        if not isinstance(result, tuple) or len(result) != 5:
            return False
        if result[2] or result[3]:
            env.reset()
    return True
