"""Maps of frozen lakes: those that have names, random ones, and the checks that each must pass."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.seeding import np_random

__all__ = ["MAPS", "MOST_CELLS", "as_map", "generate_random_map", "is_valid", "named_map"]

#: Rows of letters: S start, F frozen, H hole, G goal.
MAPS = {
    "4x4": ["SFFF", "FHFH", "FFFH", "HFFG"],
    "8x8": [
        "SFFFFFFF",
        "FFFFFFFF",
        "FFFHFFFF",
        "FFFFFHFF",
        "FFFHFFFF",
        "FHHFFFHF",
        "FHFFHFHF",
        "FFFHFFFG",
    ],
}

#: The cells that the core has room for.
MOST_CELLS = 4096

# A random map that has no path to the goal this often in a row is taken for impossible.
_MOST_DRAWS = 10_000


def named_map(name: str) -> list[str]:
    """Return the map of this name.

    Raises:
        ValueError: If there is none.
    """
    if name not in MAPS:
        raise ValueError(f"map_name: expected one of {', '.join(map(repr, MAPS))}, got {name!r}")
    return MAPS[name]


def as_map(value: Any) -> NDArray[np.bytes_]:
    """Return a map as an array of letters, one byte each; (rows, columns).

    Args:
        value: A list of strings, or of lists of letters, or an array of letters.

    Raises:
        TypeError: If it is none of these.
        ValueError: If a row has another length than the first or a letter other than S, F, H and
            G, if there are more than 4096 cells, no start or no goal, or no way from a start to
            a goal. The message shows the row or the start.
    """
    return _checked(tuple(map(_row, _rows(value))))


def _rows(value: Any) -> Sequence[Any]:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (str, bytes)) or not isinstance(value, Sequence):
        raise TypeError(f"desc: expected a list of strings, one a row, got {value!r}")
    return value


def _row(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, (list, tuple, np.ndarray)):
        return "".join(map(_row, value))
    raise TypeError(f"desc: expected each row to be a string, got {value!r}")


@functools.lru_cache(maxsize=1024)
def _checked(rows: tuple[str, ...]) -> NDArray[np.bytes_]:
    if not rows or not rows[0]:
        raise ValueError(f"desc: expected at least one cell, got {list(rows)!r}")
    for number, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise ValueError(
                f"desc: expected rows of the same length; row 0 {rows[0]!r} has {len(rows[0])} "
                f"letters, row {number} {row!r} has {len(row)}"
            )
        if unknown := set(row) - set("SFHG"):
            raise ValueError(
                f"desc: expected the letters S (start), F (frozen), H (hole) and G (goal); row "
                f"{number} {row!r} has {min(unknown)!r}"
            )
    if len(rows) * len(rows[0]) > MOST_CELLS:
        raise ValueError(
            f"desc: expected at most {MOST_CELLS} cells, got {len(rows)} x {len(rows[0])}"
        )
    for letter, meaning in (("S", "start"), ("G", "goal")):
        if not any(letter in row for row in rows):
            raise ValueError(f"desc: expected a {meaning} ({letter}), found none in {list(rows)!r}")
    _check_paths(rows)
    letters = np.array([list(row) for row in rows], dtype="S1")
    letters.flags.writeable = False
    return letters


def _check_paths(rows: tuple[str, ...]) -> None:
    goals = [(r, c) for r, row in enumerate(rows) for c, letter in enumerate(row) if letter == "G"]
    reached = _reachable(rows, goals)
    for number, row in enumerate(rows):
        for column, letter in enumerate(row):
            if letter == "S" and (number, column) not in reached:
                raise ValueError(
                    f"desc: no way leads from the start in row {number}, column {column} to a "
                    f"goal; row {number} is {row!r} of {list(rows)!r}"
                )


def _reachable(board: Any, begin: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the cells that a walk over anything but holes leads to from `begin`."""
    reached, frontier = set(begin), list(begin)
    while frontier:
        row, column = frontier.pop()
        for cell in ((row + 1, column), (row, column + 1), (row - 1, column), (row, column - 1)):
            inside = 0 <= cell[0] < len(board) and 0 <= cell[1] < len(board[0])
            if inside and cell not in reached and board[cell[0]][cell[1]] != "H":
                reached.add(cell)
                frontier.append(cell)
    return reached


def is_valid(board: Sequence[Sequence[str]], max_size: int) -> bool:
    """Return whether a way leads from the top left corner to a goal.

    Args:
        board: Letters of a square map.
        max_size: Rows and columns of the part that counts.
    """
    part = [list(row[:max_size]) for row in board[:max_size]]
    reached = _reachable(part, [(0, 0)]) - {(0, 0)}
    return any(part[row][column] == "G" for row, column in reached)


def generate_random_map(size: int = 8, p: float = 0.8, seed: int | None = None) -> list[str]:
    """Return a random square map with a way from the top left to the bottom right corner.

    The same seed gives the same map as Gymnasium's function of this name.

    Args:
        size: Rows and columns, 2 to 64.
        p: How likely a cell is frozen.
        seed: An integer ≥ 0; None for one from the system's entropy.

    Raises:
        ValueError: If the size or the probability is out of range, or the probability is so small
            that no map with a way was found.
    """
    if not 2 <= size <= 64:
        raise ValueError(f"size: expected 2 to 64, got {size!r}")
    if not p > 0:
        raise ValueError(f"p: expected a probability above 0, got {p!r}")
    frozen = min(1, p)
    rng, _ = np_random(seed)
    for _ in range(_MOST_DRAWS):
        board = rng.choice(["F", "H"], (size, size), p=[frozen, 1 - frozen])
        board[0, 0], board[-1, -1] = "S", "G"
        rows: list[str] = ["".join(row) for row in board.tolist()]
        if is_valid(rows, size):
            return rows
    raise ValueError(
        f"Found no map of size {size} with a way to the goal in {_MOST_DRAWS} draws with p={p}; "
        "expected a greater p"
    )
