"""A space of a user's own."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos import Env, Space


class Sphere(Space[NDArray[np.float64]]):
    def __init__(self, axes: int, seed: int | np.random.Generator | None = None) -> None:
        super().__init__((axes,), np.float64, seed)
        self.axes = axes

    def sample(self, mask: Any = None, probability: Any = None) -> NDArray[np.float64]:
        point = self.np_random.normal(size=self.axes)
        unit: NDArray[np.float64] = point / np.linalg.norm(point)
        return unit

    def contains(self, x: Any) -> bool:
        return x.shape == (self.axes,) and bool(np.isclose(np.linalg.norm(x), 1))


class Turning(Env[NDArray[np.float64], int]):
    def __init__(self) -> None:
        self.observation_space = Sphere(3)


sphere = Sphere(3, seed=0)
print(sphere.sample() in sphere, sphere.shape, Turning().observation_space.sample().shape)
