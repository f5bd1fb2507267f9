"""Today's wrappers around environments of the dialect, with the arguments they had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from dromos import wrappers as todays
from dromos.compat.gym_v21.core import Step, Wrapper
from dromos.compat.gymnasium_v029 import wrappers as renamed
from dromos.compat.old_env import SilentlyConverted
from dromos.step_api import convert_to_done_step_api

__all__ = [
    "AtariPreprocessing",
    "ClipAction",
    "FilterObservation",
    "FlattenObservation",
    "FrameStack",
    "GrayScaleObservation",
    "NormalizeObservation",
    "NormalizeReward",
    "RecordEpisodeStatistics",
    "RecordVideo",
    "RescaleAction",
    "ResizeObservation",
    "TimeAwareObservation",
    "TodaysWrapper",
    "TransformObservation",
    "TransformReward",
]


class TodaysWrapper(Wrapper[Any, Any]):
    """A wrapper of today's interface between two conversions.

    A subclass names it in `today`. Its attributes are those of this one.
    """

    today: ClassVar[Callable[..., Any]]

    def __init__(self, env: Any, *args: Any, **kwargs: Any) -> None:
        """Wrap `env`; the other arguments are those of the wrapper."""
        super().__init__(env)
        self._wrapper = type(self).today(self._converted(env), *args, **kwargs)
        self.observation_space = self._wrapper.observation_space
        self.action_space = self._wrapper.action_space

    def _converted(self, env: Any) -> SilentlyConverted:
        return SilentlyConverted(env, env.render_mode)

    def step(self, action: Any) -> Step:
        """Step the wrapped environment through the wrapper."""
        obs, reward, done, info = convert_to_done_step_api(self._wrapper.step(action))
        return obs, reward, bool(done), info

    def reset(self, **kwargs: Any) -> Any:
        """Reset the wrapped environment through the wrapper."""
        return_info = kwargs.pop("return_info", False)
        obs, info = self._wrapper.reset(**kwargs)
        return (obs, info) if return_info else obs

    def close(self) -> None:
        """Close the wrapper and the wrapped environment."""
        self._wrapper.close()

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and hasattr(self.__dict__.get("_wrapper"), name):
            return getattr(self._wrapper, name)
        return super().__getattr__(name)


class AtariPreprocessing(TodaysWrapper):
    """Skip frames, resize them, make them gray; see `dromos.wrappers`."""

    today = todays.AtariPreprocessing


class ClipAction(TodaysWrapper):
    """Clip actions to the bounds of the action space."""

    today = todays.ClipAction


class FilterObservation(TodaysWrapper):
    """Keep some of the entries of `Dict` observations."""

    today = renamed.FilterObservation


class FlattenObservation(TodaysWrapper):
    """Make every observation an array of one axis."""

    today = todays.FlattenObservation


class FrameStack(TodaysWrapper):
    """Show the last observations together as `LazyFrames`."""

    today = renamed.FrameStack


class GrayScaleObservation(TodaysWrapper):
    """Make gray images of colour images."""

    today = renamed.GrayScaleObservation


class NormalizeObservation(TodaysWrapper):
    """Subtract the running mean from observations, and divide by the standard deviation."""

    today = renamed.NormalizeObservation


class NormalizeReward(TodaysWrapper):
    """Divide rewards by the running standard deviation of the discounted return."""

    today = renamed.NormalizeReward


class RecordEpisodeStatistics(TodaysWrapper):
    """Add ``info["episode"]``, with ``r``, ``l`` and ``t``, to the last step of an episode."""

    today = todays.RecordEpisodeStatistics

    def __init__(self, env: Any, deque_size: int = 100) -> None:
        """Wrap `env`; the queues hold the last `deque_size` episodes."""
        super().__init__(env, deque_size)


class RecordVideo(TodaysWrapper):
    """Record episodes to mp4 files, whatever mode the environment was made with."""

    today = renamed.RecordVideo

    def _converted(self, env: Any) -> SilentlyConverted:
        return SilentlyConverted(env, "rgb_array")


class RescaleAction(TodaysWrapper):
    """Take actions between other bounds."""

    today = todays.RescaleAction


class ResizeObservation(TodaysWrapper):
    """Make every image another size."""

    today = renamed.ResizeObservation


class TimeAwareObservation(TodaysWrapper):
    """Append the number of steps to observations."""

    today = renamed.TimeAwareObservation


class TransformObservation(TodaysWrapper):
    """Pass every observation through a function."""

    today = renamed.TransformObservation


class TransformReward(TodaysWrapper):
    """Pass every reward through a function."""

    today = todays.TransformReward
