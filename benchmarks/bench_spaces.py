"""Operations on spaces, ours against Gymnasium's, in one run.

    python benchmarks/bench_spaces.py

Ratios above 1 mean that we are faster. ``iterate`` is the call, ``list(iterate)`` also makes the
elements. The last table holds what NumPy alone takes to copy one image, to copy eight,
and to make eight views.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import gymnasium.spaces
import gymnasium.vector.utils
import numpy as np
from timing import best_microseconds, machine, print_table

import dromos.spaces
import dromos.vector.utils

OURS = SimpleNamespace(spaces=dromos.spaces, vector=dromos.vector.utils)
PEER = SimpleNamespace(spaces=gymnasium.spaces, vector=gymnasium.vector.utils)

LANES = 8


def image(spaces: Any) -> Any:
    return spaces.Box(0, 255, (84, 84, 4), np.uint8)


def vector4(spaces: Any) -> Any:
    return spaces.Box(-1.0, 1.0, (4,), np.float32)


def unbounded(spaces: Any) -> Any:
    return spaces.Box(-np.inf, np.inf, (17,), np.float64)


def discrete(spaces: Any) -> Any:
    return spaces.Discrete(6)


def multi_discrete(spaces: Any) -> Any:
    return spaces.MultiDiscrete([3] * 8)


def multi_binary(spaces: Any) -> Any:
    return spaces.MultiBinary(8)


def dictionary(spaces: Any) -> Any:
    return spaces.Dict(position=vector4(spaces), cell=spaces.Discrete(16))


def pair(spaces: Any) -> Any:
    return spaces.Tuple((vector4(spaces), spaces.Discrete(16)))


def text(spaces: Any) -> Any:
    return spaces.Text(20)


SPACES = {
    "Box image": image,
    "Box (4,)": vector4,
    "Box (17,) unbounded": unbounded,
    "Discrete": discrete,
    "MultiDiscrete": multi_discrete,
    "MultiBinary": multi_binary,
    "Dict": dictionary,
    "Tuple": pair,
    "Text": text,
}


def operations(library: Any, make: Callable[[Any], Any]) -> dict[str, Callable[[], object]]:
    """Return what is timed, on one space of one library, by name."""
    spaces, vector = library.spaces, library.vector
    space = make(spaces)
    space.seed(0)
    x = space.sample()
    flat = spaces.flatten(space, x)
    items = [space.sample() for _ in range(LANES)]
    out = vector.create_empty_array(space, LANES)
    batched = vector.batch_space(space, LANES)
    batch = vector.concatenate(space, items, out)
    return {
        "sample": space.sample,
        "contains": partial(space.contains, x),
        "flatten": partial(spaces.flatten, space, x),
        "unflatten": partial(spaces.unflatten, space, flat),
        f"concatenate {LANES}": partial(vector.concatenate, space, items, out),
        f"iterate {LANES}": partial(vector.iterate, batched, batch),
        f"list(iterate {LANES})": lambda: list(vector.iterate(batched, batch)),
        f"create_empty_array {LANES}": partial(vector.create_empty_array, space, LANES),
        f"batch_space {LANES}": partial(vector.batch_space, space, LANES),
    }


def floors() -> list[tuple[str, float]]:
    """Return the time of what NumPy alone takes for the data of an image."""
    x = np.zeros((84, 84, 4), np.uint8)
    batch = np.zeros((LANES, 84, 84, 4), np.uint8)
    out = np.empty_like(batch)
    rng = np.random.default_rng(0)
    cases = {
        "draw 84*84*4 doubles": partial(rng.random, x.size),
        "flatten one image": x.flatten,
        f"copy {LANES} images": partial(np.copyto, out, batch),
        f"list of {LANES} views": partial(list, batch),
    }
    return list(zip(cases, best_microseconds(*cases.values(), seconds=0.05), strict=True))


def main() -> None:
    print(machine())
    for title, make in SPACES.items():
        ours, peers = operations(OURS, make), operations(PEER, make)
        rows = []
        for name in ours:
            our_us, peer_us = best_microseconds(ours[name], peers[name], seconds=0.05)
            rows.append((name, our_us, peer_us, peer_us / our_us))
        print_table(title, ("operation", "dromos us", "Gymnasium us", "ratio"), rows)
    print_table("Floors", ("NumPy alone", "us"), floors())


if __name__ == "__main__":
    main()
