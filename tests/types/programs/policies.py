"""Policies, one of a table, one of a function, and a loop that any environment fits."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

import dromos as gym
from dromos.envs.toy_text import FrozenLakeEnv
from dromos.wrappers import TimeLimit

Obs = TypeVar("Obs")
Act = TypeVar("Act")


def episode(env: gym.Env[Obs, Act], policy: Callable[[Obs], Act], seed: int) -> float:
    observation, _ = env.reset(seed=seed)
    total = 0.0
    while True:
        observation, reward, terminated, truncated, _ = env.step(policy(observation))
        total += float(reward)
        if terminated or truncated:
            return total


def learn(env: gym.Env[int, int], episodes: int) -> NDArray[np.float64]:
    table: defaultdict[int, NDArray[np.float64]] = defaultdict(lambda: np.zeros(4))
    rng = np.random.default_rng(0)
    for _ in range(episodes):
        state, _ = env.reset()
        over = False
        while not over:
            action = int(rng.integers(4)) if rng.random() < 0.5 else int(table[state].argmax())
            following, reward, terminated, truncated, _ = env.step(action)
            table[state][action] += 0.1 * (reward + table[following].max() - table[state][action])
            state, over = following, terminated or truncated
    return table[0]


def upright(observation: NDArray[np.float32]) -> int:
    return int(observation[2] > 0)


def anything(observation: Any) -> Any:
    return 0


pole = gym.make("CartPole-v1")
print(episode(pole, upright, 0), episode(pole, lambda seen: int(seen[3] > 0), 1))
print(learn(gym.make("FrozenLake-v1"), 3))
print(episode(TimeLimit(FrozenLakeEnv(is_slippery=False), 9), lambda state: 2, 0) >= 0, anything(0))
