"""`EnvVector`: what vectors of environments in this process and in workers have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic

import numpy as np

from dromos.core import ActType, Env, ObsType
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.lane_queue import checked_batch_size
from dromos.vector.lane_spaces import LaneSpaces
from dromos.vector.lane_vector import LaneVector

if TYPE_CHECKING:
    from dromos.spaces import Space

__all__ = ["EnvVector"]


class EnvVector(LaneVector[ObsType, ActType], Generic[ObsType, ActType]):
    """A vector of environments written in Python.

    Attributes:
        env_fns: The functions that made the sub-environments.
        copy: Whether each batch of observations has memory of its own.
        autoreset_mode: When a lane whose episode has ended is reset.
        observation_mode: How the observation spaces were batched.
        batch_size: How many lanes `recv` returns.
    """

    def _take_arguments(
        self,
        env_fns: Iterable[Callable[[], Env[Any, Any]]],
        copy: bool,
        observation_mode: str | tuple[Space[Any], Space[Any]],
        autoreset_mode: str | AutoresetMode,
        batch_size: int | None,
    ) -> None:
        self.env_fns = list(env_fns)
        self.copy = copy
        self.observation_mode = observation_mode
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.num_envs = len(self.env_fns)
        if not self.env_fns:
            raise ValueError("Expected at least one function in `env_fns`, got none")
        self.batch_size = checked_batch_size(batch_size, self.num_envs)

    def _take_facts(self, spaces: LaneSpaces, env: Any) -> None:
        """Take these spaces, and what else an environment of the vector tells of itself."""
        self.single_observation_space, self.observation_space = spaces.observation
        self.single_action_space, self.action_space = spaces.action
        self.metadata = {**env.metadata, "autoreset_mode": self.autoreset_mode}
        self.render_mode = env.render_mode

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of each sub-environment; none if one of them refuses its value.

        Args:
            name: The attribute.
            values: A list or tuple with one value a lane; anything else is set in every lane.

        Raises:
            ValueError: If a list has another length than there are lanes.
        """
        with self._lanes.guard:
            self._require_open()
            rows = values if isinstance(values, (list, tuple)) else [values] * self.num_envs
            if len(rows) != self.num_envs:
                raise ValueError(
                    "Values must be a list or tuple with length equal to the number of "
                    f"environments. Got `{len(rows)}` values for {self.num_envs} environments."
                )
            self._require_idle("set_attr")
            self._lanes.set_attr(name, rows)

    @property  # type: ignore[misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]
        """The sub-environments' random generators; copies of those in other processes."""
        return self.get_attr("np_random")

    @property
    def np_random_seed(self) -> tuple[int, ...]:  # type: ignore[override]
        """The seeds of the sub-environments' generators."""
        return self.get_attr("np_random_seed")
