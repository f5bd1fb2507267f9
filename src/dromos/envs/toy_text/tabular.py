"""What the toy texts with a table of transitions have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dromos.envs.toy_text.transitions import Transitions, table_of
from dromos.native import NativeEnv
from dromos.native.fields import FIRST_LANE, RUNNING, read_field, write_field
from dromos.spaces import Discrete

__all__ = ["TabularEnv"]


class TabularEnv(NativeEnv["int | np.int64", "int | np.int64"]):
    """An environment whose states are numbered.

    Attributes:
        action_names: What `text` calls the actions.
    """

    action_names: ClassVar[Sequence[str]]

    @property
    def P(self) -> Transitions:
        """Lists of ``(probability, next state, reward, terminated)``: ``P[state][action]``.

        Made when first asked for, shared by environments of the same parameters and read-only.
        """
        return table_of(self.core).transitions

    @property
    def initial_state_distrib(self) -> NDArray[np.float64]:
        """How likely an episode starts in each state; float64 (states,), read-only."""
        return table_of(self.core).start

    @property
    def s(self) -> int | None:
        """The state; None before a reset. Assign one to go on from there."""
        return None if self._is_unset() else self._read("s")

    @s.setter
    def s(self, value: int | np.integer[Any]) -> None:
        space = self.observation_space
        assert isinstance(space, Discrete)
        if not space.contains(value):
            raise ValueError(f"s: expected an integer from 0 to {space.n - 1}, got {value!r}")
        write_field(self.core, "state", "s", FIRST_LANE, value)
        status = np.array([RUNNING], dtype=np.uint8)
        self.core.write_episode(FIRST_LANE, self.core.elapsed(), status, self.core.restarted())

    @property
    def lastaction(self) -> int | None:
        """The last action of the episode; None before the first."""
        action = self._read("lastaction")
        return None if action < 0 else action

    def _read(self, field: str) -> Any:
        return read_field(self.core, "state", field, FIRST_LANE)[0].item()

    def _last_action_line(self, action: int | None) -> str:
        return "\n" if action is None else f"  ({self.action_names[action]})\n"
