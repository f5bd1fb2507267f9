"""Promises of an environment before its first step: class, spaces, and ``reset``."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

from dromos import checks
from dromos.checks.calls import RESET_INFO, RESET_PAIR, RESET_TUPLE, TAKES
from dromos.checks.observation import CONTAINED
from dromos.checks.promise import Promise, gathered, shown
from dromos.checks.space import check_space_of
from dromos.env import Env
from dromos.error import Error
from dromos.spaces import Space
from dromos.testing.comparison import alike, check_same, difference
from dromos.wrapper import Wrapper

__all__ = [
    "check_is_env",
    "check_is_unwrapped",
    "check_reset_options",
    "check_reset_return_info_deprecation",
    "check_reset_return_type",
    "check_reset_seed_determinism",
    "check_seed_deprecation",
    "check_space",
    "has_observation_space",
    "has_reset_form",
    "is_repeatable",
    "takes",
    "with_numpy_arrays",
]

_SEED, _OTHER_SEED = 123, 456
_SUPER = "Begin reset with super().reset(seed=seed), and draw every random number from "
_SUPER += "self.np_random."
_UNSEEDED = "Most likely the environment reset function does not call `super().reset(seed=seed)`"

# fmt: off
IS_ENV = Promise(
    TypeError, "env", "The environment must inherit from the gymnasium.Env class, actual class: "
    "{type}. See https://gymnasium.farama.org/introduction/create_custom_env/ for more info.",
    "an instance of dromos.Env", "{type}", "{remedy}")
IS_UNWRAPPED = Promise(
    UserWarning, "env", "The environment ({value}) is different from the unwrapped version "
    "({value.unwrapped}). This could effect the environment checker as the environment most likely "
    "has a wrapper applied to it. We recommend using the raw environment for `check_env` using "
    "`env.unwrapped`.",
    "an environment without wrappers, so that every fault is its own", "{value}",
    "Check env.unwrapped; for a wrapper there is dromos.testing.check_wrapper.")
NO_SEED_METHOD = Promise(
    UserWarning, "env.seed", "Official support for the `seed` function is dropped. Standard "
    "practice is to reset gymnasium environments using `env.reset(seed=<desired seed>)`",
    "no such method", "a method", "Move what it does into reset(seed=…).")
NO_RETURN_INFO = Promise(
    UserWarning, "env.reset(return_info)", "`return_info` is deprecated as an optional argument to "
    "`reset`. `reset`should now always return `obs, info` where `obs` is an observation, and "
    "`info` is a dictionarycontaining additional information.",
    "no such argument", "one", "Return (obs, info) with every call.")
ARGUMENT = TAKES._replace(
    kind=Error,
    text="The `reset` method does not provide {article} `{name}` or `**kwargs` keyword argument.")
RETURNS_TUPLE = RESET_TUPLE._replace(kind=AssertionError)
RETURNS_PAIR = RESET_PAIR._replace(
    kind=AssertionError,
    text="Calling the reset method did not return a 2-tuple, actual length: {length}")
#: The value is the fault of a part, of which the passive check only warns.
OBSERVATION = Promise(
    AssertionError, "{value.path}",
    "The first element returned by `env.reset()` is not within the observation space.",
    "{value.expected}", "{value.found}", "{value.remedy}")
SEEDED = Promise(
    AssertionError, "np_random after reset(seed={seed})", "Expects the random number generator to "
    f"have been generated given a seed was passed to reset. {_UNSEEDED}.",
    "a generator with that seed", "None", _SUPER)
EQUAL_GENERATORS = Promise(
    AssertionError, f"np_random after reset(seed={_SEED})",
    f"{_UNSEEDED} as the random generates are not same when the same seeds are passed to "
    "`env.reset`.", "the same state after each call", "different states", _SUPER)
OTHER_GENERATORS = Promise(
    AssertionError, f"np_random after reset(seed={_OTHER_SEED})",
    f"{_UNSEEDED} as the random number generators are not different when different seeds are "
    "passed to `env.reset`.", f"another state than after reset(seed={_SEED})", "the same state",
    _SUPER)
SEED_DECIDES = alike(
    "{calls} is non-deterministic as the observations are not equivalent.", _SUPER)
SEED_DECIDES_EXACTLY = Promise(
    UserWarning, "{value.path}", "{calls} observations are not equal although similar.",
    "equal observations for equal seeds", "{value.first} and {value.second}",
    "Look for a sum whose order of terms differs from call to call.")
# fmt: on


def check_is_env(env: object) -> None:
    """Check that `env` is an instance of `Env`."""
    bases = (base for base in type(env).__mro__ if base.__name__ in ("Env", "Wrapper"))
    foreign = next((base.__module__ for base in bases), None)
    remedy = "Derive its class from dromos.Env."
    if foreign is not None:
        remedy = f"It is built on {foreign}: derive its class from dromos.Env instead."
    IS_ENV.kept(isinstance(env, Env), env, remedy=remedy)


def check_is_unwrapped(env: Env[Any, Any]) -> None:
    """Warn if `env` is a wrapper."""
    IS_UNWRAPPED.kept(not isinstance(env, Wrapper), env)


def with_numpy_arrays(env: Env[Any, Any]) -> Env[Any, Any]:
    """Return `env`, with NumPy's arrays if its metadata say that it has another library's."""
    for library, namespace in (("jax", "jax.numpy"), ("torch", "torch")):
        if env.metadata.get(library, False):
            from dromos.wrappers.array_conversion import ArrayConversion

            return ArrayConversion(env, env_xp=namespace, target_xp="numpy")
    return env


def check_space(env: Env[Any, Any], role: str) -> None:
    """Check the space of a role, and whether its bounds are what learners work well with."""
    check_space_of(env, role)
    space = getattr(env, f"{role}_space", None)
    if isinstance(space, Space):
        checks.check_space_limit(space, role)


def has_observation_space(env: Env[Any, Any]) -> bool:
    """Return whether there is a space to hold observations against."""
    return isinstance(getattr(env, "observation_space", None), Space)


def is_repeatable(env: Env[Any, Any]) -> bool:
    """Return whether the spec of `env` promises that seeds and actions decide all."""
    return env.spec is not None and not env.spec.nondeterministic


def takes(env: Env[Any, Any], name: str) -> bool:
    """Return whether ``env.reset`` takes the keyword argument `name`."""
    parameters = inspect.signature(env.reset).parameters
    return name in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())


def check_seed_deprecation(env: Env[Any, Any]) -> None:
    """Warn if `env` has a method ``seed``, which nobody calls any more."""
    NO_SEED_METHOD.kept(not callable(getattr(env, "seed", None)))


def check_reset_return_info_deprecation(env: Env[Any, Any]) -> None:
    """Warn if ``env.reset`` has the argument ``return_info``: it always returns the info."""
    NO_RETURN_INFO.kept("return_info" not in inspect.signature(env.reset).parameters)


def has_reset_form(env: Env[Any, Any]) -> bool:
    """Return whether ``env.reset()`` gives a pair."""
    result: Any = env.reset()
    return isinstance(result, tuple) and len(result) == 2


def check_reset_return_type(env: Env[Any, Any]) -> None:
    """Check that ``env.reset()`` returns an observation of the space and a dict.

    Raises:
        AssertionError: If it does not.
    """
    result: Any = env.reset()
    if RETURNS_TUPLE.kept(isinstance(result, tuple), result) and RETURNS_PAIR.kept(
        len(result) == 2, length=len(result)
    ):
        _check_obs(result[0], env.observation_space)
        RESET_INFO.kept(isinstance(result[1], dict), result[1])


def _check_obs(obs: Any, space: Any) -> None:
    """Tell, of each defective part of `obs`, what the passive check only warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what the space makes an array of: that is told below
        if space.contains(obs):
            return
    with gathered() as parts:
        checks.check_obs(obs, space, "reset")
    values = {"source": "", "path": "reset().obs", "reason": "", "found": shown(obs)}
    whole = CONTAINED.fault(expected=f"an element of {shown(space)}", **values)
    for part in parts or [whole]:
        OBSERVATION.broken(part)


