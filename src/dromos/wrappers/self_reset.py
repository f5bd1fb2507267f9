"""Where an episode begins for a wrapper around an environment that resets itself.

An `Autoreset` may stand inside other wrappers. They see no ``reset`` then, but a step that follows
the end of an episode and earns nothing.
"""

from __future__ import annotations

from typing import Any

from dromos.wrapper import Wrapper
from dromos.wrappers.autoreset import Autoreset

__all__ = ["autoreset_layer", "next_step_resets"]


def autoreset_layer(env: Any) -> Autoreset[Any, Any] | None:
    """Return the outermost `Autoreset` among the layers of `env`, or None."""
    while isinstance(env, Wrapper):
        if isinstance(env, Autoreset):
            return env
        env = env.env
    return None


def next_step_resets(env: Any) -> bool:
    """Return whether the next step of `env` will be the reset of an `Autoreset` in it."""
    layer = autoreset_layer(env)
    return layer is not None and layer.autoreset
