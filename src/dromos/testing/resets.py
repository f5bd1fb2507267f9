"""Checks of ``reset``: what it takes, what it returns, and that a seed decides it."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any

from dromos import checks
from dromos.checks.message import Fault, Faults, complaint, gathered, going_on, refusal, shown, warn
from dromos.error import Error
from dromos.testing.comparison import data_equivalence, difference
from dromos.testing.report import require

if TYPE_CHECKING:
    from dromos.env import Env

__all__ = [
    "check_reset_options",
    "check_reset_return_info_deprecation",
    "check_reset_return_type",
    "check_reset_seed_determinism",
    "check_seed_deprecation",
    "has_reset_form",
    "is_repeatable",
    "takes",
]

_SEED, _OTHER_SEED = 123, 456
_SUPER = "Begin reset with super().reset(seed=seed), and draw every random number from "
_SUPER += "self.np_random."


def is_repeatable(env: Env[Any, Any]) -> bool:
    """Return whether the spec of `env` promises that seeds and actions decide all."""
    return env.spec is not None and not env.spec.nondeterministic


def takes(env: Env[Any, Any], name: str) -> bool:
    """Return whether ``env.reset`` takes the keyword argument `name`."""
    parameters = inspect.signature(env.reset).parameters
    return name in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())


def check_seed_deprecation(env: Env[Any, Any]) -> None:
    """Warn if `env` has a method ``seed``, which nobody calls any more."""
    if callable(getattr(env, "seed", None)):
        warn(
            complaint(
                "Official support for the `seed` function is dropped. Standard practice is to "
                "reset gymnasium environments using `env.reset(seed=<desired seed>)`",
                "env.seed",
                "no such method",
                "a method",
                "Move what it does into reset(seed=…).",
            )
        )


def check_reset_return_info_deprecation(env: Env[Any, Any]) -> None:
    """Warn if ``env.reset`` has the argument ``return_info``: it always returns the info."""
    if "return_info" in inspect.signature(env.reset).parameters:
        warn(
            complaint(
                "`return_info` is deprecated as an optional argument to `reset`. `reset`should now "
                "always return `obs, info` where `obs` is an observation, and `info` is a "
                "dictionarycontaining additional information.",
                "env.reset(return_info)",
                "no such argument",
                "one",
                "Return (obs, info) with every call.",
            )
        )


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
    pair, remedy = "a tuple (obs, info)", "Return the observation and a dict, which may be empty."
    require(
        isinstance(result, tuple),
        "The result returned by `env.reset()` was not a tuple of the form `(obs, info)`, where "
        "`obs` is a observation and `info` is a dictionary containing additional information. "
        f"Actual type: `{type(result)}`",
        "reset()",
        pair,
        f"{shown(result)} of {type(result)}",
        remedy,
    )
    require(
        len(result) == 2,
        f"Calling the reset method did not return a 2-tuple, actual length: {len(result)}",
        "reset()",
        pair,
        f"a tuple of {len(result)}",
        remedy,
    )
    obs, info = result
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what the space makes an array of: that is told below
        lies_in_it = env.observation_space.contains(obs)
    if not lies_in_it:
        with going_on():
            _refuse_obs(env, obs)
    require(
        isinstance(info, dict),
        "The second element returned by `env.reset()` was not a dictionary, actual type: "
        f"{type(info)}",
        "reset().info",
        "a dict",
        f"{shown(info)} of {type(info)}",
        "Return {} if there is nothing to tell.",
    )


def _refuse_obs(env: Env[Any, Any], obs: Any) -> None:
    """Raise, for each defective part of `obs`, what the passive check only warns of."""
    known = "The first element returned by `env.reset()` is not within the observation space."
    faults = Faults()
    with gathered(faults):
        checks.check_obs(obs, env.observation_space, "reset")
    raised = [problem.args[0] for problem in faults.errors]
    parts = [fault for _, fault in faults.warnings] + [p for p in raised if isinstance(p, Fault)]
    parts = parts or [
        complaint(
            known,
            "reset().obs",
            f"an element of {shown(env.observation_space)}",
            shown(obs),
            "Correct the observation, or widen the space to what the environment returns.",
        )
    ]
    for part in parts:
        with going_on():
            raise refusal(
                AssertionError, complaint(known, part.path, part.expected, part.found, part.remedy)
            )


def check_reset_options(env: Env[Any, Any]) -> None:
    """Check that ``env.reset`` takes ``options``.

    Raises:
        Error: If it has no such argument.
    """
    _require_argument(env, "options")
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
    _require_argument(env, "seed")
    seen, states = [], []
    for seed in (_SEED, _SEED, _OTHER_SEED):
        obs = env.reset(seed=seed)[0]
        states.append(_generator_state(env, seed))
        seen.append((obs, env.reset()[0]))
    if is_repeatable(env) if compare is None else compare:
        with going_on():
            for i, call in enumerate(
                (f"reset(seed={_SEED})", f"reset() after reset(seed={_SEED})")
            ):
                _require_same(seen[0][i], seen[1][i], f"{call}.obs", warns=i == 0)
    with going_on():
        require(
            states[0] == states[1],
            "Most likely the environment reset function does not call `super().reset(seed=seed)` "
            "as the random generates are not same when the same seeds are passed to `env.reset`.",
            f"np_random after reset(seed={_SEED})",
            "the same state after each call",
            "different states",
            _SUPER,
        )
    require(
        states[0] != states[2],
        "Most likely the environment reset function does not call `super().reset(seed=seed)` as "
        "the random number generators are not different when different seeds are passed to "
        "`env.reset`.",
        f"np_random after reset(seed={_OTHER_SEED})",
        f"another state than after reset(seed={_SEED})",
        "the same state",
        _SUPER,
    )


def _generator_state(env: Env[Any, Any], seed: int) -> Any:
    generator = env.unwrapped._np_random
    require(
        generator is not None,
        "Expects the random number generator to have been generated given a seed was passed to "
        "reset. Most likely the environment reset function does not call "
        "`super().reset(seed=seed)`.",
        f"np_random after reset(seed={seed})",
        "a generator with that seed",
        "None",
        _SUPER,
    )
    return generator.bit_generator.state  # type: ignore[union-attr]


def _require_same(first: Any, second: Any, path: str, warns: bool) -> None:
    found = difference(first, second, path)
    if found is None:
        return
    known = f"Using `env.reset(seed={_SEED})`"
    known = known if warns else f"{known} then `env.reset()`"
    if data_equivalence(first, second):
        if warns:
            warn(
                complaint(
                    f"{known} observations are not equal although similar.",
                    found.path,
                    "equal observations for equal seeds",
                    f"{found.first} and {found.second}",
                    "Look for a sum whose order of terms differs from call to call.",
                )
            )
        return
    known += " is non-deterministic as the observations are not equivalent."
    raise refusal(
        AssertionError,
        complaint(known, found.path, found.first, f"{found.second} the second time", _SUPER),
    )


def _require_argument(env: Env[Any, Any], name: str) -> None:
    if not takes(env, name):
        article = "an" if name == "options" else "a"
        raise refusal(
            Error,
            complaint(
                f"The `reset` method does not provide {article} `{name}` or `**kwargs` keyword "
                "argument.",
                "env.reset",
                f"a keyword argument `{name}`",
                f"the signature {inspect.signature(env.reset)}",
                "Declare it as reset(self, *, seed=None, options=None).",
            ),
        )
