"""`RenderCollection`: the frames of a whole episode, drawn as it runs."""

from __future__ import annotations

import copy
from typing import Any

from dromos.core import ActType, Env, ObsType, RenderFrame, Wrapper
from dromos.env import takes_no_arguments
from dromos.snapshot import rules
from dromos.utils.record_constructor import RecordConstructorArgs, recorded

__all__ = ["RenderCollection", "with_mode"]

_LIST = "_list"


class RenderCollection(Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs):
    """Collect a frame after every ``reset`` and ``step``; ``render`` returns the list of them.

    The mode of the wrapper is that of the environment with ``_list`` behind it.

    Attributes:
        frame_list: The frames collected so far.
        pop_frames: Whether ``render`` empties the collection.
        reset_clean: Whether ``reset`` empties the collection.
    """

    __module__ = "dromos.wrappers.rendering"  # the public path, which specs and pickles name

    snapshot_fields = {"frame_list": rules.Frames(), "_over": rules.Flag()}  # noqa: RUF012

    @recorded
    def __init__(
        self, env: Env[ObsType, ActType], pop_frames: bool = True, reset_clean: bool = True
    ) -> None:
        """Wrap `env`.

        Args:
            env: An environment made with a render mode that returns single frames.
            pop_frames: Whether ``render`` empties the collection.
            reset_clean: Whether ``reset`` empties the collection.

        Raises:
            ValueError: If the environment does not render or returns lists already.
        """
        super().__init__(env)
        mode = env.render_mode
        if mode is None:
            raise ValueError(
                "Expected env.render_mode to be not None. Make the environment with a mode that "
                f"returns frames, one of {env.metadata.get('render_modes')}."
            )
        if mode.endswith(_LIST):
            raise ValueError(
                f"Expected env.render_mode to not end with '_list', got '{mode}'. The environment "
                f"collects its frames already; make it with {mode[: -len(_LIST)]!r} or leave "
                "RenderCollection out."
            )
        self.frame_list: list[Any] = []
        self._over = False
        self.pop_frames = pop_frames
        self.reset_clean = reset_clean
        self.metadata = with_mode(env.metadata, mode + _LIST)

    @property
    def render_mode(self) -> str:  # type: ignore[override]
        """The environment's mode with ``_list`` behind it."""
        return f"{self.env.render_mode}{_LIST}"

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and collect a frame."""
        result = self.env.step(action)
        if self._over:
            self._begin()
        self._over = bool(result[2] or result[3])
        self.frame_list.append(self.env.render())
        return result

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and collect the first frame."""
        result = self.env.reset(seed=seed, options=options)
        self._begin()
        self.frame_list.append(self.env.render())
        return result

    def _begin(self) -> None:
        self._over = False
        if self.reset_clean:
            self.frame_list = []

    @takes_no_arguments
    def render(self) -> list[RenderFrame]:
        """Return the frames collected so far, the caller's own: copies of those that are kept."""
        frames = self.frame_list
        if not self.pop_frames:
            return copy.deepcopy(frames)
        self.frame_list = []
        return frames


def with_mode(metadata: dict[str, Any], mode: str) -> dict[str, Any]:
    """Return a copy of `metadata` that declares the render mode `mode` as well."""
    own = copy.deepcopy(metadata)
    modes = list(own.get("render_modes") or ())
    own["render_modes"] = modes if mode in modes else [*modes, mode]
    return own
