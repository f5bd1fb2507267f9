"""gym-minigrid 1.2, which Gym 0.26 finds as a plug-in."""

import json

import gym
from gym_minigrid.wrappers import ImgObsWrapper, RGBImgPartialObsWrapper

env = gym.make("MiniGrid-DoorKey-5x5-v0", render_mode="rgb_array")
first, _ = env.reset(seed=3)
env = ImgObsWrapper(RGBImgPartialObsWrapper(env))
obs, _ = env.reset(seed=3)
for step in range(60):
    obs, _, terminated, truncated, _ = env.step(step % 3)
    if terminated or truncated:
        env.reset()
outcome = {
    "version": gym.__version__,
    "shape": list(obs.shape),
    "frame": list(env.render().shape),
    "mission": first["mission"],
}
print(json.dumps(outcome))
