"""Whether two environments are the same as far as their users can see."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from dromos.checks.promise import Promise, shown
from dromos.error import Error
from dromos.testing.comparison import alike, require_same

if TYPE_CHECKING:
    from dromos.env import Env

__all__ = ["check_environments_match"]

_REMEDY = "One of the two environments has changed; equal seeds and actions must give equal data."
SAME = alike("{known}", _REMEDY)
SAME_KEYS = Promise(AssertionError, "{path}", "{known}", "the keys {expected}", "{value}", _REMEDY)
_INFO_COMPARISONS = ("equivalence", "superset", "keys-equivalence", "keys-superset", "skip")


def check_environments_match(
    env_a: Env[Any, Any],
    env_b: Env[Any, Any],
    num_steps: int,
    seed: int = 0,
    skip_obs: bool = False,
    skip_rew: bool = False,
    skip_terminal: bool = False,
    skip_truncated: bool = False,
    skip_render: bool = False,
    info_comparison: str = "equivalence",
) -> None:
    """Check that two environments answer the same seeds and actions with the same data.

    Both are reset with `seed`, and again with it when an episode of either ends; both get the
    actions that the first one's space draws.

    Args:
        env_a: An environment.
        env_b: Another one.
        num_steps: The number of steps to compare.
        seed: The seed of the resets and of the actions.
        skip_obs: Whether observations may differ.
        skip_rew: Whether rewards may differ.
        skip_terminal: Whether ``terminated`` may differ.
        skip_truncated: Whether ``truncated`` may differ.
        skip_render: Whether frames may differ; they are compared if both have a mode with frames.
        info_comparison: ``"equivalence"`` for equal infos, ``"superset"`` if `env_b` may tell
            more, ``"keys-equivalence"`` and ``"keys-superset"`` for the keys alone, ``"skip"``.

    Raises:
        AssertionError: At the first difference; it names the step and the place.
        Error: If `info_comparison` is none of these.
    """
    if info_comparison not in _INFO_COMPARISONS:
        raise Error(
            f"info_comparison: expected one of {list(_INFO_COMPARISONS)}, found "
            f"{info_comparison!r}. The default is 'equivalence'."
        )
    for name in ("action_space", "observation_space"):
        skipped = skip_obs and name == "observation_space"
        if not skipped:
            _compare(f"{name} is not equivalent", getattr(env_a, name), getattr(env_b, name), name)
    checked = {
        "obs": not skip_obs,
        "reward": not skip_rew,
        "terminated": not skip_terminal,
        "truncated": not skip_truncated,
    }
    frames = not skip_render and _has_frames(env_a) and _has_frames(env_b)
    actions = copy.deepcopy(env_a.action_space)
    actions.seed(seed)

    _compare_resets(env_a, env_b, seed, checked["obs"], info_comparison)
    for step in range(num_steps):
        action = actions.sample()
        results = env_a.step(copy.deepcopy(action)), env_b.step(action)
        _compare_steps(*results, step, checked, info_comparison)
        if frames:
            known = f"stepping render is not equivalent in step = {step}"
            _compare(known, env_a.render(), env_b.render(), f"step {step}: render()")
        if any(result[2] or result[3] for result in results):
            _compare_resets(env_a, env_b, seed, checked["obs"], info_comparison)


def _compare_resets(
    env_a: Env[Any, Any], env_b: Env[Any, Any], seed: int, obs: bool, info_comparison: str
) -> None:
    (obs_a, info_a), (obs_b, info_b) = env_a.reset(seed=seed), env_b.reset(seed=seed)
    if obs:
        known = f"resetting observation is not equivalent, obs_a = {shown(obs_a)}, "
        _compare(f"{known}obs_b = {shown(obs_b)}", obs_a, obs_b, f"reset(seed={seed}).obs")
    _compare_infos(info_a, info_b, "resetting", "", info_comparison)


def _compare_steps(
    result_a: Any, result_b: Any, step: int, checked: dict[str, bool], info_comparison: str
) -> None:
    where = f" in step = {step}"
    for name, a, b in zip(checked, result_a, result_b, strict=False):  # but for the infos
        if checked[name]:
            known = f"stepping {name} is not equivalent{where}, {name}_a = {shown(a)}, "
            _compare(f"{known}{name}_b = {shown(b)}", a, b, f"step {step}: {name}")
    _compare_infos(result_a[4], result_b[4], "stepping", where, info_comparison)


def _compare(known: str, a: Any, b: Any, path: str) -> None:
    require_same(SAME, a, b, path, known=known)


def _compare_infos(
    info_a: dict[str, Any], info_b: dict[str, Any], call: str, where: str, comparison: str
) -> None:
    path = f"{call}{where}: info"
    if comparison == "equivalence":
        known = f"{call} info is not equivalent{where}, info_a = {shown(info_a)}, info_b = "
        _compare(f"{known}{shown(info_b)}", info_a, info_b, path)
    elif comparison == "keys-equivalence":
        known = f"{call} info keys are not equivalent{where}"
        same = info_a.keys() == info_b.keys()
        SAME_KEYS.require(same, list(info_b), known=known, path=path, expected=list(info_a))
    elif comparison != "skip":
        known = f"{call} info {'keys are' if 'keys' in comparison else 'is'} not a superset{where}"
        has_all = info_a.keys() <= info_b.keys()
        SAME_KEYS.require(has_all, list(info_b), known=known, path=path, expected=list(info_a))
        for key in info_a if comparison == "superset" else ():
            told = f"{known}, key {key} has the value {shown(info_a[key])} in info_a and "
            told += f"{shown(info_b[key])} in info_b"
            _compare(told, info_a[key], info_b[key], f"{path}[{key!r}]")


def _has_frames(env: Env[Any, Any]) -> bool:
    return env.render_mode not in (None, "human")
