"""Checks of ``render`` in every declared mode, and of ``close``."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from dromos import checks
from dromos.checks.message import complaint, warn
from dromos.error import DependencyNotInstalled
from dromos.render.window import NoDisplay

if TYPE_CHECKING:
    from dromos.env import Env
    from dromos.registration.spec import EnvSpec
    from dromos.testing.report import Examination

__all__ = ["check_close", "examine_rendering"]


def examine_rendering(examination: Examination, env: Env[Any, Any]) -> None:
    """Check the metadata of `env`, the mode it is in, and each declared mode in a new one."""
    if env.render_mode is None:
        examination.run("metadata", checks.check_render_metadata, env)
    else:
        examination.run("render()", _check_render, env)
    if env.spec is None:
        examination.run("env.spec", _warn_of_no_spec, env)
        return
    modes = env.metadata.get("render_modes")
    for mode in modes if isinstance(modes, (list, tuple)) else ():
        examination.run(f"spec.make(render_mode={mode!r})", _check_mode, env.spec, mode)


def _check_render(env: Env[Any, Any]) -> None:
    env.reset()
    checks.env_render_passive_checker(env)


def _check_mode(spec: EnvSpec, mode: Any) -> None:
    path = f"spec.make(render_mode={mode!r})"
    try:
        env = _made(spec, render_mode=mode)
        try:
            env.reset()
            checks.check_render_metadata(env)
            frame = env.render()
        finally:
            env.close()
    except (DependencyNotInstalled, NoDisplay) as absent:
        warn(
            complaint(
                "A render mode could not be tried", path, "to try it", "no means", f"{absent}"
            )
        )
        return
    if mode is not None and isinstance(mode, str):
        checks.check_render_return(mode, frame, f"{path}.render()")


def _made(spec: EnvSpec, **kwargs: Any) -> Env[Any, Any]:
    """Make an environment; what `make` warns of, the checks tell better."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return spec.make(**kwargs)


def _warn_of_no_spec(env: Env[Any, Any]) -> None:
    warn(
        complaint(
            "Not able to test alternative render modes due to the environment not having a spec. "
            "Try instantiating the environment through `gymnasium.make`",
            "env.spec",
            "a spec, to make the environment anew in each mode",
            "None",
            "Make the environment with `make`, which also takes the class itself; or pass "
            "skip_render_check=True.",
        )
    )


def check_close(env: Env[Any, Any]) -> None:
    """Warn if closing a new environment a second time raises; its first closing must not."""
    if env.spec is None:
        return
    new = _made(env.spec)
    new.close()
    try:
        new.close()
    except Exception as problem:
        warn(
            complaint(
                "Calling `env.close()` on the closed environment should be allowed, but it raised "
                f"an exception: {problem}",
                "close() after close()",
                "nothing to happen",
                repr(problem),
                "Set what close releases to None and release it only if it is not None.",
            )
        )
