"""`EnvCompatibility`: an environment of Gym before 0.26 that speaks today's interface."""

from __future__ import annotations

import importlib
import inspect
from multiprocessing import parent_process
from typing import Any, ClassVar, Protocol, SupportsFloat

from dromos import logger
from dromos.core import Env, RenderFrame
from dromos.env import takes_no_arguments
from dromos.error import Error
from dromos.registration import EnvSpec
from dromos.step_api import convert_to_terminated_truncated_step_api

__all__ = ["EnvCompatibility", "LegacyEnv", "SilentlyConverted", "remake", "tell_changes"]

_CHANGES = (
    "An environment of Gym before 0.26 runs under today's interface: its `done` becomes "
    "`terminated`, or `truncated` where info['TimeLimit.truncated'] is True, and that entry is "
    "taken out of the info; `reset` returns (obs, info), with {} where it returned no info, and "
    "its `seed` goes to the environment's `seed` method if its `reset` takes none; `render()` "
    "draws in the mode it was converted with."
)

#: What `reset` of some releases between 0.22 and 0.25 takes.
_RESET_ARGUMENTS = frozenset({"seed", "options", "return_info"})

#: Attributes that are not the old environment's: the way to it, and what `reset` does today.
_NOT_FORWARDED = frozenset({"env", "seed"})


class LegacyEnv(Protocol):
    """What an environment of Gym before 0.22 has, for annotations."""

    observation_space: Any
    action_space: Any

    def reset(self) -> Any:
        """Start an episode and return its first observation."""

    def step(self, action: Any) -> tuple[Any, float, bool, dict[str, Any]]:
        """Return the observation, the reward, whether the episode is over, and the info."""
        ...

    def render(self, mode: str = "human") -> Any:
        """Return a picture in a mode."""

    def close(self) -> None:
        """Release what the environment holds."""

    def seed(self, seed: int | None = None) -> Any:
        """Seed the random numbers."""


class EnvCompatibility(Env[Any, Any]):
    """Today's face of an environment whose ``step`` returns ``(obs, reward, done, info)``.

    What it changes is told once, as a `DeprecationWarning`. Five values from ``step`` and
    ``(obs, info)`` from a ``reset`` that takes ``return_info`` are passed on.

    Attributes:
        env: The old environment.
    """

    #: Whether a conversion is told.
    _tells: ClassVar[bool] = True

    def __init__(self, old_env: Any, render_mode: str | None = None) -> None:
        """Convert `old_env`.

        Args:
            old_env: Anything with ``reset``, ``step`` and the two spaces of an old environment.
            render_mode: What `render` passes to the old environment's ``render(mode=...)``; in
                the mode ``"human"`` every reset and step renders.

        Raises:
            Error: If `old_env` is an environment of today's interface already.
        """
        if isinstance(old_env, Env):
            raise Error(
                f"Expected an environment of Gym before 0.26, found {old_env}, which speaks "
                "today's interface already: use it as it is."
            )
        if self._tells:
            tell_changes(_CHANGES)
        self.env = old_env
        self.render_mode = render_mode
        self.metadata = _with_todays_keys(getattr(old_env, "metadata", {}))
        self.reward_range = getattr(old_env, "reward_range", (-float("inf"), float("inf")))
        self.observation_space = old_env.observation_space
        self.action_space = old_env.action_space
        self.spec = _spec_of(old_env)
        self._reset_takes = _arguments(old_env.reset) & _arguments(_bare(old_env).reset)
        self._render_takes_mode = _takes_mode(getattr(_bare(old_env), "render", None))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Reset the old environment; a seed it cannot take is given to its ``seed`` before."""
        super().reset(seed=seed)
        if seed is not None and "seed" not in self._reset_takes:
            self.env.seed(seed)
        given = {"seed": seed, "options": options}
        kwargs = {
            name: value
            for name, value in given.items()
            if value is not None and name in self._reset_takes
        }
        if "return_info" in self._reset_takes:
            obs, info = self.env.reset(**kwargs, return_info=True)
        else:
            obs, info = self.env.reset(**kwargs), {}
        if self.render_mode == "human":
            self.render()
        return obs, info

    def step(self, action: Any) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the old environment and divide its ``done``."""
        result = convert_to_terminated_truncated_step_api(self.env.step(action))
        if self.render_mode == "human":
            self.render()
        obs, reward, terminated, truncated, info = result
        return obs, reward, bool(terminated), bool(truncated), info

    @takes_no_arguments
    def render(self) -> RenderFrame | list[RenderFrame] | None:
        """Return what the old environment renders in the mode this one was made with."""
        if self.render_mode is None:
            return None
        mode = {"mode": self.render_mode} if self._render_takes_mode else {}  # none since 0.25
        frame: RenderFrame | list[RenderFrame] | None = self.env.render(**mode)
        return None if self.render_mode == "human" else frame

    def close(self) -> None:
        """Close the old environment."""
        self.env.close()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in _NOT_FORWARDED:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        # What wrappers look for in `unwrapped`, such as `_frameskip`, old wrappers do not pass on.
        return getattr(_bare(self.env) if name.startswith("_") else self.env, name)

    def __str__(self) -> str:
        return f"<{EnvCompatibility.__name__}{self.env}>"


