"""`check_env`, `check_vector_env`, `check_wrapper`: all that can be found wrong, in one report."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from dromos import logger
from dromos.env import Env
from dromos.registration import make
from dromos.testing.environment import with_numpy_arrays
from dromos.testing.promises import ENVIRONMENT, VECTOR, WRAPPER
from dromos.testing.rendering import declared_modes
from dromos.testing.report import Report, examine
from dromos.testing.wrappers import Probe
from dromos.vector import VectorEnv, VectorWrapper
from dromos.wrapper import Wrapper

__all__ = [
    "check_env",
    "check_vector_env",
    "check_wrapper",
    "report_on_env",
    "report_on_vector_env",
    "report_on_wrapper",
]

_MakesEnv = Callable[[], Env[Any, Any]]
_ARGUMENTS_OF_MAKE_VEC = {"max_episode_steps", "num_envs", "vector_kwargs", "vectorization_mode"}


def check_env(
    env: Env[Any, Any],
    warn: bool | None = None,
    skip_render_check: bool = False,
    skip_close_check: bool = False,
    *,
    strict: bool = False,
) -> Report:
    """Check that an environment keeps the contract of `Env`.

    All checks run, and all faults are told at once: those that make the environment unfit for use
    as one exception, the others as warnings. The environment is reset and stepped; it is not
    closed. For render modes and ``close`` new environments are made from its spec.

    Args:
        env: The environment, without wrappers: ``gym.make(id).unwrapped``.
        warn: Ignored; it was in old versions of Gymnasium.
        skip_render_check: Whether to leave out what needs a renderer.
        skip_close_check: Whether to leave out closing twice.
        strict: Whether to check in addition what `dromos` promises of its own environments (see
            `dromos.testing.promises`): snapshots, copies that keep state, specs as JSON, data that
            are the caller's own.

    Returns:
        The report, if there are no errors.

    Raises:
        CheckFailed: If there are errors. It is an instance of the type of the first one as well:
            `TypeError` for what is no environment or no space, `AttributeError` for a space that
            is missing, `Error` for an argument ``reset`` does not take or a step of the wrong
            length, `AssertionError` for the rest, and whatever the environment itself raises.
    """
    if warn is not None:
        logger.deprecation(
            "`check_env(warn=...)` parameter is now ignored.",
            detail="Set dromos.logger.min_level, or filter warnings.",
        )
    return report_on_env(env, skip_render_check, skip_close_check, strict=strict).conclude()


def report_on_env(
    env: Env[Any, Any],
    skip_render_check: bool = False,
    skip_close_check: bool = False,
    *,
    strict: bool = False,
) -> Report:
    """Return what `check_env` would tell, without warning or raising."""
    options = {"env": True, "strict": strict, "render": not skip_render_check}
    options["close"] = not skip_close_check
    compare = True if strict and getattr(env, "spec", None) is None else None
    subject = _Env(env, compare=compare, ignored_infos=())
    return examine(str(env), ENVIRONMENT, subject, [name for name, on in options.items() if on])


class _Env(SimpleNamespace):
    """What rows of `ENVIRONMENT` take: `env` is what was `given`, with NumPy's arrays."""

    def __init__(self, given: Env[Any, Any], **attributes: Any) -> None:
        super().__init__(given=given, **attributes)

    @cached_property
    def env(self) -> Env[Any, Any]:
        return with_numpy_arrays(self.given)

    @property
    def modes(self) -> list[Any]:
        return declared_modes(self.given)


