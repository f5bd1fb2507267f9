"""The cross-entropy method on a vector of environments, top to bottom, in NumPy.

Draw a population of policies from a normal distribution, let each play a few episodes, fit the
distribution to the best of them, and repeat. All policies play at once: each has `EPISODES` lanes
of one vector to itself.

Sources: R. Y. Rubinstein, "The cross-entropy method for combinatorial and continuous
optimization", 1999; the extra noise that decays is from I. Szita and A. Lőrincz, "Learning Tetris
using the noisy cross-entropy method", Neural Computation 18(12), 2006.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from dromos.registration import make_vec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]

__all__ = ["ENV_ID", "LANES", "SOLVED", "Generation", "act", "evaluate", "learn", "seeds"]

ENV_ID = "CartPole-v1"
SOLVED = 475.0  # mean return from which CartPole-v1 counts as solved

CANDIDATES = 64  # policies in a generation
EPISODES = 16  # episodes that judge one policy
LANES = CANDIDATES * EPISODES
ELITE = 12  # policies the next generation is fitted to
HIDDEN = 8  # tanh units of a policy
EXTRA_NOISE = 0.2  # keeps the first generations from settling too early


@dataclass(frozen=True)
class Generation:
    """What one generation did.

    Attributes:
        number: Counted from 1.
        mean_return: Over all episodes of all policies.
        best_return: Mean over the episodes of the best policy.
        steps: Environment steps that belong to the episodes judged.
        seconds: Wall time of playing the episodes.
        env_seconds: The part of `seconds` spent inside ``envs.step``.
        policy: Parameters of the policy in the middle of the fitted distribution.
    """

    number: int
    mean_return: float
    best_return: float
    steps: int
    seconds: float
    env_seconds: float
    policy: Floats


def seeds(seed: int) -> tuple[int, int, int]:
    """Return three unrelated seeds: for the policies, the training and the evaluation episodes."""
    children = np.random.SeedSequence(seed).spawn(3)
    policies, training, evaluation = (int(child.generate_state(1)[0]) for child in children)
    return policies, training, evaluation


def learn(seed: int, most: int = 60) -> Iterator[Generation]:
    """Learn until a whole generation solves the environment on average.

    Args:
        seed: Decides everything that is drawn.
        most: Give up after so many generations.

    Yields:
        A record of each generation; the last one's policy is the result.
    """
    policy_seed, training_seed, _ = seeds(seed)
    rng = np.random.default_rng(policy_seed)
    with closing(make_vec(ENV_ID, num_envs=LANES)) as envs:
        centre = np.zeros(_parameter_count(envs))
        spread = np.ones_like(centre)
        for number in range(1, most + 1):
            noise = rng.standard_normal((CANDIDATES, centre.size))
            candidates = (centre + spread * noise).astype(np.float32)

            observations, _ = envs.reset(seed=training_seed if number == 1 else None)
            started = perf_counter()
            returns, steps, env_seconds = _play(envs, observations, candidates)
            seconds = perf_counter() - started

            fitness = returns.reshape(CANDIDATES, EPISODES).mean(axis=1)
            elite = candidates[np.argsort(fitness)[-ELITE:]].astype(np.float64)
            centre = elite.mean(axis=0)
            spread = elite.std(axis=0) + EXTRA_NOISE / number

            mean, best = float(fitness.mean()), float(fitness.max())
            policy = centre.astype(np.float32)
            yield Generation(number, mean, best, steps, seconds, env_seconds, policy)
            if mean >= SOLVED:
                return


def evaluate(policy: Floats, seed: int, episodes: int = 100) -> NDArray[np.float64]:
    """Return the returns, of shape (episodes,), of fresh episodes that no training has seen."""
    with closing(make_vec(ENV_ID, num_envs=episodes)) as envs:
        observations, _ = envs.reset(seed=seeds(seed)[2])
        returns, _, _ = _play(envs, observations, policy[None])
    return returns


def act(policies: Floats, observations: Floats) -> NDArray[np.int64]:
    """Push left (0) or right (1).

    Args:
        policies: Parameters of k two-layer networks, shape (k, (observation size + 1) * `HIDDEN`).
        observations: Shape (n, observation size); each policy has n / k successive rows.

    Returns:
        Actions of shape (n,).
    """
    count, size = len(policies), observations.shape[1]
    inner = policies[:, : size * HIDDEN].reshape(count, size, HIDDEN)
    outer = policies[:, size * HIDDEN :].reshape(count, HIDDEN, 1)
    hidden = np.tanh(observations.reshape(count, -1, size) @ inner)
    actions: NDArray[np.int64] = (hidden @ outer > 0).astype(np.int64).reshape(-1)
    return actions


def _play(
    envs: Any, observations: Floats, policies: Floats
) -> tuple[NDArray[np.float64], int, float]:
    """Play one episode in every lane.

    Lanes whose episode has ended go on with another that no longer counts.

    Returns:
        The returns, shape (lanes,); the steps that counted; the seconds spent in ``envs.step``.
    """
    returns = np.zeros(len(observations))
    running = np.ones(len(observations), dtype=np.bool_)
    steps, env_seconds = 0, 0.0
    while running.any():
        actions = act(policies, observations)
        called = perf_counter()
        observations, rewards, terminated, truncated, _ = envs.step(actions)
        env_seconds += perf_counter() - called
        returns += rewards * running
        steps += int(np.count_nonzero(running))
        running &= ~(terminated | truncated)
    return returns, steps, env_seconds


def _parameter_count(envs: Any) -> int:
    """Return the number of weights between an observation, `HIDDEN` units and one output."""
    return (int(envs.single_observation_space.shape[0]) + 1) * HIDDEN
