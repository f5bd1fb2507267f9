"""The numbers of a robot's task: checked, and read and written where the native step has them."""

from __future__ import annotations

import math
from typing import Any

from dromos.arguments import flag, number

__all__ = ["Number", "Range", "Switch", "TaskNumbers", "numbers"]


class Number:
    """A number of the reward or the start."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = _native_name(name.removeprefix("_"))

    def __get__(self, env: Any, owner: type | None = None) -> Any:
        return self if env is None else env._lane.get(self.name)

    def __set__(self, env: Any, value: Any) -> None:
        for name, part in self.checked(value).items():
            env._lane.set(name, part)

    def checked(self, value: Any) -> dict[str, float]:
        """Return a value as the core takes it."""
        return numbers(**{self.name: value})


class Switch(Number):
    """A yes or no of the reward or the end."""

    def __get__(self, env: Any, owner: type | None = None) -> Any:
        return self if env is None else bool(env._lane.get(self.name))

    def checked(self, value: Any) -> dict[str, float]:
        """Return a value as the core takes it."""
        return {self.name: float(flag(self.name, value))}


class Range(Number):
    """Two bounds, the lower one first."""

    def __get__(self, env: Any, owner: type | None = None) -> Any:
        if env is None:
            return self
        low, high = _bounds(self.name)
        return env._lane.get(low), env._lane.get(high)


def numbers(**given: Any) -> dict[str, float]:
    """Return the numbers of a task, checked; a range ``(low, high)`` makes two of them.

    Raises:
        TypeError: If something is not a number, or a range not two.
        ValueError: If a number is not finite, a scale negative, or a lower bound above the upper.
    """
    task: dict[str, float] = {}
    for name, value in given.items():
        name = _native_name(name)
        if not name.endswith("_range"):
            task[name] = _finite(name, value)
            continue
        try:
            low, high = (number(name, bound) for bound in value)
        except (TypeError, ValueError):
            raise TypeError(f"{name}: expected two numbers (low, high), found {value!r}") from None
        if not low <= high:
            raise ValueError(
                f"{name}: expected a lower bound and one not below it, found {value!r}"
            )
        task.update(zip(_bounds(name), (low, high), strict=True))
    if task.get("reset_noise_scale", 0.0) < 0:
        raise ValueError(
            f"reset_noise_scale: expected a number ≥ 0, found {task['reset_noise_scale']}"
        )
    return task


def _native_name(name: str) -> str:
    return name.replace("impact_", "contact_")  # two words of the peer's for one thing


def _bounds(name: str) -> tuple[str, str]:
    stem = "contact" if name.startswith("contact") else name.removesuffix("_range")
    return f"{stem}_low", f"{stem}_high"


def _finite(name: str, value: Any) -> float:
    finite = number(name, value)
    if not math.isfinite(finite):
        raise ValueError(f"{name}: expected a finite number, found {value!r}")
    return finite


class TaskNumbers:
    """All numbers that arguments of robots set; each robot's text reads those it has."""

    _forward_reward_weight = Number()
    _ctrl_cost_weight = Number()
    _contact_cost_weight = Number()
    _contact_cost_range = Range()
    _contact_force_range = Range()
    _impact_cost_weight = Number()
    _impact_cost_range = Range()
    _healthy_reward = Number()
    _terminate_when_unhealthy = Switch()
    _healthy_state_range = Range()
    _healthy_z_range = Range()
    _healthy_angle_range = Range()
    _reset_noise_scale = Number()
    _reward_near_weight = Number()
    _reward_dist_weight = Number()
    _reward_control_weight = Number()
