"""Promises of ``render`` in every declared mode, and of ``close``."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from dromos import checks
from dromos.checks.calls import CLOSES_AGAIN
from dromos.checks.promise import Promise
from dromos.error import DependencyNotInstalled
from dromos.render.window import NoDisplay

if TYPE_CHECKING:
    from dromos.env import Env

__all__ = ["check_close", "check_has_spec", "check_mode", "check_render", "declared_modes"]

# fmt: off
MODE_TRIED = Promise(
    UserWarning, "{call}", "A render mode could not be tried", "to try it", "no means", "{value}")
HAS_SPEC = Promise(
    UserWarning, "env.spec", "Not able to test alternative render modes due to the environment not "
    "having a spec. Try instantiating the environment through `gymnasium.make`",
    "a spec, to make the environment anew in each mode", "None",
    "Make the environment with `make`, which also takes the class itself; or pass "
    "skip_render_check=True.")
CLOSED_TWICE = CLOSES_AGAIN._replace(text=(
    "Calling `env.close()` on the closed environment should be allowed, but it raised an "
    "exception: {value}"))
# fmt: on


def check_render(env: Env[Any, Any]) -> None:
    """Check the metadata of `env` and, if it is in a mode, a frame."""
    if env.render_mode is None:
        checks.check_render_metadata(env)
    else:
        env.reset()
        checks.env_render_passive_checker(env)


def check_has_spec(env: Env[Any, Any]) -> None:
    """Warn if `env` has no spec, by which `check_mode` makes others."""
    HAS_SPEC.kept(env.spec is not None)


def declared_modes(env: Env[Any, Any]) -> list[Any]:
    """Return the modes in which `check_mode` can make an environment."""
    modes = env.metadata.get("render_modes")
    return list(modes) if env.spec is not None and isinstance(modes, (list, tuple)) else []


def check_mode(env: Env[Any, Any], mode: Any) -> None:
    """Check the metadata and a frame of a new environment in `mode`."""
    call = f"spec.make(render_mode={mode!r})"
    try:
        new = _made_anew(env, render_mode=mode)
        try:
            new.reset()
            checks.check_render_metadata(new)
            frame = new.render()
        finally:
            new.close()
    except (DependencyNotInstalled, NoDisplay) as absent:
        MODE_TRIED.broken(absent, call=call)
        return
    if isinstance(mode, str):
        checks.check_render_return(mode, frame, f"{call}.render()")


def _made_anew(env: Env[Any, Any], **kwargs: Any) -> Env[Any, Any]:
    """Make an environment of the same spec; what `make` warns of, the checks tell better."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return env.spec.make(**kwargs)  # type: ignore[union-attr]


def check_close(env: Env[Any, Any]) -> None:
    """Warn if closing a new environment a second time raises; its first closing must not."""
    if env.spec is None:
        return
    new = _made_anew(env)
    new.close()
    try:
        new.close()
    except Exception as problem:
        CLOSED_TWICE.broken(problem)
