"""`TimeLimit`: an episode ends after a number of steps."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, SupportsIndex

from dromos._core.batch import NO_LIMIT, LimitedStep
from dromos.core import ActType, Env, ObsType
from dromos.error import ResetNeeded
from dromos.homes import load
from dromos.snapshot import rules
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrappers.autoreset import autoreset_layer, next_step_resets
from dromos.wrappers.bypassed import BypassedWrapper, is_native_step
from dromos.wrappers.order import check_inside_time_limit, is_where_make_puts_it

if TYPE_CHECKING:
    from dromos.registration.spec import EnvSpec

__all__ = ["TimeLimit", "tells_of_limits"]


class TimeLimit(BypassedWrapper[ObsType, ActType], RecordConstructorArgs):
    """Truncate an episode after `max_episode_steps` steps.

    ``terminated`` stays what the environment said: a time limit is outside its process. The core
    counts the steps: after the first one of an episode, ``env.step`` is the environment's step with
    a clock of the core's on it.

    The limit can be changed while an episode runs, with `set_max_episode_steps` or by assigning to
    ``_max_episode_steps`` as clients do; it holds from the next step on. Under further wrappers,
    ``env.get_wrapper_attr("set_max_episode_steps")(n)`` reaches it.

    Example:
        >>> env = TimeLimit(CartPoleEnv(), max_episode_steps=3)
        >>> env
        <TimeLimit<CartPoleEnv instance>>
    """

    __module__ = "dromos.wrappers.common"  # the public path, which specs and pickles name

    snapshot_fields = {  # noqa: RUF012
        "_limit": rules.Plain(int, check=lambda limit: _checked_limit(limit)),
        "_steps": rules.Optional(rules.count()),
    }

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

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment; at the limit, ``truncated`` is True.

        Raises:
            ResetNeeded: If the environment has not been reset.
        """
        if self._short_path is not None:  # the caller has kept this method from before
            return self._short_path(action)  # type: ignore[no-any-return]
        if self._elapsed_steps is None:
            raise ResetNeeded("Cannot call env.step() before calling env.reset()")
        is_reset = next_step_resets(self.env)
        result = self.env.step(action)
        clock = self._clock or self._start_clock(LimitedStep(None, self._native_limit()))
        if is_reset:
            clock.elapsed = 0
        else:
            result = clock.count(result)
        if not self._resolved:
            self._resolve()
        return result

    _own_step = step

    def _reset_inner(
        self, seed: int | None, options: dict[str, Any] | None
    ) -> tuple[ObsType, dict[str, Any]]:
        result = self.env.reset(seed=seed, options=options)
        self._elapsed_steps = 0
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
            self._clock.limit = self._native_limit()

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
        limit = self._native_limit()
        if is_native_step(inner_step):
            return self._start_clock(inner_step.limited(limit))
        clock = self._start_clock(LimitedStep(inner_step, limit))
        autoreset = autoreset_layer(self.env)
        return clock if autoreset is None else _restarting(clock, inner_step, autoreset)

    def _native_limit(self) -> int:
        """Return the limit as the core keeps it: beyond 32 bits there is none."""
        return min(self._limit, NO_LIMIT)

    def _start_clock(self, clock: LimitedStep) -> LimitedStep:
        elapsed = self._elapsed_steps
        assert elapsed is not None
        clock.elapsed = elapsed
        self._clock = clock
        return clock

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
        if type(self) is not TimeLimit or not is_where_make_puts_it(spec, "max_episode_steps"):
            if spec.max_episode_steps is not None and not tells_of_limits(spec):
                inner = TimeLimit.wrapper_spec(max_episode_steps=spec.max_episode_steps)
                spec.additional_wrappers = (inner, *spec.additional_wrappers)
            super()._add_to_spec(spec)
            own = spec.additional_wrappers[-1]
            own.kwargs = {**(own.kwargs or {}), "max_episode_steps": self._limit}
        spec.max_episode_steps = self._limit


def tells_of_limits(spec: EnvSpec) -> bool:
    """Return whether the wrappers in `spec` are all limits of steps there are.

    The field ``max_episode_steps`` is then that of the outermost, for those who read it, and asks
    for no further `TimeLimit`.
    """
    for wrapper in reversed(spec.additional_wrappers):
        limit = (wrapper.kwargs or {}).get("max_episode_steps")
        if limit is not None and _is_limit(wrapper.entry_point):
            return bool(limit == spec.max_episode_steps)
    return False


def _is_limit(entry_point: str) -> bool:
    try:
        found = load(entry_point)
    except AttributeError:
        return False
    return isinstance(found, type) and issubclass(found, TimeLimit)


def _restarting(clock: LimitedStep, step: Callable[[Any], Any], autoreset: Any) -> Any:
    """Return a step with a clock that starts anew where the step is a reset of `autoreset`."""

    def restarting_step(action: Any) -> Any:
        if not autoreset.autoreset:
            return clock(action)
        result = step(action)
        clock.elapsed = 0
        return result

    return restarting_step


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
