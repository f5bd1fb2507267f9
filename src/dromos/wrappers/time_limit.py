"""`TimeLimit`: an episode ends after a number of steps."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, SupportsFloat, SupportsIndex

from typing_extensions import Self

from dromos.core import ActType, Env, ObsType
from dromos.error import ResetNeeded
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrappers.clock import Clock, counted, truncated
from dromos.wrappers.order import check_inside_time_limit
from dromos.wrappers.short_path import ShortPath, is_native_step

if TYPE_CHECKING:
    from dromos.registration.spec import EnvSpec

__all__ = ["TimeLimit"]

#: The native clock counts in 32 bits; beyond, the steps are counted in Python.
_LARGEST_NATIVE_LIMIT = 2**31 - 1


class TimeLimit(ShortPath[ObsType, ActType], RecordConstructorArgs):
    """Truncate an episode after `max_episode_steps` steps.

    ``terminated`` stays what the environment said: a time limit is outside its process. After the
    first step of an episode, ``env.step`` is the environment's step with a clock on it: the
    core's own where the step is a callable of the core, else a function made here.

    The limit can be changed while an episode runs, with `set_max_episode_steps` or by assigning to
    ``_max_episode_steps`` as clients do; it holds from the next step on. Under further wrappers,
    ``env.get_wrapper_attr("set_max_episode_steps")(n)`` reaches it.

    Example:
        >>> env = TimeLimit(CartPoleEnv(), max_episode_steps=3)
        >>> env
        <TimeLimit<CartPoleEnv instance>>
    """

    __module__ = "dromos.wrappers.common"  # the public path, which specs and pickles name

    __slots__ = ("_clock",)

    #: Counts the episode once the path is short; has ``elapsed`` and ``limit``.
    _clock: Any

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """Set the slot here, since unpickling does not run ``__init__``."""
        self = super().__new__(cls)
        self._clock = None
        return self

    def __init__(self, env: Env[ObsType, ActType], max_episode_steps: int) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            max_episode_steps: The step, counted from 1, that truncates the episode.

        Raises:
            TypeError: If the limit is not an integer.
            ValueError: If the limit is not positive.
            Error: If a wrapper that records episodes to files is inside.
        """
        limit = _checked_limit(max_episode_steps)
        check_inside_time_limit(env)
        RecordConstructorArgs.__init__(self, max_episode_steps=limit)
        super().__init__(env)
        self._limit = limit
        self._steps: int | None = None  # of the running episode, while no clock counts them

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment; at the limit, ``truncated`` is True.

        Raises:
            ResetNeeded: If the environment has not been reset.
        """
        if self._short_path is not None:  # the caller has kept this method from before
            return self._short_path(action)  # type: ignore[no-any-return]
        if self._steps is None:
            raise ResetNeeded("Cannot call env.step() before calling env.reset()")
        result = self.env.step(action)
        self._steps += 1
        if self._steps >= self._limit:
            result = truncated(result)
        if not self._resolved:
            self._resolve()
        return result

    _own_step = step

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and start the clock."""
        result = self.env.reset(seed=seed, options=options)
        self._elapsed_steps = 0
        self._check_path()
        return result

    def set_max_episode_steps(self, max_episode_steps: int) -> None:
        """Change the limit; the running episode is measured by it from the next step on.

        Args:
            max_episode_steps: The step, counted from 1, that truncates the episode.

        Raises:
            TypeError: If the limit is not an integer.
            ValueError: If the limit is not positive.
        """
        self._limit = _checked_limit(max_episode_steps)
        self._cached_spec = None
        if self._clock is not None:
            self._clock.limit = min(self._limit, _LARGEST_NATIVE_LIMIT)
        if self._limit > _LARGEST_NATIVE_LIMIT:
            self._take_long_path()  # it may lead over the native clock

    @property
    def _max_episode_steps(self) -> int:
        return self._limit

    @_max_episode_steps.setter
    def _max_episode_steps(self, value: int) -> None:
        self.set_max_episode_steps(value)

    @property
    def _elapsed_steps(self) -> int | None:
        """The steps of the running episode, or None before the first reset."""
        return self._steps if self._clock is None else int(self._clock.elapsed)

    @_elapsed_steps.setter
    def _elapsed_steps(self, value: int) -> None:
        self._steps = value
        if self._clock is not None:
            self._clock.elapsed = value

    def _path_over(self, inner_step: Any) -> Any:
        """Return the inner step with a clock on it."""
        if is_native_step(inner_step) and self._limit <= _LARGEST_NATIVE_LIMIT:
            self._clock = path = inner_step.limited(self._limit)
        else:
            self._clock = Clock(self._limit)
            path = counted(inner_step, self._clock)
        self._clock.elapsed = self._steps
        return path

    def _forget_short_path(self) -> None:
        self._steps = self._elapsed_steps
        self._clock = None
        super()._forget_short_path()

    def snapshot_state(self) -> dict[str, Any]:
        """Return the wrapper's own state and, under ``"env"``, that of what it wraps."""
        self._steps = self._elapsed_steps
        return super().snapshot_state()

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_steps": self._elapsed_steps}

    def _add_to_spec(self, spec: EnvSpec) -> None:
        spec.max_episode_steps = self._limit


def _checked_limit(limit: SupportsIndex) -> int:
    try:
        steps = operator.index(limit)
    except TypeError:
        raise TypeError(
            f"Expect the `max_episode_steps` to be an integer, actually: {type(limit)}. "
            "Leave the TimeLimit out, or make the environment with max_episode_steps=-1, if "
            "episodes shall not be limited."
        ) from None
    if steps <= 0:
        raise ValueError(f"Expect the `max_episode_steps` to be positive, actually: {limit}")
    return steps
