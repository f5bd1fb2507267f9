"""Random generators that several attributes hold, in sets too, are held by the same ones again."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

import dromos as gym
from dromos.snapshot import Snapshot


class Holder(gym.Env[Any, Any]):
    """Holds two generators, and the bits of one, in attributes of the names that it is given."""

    observation_space = gym.spaces.Box(-1, 1, (1,))
    action_space = gym.spaces.Discrete(2)

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        one, other = np.random.default_rng(seed), np.random.default_rng(5)
        bits = one.bit_generator
        held = ({one}, one, [one, other], frozenset([other]), bits, {bits, other})
        for name, value in zip(self.names, held, strict=True):
            setattr(self, name, value)
        return np.zeros(1, np.float32), {}

    @property
    def held(self) -> list[Any]:
        return [getattr(self, name) for name in self.names]


def test_generators_in_sets_are_those_held_elsewhere() -> None:
    # States are written in the order of names: each attribute comes first, last, in between.
    for names in itertools.islice(itertools.permutations("abcdef"), 0, None, 7):
        env = Holder(names)
        env.reset(seed=1)
        snapshot = env.snapshot()
        for taken in (snapshot, Snapshot.from_bytes(snapshot.to_bytes())):
            again = Holder(names)
            again.reset(seed=9)
            again.restore(taken)
            alone, one, both, frozen, bits, mixed = again.held
            assert alone == {one}
            assert both[0] is one
            assert frozen == {both[1]}
            assert bits is one.bit_generator
            assert mixed == {bits, both[1]}
            assert one is not env.held[1]
            assert bits.state == env.held[1].bit_generator.state
            assert both[1].random() == np.random.default_rng(5).random()
