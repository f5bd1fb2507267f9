"""Tasks of reading symbols and writing others: Zaremba and others, arXiv:1511.07275 (2015)."""

from __future__ import annotations

from typing import Any, ClassVar

from dromos import logger
from dromos.compat.gym_v25.core import Step
from dromos.compat.old_envs.base import OldEnv
from dromos.error import InvalidAction
from dromos.spaces import Discrete, Tuple
from dromos.utils.colorize import colorize

__all__ = [
    "AlgorithmicEnv",
    "CopyEnv",
    "DuplicatedInputEnv",
    "GridAlgorithmicEnv",
    "RepeatCopyEnv",
    "ReverseEnv",
    "ReversedAdditionEnv",
    "TapeAlgorithmicEnv",
]

_LONGEST = 30


class AlgorithmicEnv(OldEnv):
    """Move a reading head over symbols and write what follows from them.

    Actions are tuples: where to move the head, whether to write, and which symbol. A right symbol
    gives 1; a wrong one -0.5 and the end; so does, with -1, taking too many steps. Observations
    are the symbol under the head, `base` where there is none. Inputs grow as episodes are solved.

    Attributes:
        MOVEMENTS: The names of the head's moves.
        MIN_REWARD_SHORTFALL_FOR_PROMOTION: How much every one of the last episodes may have
            missed for inputs to grow.
        base: The number of symbols.
        last: How many episodes that are.
        min_length: The least length of an input.
    """

    metadata = {"render.modes": ["human", "ansi"]}  # noqa: RUF012  (as that release had it)
    MIN_REWARD_SHORTFALL_FOR_PROMOTION = -1.0
    MOVEMENTS: ClassVar[list[str]]
    READ_HEAD_START: ClassVar[Any]
    last = 10

    def __init__(self, base: int = 10, chars: bool = False, starting_min_length: int = 2) -> None:
        self.base = base
        self.charmap = [chr(ord("A") + i) if chars else str(i) for i in range(base)] + [" "]
        self.min_length = starting_min_length
        self.reward_shortfalls: list[float] = []
        self.episode_total_reward: float | None = None
        self.input_data: list[Any] = []
        self.target: list[int] = []
        self.action_space = Tuple([Discrete(len(self.MOVEMENTS)), Discrete(2), Discrete(base)])
        self.observation_space = Discrete(base + 1)
        self.seed()
        self.reset()

    def generate_input_data(self, size: int) -> list[Any]:
        """Return an input of a length."""
        raise NotImplementedError

    def target_from_input_data(self, input_data: list[Any]) -> list[int]:
        """Return what is to be written for an input."""
        raise NotImplementedError

    def _move(self, name: str) -> None:
        raise NotImplementedError

    def _symbol(self, position: Any) -> int:
        """Return the symbol of the input at a position, `base` outside of it."""
        raise NotImplementedError

    def render_observation(self) -> str:
        """Return the input as text, with the head's place marked."""
        raise NotImplementedError

    @property
    def input_width(self) -> int:
        """The length of the input."""
        return len(self.input_data)

    @property
    def time_limit(self) -> int:
        """After how many steps the next one ends the episode."""
        return self.input_width + len(self.target) + 4

    def _start(self) -> int:
        self._grow()
        self.last_action: Any = None
        self.last_reward: float = 0
        self.read_head_position = self.READ_HEAD_START
        self.write_head_position = 0
        self.episode_total_reward = 0.0
        self.time = 0
        length = self.np_random.randint(3) + self.min_length
        self.input_data = self.generate_input_data(length)
        self.target = self.target_from_input_data(self.input_data)
        return self._symbol(self.read_head_position)

    def _grow(self) -> None:
        """Make inputs longer if the last episodes were all good."""
        if self.episode_total_reward is None:
            return
        missed = self.episode_total_reward - len(self.target)
        self.reward_shortfalls = [*self.reward_shortfalls, missed][-self.last :]
        solved = min(self.reward_shortfalls) >= self.MIN_REWARD_SHORTFALL_FOR_PROMOTION
        if len(self.reward_shortfalls) == self.last and solved and self.min_length < _LONGEST:
            self.min_length += 1
            self.reward_shortfalls = []

    def step(self, action: Any) -> Step:
        """Write, if the action says so, then move the head.

        Raises:
            InvalidAction: If the action is not an element of `action_space`.
        """
        if action not in self.action_space:
            raise InvalidAction(f"{action!r} is not an action: expected {self.action_space}")
        self.last_action = action
        movement, writes, symbol = action
        reward, done = 0.0, False
        self.time += 1
        if writes:
            reward, done = self._write(symbol)
        self._move(self.MOVEMENTS[movement])
        if self.time > self.time_limit:
            reward, done = -1.0, True
        self.last_reward = reward
        self.episode_total_reward = (self.episode_total_reward or 0.0) + reward
        return self._symbol(self.read_head_position), reward, done, {}

    def _write(self, symbol: int) -> tuple[float, bool]:
        place, self.write_head_position = self.write_head_position, self.write_head_position + 1
        if place >= len(self.target):
            logger.warn(f"{self} is stepped although its episode is over; call reset() first.")
            return -0.5, True
        right = symbol == self.target[place]
        return (1.0 if right else -0.5), not right or place + 1 == len(self.target)

    def render(self, mode: str = "human") -> str | None:
        """Print the tapes and the last action, or return them in the mode ``"ansi"``."""
        head = f"Total length of input instance: {self.input_width}, step: {self.time}\n"
        targets = "".join(self.charmap[symbol] for symbol in self.target)
        written = targets[: self.write_head_position]
        lines = [head, "=" * (len(head) - 1) + "\n", self.render_observation()]
        if self.last_action is not None and self.last_action[1] and written:
            movement, _, symbol = self.last_action
            right = symbol == self.target[len(written) - 1]
            mark = colorize(self.charmap[symbol], "green" if right else "red", highlight=True)
            written = written[:-1] + mark
        lines += [f"Output Tape         :   {written}\n", f"Targets             :   {targets}\n\n"]
        if self.last_action is not None:
            movement, writes, symbol = self.last_action
            lines += [
                f"Current reward      :   {self.last_reward:.3f}\n",
                f"Cumulative reward   :   {self.episode_total_reward:.3f}\n",
                f"Action              :   Tuple(move over input: {self.MOVEMENTS[movement]},\n",
                f"                              write to the output tape: {bool(writes)},\n",
                f"                              prediction: {self.charmap[symbol]})\n",
            ]
        if mode == "ansi":
            return "".join(lines)
        print("".join(lines), end="")
        return None


