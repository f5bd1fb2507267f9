"""Promises of ``reset`` and ``step``: what they take and what they return."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, SupportsFloat
from weakref import WeakSet

import numpy as np

from dromos import error
from dromos.checks.observation import check_obs
from dromos.checks.promise import Promise

if TYPE_CHECKING:
    from dromos.env import Env
    from dromos.spaces import Space

__all__ = [
    "check_reset_return",
    "check_reset_signature",
    "check_step_return",
    "env_reset_passive_checker",
    "env_step_passive_checker",
]

_DECLARE = "Declare it as reset(self, *, seed=None, options=None)."
_FIVE = "a tuple (obs, reward, terminated, truncated, info)"
_WHERE = (
    "where `obs` is a observation and `info` is a dictionary containing additional information."
)
_PAIR = "Return the observation and a dict, which may be empty: `return obs, {{}}`."
_INFO = "Return {{}} if there is nothing to tell."
_PURPOSES = {
    "seed": "a `seed` instead of using `Env.seed` for resetting the environment random number "
    "generator",
    "options": "`options` to allow the environment initialisation to be passed additional "
    "information",
}

# fmt: off
TAKES = Promise(
    DeprecationWarning, "env.reset",
    "Current gymnasium version requires that `Env.reset` can be passed {purpose}.",
    "a keyword argument `{name}`", "the signature {value}", _DECLARE)
DEFAULT_SEED = Promise(
    UserWarning, "env.reset", "The default seed argument in `Env.reset` should be `None`, "
    "otherwise the environment will by default always be deterministic. Actual default: {value}",
    "seed=None", "{value}", _DECLARE)
RESET_TUPLE = Promise(
    UserWarning, "reset()", "The result returned by `env.reset()` was not a tuple of the form "
    f"`(obs, info)`, {_WHERE} Actual type: `{{type}}`",
    "a tuple (obs, info)", "{shown} of {type}", _PAIR)
RESET_PAIR = Promise(
    UserWarning, "reset()",
    f"The result returned by `env.reset()` should be `(obs, info)` by default, , {_WHERE}",
    "a tuple (obs, info)", "a tuple of {length}", _PAIR)
RESET_INFO = Promise(
    AssertionError, "reset().info",
    "The second element returned by `env.reset()` was not a dictionary, actual type: {type}",
    "a dict", "{shown} of {type}", _INFO)
STEP_TUPLE = Promise(
    AssertionError, "step()", "Expects step result to be a tuple, actual type: {type}",
    _FIVE, "{shown} of {type}", "Return the five values as a tuple.")
STEP_OF_FIVE = Promise(
    error.Error, "step()", "Expected `Env.step` to return a four or five element tuple, actual "
    "number of elements returned: {length}.",
    _FIVE, "a tuple of {length}", "Return exactly these five values.")
STEP_OF_TODAY = Promise(
    DeprecationWarning, "step()", "Core environment is written in old step API which returns one "
    "bool instead of two. It is recommended to rewrite the environment with new step API. ",
    _FIVE, "a tuple of {length}",
    "Return both flags, or put a Wrapper around the environment whose `step` returns "
    "dromos.utils.step_api_compatibility.convert_to_terminated_truncated_step_api(result).")
FLAG = Promise(
    UserWarning, "step().{name}", "Expects `{name}` signal to be a boolean, actual type: {type}",
    "True or False", "{shown} of {type}", "Return bool({name}).")
REWARD = Promise(
    UserWarning, "step().reward", "The reward returned by `step()` must be a float, int, "
    "np.integer or np.floating, actual type: {type}",
    "a finite number", "{shown} of {type}", "Return float(reward).")
REWARD_NAN = Promise(
    UserWarning, "step().reward", "The reward is a NaN value.", "a finite number", "nan",
    "Look for a division by zero or a difference of infinities in the reward.")
REWARD_FINITE = Promise(
    UserWarning, "step().reward", "The reward is an inf value.", "a finite number", "{value}",
    "Look for an overflow or a division by zero in the reward.")
STEP_INFO = Promise(
    AssertionError, "step().info",
    "The `info` returned by `step()` must be a python dictionary, actual type: {type}",
    "a dict", "{shown} of {type}", _INFO)
CLOSES_AGAIN = Promise(
    UserWarning, "close() after close()", "Calling `env.close()` on the closed environment should "
    "be allowed, but it raised the following exception.", "nothing to happen", "{value!r}",
    "Set what close releases to None and release it only if it is not None.")
# fmt: on


def env_reset_passive_checker(env: Env[Any, Any], **kwargs: Any) -> tuple[Any, dict[str, Any]]:
    """Reset `env` with `kwargs`, check the call, and return its result unchanged."""
    check_reset_signature(env.reset)
    result = env.reset(**kwargs)
    check_reset_return(result, env.observation_space)
    return result


def env_step_passive_checker(
    env: Env[Any, Any], action: Any
) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
    """Step `env`, check the call, and return its result unchanged.

    The action is not checked: some environments take actions outside their space.
    """
    result = env.step(action)
    check_step_return(result, env.observation_space)
    return result


#: Functions whose signature is right: reading one takes longer than making most environments.
_SOUND: WeakSet[FunctionType] = WeakSet()


def check_reset_signature(reset: Callable[..., Any]) -> None:
    """Warn if ``reset`` does not take ``seed`` and ``options``, or seeds without being told."""
    import inspect

    function = getattr(reset, "__func__", reset)
    if isinstance(function, FunctionType) and function in _SOUND:
        return
    try:
        signature = inspect.signature(reset)
    except (TypeError, ValueError):  # a native function that does not tell its signature
        return
    parameters = signature.parameters
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    sound = True
    for name, purpose in _PURPOSES.items():
        taken = name in parameters or takes_any
        sound &= TAKES.kept(taken, signature, name=name, purpose=purpose)
    seed = parameters.get("seed")
    sound &= DEFAULT_SEED.kept(seed is None or seed.default is None, seed)
    if sound and isinstance(function, FunctionType):
        _SOUND.add(function)


def check_reset_return(result: Any, observation_space: Space[Any]) -> None:
    """Check what ``reset`` returned.

    Args:
        result: Should be ``(obs, info)``.
        observation_space: The space ``obs`` should be in.

    Raises:
        AssertionError: If ``info`` is not a dict, or the parts of ``obs`` are not the space's.
    """
    if RESET_TUPLE.kept(isinstance(result, tuple), result) and RESET_PAIR.kept(
        len(result) == 2, length=len(result)
    ):
        check_obs(result[0], observation_space, "reset")
        RESET_INFO.kept(isinstance(result[1], dict), result[1])


def check_step_return(result: Any, observation_space: Space[Any]) -> None:
    """Check what ``step`` returned.

    Args:
        result: Should be ``(obs, reward, terminated, truncated, info)``.
        observation_space: The space ``obs`` should be in.

    Raises:
        AssertionError: If it is no tuple, ``info`` is not a dict, or the parts of ``obs`` are not
            the space's.
        Error: If it is a tuple of another length.
    """
    if not STEP_TUPLE.kept(isinstance(result, tuple), result):
        return
    length = len(result)
    if length == 4:
        STEP_OF_TODAY.broken(length=length)
        STEP_OF_TODAY._replace(kind=error.Error).broken(length=length)
    elif STEP_OF_FIVE.kept(length == 5, length=length):
        obs, reward, *flags, info = result
        for name, flag in zip(("terminated", "truncated"), flags, strict=True):
            FLAG.kept(isinstance(flag, (bool, np.bool_)), flag, name=name)
        check_obs(obs, observation_space, "step")
        _check_reward(reward)
        STEP_INFO.kept(isinstance(info, dict), info)


def _check_reward(reward: Any) -> None:
    numbers = (int, float, np.integer, np.floating)
    is_number = isinstance(reward, numbers) and not isinstance(reward, (bool, np.bool_))
    if REWARD.kept(is_number, reward) and REWARD_NAN.kept(reward == reward):  # NaN is not
        REWARD_FINITE.kept(reward not in (math.inf, -math.inf), reward)