def check_reset_options(env: Env[Any, Any]) -> None:
    """Check that ``env.reset`` takes ``options``.

    Raises:
        Error: If it has no such argument.
    """
    if _require_argument(env, "options", "an"):
        env.reset(options={})


def check_reset_seed_determinism(env: Env[Any, Any], compare: bool | None = None) -> None:
    """Check that ``env.reset`` takes a seed, and that the seed decides everything random.

    Args:
        env: The environment.
        compare: Whether to compare the observations of equal seeds; None if its spec says that it
            is deterministic.

    Raises:
        Error: If it has no argument ``seed``.
        AssertionError: If equal seeds give different observations or random generators, if
            different seeds give equal generators, or if the generator has not been seeded.
    """
    if not _require_argument(env, "seed", "a"):
        return
    seen: list[tuple[Any, Any]] = []
    states = []
    for seed in (_SEED, _SEED, _OTHER_SEED):
        obs = env.reset(seed=seed)[0]
        generator = env.unwrapped._np_random
        if not SEEDED.kept(generator is not None, seed=seed):
            return
        states.append(generator.bit_generator.state)  # type: ignore[union-attr]
        seen.append((obs, env.reset()[0]))
    if is_repeatable(env) if compare is None else compare:
        calls, path = f"Using `env.reset(seed={_SEED})`", f"reset(seed={_SEED})"
        if _compare(seen[0][0], seen[1][0], calls, f"{path}.obs", exact=True):
            calls, path = f"{calls} then `env.reset()`", f"reset() after {path}"
            _compare(seen[0][1], seen[1][1], calls, f"{path}.obs", exact=False)
    EQUAL_GENERATORS.kept(states[0] == states[1])
    OTHER_GENERATORS.kept(states[0] != states[2])


def _compare(first: Any, second: Any, calls: str, path: str, *, exact: bool) -> bool:
    when = " the second time"
    same = check_same(SEED_DECIDES, first, second, path, exact=False, calls=calls, when=when)
    if same and exact:
        found = difference(first, second, path)
        SEED_DECIDES_EXACTLY.kept(found is None, found, calls=calls)
    return same


def _require_argument(env: Env[Any, Any], name: str, article: str) -> bool:
    signature = inspect.signature(env.reset)
    return ARGUMENT.kept(takes(env, name), signature, name=name, article=article)
