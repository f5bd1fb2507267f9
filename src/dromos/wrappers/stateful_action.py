"""Public path of the wrappers that take actions more often than they are given."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from dromos.core import ActionWrapper, ActType, Env, ObsType, Wrapper
from dromos.error import InvalidBound, InvalidProbability
from dromos.snapshot import rules
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.autoreset import next_step_resets
from dromos.wrappers.rules.rewards import as_number
from dromos.wrappers.rules.rule import checked_count

__all__ = ["RepeatAction", "StickyAction"]


class StickyAction(ActionWrapper[ObsType, ActType, ActType], RecordConstructorArgs):
    """Take the previous action instead of the given one with some probability.

    From Machado et al., "Revisiting the Arcade Learning Environment: Evaluation Protocols and
    Open Problems for General Agents" (2018), section 5.2, where it lasts one step.

    Attributes:
        repeat_action_probability: The probability in each step.
        repeat_action_duration_range: The fewest and the most steps that it then lasts.
        last_action: The action taken last in this episode, or None.
    """

    snapshot_fields = {  # noqa: RUF012
        "last_action": rules.Optional(rules.Item(lambda wrapper: wrapper.action_space)),
        "_remaining": rules.count(),
        "_over": rules.Flag(),
    }

    @recorded
    def __init__(
        self,
        env: Env[ObsType, ActType],
        repeat_action_probability: float,
        repeat_action_duration: int | tuple[int, int] = 1,
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment, whose random generator is drawn from.
            repeat_action_probability: From 0 to less than 1.
            repeat_action_duration: For how many steps the previous action is taken: a number, or
                the lowest and the highest one, inclusive, to draw it from.

        Raises:
            InvalidProbability: If the probability is out of range.
            InvalidBound: If the highest duration is below the lowest.
            ValueError: If the duration is no positive integer or pair of them.
        """
        if not 0 <= repeat_action_probability < 1:
            raise InvalidProbability(
                "`repeat_action_probability` should be in the interval [0,1). Received "
                f"{repeat_action_probability}"
            )
        super().__init__(env)
        self.repeat_action_probability = repeat_action_probability
        self.repeat_action_duration_range = _duration_range(repeat_action_duration)
        self.last_action: ActType | None = None
        self._remaining = 0
        self._over = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment; the first step has no previous action."""
        result = super().reset(seed=seed, options=options)
        self._begin()
        return result

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment with the action that is taken."""
        if self._over and next_step_resets(self.env):
            result = self.env.step(action)  # the action is not taken
            self._begin()
            return result
        before = self.last_action, self._remaining, self._over
        generator = self.np_random.bit_generator
        drawn = generator.state
        if self._over:
            self._begin()
        try:
            result = super().step(action)
        except BaseException:  # an action that is refused has not been drawn for
            self.last_action, self._remaining, self._over = before
            generator.state = drawn
            raise
        self._over = bool(result[2] or result[3])
        return result

    def _begin(self) -> None:
        self.last_action = None
        self._remaining = 0
        self._over = False

    def action(self, action: ActType) -> ActType:
        """Return the action that is taken."""
        if self.last_action is None:
            self.last_action = _own(action)
            return action
        if not self._remaining and self.np_random.uniform() < self.repeat_action_probability:
            fewest, most = self.repeat_action_duration_range
            self._remaining = int(self.np_random.integers(fewest, most + 1))
        if self._remaining:
            self._remaining -= 1
            return _own(self.last_action)  # type: ignore[no-any-return]
        self.last_action = _own(action)
        return action


class RepeatAction(Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs):
    """Take every action several times, and add the rewards up; an episode's end breaks off.

    Attributes:
        num_repeats: How often an action is taken.
    """

    @recorded
    def __init__(self, env: Env[ObsType, ActType], num_repeats: int) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            num_repeats: How often to take an action.

        Raises:
            TypeError: If it is no integer.
            ValueError: If it is below 1.
        """
        self.num_repeats = checked_count("num_repeats", num_repeats, 1)
        super().__init__(env)
        self._over = False

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment until it has taken the action `num_repeats` times.

        Returns:
            The last step's results, with the sum of the rewards as the reward.
        """
        step = self.env.step
        repeats = 1 if self._over and next_step_resets(self.env) else self.num_repeats
        obs, reward, terminated, truncated, info = step(action)
        total = as_number(reward)
        for _ in range(repeats - 1):
            if terminated or truncated:
                break
            obs, reward, terminated, truncated, info = step(action)
            total += as_number(reward)
        self._over = bool(terminated or truncated)
        return obs, total, terminated, truncated, info


def _own(action: Any) -> Any:
    """Return an action that nobody else can change."""
    return action if isinstance(action, (int, np.generic)) else copy.deepcopy(action)


def _duration_range(duration: Any) -> tuple[int, int]:
    bounds = (duration, duration) if isinstance(duration, (int, np.integer)) else duration
    if not isinstance(bounds, (tuple, list)) or len(bounds) != 2:
        raise ValueError(
            "`repeat_action_duration` should be either an integer or a pair of integers. Received "
            f"{duration!r}"
        )
    fewest, most = bounds
    if fewest > most:
        raise InvalidBound(f"`repeat_action_duration` is not a valid bound. Received {duration!r}")
    if fewest < 1:
        raise ValueError(f"`repeat_action_duration` should be at least 1. Received {duration!r}")
    return int(fewest), int(most)
