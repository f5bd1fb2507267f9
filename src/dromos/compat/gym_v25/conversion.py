"""Both ways between environments of Gym 0.11 to 0.25 and today's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from dromos import core
from dromos import seeding as todays_seeding
from dromos.compat.gym_v25.core import Env, Step
from dromos.compat.old_env import EnvCompatibility, tell_changes
from dromos.error import Error, UnsupportedMode
from dromos.step_api import convert_to_done_step_api

__all__ = ["NEW_MODES", "FromNew", "from_new", "to_new", "told_changes"]

_CHANGES = (
    "An environment of today's interface runs under that of Gym before 0.26: `step` returns "
    "`done`, True where `terminated` or `truncated` is, and info['TimeLimit.truncated'] tells at "
    "the end which it was; `reset` returns the observation alone unless it is called with "
    "`return_info=True`; `seed(seed)` holds from the next reset on; `render(mode=...)` draws in "
    "any mode of the environment."
)

#: What the render modes of 0.24 and 0.25 are called today. ``rgb_array`` was a list then.
NEW_MODES = {
    "rgb_array": "rgb_array_list",
    "single_rgb_array": "rgb_array",
    "depth_array": "depth_array_list",
    "single_depth_array": "depth_array",
    "ansi": "ansi_list",
    "single_ansi": "ansi",
}
_OLD_MODES = {new: old for old, new in NEW_MODES.items()}

#: What the adapter has itself; other attributes are those of the environment.
_OWN = frozenset(
    {
        *("closes_itself", "env", "metadata", "new_step_api", "observe", "render_mode"),
        *("renamed", "reward_range", "spec", "unknown", "_next_seed"),
    }
)


class FromNew(Env[Any, Any]):
    """The old face of an environment of today's interface.

    Reading or setting an attribute that is not the adapter's own reads or sets the environment's.

    Attributes:
        env: The environment.
        new_step_api: Whether ``step`` returns five values.
        observe: Makes an observation of the release of the bare environment and today's
            observation, if the release had another.
        unknown: Entries of infos that the release did not have.
        renamed: What some were called, by today's name.
    """

    unknown: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = MappingProxyType({})

    observe: Callable[[Any, Any], Any] | None = None
    closes_itself = False  # the environment may be somebody else's, unless `make` made it
    new_step_api = False

    def __init__(self, env: core.Env[Any, Any]) -> None:
        """Convert `env`.

        Raises:
            Error: If `env` is not an environment of today's interface.
        """
        if not isinstance(env, core.Env):
            raise Error(
                f"Expected an environment of today's interface, found {type(env)}. One of an old "
                "interface needs no conversion here."
            )
        self.env = env
        self.reward_range = getattr(env, "reward_range", Env.reward_range)
        self.metadata = _with_old_keys(env.metadata)
        mode = env.render_mode
        self.render_mode = None if mode is None else _OLD_MODES.get(mode, mode)
        self.spec: Any = env.spec
        self._next_seed: int | None = None

    @property
    def action_space(self) -> Any:  # type: ignore[override]
        """The environment's actions."""
        return self.env.action_space

    @property
    def observation_space(self) -> Any:  # type: ignore[override]
        """The environment's observations."""
        return self.env.observation_space

    @property
    def np_random(self) -> Any:
        """The environment's random generator."""
        return self.env.np_random

    @np_random.setter
    def np_random(self, value: Any) -> None:
        self.env.np_random = value

    def step(self, action: Any) -> Step:
        """Step the environment; ``done`` joins its two flags."""
        result: Any = self.env.step(action)
        if self.observe is not None:
            result = (self.observe(self.env.unwrapped, result[0]), *result[1:])
        if self.new_step_api:
            return result  # type: ignore[no-any-return]
        obs, reward, done, info = convert_to_done_step_api(result)
        return obs, reward, bool(done), self._known(info)

    def reset(
        self,
        *,
        seed: int | None = None,
        return_info: bool = False,
        options: dict[str, Any] | None = None,
    ) -> Any:
        """Start an episode; return the observation, with the info if it is asked for."""
        seed, self._next_seed = self._next_seed if seed is None else seed, None
        obs, info = self.env.reset(seed=seed, options=options)
        if self.observe is not None:
            obs = self.observe(self.env.unwrapped, obs)
        return (obs, self._known(info)) if return_info else obs

    def _known(self, info: dict[str, Any]) -> dict[str, Any]:
        """Return an info without what the release did not know; that a limit ended it, it did."""
        if self.unknown.isdisjoint(info) and not self.renamed:
            return info
        then = {k: v for k, v in info.items() if k not in self.unknown or v is True}
        return {**then, **{old: info[new] for new, old in self.renamed.items() if new in info}}

    def seed(self, seed: int | None = None) -> list[int]:
        """Seed the random numbers, as ``reset(seed=seed)`` would.

        The next reset says it too, since other layers of today's keep streams of their own.
        """
        if seed is not None:
            self.env.unwrapped.np_random = todays_seeding.np_random(seed)[0]
        self._next_seed = seed
        return [] if seed is None else [seed]

    def render(self, mode: str | None = None, **_: Any) -> Any:
        """Return a picture.

        Args:
            mode: One of the environment's modes of today: one frame of it. None for what 0.25
                returned in the mode the environment was made with: for ``rgb_array`` the list of
                the frames since the last call or reset. Made without a mode, None is ``human``.
            **_: ``close`` and the like, of older releases, which have no effect.

        Raises:
            UnsupportedMode: If the environment does not have the mode.
        """
        if mode is None and self.render_mode is not None:
            return self.env.render()
        return self._drawn_in(mode or "human")

    def _drawn_in(self, mode: str) -> Any:
        """Render in another mode than the environment was made with."""
        bare: Any = self.env.unwrapped
        modes = bare.metadata.get("render_modes", [])
        mode = mode.removeprefix("single_")
        if mode not in modes:
            raise UnsupportedMode(f"{bare} has no render mode {mode!r}, it has {modes}")
        made_with = bare.render_mode
        try:
            bare.render_mode = mode
        except AttributeError as fixed:
            raise UnsupportedMode(
                f"{bare} cannot change its render mode {made_with!r}; make it with "
                f"render_mode={mode!r}"
            ) from fixed
        try:
            return bare.render()
        finally:
            bare.render_mode = made_with

    def close(self) -> None:
        """Close the environment."""
        self.env.close()

    def __getattr__(self, name: str) -> Any:
        if name == "env" or name.startswith("__"):  # protocols, such as copying, are the adapter's
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self.env.get_wrapper_attr(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _OWN or hasattr(type(self), name):
            object.__setattr__(self, name, value)
        else:
            self.env.set_wrapper_attr(name, value)

    def __str__(self) -> str:
        return str(self.env)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}{self.env}>"


def told_changes(kind: type[FromNew], env: core.Env[Any, Any]) -> Any:
    """Convert an environment for a person who is adapting code, and tell what changes, once."""
    converted = kind(env)
    tell_changes(_CHANGES)
    return converted


def from_new(env: core.Env[Any, Any]) -> FromNew:
    """Return `env`, of today's interface, as an environment of the dialect."""
    return told_changes(FromNew, env)  # type: ignore[no-any-return]


def to_new(env: Any, render_mode: str | None = None) -> EnvCompatibility:
    """Return `env`, of an old dialect, as an environment of today's interface.

    Args:
        env: The environment.
        render_mode: What `render` passes to the old environment's ``render(mode=...)``.
    """
    return EnvCompatibility(env, render_mode)


def _with_old_keys(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return metadata that have, besides today's names of their entries, the old ones."""
    old = {"render.modes": list(metadata.get("render_modes") or ())}
    if "render_fps" in metadata:
        old["video.frames_per_second"] = metadata["render_fps"]
    return {**metadata, **old}