class TapeAlgorithmicEnv(AlgorithmicEnv):
    """The input is a tape."""

    MOVEMENTS: ClassVar[list[str]] = ["left", "right"]
    READ_HEAD_START = 0

    def generate_input_data(self, size: int) -> list[int]:
        """Return `size` symbols."""
        return [self.np_random.randint(self.base) for _ in range(size)]

    def _move(self, name: str) -> None:
        self.read_head_position += 1 if name == "right" else -1

    def _symbol(self, position: int) -> int:
        inside = 0 <= position < self.input_width
        return self.input_data[position] if inside else self.base

    def render_observation(self) -> str:
        """Return the tape as text, with the head's place marked."""
        text = ""
        for position in range(-2, self.input_width + 2):
            symbol = self.charmap[self._symbol(position)]
            here = position == self.read_head_position
            text += colorize(symbol, "green", highlight=True) if here else symbol
        return f"Observation Tape    : {text}\n"


class GridAlgorithmicEnv(AlgorithmicEnv):
    """The input is a grid of `rows` rows."""

    MOVEMENTS: ClassVar[list[str]] = ["left", "right", "up", "down"]
    READ_HEAD_START = (0, 0)

    def __init__(self, rows: int, *args: Any, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(*args, **kwargs)

    def generate_input_data(self, size: int) -> list[list[int]]:
        """Return `size` columns of symbols."""
        return [[self.np_random.randint(self.base) for _ in range(self.rows)] for _ in range(size)]

    def _move(self, name: str) -> None:
        x, y = self.read_head_position
        dx, dy = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}[name]
        self.read_head_position = x + dx, y + dy

    def _symbol(self, position: tuple[int, int]) -> int:
        x, y = position
        inside = 0 <= x < self.input_width and 0 <= y < self.rows
        return self.input_data[x][y] if inside else self.base

    def render_observation(self) -> str:
        """Return the grid as text, with the head's place marked."""
        text = "Observation Grid    : "
        for y in range(-1, self.rows + 1):
            for x in range(-2, self.input_width + 2):
                symbol = self.charmap[self._symbol((x, y))]
                here = (x, y) == self.read_head_position
                text += colorize(symbol, "green", highlight=True) if here else symbol
            text += "\n" + " " * 22
        return text.rstrip(" ")


class CopyEnv(TapeAlgorithmicEnv):
    """Write what is on the tape."""

    def __init__(self, base: int = 5, chars: bool = True) -> None:
        super().__init__(base=base, chars=chars)

    def target_from_input_data(self, input_data: list[int]) -> list[int]:
        """Return the input."""
        return input_data


class DuplicatedInputEnv(TapeAlgorithmicEnv):
    """Write each symbol of the tape once, on which it stands `duplication` times."""

    def __init__(self, duplication: int = 2, base: int = 5) -> None:
        self.duplication = duplication
        super().__init__(base=base, chars=True)

    def generate_input_data(self, size: int) -> list[int]:
        """Return symbols, each repeated."""
        different = max(size, self.duplication) // self.duplication
        drawn = [self.np_random.randint(self.base) for _ in range(different)]
        return [symbol for symbol in drawn for _ in range(self.duplication)]

    def target_from_input_data(self, input_data: list[int]) -> list[int]:
        """Return the symbols without their repetitions."""
        return input_data[:: self.duplication]


class RepeatCopyEnv(TapeAlgorithmicEnv):
    """Write what is on the tape, then backwards, then again."""

    MIN_REWARD_SHORTFALL_FOR_PROMOTION = -0.1
    last = 50

    def __init__(self, base: int = 5) -> None:
        super().__init__(base=base, chars=True)

    def target_from_input_data(self, input_data: list[int]) -> list[int]:
        """Return the input, its reverse and the input."""
        return input_data + input_data[::-1] + input_data


class ReverseEnv(TapeAlgorithmicEnv):
    """Write what is on the tape, backwards."""

    MIN_REWARD_SHORTFALL_FOR_PROMOTION = -0.1
    last = 50

    def __init__(self, base: int = 2) -> None:
        super().__init__(base=base, chars=True, starting_min_length=1)

    def target_from_input_data(self, input_data: list[int]) -> list[int]:
        """Return the reverse of the input."""
        return input_data[::-1]


class ReversedAdditionEnv(GridAlgorithmicEnv):
    """Add the numbers in the rows of the grid, lowest digits first."""

    def __init__(self, rows: int = 2, base: int = 3) -> None:
        super().__init__(rows, base=base, chars=False)

    def target_from_input_data(self, input_data: list[list[int]]) -> list[int]:
        """Return the digits of the sum."""
        carry, digits = 0, []
        for column in input_data:
            carry, digit = divmod(sum(column) + carry, self.base)
            digits.append(digit)
        return [*digits, carry] if carry else digits

    @property
    def time_limit(self) -> int:
        """After how many steps the next one ends the episode; a carried digit gives no time."""
        return self.input_width * 2 + 4
