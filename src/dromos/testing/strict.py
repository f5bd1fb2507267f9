"""What `dromos` promises of its environments beyond the contract of Gymnasium."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos import checks
from dromos.checks.promise import Promise, gathered, tell
from dromos.error import Error
from dromos.snapshot import Snapshot
from dromos.testing.comparison import alike, check_same
from dromos.testing.steps import action_of, without

if TYPE_CHECKING:
    from dromos.env import Env

__all__ = [
    "OPTIONS_UNTOUCHED",
    "check_copy",
    "check_data_of_the_caller",
    "check_observations",
    "check_seeds",
    "check_snapshot",
    "check_spec",
    "future",
    "pickled",
]

_SEED = 123
_BEFORE, _AFTER = 5, 30  # steps to the state that is kept, and steps that show its future
_ELSEWHERE = 3  # steps of another episode, which a restored environment must not remember
_EPISODES_STEPS = 100
_JSON = "Give the environment arguments of plain data and an entry point that is a string."
_PASS_ON = "Pass the seed on: super().reset(seed=seed)."

# fmt: off
SNAPSHOT = alike(
    "After `restore`, the same actions give another future{how}",
    "What differs hangs on something that is not in the snapshot: keep it in an attribute of plain "
    "data, or define snapshot_state and restore_state.")
COPY = alike(
    "`{call}` does not keep the state of the environment",
    "EzPickle makes a new environment instead of copying: leave it out, or define __getstate__ so "
    "that it keeps the state.")
JSON = Promise(
    AssertionError, "{path}", "The spec does not survive JSON", "{expected}", "{value}", _JSON)
OPTIONS_UNTOUCHED = Promise(
    AssertionError, "{path}", "`reset` changes the options it is given", "{expected}", "{found}",
    "Copy them: dict(options).")
ACTION_UNTOUCHED = alike(
    "`step` changes the action it is given",
    "Work on a copy: np.clip(action, …) instead of clipping in place.")
DATA_OF_THE_CALLER = alike(
    "Writing into a returned observation or info changes the environment",
    "Return copies: .copy() of an array, dict(…) of a dict.")
NUMPY_SEEDS = alike("A NumPy integer seeds otherwise than the same Python integer", _PASS_ON)
NO_NEGATIVE_SEEDS = Promise(
    AssertionError, "reset(seed=-1)", "A negative seed is taken", "an Error", "none", _PASS_ON)
# fmt: on


def future(env: Env[Any, Any], steps: int = _AFTER, ignored_infos: Iterable[str] = ()) -> list[Any]:
    """Return the results of `steps` steps, with a reset at each episode's end.

    Args:
        env: The environment; an episode has begun.
        steps: The number of steps.
        ignored_infos: Entries to leave out of the infos.
    """
    seen: list[Any] = []
    for i in range(steps):
        seen.append(env.step(action_of(env, i)))
        if seen[-1][2] or seen[-1][3]:
            seen.append(env.reset())
    return [(*data, without(info, ignored_infos)) for *data, info in copy.deepcopy(seen)]


def check_snapshot(env: Env[Any, Any], ignored_infos: Iterable[str] = ()) -> None:
    """Check that a snapshot, and its bytes, hold everything that decides the future.

    Args:
        env: The environment.
        ignored_infos: Entries of the infos that are not compared.

    Raises:
        AssertionError: If the future after ``restore`` is another one.
        SnapshotError: If an attribute is not plain data.
    """
    _midway(env)
    snapshot = env.snapshot()
    seen = future(env, ignored_infos=ignored_infos)
    for how, taken in (("", snapshot), (" from bytes", Snapshot.from_bytes(snapshot.to_bytes()))):
        env.reset(seed=_SEED + 1)
        future(env, _ELSEWHERE)
        env.restore(taken)
        again = future(env, ignored_infos=ignored_infos)
        check_same(SNAPSHOT, seen, again, "steps", how=how)


def _midway(env: Env[Any, Any]) -> None:
    env.reset(seed=_SEED)
    future(env, _BEFORE)


def check_copy(
    copied: Callable[[Env[Any, Any]], Env[Any, Any]],
    call: str,
    env: Env[Any, Any],
    ignored_infos: Iterable[str] = (),
) -> None:
    """Check that a copy keeps the state: that it has the same future.

    Args:
        copied: Returns a copy of an environment.
        call: How that is called, for the message.
        env: The environment.
        ignored_infos: Entries of the infos that are not compared.

    Raises:
        AssertionError: If the copy has another future.
    """
    _midway(env)
    twin = copied(env)
    first, second = (future(each, ignored_infos=ignored_infos) for each in (env, twin))
    check_same(COPY, first, second, "steps", call=call)


def pickled(env: Env[Any, Any]) -> Env[Any, Any]:
    """Return a copy by `pickle`."""
    return pickle.loads(pickle.dumps(env))  # type: ignore[no-any-return]


def check_spec(env: Env[Any, Any]) -> None:
    """Check that the spec, if there is one, goes through JSON and makes the same class."""
    if env.spec is None:
        return
    text = env.spec.to_json()
    again = type(env.spec).from_json(text)
    JSON.kept(again.to_json() == text, again.to_json(), path="spec.to_json()", expected=text)
    made = again.make()
    try:
        kind, found = type(env.unwrapped), type(made.unwrapped)
        JSON.kept(kind is found, found, path="spec.make()", expected=kind)
    finally:
        made.close()


def check_data_of_the_caller(env: Env[Any, Any]) -> None:
    """Check that what was returned and what was given belongs to the caller.

    Writing into the one must not change the environment, and calls must not write into the other.
    """
    env.reset(seed=_SEED)
    seen = future(env)
    options: dict[str, Any] = {}
    result: Any = env.reset(seed=_SEED, options=options)
    values = {"path": "reset(options=…)", "expected": "{} as before", "found": options}
    OPTIONS_UNTOUCHED.kept(options == {}, **values)
    again: list[Any] = []
    for i in range(_AFTER):
        _scribble(result)
        action = action_of(env, i)
        kept = copy.deepcopy(action)
        result = env.step(action)
        if not check_same(ACTION_UNTOUCHED, kept, action, "action"):
            return
        again.append(copy.deepcopy(result))
        if result[2] or result[3]:
            _scribble(result)
            result = env.reset()
            again.append(copy.deepcopy(result))
    check_same(DATA_OF_THE_CALLER, seen, again, "steps")


def _scribble(data: Any) -> None:
    """Overwrite every array inside `data`, and empty its dicts and lists."""
    if isinstance(data, np.ndarray):
        if data.flags.writeable and data.dtype.kind in "biufc":
            data[...] = np.bitwise_not(data) if data.dtype.kind in "biu" else data * -3 + 1
    elif isinstance(data, dict):
        for part in data.values():
            _scribble(part)
        data.clear()
    elif isinstance(data, (tuple, list)):
        for part in data:
            _scribble(part)
        if isinstance(data, list):
            data.clear()


def check_seeds(env: Env[Any, Any]) -> None:
    """Check that NumPy's integers are seeds as well, and that negative ones are refused."""
    expected = env.reset(seed=_SEED)[0]
    seeded = env.reset(seed=np.int64(_SEED))[0]  # type: ignore[arg-type]
    check_same(NUMPY_SEEDS, expected, seeded, "reset(seed=np.int64(…)).obs")
    try:
        env.reset(seed=-1)
    except (Error, ValueError):
        env.reset(seed=_SEED)
    else:
        NO_NEGATIVE_SEEDS.broken()


def check_observations(env: Env[Any, Any]) -> None:
    """Check the observations of all steps; what the passive check warns of is an error here."""
    env.reset(seed=_SEED)
    with gathered() as faults:
        for i in range(_EPISODES_STEPS):
            obs, _, terminated, truncated, _ = env.step(action_of(env, i))
            checks.check_obs(obs, env.observation_space, "step")
            if terminated or truncated:
                checks.check_obs(env.reset()[0], env.observation_space, "reset")
    for fault in {fault.path: fault for fault in reversed(faults)}.values():
        fault.kind = AssertionError
        tell(fault)
