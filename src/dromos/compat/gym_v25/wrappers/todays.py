"""Today's wrappers around environments of the dialect, with the arguments they had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from dromos import wrappers as todays
from dromos.compat.gym_v25.core import Step, Wrapper
from dromos.compat.gymnasium_v029 import wrappers as renamed
from dromos.compat.old_env import SilentlyConverted
from dromos.step_api import convert_to_terminated_truncated_step_api
from dromos.vector.infos import split_infos

__all__ = [
    "AtariPreprocessing",
    "ClipAction",
    "FilterObservation",
    "FlattenObservation",
    "FrameStack",
    "GrayScaleObservation",
    "HumanRendering",
    "NormalizeObservation",
    "NormalizeReward",
    "PassiveEnvChecker",
    "PixelObservationWrapper",
    "RecordEpisodeStatistics",
    "RecordVideo",
    "RescaleAction",
    "ResizeObservation",
    "StepAPICompatibility",
    "TimeAwareObservation",
    "TodaysWrapper",
    "TransformObservation",
    "TransformReward",
    "VectorListInfo",
]


class TodaysWrapper(Wrapper[Any, Any]):
    """A wrapper of today's interface between two conversions.

    A subclass names it in `today`. Its attributes are those of this one.
    """

    today: ClassVar[Callable[..., Any]]
    #: Today's wrapper of vectors, for those that treat each copy by itself.
    of_vectors: ClassVar[Callable[..., Any] | None] = None

    def __new__(cls, env: Any = None, *args: Any, **kwargs: Any) -> Any:  # no `env`: for a copy
        """Return `env` with the wrapper of vectors inside, if it is one and there is such."""
        if cls.of_vectors is not None and getattr(env, "is_vector_env", False):
            kwargs.pop("new_step_api", None)
            return env.around(cls.of_vectors, *args, **kwargs)
        return super().__new__(cls)

    def __init__(self, env: Any, *args: Any, new_step_api: bool = False, **kwargs: Any) -> None:
        """Wrap `env`; the other arguments are those of the wrapper.

        Args:
            env: An environment or a vector.
            *args: Arguments of the wrapper.
            new_step_api: Whether ``step`` returns five values.
            **kwargs: Arguments of the wrapper.
        """
        super().__init__(env, new_step_api)
        self._wrapper = type(self).today(self._converted(env), *args, **kwargs)
        self.observation_space = self._wrapper.observation_space
        self.action_space = self._wrapper.action_space

    def _converted(self, env: Any) -> SilentlyConverted:
        kind = _VectorAsOne if getattr(env, "is_vector_env", False) else SilentlyConverted
        return kind(env, env.render_mode)

    def step(self, action: Any) -> Step:
        """Step the wrapped environment through the wrapper."""
        return self._stepped(self._wrapper.step(action))  # type: ignore[no-any-return]

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


class _VectorAsOne(SilentlyConverted):
    """Today's face of a vector: one environment whose observations and rewards are batches."""

    def step(self, action: Any) -> Any:
        """Step the vector."""
        return convert_to_terminated_truncated_step_api(self.env.step(action), is_vector_env=True)


def _statistics_of_vectors(env: Any, deque_size: int = 100) -> Any:
    return todays.vector.RecordEpisodeStatistics(env, deque_size)


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
    of_vectors = todays.vector.NormalizeObservation


class NormalizeReward(TodaysWrapper):
    """Divide rewards by the running standard deviation of the discounted return."""

    today = renamed.NormalizeReward
    of_vectors = todays.vector.NormalizeReward


class HumanRendering(TodaysWrapper):
    """Show what an environment renders in a window."""

    today = todays.HumanRendering


class PixelObservationWrapper(TodaysWrapper):
    """Observe a dict with the frame that ``render`` returns, alone or beside the observation."""

    today = renamed.PixelObservationWrapper

    def _converted(self, env: Any) -> SilentlyConverted:
        return SilentlyConverted(env, "rgb_array")


class PassiveEnvChecker(Wrapper[Any, Any]):
    """A wrapper that changes nothing; today's checks are for today's interface."""


class StepAPICompatibility(Wrapper[Any, Any]):
    """Return from ``step`` five values, or four with ``done``."""

    def __init__(self, env: Any, output_truncation_bool: bool = True, **old: bool) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            output_truncation_bool: Whether ``step`` returns five values.
            **old: ``new_step_api``, what the argument was called in 0.24.
        """
        super().__init__(env, old.get("new_step_api", output_truncation_bool))


class VectorListInfo(Wrapper[Any, Any]):
    """Return the infos of a vector as a list of one dict a copy."""

    is_vector_env = True

    def step(self, action: Any) -> Any:
        """Step the vector."""
        *values, infos = self.env.step(action)
        return (*values, split_infos(infos, self.env.num_envs))

    def reset(self, **kwargs: Any) -> Any:
        """Reset the vector."""
        result = self.env.reset(**kwargs)
        if not kwargs.get("return_info"):
            return result
        observations, infos = result
        return observations, split_infos(infos, self.env.num_envs)


class RecordEpisodeStatistics(TodaysWrapper):
    """Add ``info["episode"]``, with ``r``, ``l`` and ``t``, to the last step of an episode."""

    today = todays.RecordEpisodeStatistics
    of_vectors = staticmethod(_statistics_of_vectors)

    def __init__(self, env: Any, deque_size: int = 100, new_step_api: bool = False) -> None:
        """Wrap `env`; the queues hold the last `deque_size` episodes."""
        super().__init__(env, deque_size, new_step_api=new_step_api)


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
