"""Solve FrozenLake-v1, on ice that does not slip, and CartPole-v1 by a search tree of snapshots.

    python examples/tree_search.py [FrozenLake-v1 | CartPole-v1] [--steps 100] [--seed 0]

Upper confidence bounds for trees, L. Kocsis and C. Szepesvari, "Bandit based Monte-Carlo planning"
(2006). A node holds a snapshot of the environment, and a clone goes on from there, to the node of
whatever observation comes of an action. Where chance has a say, the clone draws numbers of its
own: a planner must not know how it will turn out. What a new node is worth, random futures tell:
one call of `rollout`.
"""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple

import numpy as np

import dromos as gym

DISCOUNT = 0.99
CURIOSITY = 1.0
DEPTH = 8  # steps from the root at most


class Task(NamedTuple):
    """What differs between environments.

    Attributes:
        arguments: Those of the environment.
        searches: How often the tree is gone through before a step.
        futures: How many random futures tell what a new node is worth, K.
        horizon: How long they are, T.
    """

    arguments: dict[str, Any]
    searches: int
    futures: int
    horizon: int


TASKS = {
    "FrozenLake-v1": Task({"is_slippery": False}, 30, 64, 30),
    "CartPole-v1": Task({}, 12, 16, 30),
}


class Node:
    """A state that a search has come to.

    Attributes:
        state: The environment's snapshot.
        visits: How often each action was taken.
        totals: The sum of the returns that it brought.
    """

    def __init__(self, state: Any, actions: int) -> None:
        """Begin with actions that nobody has taken."""
        self.state = state
        self.visits, self.totals = np.zeros(actions), np.zeros(actions)

    def choice(self) -> int:
        """Return the action to look at next."""
        if (self.visits == 0).any():
            return int(np.argmin(self.visits))
        means = self.totals / self.visits
        scale = CURIOSITY * max(abs(means).max(), 1e-3)
        return int(np.argmax(means + scale * np.sqrt(np.log(self.visits.sum()) / self.visits)))


class Search:
    """Looks ahead in a clone of an environment, and remembers what it has seen."""

    def __init__(self, env: gym.Env, task: Task, seed: int) -> None:
        """Clone the environment."""
        self.task, self.model = task, env.clone()
        self.rng = np.random.default_rng(seed)
        self.actions = int(env.action_space.n)
        self.nodes: dict[bytes, Node] = {}

    def best_action(self, env: gym.Env, observation: Any) -> int:
        """Return the action that brought most, on average, from the environment's state on."""
        root, _ = self.node(observation, env)
        for _ in range(self.task.searches):
            self.visit(root, DEPTH)
        return int(np.argmax(root.totals / root.visits))

    def node(self, observation: Any, env: gym.Env) -> tuple[Node, bool]:
        """Return the node of the state that an environment is in, and whether it is new."""
        key = np.asarray(observation).tobytes()
        is_new = key not in self.nodes
        if is_new:
            self.nodes[key] = Node(env.snapshot(), self.actions)
        return self.nodes[key], is_new

    def visit(self, node: Node, depth: int) -> float:
        """Look at one more action of a node, and return what came of it."""
        action = node.choice()
        self.model.restore(node.state)
        self.model.unwrapped.np_random = self.rng
        observation, reward, terminated, truncated, _ = self.model.step(action)
        value = float(reward)
        if not (terminated or truncated):
            after, is_new = self.node(observation, self.model)
            deeper = not is_new and depth > 0
            value += DISCOUNT * (self.visit(after, depth - 1) if deeper else self.guess())
        node.visits[action] += 1
        node.totals[action] += value
        return value

    def guess(self) -> float:
        """Return what random actions earn from the model's present state on, on average."""
        shape = self.task.futures, self.task.horizon
        actions = self.rng.integers(0, self.actions, shape)
        futures = self.model.rollout(actions, streams=int(self.rng.integers(2**63)))
        return float((futures.rewards @ DISCOUNT ** np.arange(shape[1])).mean())


def main(arguments: list[str] | None = None) -> float:
    """Play one episode and report; return its return."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("env", nargs="?", choices=TASKS, default="FrozenLake-v1")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    task = TASKS[options.env]
    with gym.make(options.env, max_episode_steps=options.steps, **task.arguments) as env:
        observation, _ = env.reset(seed=options.seed)
        search = Search(env, task, options.seed)
        total, steps, over = 0.0, 0, False
        while not over:
            action = search.best_action(env, observation)
            observation, reward, terminated, truncated, _ = env.step(action)
            total, steps, over = total + float(reward), steps + 1, terminated or truncated
    print(f"{options.env}: return {total:.0f} in {steps} steps")
    return total


if __name__ == "__main__":
    main()
