"""`check_wrapper`: everything that can be found wrong with a wrapper, in one report."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dromos.checks.message import complaint, going_on, refusal
from dromos.env import Env
from dromos.registration import make
from dromos.testing import promises
from dromos.testing import wrapper_specs as specs
from dromos.testing.env_checker import examine_env
from dromos.testing.report import Examination, Report, require
from dromos.testing.steps import action_of
from dromos.wrapper import Wrapper

__all__ = ["check_wrapper", "report_on_wrapper"]

_SEED = 123

_MakesEnv = str | Callable[[], Env[Any, Any]]


def check_wrapper(
    wrapper: type[Wrapper[Any, Any, Any, Any]],
    env: _MakesEnv = "CartPole-v1",
    kwargs: Mapping[str, Any] | None = None,
    *,
    keeps_across_resets: bool = False,
    ignored_infos: Iterable[str] = (),
) -> Report:
    """Check that a class of wrappers keeps the contract of `Wrapper`.

    All checks run, and all faults are told at once: the wrapped environment is checked as by
    `check_env`; seed and options of ``reset``, exceptions, ``close`` and attributes must get
    through; the wrapped environment's spaces must stay as they are; every constructor argument
    must be recorded, so that the spec, also as JSON, builds the same stack again; snapshots and
    deep copies must keep the wrapper's state.

    Args:
        wrapper: The class.
        env: An id, or a function that makes an environment the wrapper fits around. Without a
            spec on it, specs are not checked.
        kwargs: The other arguments of the wrapper.
        keeps_across_resets: Whether the wrapper keeps something across resets that changes what it
            returns, as running statistics do. Equal seeds need not give equal observations then.
        ignored_infos: Entries of the infos that are not compared, such as wall times.

    Returns:
        The report, if there are no errors.

    Raises:
        CheckFailed: If there are errors; see `check_env`.
    """
    return report_on_wrapper(
        wrapper,
        env,
        kwargs,
        keeps_across_resets=keeps_across_resets,
        ignored_infos=ignored_infos,
    ).conclude()


def report_on_wrapper(
    wrapper: type[Wrapper[Any, Any, Any, Any]],
    env: _MakesEnv = "CartPole-v1",
    kwargs: Mapping[str, Any] | None = None,
    *,
    keeps_across_resets: bool = False,
    ignored_infos: Iterable[str] = (),
) -> Report:
    """Return what `check_wrapper` would tell, without warning or raising."""
    examination = Examination(getattr(wrapper, "__name__", str(wrapper)))
    if not examination.run("wrapper", _require_wrapper, wrapper):
        return examination.report()

    def env_fn() -> Env[Any, Any]:
        return make(env) if isinstance(env, str) else env()

    def wrapped_around(inner: Env[Any, Any]) -> Wrapper[Any, Any, Any, Any]:
        return wrapper(inner, **dict(kwargs or {}))

    made = examination.ask(f"{wrapper.__name__}(env)", lambda: wrapped_around(env_fn()))
    if made is None:
        return examination.report()
    compare = False if keeps_across_resets else None
    examine_env(examination, made, False, compare, ignored_infos)
    run = examination.run
    run("env.spaces", _check_spaces_untouched, env_fn, wrapped_around)
    run("reset(seed=…, options=…)", _check_reset_arguments, wrapped_around(_Probe(env_fn())))
    run("get_wrapper_attr()", _check_attributes, wrapped_around(_Probe(env_fn())))
    run("step()", _check_exceptions, wrapped_around(_Probe(env_fn())))
    run("close()", _check_close, wrapped_around(_Probe(env_fn())))
    run("snapshot()", promises.check_snapshot, made, ignored_infos)
    call = "copy.deepcopy(env)"
    run(call, promises.check_copy, made, copy.deepcopy, call, ignored_infos)
    if run("_saved_kwargs", specs.check_recorded, made, kwargs or {}) and made.spec is not None:
        run("spec.make()", specs.check_spec, lambda: wrapped_around(env_fn()), ignored_infos)
    made.close()
    return examination.report()


class _Probe(Wrapper[Any, Any, Any, Any]):
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
        self.resets.append((seed, options))
        return self.env.reset(seed=seed)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        if self.fault is not None:
            raise self.fault
        return self.env.step(action)

    def close(self) -> None:
        self.closed = True
        super().close()


def _probe_in(env: Env[Any, Any]) -> _Probe:
    while not isinstance(env, _Probe):
        require(
            isinstance(env, Wrapper),
            "A wrapper keeps the environment it wraps as `env`",
            "env",
            "the wrapped environment, through every layer",
            str(type(env)),
            "Call super().__init__(env).",
        )
        env = env.env  # type: ignore[attr-defined]
    return env


def _require_wrapper(wrapper: object) -> None:
    if not (isinstance(wrapper, type) and issubclass(wrapper, Wrapper)):
        raise refusal(
            TypeError,
            complaint(
                f"Expected a class of wrappers, actual value: {wrapper!r}",
                "wrapper",
                "a subclass of dromos.Wrapper",
                str(wrapper),
                "Pass the class itself, and its arguments as kwargs.",
            ),
        )


def _check_spaces_untouched(
    env_fn: Callable[[], Env[Any, Any]], wrapped_around: Callable[[Env[Any, Any]], Env[Any, Any]]
) -> None:
    inner = env_fn()
    names = ("action_space", "observation_space")
    before = [copy.deepcopy(getattr(inner, name)) for name in names]
    wrapped_around(inner)
    for name, space in zip(names, before, strict=True):
        require(
            getattr(inner, name) == space,
            "The wrapper changes a space of the environment it wraps",
            f"env.{name}",
            f"{space}, as before",
            f"{getattr(inner, name)}",
            f"Assign self.{name} a new space, and leave env.{name} alone.",
        )


def _check_reset_arguments(env: Env[Any, Any]) -> None:
    probe = _probe_in(env)
    probe.resets.clear()
    options = {"mark": 1}
    env.reset(seed=_SEED, options=options)
    seeds = [seed for seed, _ in probe.resets]
    remedy = "Pass on both: self.env.reset(seed=seed, options=options)."
    with going_on():
        require(
            seeds[:1] == [_SEED],
            "`reset` does not pass the seed on",
            f"reset(seed={_SEED})",
            f"{_SEED} at the wrapped environment",
            f"{seeds[:1]}",
            remedy,
        )
    given = [passed for _, passed in probe.resets]
    require(
        given[:1] == [{"mark": 1}] and options == {"mark": 1},
        "`reset` does not pass the options on as they are",
        'reset(options={"mark": 1})',
        '{"mark": 1} at the wrapped environment',
        f"{given[:1]}",
        remedy,
    )


def _check_attributes(env: Env[Any, Any]) -> None:
    probe = _probe_in(env)
    known = "Attributes of the wrapped environment cannot be reached through the wrapper"
    remedy = "Leave get_wrapper_attr, set_wrapper_attr and unwrapped to the base class Wrapper."
    with going_on():
        found = env.get_wrapper_attr("mark_of_the_probe")
        require(found == 1, known, "get_wrapper_attr()", "1", f"{found!r}", remedy)
    with going_on():
        env.set_wrapper_attr("mark_of_the_probe", 2)
        value = probe.mark_of_the_probe
        require(value == 2, known, "set_wrapper_attr()", "2 in that layer", f"{value!r}", remedy)
    same = env.unwrapped is probe.unwrapped
    require(same, known, "unwrapped", f"{probe.unwrapped}", f"{env.unwrapped}", remedy)


def _check_exceptions(env: Env[Any, Any]) -> None:
    probe = _probe_in(env)
    env.reset(seed=_SEED)
    action = action_of(env)
    probe.fault = RuntimeError("raised by the wrapped environment")
    caught: Exception | None = None
    try:
        env.step(action)
    except Exception as problem:
        caught = problem
    require(
        caught is probe.fault,
        "An exception of the wrapped environment does not pass",
        "step()",
        repr(probe.fault),
        repr(caught),
        "Let it pass, or raise what you make of it `from` it.",
    )


def _check_close(env: Env[Any, Any]) -> None:
    probe = _probe_in(env)
    env.close()
    require(
        probe.closed,
        "`close` does not close the wrapped environment",
        "close()",
        "the wrapped environment to be closed",
        "it open",
        "End close with super().close().",
    )
    env.close()
