"""`PixelObservationWrapper`: observations that hold what is drawn."""

from __future__ import annotations

from typing import Any

from dromos.compat.gymnasium_v029.core import Wrapper
from dromos.core import Env
from dromos.error import Error
from dromos.spaces import Dict
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrappers.transform_observation import AddRenderObservation

__all__ = ["STATE_KEY", "PixelObservationWrapper"]

#: The key of an observation that is no dict.
STATE_KEY = "state"


class PixelObservationWrapper(AddRenderObservation[Any, Any, Any], Wrapper):
    """Observe a dict with the frame that ``render`` returns, alone or beside the observation."""

    def __init__(
        self,
        env: Env[Any, Any],
        pixels_only: bool = True,
        render_kwargs: dict[str, dict[str, Any]] | None = None,
        pixel_keys: tuple[str, ...] = ("pixels",),
    ) -> None:
        """Wrap `env`.

        Args:
            env: An environment whose ``render`` returns uint8 arrays.
            pixels_only: Whether to drop the environment's own observation.
            render_kwargs: None or empty: what ``render`` draws is chosen by `make`.
            pixel_keys: The key of the frame; one.

        Raises:
            Error: If there is more than one key, or ``render`` shall take arguments.
        """
        RecordConstructorArgs.__init__(
            self, pixels_only=pixels_only, render_kwargs=render_kwargs, pixel_keys=pixel_keys
        )
        if len(pixel_keys) != 1 or any((render_kwargs or {}).values()):
            raise Error(
                "PixelObservationWrapper takes one pixel key and no render_kwargs here, got "
                f"{pixel_keys} and {render_kwargs}: `render()` draws one picture, of the mode "
                "that `make` was given."
            )
        super().__init__(env, pixels_only, pixel_keys[0], STATE_KEY)
        if pixels_only:
            self.observation_space = Dict({self.render_key: self.observation_space})

    def observation(self, observation: Any) -> Any:
        """Return the observation as a dict with the frame."""
        seen = super().observation(observation)
        return {self.render_key: seen} if self.render_only else seen
