"""Values that several places hold come back as one, wherever these are: random graphs of values."""

from __future__ import annotations

import random
from collections import OrderedDict, deque
from typing import Any

import numpy as np
import pytest

from dromos.plain import copy, from_bytes, to_bytes

#: Whose identity can be told: two places may hold one and the same.
IDENTIFIED = (list, dict, set, deque, np.ndarray, np.random.Generator, np.random.BitGenerator)
GRAPHS_A_TEST = 250


class Graph:
    """Draws values; many of them hold again what others hold."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.drawn: list[Any] = []

    def several(self, draw: Any, depth: int) -> list[Any]:
        return [draw(depth + 1) for _ in range(self.random.randrange(4))]

    def element(self, depth: int = 0) -> Any:
        """Draw something that sets and keys of dicts can be."""
        match self.random.randrange(6):
            case 0:
                return self.random.randrange(-5, 10 ** self.random.randrange(1, 30))
            case 1:
                return self.random.choice(["a", "$x", "bb", "", None])
            case 2 if depth < 4:
                return tuple(self.several(self.element, depth))
            case 3 if depth < 4:
                return frozenset(self.several(self.element, depth))
            case _:
                kinds = (np.random.Generator, np.random.BitGenerator)
                known = [value for value in self.drawn if isinstance(value, kinds)]
                if known and self.random.random() < 0.7:
                    return self.random.choice(known)
                made = np.random.default_rng(self.random.randrange(1 << 40))
                self.drawn += [made, made.bit_generator]
                return made

    def value(self, depth: int = 0) -> Any:
        if self.drawn and self.random.random() < 0.3:
            return self.random.choice(self.drawn)
        made: Any
        match self.random.randrange(8) if depth < 5 else -1:
            case 0:
                made = self.several(self.value, depth)
            case 1:
                names = self.random.sample(["x", "y", "$k", "id", "z"], 3)
                made = {name: self.value(depth + 1) for name in names}
            case 2:
                made = OrderedDict((self.element(), part) for part in self.several(self.value, 1))
            case 3:
                made = set(self.several(self.element, 0))
            case 4:
                return tuple(self.several(self.value, depth))
            case 5:
                made = deque(self.several(self.value, depth), 9)
            case 6:
                made = np.arange(self.random.randrange(6), dtype=np.float32)
            case 7:
                arrays = [value for value in self.drawn if isinstance(value, np.ndarray)]
                made = self.random.choice(arrays or [np.ones(3)])[self.random.randrange(2) :]
            case _:
                return self.element()
        self.drawn.append(made)
        return made


def same(first: Any, second: Any, twins: dict[int, int]) -> bool:
    """Return whether two values are alike, and hold what they hold several times alike too.

    Args:
        first: A value.
        second: What may be a copy of it.
        twins: What has been found to stand for one another, in both directions.
    """
    if type(first) is not type(second):
        return False
    if isinstance(first, IDENTIFIED):
        if id(first) in twins or id(second) in twins:
            return twins.get(id(first)) == id(second) and twins.get(id(second)) == id(first)
        twins[id(first)], twins[id(second)] = id(second), id(first)
    if isinstance(first, np.ndarray):
        return first.dtype == second.dtype and np.array_equal(first, second)
    if isinstance(first, np.random.Generator):
        return same(first.bit_generator, second.bit_generator, twins)
    if isinstance(first, np.random.BitGenerator):
        return bool(first.state == second.state)
    if isinstance(first, dict):
        return same((*first.items(),), (*second.items(),), twins)  # in their order
    if isinstance(first, (set, frozenset)):
        return len(first) == len(second) and _pair_off([*first], [*second], twins)
    if isinstance(first, (list, tuple, deque)):
        pairs = zip(first, second, strict=False)
        return len(first) == len(second) and all(same(*pair, twins) for pair in pairs)
    return bool(first == second)


def _pair_off(first: list[Any], second: list[Any], twins: dict[int, int]) -> bool:
    """Generators that are drawn have different states, so that each has one twin at most."""
    for part in first:
        for place, other in enumerate(second):
            found = dict(twins)
            if same(part, other, found):
                twins.update(found)
                del second[place]
                break
        else:
            return False
    return True


@pytest.mark.parametrize("first", range(0, 1000, GRAPHS_A_TEST))
def test_graphs_come_back(first: int) -> None:
    for seed in range(first, first + GRAPHS_A_TEST):
        graph = Graph(seed)
        value = {f"k{number}": graph.value() for number in range(graph.random.randrange(2, 7))}
        data = to_bytes(value)
        again = from_bytes(data)
        copied = copy(value)
        assert same(value, again, {}), seed
        assert same(value, copied, {}), seed
        assert to_bytes(again) == data, seed
