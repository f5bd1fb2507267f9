"""Rewards changed by functions and by classes."""

from typing import Any, SupportsFloat

import dromos as gym
from dromos.wrappers import ClipReward, NormalizeReward, TransformReward


class Doubled(gym.RewardWrapper[Any, Any]):
    def reward(self, reward: float) -> float:
        return 2 * reward


class Negated(gym.RewardWrapper[Any, Any]):
    def reward(self, reward: SupportsFloat) -> SupportsFloat:
        return -float(reward)


def halved(reward: float) -> float:
    return reward / 2


env = gym.make("CartPole-v1")
env = TransformReward(env, lambda r: 2 * r)
env = TransformReward(env, lambda r: r - 1 if r > 0 else 0)
env = TransformReward(env, halved)
env = ClipReward(env, min_reward=-1, max_reward=1)
env = NormalizeReward(env, gamma=0.9)
env = Negated(Doubled(env))
env.reset(seed=0)
total = 0.0
_, reward, *_ = env.step(0)
total += reward
print(round(float(reward), 3), total)
