"""`AddRenderObservation`: what is drawn, as the observation or a part of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos.core import ActType, Env, ObservationWrapper, ObsType, WrapperObsType
from dromos.spaces import Box, Dict
from dromos.utils.record_constructor import RecordConstructorArgs, recorded

__all__ = ["AddRenderObservation"]


class AddRenderObservation(
    ObservationWrapper[WrapperObsType, ActType, ObsType], RecordConstructorArgs
):
    """Observe the frame that ``render`` returns, instead of the observation or beside it.

    With ``render_only=True`` the observation *is* the frame. Else it is a dict: that of the
    environment with the frame added, or, if the environment's observations are no dicts,
    ``{obs_key: observation, render_key: frame}``.

    The environment is reset once, without a seed, to learn the shape of its frames.

    Example:
        >>> env = make("CartPole-v1", render_mode="rgb_array")
        >>> AddRenderObservation(env).observation_space
        Box(0, 255, (400, 600, 3), uint8)
    """

    # The public path, which specs and pickles name.
    __module__ = "dromos.wrappers.transform_observation"

    @recorded
    def __init__(
        self,
        env: Env[ObsType, ActType],
        render_only: bool = True,
        render_key: str = "pixels",
        obs_key: str = "state",
    ) -> None:
        """Wrap `env`.

        Args:
            env: An environment whose ``render`` returns uint8 arrays.
            render_only: Whether to drop the environment's own observation.
            render_key: The frame's key in the dict.
            obs_key: The key of an observation that is no dict.

        Raises:
            ValueError: If the environment does not return frames, or the dict has the key of the
                frame already.
            TypeError: If what it returns is not a uint8 array.
        """
        super().__init__(env)
        self.render_only = render_only
        self.render_key = render_key
        self.obs_key = obs_key
        frames = _space_of_frames(env)
        inner: Any = env.observation_space
        if render_only:
            self.observation_space = frames  # type: ignore[assignment]
            return
        keeps_order = isinstance(inner, Dict) and not inner.sort_keys
        parts = dict(inner.spaces) if isinstance(inner, Dict) else {obs_key: inner}
        if render_key in parts:
            raise ValueError(
                f"AddRenderObservation: the observation has the key {render_key!r} already, among "
                f"{list(parts)}. Give another render_key."
            )
        joined: Any = Dict({render_key: frames, **parts}, sort_keys=not keeps_order)
        self.observation_space = joined

    def observation(self, observation: ObsType) -> WrapperObsType:
        """Return the frame, or a new dict with it."""
        frame: Any = self.render()
        if self.render_only:
            return frame  # type: ignore[no-any-return]
        is_dict = isinstance(self.env.observation_space, Dict)
        parts: Any = observation if is_dict else {self.obs_key: observation}
        return {self.render_key: frame, **parts}  # type: ignore[return-value]


def _space_of_frames(env: Env[Any, Any]) -> Box:
    if env.render_mode is None or env.render_mode == "human":
        raise ValueError(
            "AddRenderObservation needs an environment that returns frames, found render_mode "
            f'{env.render_mode!r}: make it with render_mode="rgb_array".'
        )
    env.reset()
    frame: Any = env.render()
    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8:
        found = f"dtype {frame.dtype}" if isinstance(frame, np.ndarray) else f"{type(frame)}"
        raise TypeError(
            "AddRenderObservation expects env.render() to return a NumPy array of dtype uint8, "
            f'found {found}: make the environment with render_mode="rgb_array".'
        )
    return Box(0, 255, frame.shape, np.uint8)
