"""What `render` returns, in each mode."""

import numpy as np

import dromos as gym
from dromos.core import RenderFrame

env = gym.make("CartPole-v1", render_mode="rgb_array")
env.reset(seed=0)
frame = env.render()
assert isinstance(frame, np.ndarray)
print(frame.shape, frame.dtype)

listed = gym.make("CartPole-v1", render_mode="rgb_array_list")
listed.reset(seed=0)
frames = listed.render()
if isinstance(frames, list):
    shown: list[RenderFrame] = frames
    print(len(shown))

text = gym.make("Taxi-v4", render_mode="ansi")
text.reset(seed=0)
drawn = text.render()
if isinstance(drawn, str):
    print(drawn.splitlines()[0])
