"""Wrappers of pictures."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import assert_type

import dromos as gym
from dromos.wrappers import (
    AddRenderObservation,
    AddWhiteNoise,
    FrameStackObservation,
    GrayscaleObservation,
    MaxAndSkipObservation,
    ObstructView,
    RenderCollection,
    ResizeObservation,
)

env = gym.make("CartPole-v1", render_mode="rgb_array")
env = AddWhiteNoise(env, 0.1)
env = ObstructView(env, 0.1, 8)
env = AddRenderObservation(env, render_only=True)
env = MaxAndSkipObservation(env, skip=2)
env = ResizeObservation(env, (84, 84))
env = GrayscaleObservation(env)
env = FrameStackObservation(env, stack_size=4, padding_type="zero")
env.reset(seed=0)
print(env.step(0)[0].shape)

film = RenderCollection(gym.make("CartPole-v1", render_mode="rgb_array"))
film.reset(seed=0)
frames = film.render()
assert isinstance(frames, list)
print(len(frames))


def brightness(images: gym.Env[NDArray[np.uint8], int]) -> float:
    gray = GrayscaleObservation(ResizeObservation(images, (42, 42)))
    stacked = FrameStackObservation(gray, 4)
    shown, _ = stacked.reset()
    assert_type(shown, NDArray[Any])
    return float(shown.mean())
