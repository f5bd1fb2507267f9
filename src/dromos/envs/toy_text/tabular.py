"""What the toy texts with a table of transitions have in common."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dromos.envs.toy_text.transitions import Transitions, table_of
from dromos.envs.toy_text.utils import categorical_sample
from dromos.native import NativeEnv
from dromos.native.fields import FIRST_LANE, read_field, write_field
from dromos.native.views import ArrayView
from dromos.snapshot import Writes, rules
from dromos.spaces import Discrete
from dromos.vector.autoreset import RUNNING

__all__ = ["TabularEnv"]


class _StartProbabilities(rules.Array):
    """One probability a state, as `initial_state_distrib` takes them."""

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        return self.checked(value, np.dtype(np.float64), owner._start_probabilities().shape)


class TabularEnv(NativeEnv["int | np.int64", "int | np.int64"]):
    """An environment whose states are numbered.

    Attributes:
        action_names: What `text` calls the actions.
    """

    action_names: ClassVar[Sequence[str]]
    uncalled: ClassVar[tuple[str, ...]] = ("P", "initial_state_distrib")

    snapshot_fields = {"_start": rules.Optional(_StartProbabilities(low=0.0))}  # noqa: RUF012

    _start: NDArray[np.float64] | None = None

    @property
    def P(self) -> Transitions:
        """Lists of ``(probability, next state, reward, terminated)``: ``P[state][action]``.

        Made when first asked for, shared by environments of the same parameters and read-only.
        """
        return table_of(self.core).transitions

    @property
    def initial_state_distrib(self) -> NDArray[np.float64]:
        """How likely an episode starts in each state; float64 (states,).

        An element that is set, or an array that is assigned, holds for the resets that follow. The
        array has to sum to 1 then, as `numpy.random.Generator.choice` wants it.
        """
        return ArrayView.of(self._start_probabilities(), self._set_start, self._has_start)

    @initial_state_distrib.setter
    def initial_state_distrib(self, probabilities: NDArray[np.float64]) -> None:
        self._set_start(np.asarray(probabilities))

    def _start_probabilities(self) -> NDArray[np.float64]:
        return table_of(self.core).start if self._start is None else self._start

    def _has_start(self, probabilities: NDArray[np.float64]) -> bool:
        return np.array_equal(self._start_probabilities(), probabilities)

    def _set_start(self, probabilities: NDArray[Any]) -> None:
        states = len(table_of(self.core).start)
        if probabilities.shape != (states,) or probabilities.dtype.kind not in "biuf":
            raise ValueError(
                f"initial_state_distrib: expected {states} numbers, one a state, got "
                f"{probabilities.dtype} of shape {probabilities.shape}"
            )
        if not (np.isfinite(probabilities) & (probabilities >= 0)).all():
            raise ValueError(f"initial_state_distrib: expected numbers ≥ 0, got {probabilities}")
        self._start = probabilities.astype(np.float64)
        self._bind_stream(self._np_random)

    def _starts_plainly(self) -> bool:
        return super()._starts_plainly() and self._start is None

    def _started(self) -> tuple[int | np.int64, dict[str, Any]]:
        if self._start is None:
            return super()._started()
        if not np.isclose(self._start.sum(), 1.0):
            raise ValueError(
                f"initial_state_distrib: expected numbers that sum to 1, got {self._start.sum()}"
            )
        # One number, the first of the reset if no parameter is drawn, says where it starts.
        generator = self.np_random if self.draws else copy.deepcopy(self.np_random)
        super()._started()
        self.s = categorical_sample(self._start, generator)
        infos = {n: v[0] for n, v in self.core.infos(FIRST_LANE).items() if not n.startswith("_")}
        info = {name: value if value.ndim else value.item() for name, value in infos.items()}
        return self.core.observe(FIRST_LANE)[0].item(), info

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
        self._set_status(RUNNING)

    def check_state(self, params: Any, state: Any, status: Any) -> None:
        """Raise unless states, actions and likelihoods are some that there are."""
        super().check_state(params, state, status)
        states, actions = self._number_of_states(params), self.action_space
        assert isinstance(actions, Discrete)
        for name, low, high in (("s", 0, states - 1), ("lastaction", -1, actions.n - 1)):
            if (state[name] < low).any() or (state[name] > high).any():
                raise ValueError(f"{name}: expected integers from {low} to {np.max(high)}")
        if (state["prob"] < 0).any() or (state["prob"] > 1).any():
            raise ValueError("prob: expected likelihoods from 0 to 1")

    def _number_of_states(self, params: Any) -> Any:
        """Return how many states lanes with these parameters have, one number or one a lane."""
        space = self.observation_space
        assert isinstance(space, Discrete)
        return space.n

    @property
    def lastaction(self) -> int | None:
        """The last action of the episode; None before the first."""
        action = self._read("lastaction")
        return None if action < 0 else action

    def _read(self, field: str) -> Any:
        return read_field(self.core, "state", field, FIRST_LANE)[0].item()

    def _last_action_line(self, action: int | None) -> str:
        return "\n" if action is None else f"  ({self.action_names[action]})\n"