def check_vector_env(
    envs: VectorEnv[Any, Any, Any],
    env_fn: _MakesEnv | None = None,
    *,
    steps: int = 200,
    skip_render_check: bool = False,
    skip_close_check: bool = False,
) -> Report:
    """Check that a vector keeps the contract of `VectorEnv`.

    All checks run, and all faults are told at once: spaces, shapes and dtypes; seed ``s + i`` for
    lane i; the autoreset mode in its metadata, `final_obs` and `valid_transition`; partial resets
    that leave the caller's dict and the other lanes alone; masks of the infos; ``send`` and
    ``recv`` if it has them; new data with every call; frames; closing twice.

    Args:
        envs: The vector. It is closed at the end, unless `skip_close_check`.
        env_fn: Makes the environment that each lane should be, for comparison; None for the one
            of the vector's spec, if it has a spec.
        steps: How many steps to take; episodes should end within them.
        skip_render_check: Whether to leave out rendering.
        skip_close_check: Whether to leave out closing.

    Returns:
        The report, if there are no errors.

    Raises:
        CheckFailed: If there are errors; see `check_env`.
    """
    options = {"skip_render_check": skip_render_check, "skip_close_check": skip_close_check}
    return report_on_vector_env(envs, env_fn, steps=steps, **options).conclude()


def report_on_vector_env(
    envs: VectorEnv[Any, Any, Any],
    env_fn: _MakesEnv | None = None,
    *,
    steps: int = 200,
    skip_render_check: bool = False,
    skip_close_check: bool = False,
) -> Report:
    """Return what `check_vector_env` would tell, without warning or raising."""
    options = {"render": not skip_render_check, "close": not skip_close_check}
    subject = SimpleNamespace(envs=envs, env_fn=env_fn or _lane_maker(envs), steps=steps)
    return examine(str(envs), VECTOR, subject, [name for name, on in options.items() if on])


def _lane_maker(envs: VectorEnv[Any, Any, Any]) -> _MakesEnv | None:
    """Return what makes the environment of one lane, if the vector's spec tells."""
    spec = getattr(envs, "spec", None)
    if spec is None or isinstance(envs, VectorWrapper) or "wrappers" in spec.kwargs:
        return None
    spec = copy.deepcopy(spec)
    spec.kwargs = {k: v for k, v in spec.kwargs.items() if k not in _ARGUMENTS_OF_MAKE_VEC}
    return spec.make  # type: ignore[no-any-return]


def check_wrapper(
    wrapper: type[Wrapper[Any, Any, Any, Any]],
    env: str | _MakesEnv = "CartPole-v1",
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
    env: str | _MakesEnv = "CartPole-v1",
    kwargs: Mapping[str, Any] | None = None,
    *,
    keeps_across_resets: bool = False,
    ignored_infos: Iterable[str] = (),
) -> Report:
    """Return what `check_wrapper` would tell, without warning or raising."""
    compare = False if keeps_across_resets else None
    subject = _Wrapped(wrapper, env, kwargs or {}, compare=compare, ignored_infos=ignored_infos)
    report = examine(subject.name[0], WRAPPER, subject, ["wrapper"])
    if "env" in vars(subject):
        subject.env.close()
    return report


class _Wrapped(SimpleNamespace):
    """What rows of `WRAPPER` take: `env` is one wrapped environment, `made` makes others."""

    def __init__(
        self, wrapper: Any, inner: str | _MakesEnv, kwargs: Any, **attributes: Any
    ) -> None:
        name = [getattr(wrapper, "__name__", str(wrapper))]
        super().__init__(wrapper=wrapper, inner=inner, kwargs=kwargs, name=name, **attributes)

    def env_fn(self) -> Env[Any, Any]:
        return make(self.inner) if isinstance(self.inner, str) else self.inner()

    def wrapped(self, inner: Env[Any, Any]) -> Env[Any, Any]:
        return self.wrapper(inner, **self.kwargs)  # type: ignore[no-any-return]

    def made(self) -> Env[Any, Any]:
        return self.wrapped(self.env_fn())

    @cached_property
    def env(self) -> Env[Any, Any]:
        return self.made()

    @property
    def probed(self) -> Env[Any, Any]:
        """One with a probe under the wrapper."""
        return self.wrapped(Probe(self.env_fn()))
