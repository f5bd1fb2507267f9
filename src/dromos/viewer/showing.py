"""`view`: one line that shows an environment or a vector in a browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, overload

from dromos.core import ActType, Env, ObsType
from dromos.vector.base import ArrayType, VectorEnv
from dromos.viewer.live_view import LiveView
from dromos.viewer.shown import LOCAL
from dromos.viewer.subject import subject_of
from dromos.viewer.vector_live_view import VectorLiveView
from dromos.viewer.viewer import Viewer

__all__ = ["view"]


@overload
def view(
    env: VectorEnv[ObsType, ActType, ArrayType], port: int = ..., *, host: str = ...
) -> VectorLiveView[ObsType, ActType, ArrayType]: ...
@overload
def view(
    env: Env[ObsType, ActType], port: int = ..., *, host: str = ...
) -> LiveView[ObsType, ActType]: ...
@overload
def view(
    env: Env[Any, Any] | VectorEnv[Any, Any, Any],
    port: int = ...,
    *,
    policy: Callable[[Any], Any] | str,
    host: str = ...,
    keys_to_action: Mapping[Any, Any] | None = ...,
    seed: int | None = ...,
) -> Viewer: ...
def view(
    env: Any,
    port: int = 0,
    *,
    policy: Callable[[Any], Any] | str | None = None,
    host: str = LOCAL,
    keys_to_action: Mapping[Any, Any] | None = None,
    seed: int | None = None,
) -> Any:
    """Show an environment or a vector in a browser; the address is printed.

    In a training script, ``envs = dromos.view(envs)`` is all: the script makes the steps. With a
    `policy` the viewer makes them, in a thread of its own, as pages want them.

    Args:
        env: An environment or a vector; pictures need ``render_mode="rgb_array"``.
        port: The port to serve at; 0 for any that is free.
        policy: Called with the observations, returns actions; ``"random"`` draws them. None if
            the caller steps what is returned.
        host: The address to serve at. Any but this machine's own needs the token in the URL.
        keys_to_action: With a `policy`, which keys mean which action, as for
            `dromos.utils.play.play`; None asks the environment's ``get_keys_to_action``.
        seed: With a `policy`, the seed of the first episode.

    Returns:
        A `LiveView` around the environment, or a `VectorLiveView` around the vector, to be
        stepped in its place; with a `policy` a `Viewer`, which leaves `env` to it until closed.
        All have ``url`` and ``close``, and show the page in notebooks.

    Raises:
        DependencyNotInstalled: If websockets is missing.
        Error: If the port is taken or the address is not of this machine.
        TypeError: If `env` is neither an environment nor a vector, or `policy` is none.
    """
    if policy is not None and policy != "random" and not callable(policy):
        raise TypeError(f'policy: expected a function of observations or "random", got {policy!r}')
    if policy is None and (keys_to_action is not None or seed is not None):
        raise TypeError('seed and keys_to_action are for a viewer that steps: add policy="random"')
    subject = subject_of(env)
    shown: Any
    if policy is not None:
        acts = policy if callable(policy) else None
        shown = Viewer(subject, host, port).drive(acts, keys_to_action, seed)
    elif isinstance(env, Env):
        shown = LiveView(env, host, port)
    else:
        shown = VectorLiveView(env, host, port)
    print(f"{subject.name} is shown at {shown.url}")
    return shown
