"""Functions of spaces: isinstance, sizes of networks, flattening, JSON."""

from typing import Any

import numpy as np

import dromos as gym
from dromos.spaces.utils import flatdim, flatten, flatten_space, unflatten
from dromos.vector.utils import batch_space, concatenate, create_empty_array, iterate


def outputs(space: gym.Space[Any]) -> int:
    if isinstance(space, gym.spaces.Discrete):
        return int(space.n)
    if isinstance(space, gym.spaces.Box):
        return int(np.prod(space.shape))
    if isinstance(space, gym.spaces.MultiDiscrete):
        return int(space.nvec.sum())
    if isinstance(space, gym.spaces.Dict):
        return sum(outputs(part) for part in space.spaces.values())
    if isinstance(space, gym.spaces.Tuple):
        return sum(outputs(part) for part in space.spaces)
    raise NotImplementedError(f"{type(space).__name__}")


def actions_of(env: gym.Env[Any, int]) -> int:
    assert isinstance(env.action_space, gym.spaces.Discrete)
    return int(env.action_space.n)


space = gym.spaces.Dict(a=gym.spaces.Discrete(3), b=gym.spaces.Box(0, 1, (2,)))
print(outputs(space), flatdim(space), flatten_space(space))
flat = flatten(space, space.sample())
print(unflatten(space, flat)["a"])
batch = batch_space(space, 2)
print([item["a"] for item in iterate(batch, batch.sample())])
out = create_empty_array(space, n=2, fn=np.zeros)
print(concatenate(space, [space.sample(), space.sample()], out)["b"].shape)
print(gym.spaces.Dict.from_json(space.to_json()) == space, space.seed(3))
print(actions_of(gym.make("CartPole-v1")))
masked = gym.spaces.Discrete(3).sample(mask=np.array([0, 1, 0], dtype=np.int8))
print(masked)
