"""Promises of a wrapper: what gets through it, what it leaves alone, how it is built again."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dromos.checks.promise import Promise
from dromos.env import Env
from dromos.specs import same_value
from dromos.testing import strict
from dromos.testing.comparison import alike, require_same
from dromos.testing.steps import action_of
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrapper import Wrapper

if TYPE_CHECKING:
    from dromos.registration import EnvSpec

__all__ = [
    "Probe",
    "check_attributes",
    "check_close",
    "check_exceptions",
    "check_is_wrapper",
    "check_recorded",
    "check_reset_arguments",
    "check_spaces_untouched",
    "check_spec",
    "forgotten_arguments",
    "is_made",
]

_SEED = 123
_PASS_ON = "Pass on both: self.env.reset(seed=seed, options=options)."
_RECORD = "Begin __init__ with RecordConstructorArgs.__init__(self, name=value, …), with every "
_RECORD += "argument but env."

# fmt: off
IS_WRAPPER = Promise(
    TypeError, "wrapper", "Expected a class of wrappers, actual value: {value!r}",
    "a subclass of dromos.Wrapper", "{value}",
    "Pass the class itself, and its arguments as kwargs.")
KEEPS_ENV = Promise(
    AssertionError, "env", "A wrapper keeps the environment it wraps as `env`",
    "the wrapped environment, through every layer", "{type}", "Call super().__init__(env).")
SPACES_UNTOUCHED = Promise(
    AssertionError, "env.{name}", "The wrapper changes a space of the environment it wraps",
    "{before}, as before", "{value}",
    "Assign self.{name} a new space, and leave env.{name} alone.")
SEED_PASSED_ON = Promise(
    AssertionError, f"reset(seed={_SEED})", "`reset` does not pass the seed on",
    f"{_SEED} at the wrapped environment", "{value}", _PASS_ON)
OPTIONS_PASSED_ON = Promise(
    AssertionError, 'reset(options={{"mark": 1}})',
    "`reset` does not pass the options on as they are",
    '{{"mark": 1}} at the wrapped environment', "{value}", _PASS_ON)
ATTRIBUTES = Promise(
    AssertionError, "{call}",
    "Attributes of the wrapped environment cannot be reached through the wrapper",
    "{expected}", "{value!r}",
    "Leave get_wrapper_attr, set_wrapper_attr and unwrapped to the base class Wrapper.")
EXCEPTIONS = Promise(
    AssertionError, "step()", "An exception of the wrapped environment does not pass",
    "{expected!r}", "{value!r}", "Let it pass, or raise what you make of it `from` it.")
CLOSES = Promise(
    AssertionError, "close()", "`close` does not close the wrapped environment",
    "the wrapped environment to be closed", "it open", "End close with super().close().")
RECORDS = Promise(
    UserWarning, "class",
    "The wrapper does not record its arguments, so that no spec can build it again",
    "dromos.utils.RecordConstructorArgs among the bases", "{value}", _RECORD)
FORGETS_NOTHING = Promise(
    AssertionError, "_saved_kwargs[{name!r}]",
    "The wrapper forgets an argument of its constructor", "the argument", "nothing", _RECORD)
RECORDS_AS_GIVEN = Promise(
    AssertionError, "_saved_kwargs[{name!r}]",
    "The wrapper records another value than it was given", "{given!r}", "{value!r}", _RECORD)
REBUILT = Promise(
    AssertionError, "{path}", "The spec builds another stack than it is the spec of", "{expected}",
    "{value}", _RECORD)
SAME_FUTURE = alike(REBUILT.text, _RECORD)
# fmt: on


class Probe(Wrapper[Any, Any, Any, Any]):
    """Stands under the wrapper and sees what gets through it."""

    snapshot_exclude = frozenset({"resets", "closed", "fault", "mark_of_the_probe"})

    def __init__(self, env: Env[Any, Any]) -> None:
        super().__init__(env)
        self.resets: list[tuple[Any, Any]] = []
        self.closed = False
        self.fault: Exception | None = None
        self.mark_of_the_probe = 1

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Note the arguments."""
        self.resets.append((seed, options))
        return self.env.reset(seed=seed)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Raise `fault` if there is one."""
        if self.fault is not None:
            raise self.fault
        return self.env.step(action)

    def close(self) -> None:
        """Note that it was called."""
        self.closed = True
        super().close()


def _probe_in(env: Env[Any, Any]) -> Probe:
    while not isinstance(env, Probe):
        KEEPS_ENV.require(isinstance(env, Wrapper), env)
        env = env.env  # type: ignore[attr-defined]
    return env


def check_is_wrapper(wrapper: object) -> None:
    """Check that `wrapper` is a class of wrappers."""
    IS_WRAPPER.kept(isinstance(wrapper, type) and issubclass(wrapper, Wrapper), wrapper)


def is_made(env: object, name: str) -> bool:
    """Return whether the class of that name makes wrappers."""
    return isinstance(env, Wrapper)


def check_spaces_untouched(
    env_fn: Callable[[], Env[Any, Any]], wrapped: Callable[[Env[Any, Any]], Env[Any, Any]]
) -> None:
    """Check that wrapping leaves the spaces of the inner environment as they are."""
    inner = env_fn()
    names = ("action_space", "observation_space")
    before = [copy.deepcopy(getattr(inner, name)) for name in names]
    wrapped(inner)
    for name, space in zip(names, before, strict=True):
        found = getattr(inner, name)
        SPACES_UNTOUCHED.kept(found == space, found, name=name, before=space)


def check_reset_arguments(env: Env[Any, Any]) -> None:
    """Check that seed and options of ``reset`` get through, as they are."""
    probe = _probe_in(env)
    probe.resets.clear()
    options = {"mark": 1}
    env.reset(seed=_SEED, options=options)
    seeds, given = ([call[i] for call in probe.resets[:1]] for i in (0, 1))
    SEED_PASSED_ON.kept(seeds == [_SEED], seeds)
    OPTIONS_PASSED_ON.kept(given == [{"mark": 1}] and options == {"mark": 1}, given)


def check_attributes(env: Env[Any, Any]) -> None:
    """Check that attributes of inner layers can be read, and set where they are."""
    probe = _probe_in(env)
    found, expected = env.get_wrapper_attr("mark_of_the_probe"), "1"
    ATTRIBUTES.kept(found == 1, found, call="get_wrapper_attr()", expected=expected)
    env.set_wrapper_attr("mark_of_the_probe", 2)
    found, expected = probe.mark_of_the_probe, "2 in that layer"
    ATTRIBUTES.kept(found == 2, found, call="set_wrapper_attr()", expected=expected)
    same = env.unwrapped is probe.unwrapped
    ATTRIBUTES.kept(same, env.unwrapped, call="unwrapped", expected=probe.unwrapped)


def check_exceptions(env: Env[Any, Any]) -> None:
    """Check that an exception of the inner environment gets through."""
    probe = _probe_in(env)
    env.reset(seed=_SEED)
    action = action_of(env)
    probe.fault = RuntimeError("raised by the wrapped environment")
    caught: Exception | None = None
    try:
        env.step(action)
    except Exception as problem:
        caught = problem
    EXCEPTIONS.kept(caught is probe.fault, caught, expected=probe.fault)


def check_close(env: Env[Any, Any]) -> None:
    """Check that ``close`` gets through, and can be called again."""
    probe = _probe_in(env)
    env.close()
    CLOSES.require(probe.closed)
    env.close()


def forgotten_arguments(env: Wrapper[Any, Any, Any, Any]) -> list[str]:
    """Return the constructor's parameters that `env` has not recorded."""
    # That of __init__: a class may have a __new__ that takes anything.
    parameters = list(inspect.signature(type(env).__init__).parameters.values())[2:]
    named = [p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    saved = getattr(env, "_saved_kwargs", {})
    return [name for name in named if name not in saved]


def check_recorded(env: Wrapper[Any, Any, Any, Any], kwargs: Mapping[str, Any]) -> None:
    """Check that `env` has recorded every argument, and these as they are."""
    if not isinstance(env, RecordConstructorArgs):
        RECORDS.broken([base.__name__ for base in type(env).__mro__[1:3]])
        return
    for name in forgotten_arguments(env):
        FORGETS_NOTHING.broken(name=name)
    for name, given in kwargs.items():
        saved = env._saved_kwargs.get(name, given)
        RECORDS_AS_GIVEN.kept(_same_argument(saved, given), saved, name=name, given=given)


def _same_argument(saved: Any, given: Any) -> bool:
    """Return whether two arguments are equal, or of a class whose instances never are."""
    by_identity = type(given).__eq__ is object.__eq__  # type: ignore[comparison-overlap]
    return (by_identity and type(saved) is type(given)) or same_value(saved, given)


def check_spec(
    made: Callable[[], Wrapper[Any, Any, Any, Any]], ignored_infos: Iterable[str] = ()
) -> None:
    """Check that the spec of a wrapper, and its JSON if it has one, builds the same stack.

    Args:
        made: Makes an environment with the wrapper around it.
        ignored_infos: Entries of the infos that are not compared.
    """
    env = made()
    if not isinstance(env, RecordConstructorArgs) or env.spec is None:
        return
    _compare_rebuilt(env, env.spec, "spec.make()", ignored_infos)
    try:
        text = env.spec.to_json()
    except ValueError:
        return  # a function that no import finds is an argument; nobody promised that
    path = "EnvSpec.from_json(spec.to_json()).make()"
    _compare_rebuilt(made(), type(env.spec).from_json(text), path, ignored_infos)


def _compare_rebuilt(
    env: Env[Any, Any], spec: EnvSpec, path: str, ignored_infos: Iterable[str]
) -> None:
    again = spec.make()
    try:
        for what in (str, lambda e: e.action_space, lambda e: e.observation_space):
            mine, other = what(env), what(again)
            REBUILT.require(mine == other, other, path=path, expected=mine)
        env.reset(seed=_SEED)
        again.reset(seed=_SEED)
        seen, rebuilt = (strict.future(e, ignored_infos=ignored_infos) for e in (env, again))
        require_same(SAME_FUTURE, seen, rebuilt, "steps", exact=True)
    finally:
        again.close()
        env.close()
