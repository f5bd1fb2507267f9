"""gym-anytrading 1.3: a market, over its whole length."""

import json

import gym
import gym_anytrading  # noqa: F401  (registers)

env = gym.make("forex-v0")
env.seed(1)
env.reset()
steps, total, done = 0, 0.0, False
while not done:
    _, reward, done, info = env.step(steps % 2)
    total += reward
    steps += 1
print(json.dumps({"steps": steps, "total": total, "told": info["total_reward"]}))
