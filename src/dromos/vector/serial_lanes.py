"""Sub-environments in the caller's thread, moved one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from dromos.core import Env
from dromos.vector.autoreset import EPISODES, AutoresetMode, Episode, refuse_idle
from dromos.vector.reset_plan import ResetPlan

__all__ = ["SerialLanes", "checked_env", "values_by_lane"]

AnyEnv: TypeAlias = "Env[Any, Any]"


class SerialLanes:
    """The sub-environments of a vector and their episodes.

    When an environment raises, the exception passes on with the lane noted, and the lanes that
    have moved in that call are left without an episode: nobody was told of their steps.

    Attributes:
        envs: One environment a lane.
        episodes: One episode a lane.
    """

    def __init__(
        self, env_fns: Iterable[Callable[[], AnyEnv]], autoreset_mode: AutoresetMode
    ) -> None:
        """Make the environments; if one cannot be made, close the others.

        Raises:
            TypeError: If a function does not return an `Env`.
        """
        self.envs: list[AnyEnv] = []
        try:
            for make_env in env_fns:
                self.envs.append(checked_env(make_env()))
        except BaseException:
            self.close()
            raise
        self.episodes = [Episode(autoreset_mode) for _ in self.envs]

    def reset(self, plan: ResetPlan) -> None:
        """Start the episodes of a plan."""
        for lane, seed, options in zip(plan.lane_ids, plan.seeds, plan.options, strict=True):
            try:
                self.episodes[lane].reset(self.envs[lane], seed, options)
            except BaseException as error:
                self._interrupt(plan.lane_ids, lane, error)
                raise

    def step(self, lanes: Sequence[int], actions: list[Any]) -> None:
        """Move some lanes, or none if one of them cannot be moved.

        Args:
            lanes: The lanes to move, each once; as a range, all.
            actions: An action for each of them.

        Raises:
            ResetNeeded: If one of the lanes has no episode.
        """
        episodes, envs = self.episodes, self.envs
        if type(lanes) is not range:  # that is of all lanes
            episodes = [episodes[lane] for lane in lanes]
            envs = [envs[lane] for lane in lanes]
        refuse_idle(episodes, lanes)
        fault = EPISODES.step(episodes, envs, actions)
        if fault is not None:
            position, error = fault
            self._interrupt(lanes, lanes[position], error)
            try:
                raise error
            finally:
                del fault, error  # its traceback leads here: a cycle would keep all of it alive

    def _interrupt(self, lanes: Sequence[int], failed: int, error: BaseException) -> None:
        for lane in lanes[: lanes.index(failed) + 1]:
            self.episodes[lane].needs_reset = True
        if hasattr(error, "add_note"):  # Python 3.11
            error.add_note(f"Raised by lane {failed} of a vector of {len(self.envs)}.")

    def call(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """Call a method of each environment, or read an attribute that is not callable."""
        members = [env.get_wrapper_attr(name) for env in self.envs]
        return tuple(member(*args, **kwargs) if callable(member) else member for member in members)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of each environment; a list or tuple holds one value a lane.

        Raises:
            ValueError: If there are more or fewer values than lanes.
        """
        for env, value in zip(self.envs, values_by_lane(values, len(self.envs)), strict=True):
            env.set_wrapper_attr(name, value)

    def close(self) -> None:
        """Close every environment; if some raise, raise the first error after the last."""
        errors = []
        for env in self.envs:
            try:
                env.close()
            except Exception as error:
                errors.append(error)
        if errors:
            raise errors[0]


def checked_env(env: object) -> AnyEnv:
    """Return what a function of ``env_fns`` returned.

    Raises:
        TypeError: If that is not an `Env`.
    """
    if not isinstance(env, Env):
        raise TypeError(f"Expected each of `env_fns` to return an `Env`, got {type(env)}")
    return env


def values_by_lane(values: Any, num_envs: int) -> Sequence[Any]:
    """Return one value a lane: a list or tuple itself, anything else for every lane.

    Raises:
        ValueError: If there are more or fewer values than lanes.
    """
    if not isinstance(values, (list, tuple)):
        return [values] * num_envs
    if len(values) != num_envs:
        raise ValueError(
            "Values must be a list or tuple with length equal to the number of environments. "
            f"Got `{len(values)}` values for {num_envs} environments."
        )
    return values
