"""`TimeLimit`: an episode ends after a number of steps."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, SupportsFloat, SupportsIndex

from dromos.core import ActType, Env, ObsType
from dromos.error import ResetNeeded
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrappers.short_path import ShortPath, is_native_step

if TYPE_CHECKING:
    from dromos.registration.spec import EnvSpec

__all__ = ["TimeLimit"]

#: The native clock counts in 32 bits; beyond, the steps are counted here.
_LARGEST_NATIVE_LIMIT = 2**31 - 1


class TimeLimit(ShortPath[ObsType, ActType], RecordConstructorArgs):
    """Truncate an episode after `max_episode_steps` steps.

    ``terminated`` stays what the environment said: a time limit is outside its process. If the
    environment's step is a callable of the native core, the core keeps the clock and the wrapper
    adds nothing to a step; otherwise the steps are counted here.

    The limit can be changed while an episode runs, with `set_max_episode_steps` or by assigning to
    ``_max_episode_steps`` as clients do; it holds from the next step on. Under further wrappers,
    ``env.get_wrapper_attr("set_max_episode_steps")(n)`` reaches it.

    Example:
        >>> env = TimeLimit(CartPoleEnv(), max_episode_steps=3)
        >>> env
        <TimeLimit<CartPoleEnv instance>>
    """

    __module__ = "dromos.wrappers.common"  # the public path, which specs and pickles name

    def __init__(self, env: Env[ObsType, ActType], max_episode_steps: int) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            max_episode_steps: The step, counted from 1, that truncates the episode.

        Raises:
            TypeError: If the limit is not an integer.
            ValueError: If the limit is not positive.
        """
        limit = _checked_limit(max_episode_steps)
        RecordConstructorArgs.__init__(self, max_episode_steps=limit)
        super().__init__(env)
        self._limit = limit
        self._steps: int | None = None

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment; at the limit, ``truncated`` is True.

        Raises:
            ResetNeeded: If the environment has not been reset.
        """
        if self._short_path is not None:  # the caller has kept this method from before
            return self._short_path(action)  # type: ignore[no-any-return]
        if self._steps is None:
            raise ResetNeeded("Cannot call env.step() before calling env.reset()")
        obs, reward, terminated, truncated, info = self.env.step(action)
        self._steps += 1
        if self._steps >= self._limit:
            truncated = True
        if not self._resolved:
            self._resolve()
        return obs, reward, terminated, truncated, info

    _own_step = step

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and start the clock."""
        result = self.env.reset(seed=seed, options=options)
        # An outer layer may hold the last episode's clock until it is reset itself.
        self._elapsed_steps = 0
        self._take_long_path()
        self._steps = 0
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
        if self._limit <= _LARGEST_NATIVE_LIMIT:
            if self._short_path is not None:
                self._short_path.limit = self._limit
        else:
            self._steps = self._elapsed_steps
            self._take_long_path()

    @property
    def _max_episode_steps(self) -> int:
        return self._limit

    @_max_episode_steps.setter
    def _max_episode_steps(self, value: int) -> None:
        self.set_max_episode_steps(value)

    @property
    def _elapsed_steps(self) -> int | None:
        """The steps of the running episode, or None before the first reset."""
        clock = self._short_path
        return self._steps if clock is None else int(clock.elapsed)

    @_elapsed_steps.setter
    def _elapsed_steps(self, value: int) -> None:
        if self._short_path is not None:
            self._short_path.elapsed = value
        self._steps = value

    def _inner_path(self) -> Any:
        """Return the inner step with a native clock on it, or None if it is not of the core."""
        inner: Any = self.env.step
        if self._limit > _LARGEST_NATIVE_LIMIT or not is_native_step(inner):
            return None
        clock = inner.limited(self._limit)
        clock.elapsed = self._steps
        return clock

    def snapshot_state(self) -> dict[str, Any]:
        """Return the wrapper's own state and, under ``"env"``, that of what it wraps."""
        self._steps = self._elapsed_steps
        return super().snapshot_state()

    def __getstate__(self) -> dict[str, Any]:
        self._steps = self._elapsed_steps
        return super().__getstate__()

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