class SilentlyConverted(EnvCompatibility):
    """An old environment inside a vector or wrapper that shows an old face outside again."""

    _tells = False


def tell_changes(changes: str) -> None:
    """Tell what a conversion changes, once; in the main process, since workers would repeat it."""
    if parent_process() is None:
        logger.deprecation(changes)


def remake(dialect: str, id: str, render_mode: str | None = None, **kwargs: Any) -> Env[Any, Any]:
    """Make an environment that is registered in an old dialect, and convert it.

    Specifications of converted environments name this function, so that they can be made again.

    Args:
        dialect: The module of the dialect, as ``"dromos.compat.gym_v25"``.
        id: The id in that dialect.
        render_mode: See `EnvCompatibility`.
        **kwargs: Arguments of the environment.
    """
    return EnvCompatibility(importlib.import_module(dialect).make(id, **kwargs), render_mode)


def _with_todays_keys(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return metadata that have, besides the old names of their entries, today's."""
    today = {
        "render_modes": metadata.get("render.modes", []),
        "render_fps": metadata.get("video.frames_per_second"),
    }
    return {**{key: value for key, value in today.items() if value is not None}, **metadata}


def _spec_of(old_env: Any) -> EnvSpec | None:
    spec = getattr(old_env, "spec", None)
    if spec is None or isinstance(spec, EnvSpec) or not hasattr(spec, "dialect"):
        return spec if isinstance(spec, EnvSpec) else None
    return EnvSpec(
        spec.id,
        f"{__name__}:remake",
        spec.reward_threshold,
        spec.nondeterministic,
        order_enforce=False,
        disable_env_checker=True,
        kwargs={"dialect": spec.dialect, "id": spec.id, **spec.kwargs},
    )


def _bare(old_env: Any) -> Any:
    return getattr(old_env, "unwrapped", old_env)


def _takes_mode(render: Any) -> bool:
    try:
        parameters = inspect.signature(render).parameters.values()
    except (TypeError, ValueError):  # none, or a builtin that does not tell
        return True
    return any(p.name == "mode" or p.kind is p.VAR_KEYWORD for p in parameters)


def _arguments(reset: Any) -> frozenset[str]:
    """Return which of the newer arguments a ``reset`` takes."""
    try:
        parameters = inspect.signature(reset).parameters
    except (TypeError, ValueError):  # a builtin that does not tell
        return frozenset()
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values()):
        passed_to = getattr(getattr(reset, "__self__", None), "_reset", None)  # of Gym 0.9
        if passed_to is not None and reset.__name__ != "_reset":
            return _arguments(passed_to)
        return _RESET_ARGUMENTS
    return _RESET_ARGUMENTS & parameters.keys()
