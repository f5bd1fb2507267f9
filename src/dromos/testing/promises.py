"""What `dromos` promises of its environments beyond the contract of Gymnasium.

====================  ========================================================================
promise               check
====================  ========================================================================
snapshots             ``snapshot()``, any steps, ``restore()``: the same future, bit for bit,
also through bytes
copies                `copy.deepcopy` and `pickle` keep the state, they do not start anew
specs                 a spec goes through JSON and makes the same class of environment
data of the caller    writing into what was returned changes nothing in the environment, and
``step`` changes nothing in the action, ``reset`` nothing in its options
seeds                 NumPy's integers are seeds as well; negative ones are refused
observations          all of some episodes lie in the space, not only the first
====================  ========================================================================
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos import checks
from dromos.checks.message import Faults, complaint, gathered, going_on, refusal
from dromos.error import Error
from dromos.snapshot import Snapshot
from dromos.testing.comparison import difference, refuse
from dromos.testing.report import require
from dromos.testing.steps import action_of, without

if TYPE_CHECKING:
    from dromos.env import Env
    from dromos.testing.report import Examination

__all__ = ["check_copy", "check_snapshot", "examine_promises", "future", "require_same_future"]

_SEED = 123
_BEFORE, _AFTER = 5, 30  # steps to the state that is kept, and steps that show its future
_ELSEWHERE = 3  # steps of another episode, which a restored environment must not remember
_EPISODES_STEPS = 100


def examine_promises(examination: Examination, env: Env[Any, Any]) -> None:
    """Check every promise."""
    run = examination.run
    run("snapshot()", check_snapshot, env)
    run("copy.deepcopy(env)", check_copy, env, copy.deepcopy, "copy.deepcopy(env)")
    run("pickle.dumps(env)", check_copy, env, _pickled, "pickle.loads(pickle.dumps(env))")
    run("spec.to_json()", _check_spec, env)
    run("step()", _check_data_of_the_caller, env)
    run("reset(seed=numpy.int64(…))", _check_seeds, env)
    run("step()", _check_observations, env)


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


def require_same_future(first: list[Any], second: list[Any], known: str, remedy: str) -> None:
    """Raise an `AssertionError` if two futures differ; it names the step and the element."""
    refuse(difference(first, second, "steps"), known, remedy)


def check_snapshot(env: Env[Any, Any], ignored_infos: Iterable[str] = ()) -> None:
    """Check that a snapshot holds everything that decides the future.

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
    known = "After `restore`, the same actions give another future"
    remedy = "What differs hangs on something that is not in the snapshot: keep it in an attribute "
    remedy += "of plain data, or define snapshot_state and restore_state."
    for name, taken in (("", snapshot), (" from bytes", Snapshot.from_bytes(snapshot.to_bytes()))):
        env.reset(seed=_SEED + 1)
        future(env, _ELSEWHERE)
        env.restore(taken)
        with going_on():
            again = future(env, ignored_infos=ignored_infos)
            require_same_future(seen, again, f"{known}{name}", remedy)


def _midway(env: Env[Any, Any]) -> None:
    env.reset(seed=_SEED)
    future(env, _BEFORE)


def _pickled(env: Env[Any, Any]) -> Env[Any, Any]:
    return pickle.loads(pickle.dumps(env))  # type: ignore[no-any-return]


def check_copy(
    env: Env[Any, Any],
    copied: Callable[[Env[Any, Any]], Env[Any, Any]],
    call: str,
    ignored_infos: Iterable[str] = (),
) -> None:
    """Check that a copy has the same future.

    Args:
        env: The environment.
        copied: Returns a copy of it.
        call: How that is called, for the message.
        ignored_infos: Entries of the infos that are not compared.

    Raises:
        AssertionError: If the copy has another future.
    """
    _midway(env)
    twin = copied(env)
    remedy = "EzPickle makes a new environment instead of copying: leave it out, or define "
    remedy += "__getstate__ so that it keeps the state."
    first, second = (future(each, ignored_infos=ignored_infos) for each in (env, twin))
    known = f"`{call}` does not keep the state of the environment"
    require_same_future(first, second, known, remedy)


def _check_spec(env: Env[Any, Any]) -> None:
    if env.spec is None:
        return
    text = env.spec.to_json()
    again = type(env.spec).from_json(text)
    remedy = "Give the environment arguments of plain data and an entry point that is a string."
    known = "The spec does not survive JSON"
    require(again.to_json() == text, known, "spec.to_json()", text, again.to_json(), remedy)
    made = again.make()
    try:
        kind, found = type(env.unwrapped), type(made.unwrapped)
        require(kind is found, known, "spec.make()", f"{kind}", f"{found}", remedy)
    finally:
        made.close()


def _check_data_of_the_caller(env: Env[Any, Any]) -> None:
    env.reset(seed=_SEED)
    seen = future(env)
    options: dict[str, Any] = {}
    result: Any = env.reset(seed=_SEED, options=options)
    require(
        options == {},
        "`reset` changes the options it is given",
        "reset(options=…)",
        "{} as before",
        f"{options}",
        "Copy them: dict(options).",
    )
    again: list[Any] = []
    for i in range(_AFTER):
        _scribble(result)
        action = action_of(env, i)
        kept = copy.deepcopy(action)
        result = env.step(action)
        _require_untouched(kept, action)
        again.append(copy.deepcopy(result))
        if result[2] or result[3]:
            _scribble(result)
            result = env.reset()
            again.append(copy.deepcopy(result))
    require_same_future(
        seen,
        again,
        "Writing into a returned observation or info changes the environment",
        "Return copies: .copy() of an array, dict(…) of a dict.",
    )


def _require_untouched(kept: Any, action: Any) -> None:
    refuse(
        difference(kept, action, "action"),
        "`step` changes the action it is given",
        "Work on a copy: np.clip(action, …) instead of clipping in place.",
    )


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


def _check_seeds(env: Env[Any, Any]) -> None:
    expected = env.reset(seed=_SEED)[0]
    seeded = env.reset(seed=np.int64(_SEED))[0]  # type: ignore[arg-type]
    remedy = "Pass the seed on: super().reset(seed=seed)."
    refuse(
        difference(expected, seeded, "reset(seed=np.int64(…)).obs"),
        "A NumPy integer seeds otherwise than the same Python integer",
        remedy,
    )
    try:
        env.reset(seed=-1)
    except (Error, ValueError):
        env.reset(seed=_SEED)
        return
    known = "A negative seed is taken"
    raise refusal(AssertionError, complaint(known, "reset(seed=-1)", "an Error", "none", remedy))


def _check_observations(env: Env[Any, Any]) -> None:
    """Check the observations of all steps; what the passive check warns of is an error here."""
    env.reset(seed=_SEED)
    faults = Faults()
    with gathered(faults):
        for i in range(_EPISODES_STEPS):
            obs, _, terminated, truncated, _ = env.step(action_of(env, i))
            checks.check_obs(obs, env.observation_space, "step")
            if terminated or truncated:
                checks.check_obs(env.reset()[0], env.observation_space, "reset")
    for path in dict.fromkeys(fault.path for _, fault in faults.warnings):
        with going_on():
            raise AssertionError(next(f for _, f in faults.warnings if f.path == path))
    for problem in faults.errors[:1]:
        raise problem
