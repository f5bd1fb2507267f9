"""`check_env`: everything that can be found wrong with an environment, in one report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from dromos import checks, logger
from dromos.checks.message import complaint, going_on, refusal, warn
from dromos.env import Env
from dromos.spaces import Space
from dromos.testing import pictures, promises, resets, steps
from dromos.testing.report import Examination, Report
from dromos.testing.space_limits import check_space_limit
from dromos.wrapper import Wrapper

if TYPE_CHECKING:
    from dromos.spaces import Space as AnySpace

__all__ = ["check_env", "examine_env", "report_on_env"]


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
    examination = Examination(str(env))
    if examination.run("env", _require_env, env):
        examination.run("env", _warn_of_wrappers, env)
        shown = examination.ask("metadata", _with_numpy_arrays, env)
        if shown is not None:
            examine_env(examination, shown, strict)
        if not skip_render_check:
            pictures.examine_rendering(examination, env)
        if not skip_close_check and env.spec is not None:
            examination.run("spec.make().close()", pictures.check_close, env)
    return examination.report()


def examine_env(
    examination: Examination,
    env: Env[Any, Any],
    strict: bool,
    compare: bool | None = None,
    ignored_infos: Iterable[str] = (),
) -> None:
    """Check the spaces of `env`, its resets and its steps.

    Args:
        examination: Runs the checks.
        env: The environment.
        strict: Whether to check our own promises as well.
        compare: Whether equal seeds must give equal data; None if the spec says so.
        ignored_infos: Entries of the infos that are not compared.
    """
    run = examination.run
    run("env", resets.check_seed_deprecation, env)
    run("env", resets.check_reset_return_info_deprecation, env)
    run("env.reset", checks.check_reset_signature, env.reset)
    can_act = run("action_space", _check_space, env, "action")
    run("observation_space", _check_space, env, "observation")
    if not isinstance(getattr(env, "observation_space", None), Space):
        return
    run("reset()", resets.check_reset_return_type, env)
    has_form = examination.ask("reset()", resets.has_reset_form, env)
    if strict and env.spec is None:
        compare = True
    seeded = has_form and run(
        "reset(seed=…)", lambda: resets.check_reset_seed_determinism(env, compare=compare)
    )
    if has_form:
        run("reset(options={})", resets.check_reset_options, env)
        run("reset()", checks.env_reset_passive_checker, env)
    if can_act:  # a wrong reset hides no fault of step
        steps_have_form = examination.ask("step()", steps.check_steps, env)
        if has_form and steps_have_form and resets.takes(env, "seed"):
            if compare is not False:
                step, seed = "step() after reset(seed=123)", 123
                run(step, steps.check_step_determinism, env, seed, ignored_infos)
            run("step()", steps.check_returned_data_not_reused, env)
        if strict and seeded:
            promises.examine_promises(examination, env)


def _require_env(env: object) -> None:
    if isinstance(env, Env):
        return
    foreign = next(
        (b.__module__ for b in type(env).__mro__ if b.__name__ in ("Env", "Wrapper")), None
    )
    remedy = "Derive its class from dromos.Env."
    if foreign is not None:
        remedy = f"It is built on {foreign}: derive its class from dromos.Env instead."
    raise refusal(
        TypeError,
        complaint(
            "The environment must inherit from the gymnasium.Env class, actual class: "
            f"{type(env)}. See https://gymnasium.farama.org/introduction/create_custom_env/ for "
            "more info.",
            "env",
            "an instance of dromos.Env",
            str(type(env)),
            remedy,
        ),
    )


def _with_numpy_arrays(env: Env[Any, Any]) -> Env[Any, Any]:
    """Return `env`, with NumPy's arrays if its metadata say that it has another library's."""
    for library, namespace in (("jax", "jax.numpy"), ("torch", "torch")):
        if env.metadata.get(library, False):
            from dromos.wrappers.array_conversion import ArrayConversion

            return ArrayConversion(env, env_xp=namespace, target_xp="numpy")
    return env


def _warn_of_wrappers(env: Env[Any, Any]) -> None:
    if isinstance(env, Wrapper):
        warn(
            complaint(
                f"The environment ({env}) is different from the unwrapped version "
                f"({env.unwrapped}). This could effect the environment checker as the environment "
                "most likely has a wrapper applied to it. We recommend using the raw environment "
                "for `check_env` using `env.unwrapped`.",
                "env",
                "an environment without wrappers, so that every fault is its own",
                str(env),
                "Check env.unwrapped; for a wrapper there is dromos.testing.check_wrapper.",
            )
        )


def _check_space(env: Env[Any, Any], kind: str) -> None:
    path = f"{kind}_space"
    if not hasattr(env, path):
        raise refusal(
            AttributeError,
            complaint(
                f"The environment must specify an {kind} space. See "
                "https://gymnasium.farama.org/introduction/create_custom_env/ for more info.",
                f"env.{path}",
                "a dromos.spaces.Space",
                "nothing",
                f"Assign self.{path} in __init__, or declare it on the class.",
            ),
        )
    space: AnySpace[Any] = getattr(env, path)
    check = checks.check_action_space if kind == "action" else checks.check_observation_space
    with going_on():
        check(space)
    if isinstance(space, Space):
        check_space_limit(space, kind)
