"""Checks of ``reset`` and ``step``: what they accept and what they return."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, NoReturn, SupportsFloat
from weakref import ref

import numpy as np

from dromos import error
from dromos.checks.message import complaint, going_on, refusal, shown, warn
from dromos.checks.observation import check_obs, is_plainly_sound

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


def check_reset_signature(reset: Callable[..., Any]) -> None:
    """Warn if ``reset`` does not take ``seed`` and ``options``, or seeds without being told."""
    function = getattr(reset, "__func__", reset)
    if not isinstance(function, FunctionType):
        _check_reset_signature(reset)
    elif ref(function) not in _SOUND and _check_reset_signature(reset):
        # Reading a signature takes longer than making most environments.
        _SOUND.add(ref(function, _SOUND.discard))


#: Functions of classes whose signature was found right.
_SOUND: set[ref[FunctionType]] = set()


def _check_reset_signature(reset: Callable[..., Any]) -> bool:
    """Return whether there was nothing to warn of."""
    import inspect

    try:
        signature = inspect.signature(reset)
    except (TypeError, ValueError):  # a native function that does not tell its signature
        return False
    sound = True
    parameters = signature.parameters
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for name, purpose in _PURPOSES.items():
        if name not in parameters and not takes_any:
            known = f"Current gymnasium version requires that `Env.reset` can be passed {purpose}."
            expected, found = f"a keyword argument `{name}`", f"the signature {signature}"
            fault = complaint(known, "env.reset", expected, found, _DECLARATION)
            warn(fault, DeprecationWarning)
            sound = False
    seed = parameters.get("seed")
    if seed is not None and seed.default is not None:
        known = "The default seed argument in `Env.reset` should be `None`, otherwise the "
        known += "environment will by default always be deterministic. Actual default: "
        known += str(seed)
        warn(complaint(known, "env.reset", "seed=None", f"{seed}", _DECLARATION))
        sound = False
    return sound


_PURPOSES = {
    "seed": "a `seed` instead of using `Env.seed` for resetting the environment random number "
    "generator",
    "options": "`options` to allow the environment initialisation to be passed additional "
    "information",
}

_DECLARATION = "Declare it as reset(self, *, seed=None, options=None)."


_WHERE = (
    "where `obs` is a observation and `info` is a dictionary containing additional information."
)


def check_reset_return(result: Any, observation_space: Space[Any]) -> None:
    """Check what ``reset`` returned.

    Args:
        result: Should be ``(obs, info)``.
        observation_space: The space ``obs`` should be in.

    Raises:
        AssertionError: If ``info`` is not a dict, or the parts of ``obs`` are not the space's.
    """
    if not isinstance(result, tuple):
        known = (
            "The result returned by `env.reset()` was not a tuple of the form `(obs, info)`, "
            f"{_WHERE} Actual type: `{type(result)}`"
        )
        found = f"{shown(result)} of {type(result)}"
    elif len(result) != 2:
        known = (
            f"The result returned by `env.reset()` should be `(obs, info)` by default, , {_WHERE}"
        )
        found = f"a tuple of {len(result)}"
    else:
        obs, info = result
        _check_obs(obs, observation_space, "reset")
        known = "The second element returned by `env.reset()` was not a dictionary"
        if not isinstance(info, dict):
            _refuse_info(info, f"{known}, actual type: {type(info)}", "reset().info")
        return
    warn(
        complaint(
            known,
            "reset()",
            "a tuple (obs, info)",
            found,
            "Return the observation and a dict, which may be empty: `return obs, {}`.",
        )
    )


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
    if not isinstance(result, tuple):
        raise refusal(
            AssertionError,
            complaint(
                f"Expects step result to be a tuple, actual type: {type(result)}",
                "step()",
                _FIVE,
                f"{shown(result)} of {type(result)}",
                "Return the five values as a tuple.",
            ),
        )
    if len(result) != 5:
        _refuse_length(len(result))
    obs, reward, terminated, truncated, info = result
    _check_flag(terminated, "terminated")
    _check_flag(truncated, "truncated")
    _check_obs(obs, observation_space, "step")
    _check_reward(reward)
    if not isinstance(info, dict):
        known = "The `info` returned by `step()` must be a python dictionary"
        _refuse_info(info, f"{known}, actual type: {type(info)}", "step().info")


_FIVE = "a tuple (obs, reward, terminated, truncated, info)"

_REMEDY_OF_FOUR = (
    "Return both flags, or put a Wrapper around the environment whose `step` returns "
    "dromos.utils.step_api_compatibility.convert_to_terminated_truncated_step_api(result)."
)


def _refuse_length(length: int) -> None:
    if length == 4:
        known = (
            "Core environment is written in old step API which returns one bool instead of two. "
        )
        known += "It is recommended to rewrite the environment with new step API. "
        remedy = _REMEDY_OF_FOUR
    else:
        known = "Expected `Env.step` to return a four or five element tuple, actual number of "
        known += f"elements returned: {length}."
        remedy = "Return exactly these five values."
    fault = complaint(known, "step()", _FIVE, f"a tuple of {length}", remedy)
    if length == 4:
        warn(fault, DeprecationWarning)
    raise refusal(error.Error, fault)


def _check_obs(obs: Any, space: Space[Any], method_name: str) -> None:
    if not is_plainly_sound(obs, space):
        with going_on():
            check_obs(obs, space, method_name)


def _check_flag(flag: object, name: str) -> None:
    if not isinstance(flag, (bool, np.bool_)):
        warn(
            complaint(
                f"Expects `{name}` signal to be a boolean, actual type: {type(flag)}",
                f"step().{name}",
                "True or False",
                f"{shown(flag)} of {type(flag)}",
                f"Return bool({name}).",
            )
        )


def _check_reward(reward: object) -> None:
    expected = "a finite number"
    if isinstance(reward, (bool, np.bool_)) or not isinstance(
        reward, (int, float, np.integer, np.floating)
    ):
        known = "The reward returned by `step()` must be a float, int, np.integer or np.floating"
        known += f", actual type: {type(reward)}"
        found, remedy = f"{shown(reward)} of {type(reward)}", "Return float(reward)."
    elif np.isnan(reward):
        known, found = "The reward is a NaN value.", "nan"
        remedy = "Look for a division by zero or a difference of infinities in the reward."
    elif np.isinf(reward):
        known, found = "The reward is an inf value.", str(reward)
        remedy = "Look for an overflow or a division by zero in the reward."
    else:
        return
    warn(complaint(known, "step().reward", expected, found, remedy))


def _refuse_info(info: object, known: str, path: str) -> NoReturn:
    found = f"{shown(info)} of {type(info)}"
    raise refusal(
        AssertionError,
        complaint(known, path, "a dict", found, "Return {} if there is nothing to tell."),
    )
