"""Environments that are a table of transitions: `DiscreteEnv`, and the first map of Taxi."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dromos.compat.gym_v25.core import Step
from dromos.compat.old_envs.base import OldEnv
from dromos.spaces import Discrete
from dromos.utils.colorize import colorize

__all__ = ["DiscreteEnv", "TaxiEnv", "categorical_sample"]


def categorical_sample(prob_n: Sequence[float], np_random: Any) -> int:
    """Return an index, drawn with the probabilities `prob_n`; takes one number of `np_random`."""
    drawn = np_random.rand() if hasattr(np_random, "rand") else np_random.random()
    return int((np.cumsum(prob_n) > drawn).argmax())


class DiscreteEnv(OldEnv):
    """An environment whose states and actions are numbers.

    Attributes:
        P: ``P[state][action]`` lists ``(probability, next state, reward, done)``.
        isd: How likely an episode starts in each state.
        s: The state.
        lastaction: The last action, None after a reset.
        nS: The number of states.
        nA: The number of actions.
    """

    def __init__(
        self,
        nS: int,
        nA: int,
        P: Mapping[int, Mapping[int, Sequence[tuple[float, int, float, bool]]]],
        isd: Sequence[float],
    ) -> None:
        self.P = P
        self.isd = isd
        self.lastaction: int | None = None
        self.nS, self.nA = nS, nA
        self.action_space = Discrete(nA)
        self.observation_space = Discrete(nS)
        self.seed()
        self.s = categorical_sample(isd, self.np_random)

    def _start(self) -> int:
        self.s = categorical_sample(self.isd, self.np_random)
        self.lastaction = None
        return int(self.s)

    def step(self, action: Any) -> Step:
        """Take one of the transitions of the state and the action."""
        transitions = self.P[self.s][action]
        drawn = categorical_sample([one[0] for one in transitions], self.np_random)
        probability, self.s, reward, done = transitions[drawn]
        self.lastaction = action
        return int(self.s), reward, done, {"prob": probability}


_MAP = (
    "+---------+",
    "|R: | : :G|",
    "| : : : : |",
    "| : : : : |",
    "| | : | : |",
    "|Y| : |B: |",
    "+---------+",
)
_STANDS = ((0, 0), (0, 4), (4, 0), (4, 3))
_IN_TAXI = 4
_ACTIONS = ("South", "North", "East", "West", "Pickup", "Dropoff")


class TaxiEnv(DiscreteEnv):
    """Taxi-v2: as today's, without the wall in the second row from the north.

    T. Dietterich, "Hierarchical Reinforcement Learning with the MAXQ Value Function
    Decomposition", Journal of Artificial Intelligence Research 13 (2000).
    """

    metadata = {"render.modes": ["human", "ansi"]}  # noqa: RUF012  (as that release had it)

    def __init__(self) -> None:
        self.desc = np.array([list(row) for row in _MAP], dtype="S1")
        self.locs = list(_STANDS)
        starts = np.zeros(500)
        for state in range(500):
            *_, passenger, destination = self.decode(state)
            starts[state] = passenger < _IN_TAXI and passenger != destination
        table = {
            state: {action: [self._transition(state, action)] for action in range(len(_ACTIONS))}
            for state in range(500)
        }
        super().__init__(500, len(_ACTIONS), table, starts / starts.sum())

    def _transition(self, state: int, action: int) -> tuple[float, int, float, bool]:
        row, column, passenger, destination = self.decode(state)
        here = (row, column)
        reward, done = -1, False
        walls = _MAP[1 + row]
        if action == 0:
            row = min(row + 1, 4)
        elif action == 1:
            row = max(row - 1, 0)
        elif action == 2 and walls[2 * column + 2] == ":":
            column += 1
        elif action == 3 and walls[2 * column] == ":":
            column -= 1
        elif action == 4 and passenger < _IN_TAXI and here == _STANDS[passenger]:
            passenger = _IN_TAXI
        elif action == 5 and passenger == _IN_TAXI and here in _STANDS:
            passenger = _STANDS.index(here)
            done = passenger == destination
            reward = 20 if done else -1
        elif action > 3:
            reward = -10
        return 1.0, self.encode(row, column, passenger, destination), reward, done

    @staticmethod
    def encode(taxi_row: int, taxi_col: int, pass_loc: int, dest_idx: int) -> int:
        """Return the number of a state."""
        return ((taxi_row * 5 + taxi_col) * 5 + pass_loc) * 4 + dest_idx

    @staticmethod
    def decode(i: int) -> tuple[int, int, int, int]:
        """Return row and column of the taxi, passenger and destination of a state."""
        rest, destination = divmod(i, 4)
        cell, passenger = divmod(rest, 5)
        return cell // 5, cell % 5, passenger, destination

    def render(self, mode: str = "human") -> str | None:
        """Print the town, or return it in the mode ``"ansi"``."""
        row, column, passenger, destination = self.decode(self.s)
        letters = [list(line) for line in _MAP]

        def paint(place: tuple[int, int], **style: Any) -> None:
            line, at = letters[1 + place[0]], 1 + 2 * place[1]
            line[at] = colorize(
                line[at].replace(" ", "_" if passenger == _IN_TAXI else " "), **style
            )

        taxi = (row, column)
        paint(taxi, color="green" if passenger == _IN_TAXI else "yellow", highlight=True)
        if passenger != _IN_TAXI:
            paint(_STANDS[passenger], color="blue", bold=True)
        paint(_STANDS[destination], color="magenta")
        text = "".join("".join(line) + "\n" for line in letters)
        if self.lastaction is not None:
            text += f"  ({_ACTIONS[self.lastaction]})\n"
        if mode == "ansi":
            return text
        print(text, end="")
        return None
