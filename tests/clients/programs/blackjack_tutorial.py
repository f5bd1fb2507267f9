"""Tabular Q-learning on blackjack, as tutorials teach it."""

import json
from collections import defaultdict

import gymnasium as gym
import numpy as np

EPISODES = 1000


class Agent:
    def __init__(self, env, rate=0.05, discount=0.95):
        self.env, self.rate, self.discount, self.epsilon = env, rate, discount, 1.0
        self.values = defaultdict(lambda: np.zeros(env.action_space.n))
        self.errors = []

    def act(self, observation):
        if np.random.random() < self.epsilon:
            return self.env.action_space.sample()
        return int(np.argmax(self.values[observation]))

    def update(self, observation, action, reward, terminated, following):
        best = (not terminated) * np.max(self.values[following])
        error = reward + self.discount * best - self.values[observation][action]
        self.values[observation][action] += self.rate * error
        self.errors.append(error)


env = gym.make("Blackjack-v1", sab=False)
env = gym.wrappers.RecordEpisodeStatistics(env, buffer_length=EPISODES)
agent = Agent(env)
for _ in range(EPISODES):
    observation, info = env.reset()
    done = False
    while not done:
        action = agent.act(observation)
        following, reward, terminated, truncated, info = env.step(action)
        agent.update(observation, action, reward, terminated, following)
        done, observation = terminated or truncated, following
    agent.epsilon = max(0.1, agent.epsilon - 2 / EPISODES)

returns = np.array(env.return_queue).flatten()
said = {
    "episodes": len(env.return_queue),
    "lengths": len(env.length_queue),
    "returns": sorted(set(returns.tolist())),
    "states": len(agent.values),
}
print(json.dumps(said))
