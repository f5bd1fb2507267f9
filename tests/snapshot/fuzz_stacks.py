"""The stacks that hostile snapshots are restored into: environments, wrappers, vectors."""

import itertools

import numpy as np
from snapshot_envs import build as build_users

import dromos as gym
from dromos import wrappers
from dromos.native import Choice, Uniform
from dromos.wrappers import vector as vector_wrappers

IDS = [
    "CartPole-v1",
    "MountainCar-v0",
    "MountainCarContinuous-v0",
    "Pendulum-v1",
    "Acrobot-v1",
    "Blackjack-v1",
    "FrozenLake-v1",
    "FrozenLake8x8-v1",
    "CliffWalking-v1",
    "CliffWalkingSlippery-v1",
    "Taxi-v4",
]
ELSEWHERE = ["InvertedPendulum-v5", "LunarLander-v3", "ALE/Pong-v5"]
SINGLE = {
    "stack": lambda env: wrappers.FrameStackObservation(env, 3),
    "lazy": lambda env: wrappers.FrameStackObservation(env, 3, lazy=True),
    "delay": lambda env: wrappers.DelayObservation(env, 2),
    "time": wrappers.TimeAwareObservation,
    "normal": wrappers.NormalizeObservation,
    "reward": wrappers.NormalizeReward,
    "statistics": wrappers.RecordEpisodeStatistics,
    "sticky": lambda env: wrappers.StickyAction(env, 0.3, (1, 3)),
    "autoreset": wrappers.Autoreset,
    "many": lambda env: wrappers.NormalizeReward(
        wrappers.FrameStackObservation(wrappers.RecordEpisodeStatistics(env), 2)
    ),
}
VECTOR = {
    "stack": lambda envs: vector_wrappers.FrameStackObservation(envs, 3),
    "lazy": lambda envs: vector_wrappers.FrameStackObservation(envs, 3, lazy=True),
    "delay": lambda envs: vector_wrappers.DelayObservation(envs, 2),
    "normal": vector_wrappers.NormalizeObservation,
    "reward": vector_wrappers.NormalizeReward,
    "statistics": vector_wrappers.RecordEpisodeStatistics,
}
MODES = ["NextStep", "SameStep", "Disabled"]


def _vector(env_id, kind, mode, wrap=lambda envs: envs):
    envs = gym.make_vec(env_id, 3, vectorization_mode=kind, vector_kwargs={"autoreset_mode": mode})
    return wrap(envs)


def _collected():
    return wrappers.RenderCollection(gym.make("FrozenLake-v1", render_mode="ansi"))


def stacks():
    """Return what builds each stack, by name."""
    found = {env_id: lambda env_id=env_id: gym.make(env_id) for env_id in IDS}
    found["drawn"] = lambda: gym.make(
        "CartPole-v1", length=Uniform(0.2, 1.0), gravity=Choice([9.0, 10.0])
    )
    found["collected"] = _collected
    for env_id in ELSEWHERE:  # whose state lives in another library, or in bodies of the plane
        found[env_id] = lambda env_id=env_id: gym.make(env_id)
    for name, wrap in SINGLE.items():
        found[f"CartPole {name}"] = lambda wrap=wrap: wrap(gym.make("CartPole-v1"))
    for env_id, name in itertools.product(["Taxi-v4", "Blackjack-v1"], ["stack", "statistics"]):
        found[f"{env_id} {name}"] = lambda i=env_id, n=name: SINGLE[n](gym.make(i))
    native = "vector_entry_point"
    for env_id, mode in itertools.product(["CartPole-v1", "FrozenLake-v1"], MODES):
        found[f"{env_id} native {mode}"] = lambda i=env_id, m=mode: _vector(i, native, m)
    for env_id, mode in itertools.product(["Pendulum-v1", "Taxi-v4"], MODES[:2]):
        found[f"{env_id} sync {mode}"] = lambda i=env_id, m=mode: _vector(i, "sync", m)
    for name, mode in itertools.product(VECTOR, MODES[:2]):
        found[f"CartPole vector {name} {mode}"] = lambda n=name, m=mode: _vector(
            "CartPole-v1", native, m, VECTOR[n]
        )
    for name in ("grid", "stack", "imagining", "foreign"):
        found[f"user's {name}"] = lambda name=name: build_users(name)
    return found


def play(env, steps=2):
    """Reset if need be and step; return the observations, for checks."""
    observations = []
    for _ in range(steps):
        try:
            result = env.step(valid_action(env))
        except gym.error.ResetNeeded:
            observations.append(env.reset()[0])
        else:
            observations.append(result[0])
            # It may be NaN: the constructor takes a force of gravity of 1e300.
            assert np.asarray(result[1]).dtype.kind in "fi", result[1]
            assert np.asarray(result[2]).dtype == bool, result[2]
            assert np.asarray(result[3]).dtype == bool, result[3]
            if np.ndim(result[2]) == 0 and (result[2] or result[3]):
                observations.append(env.reset()[0])
    return observations


def valid_action(env):
    """Return an action that is valid whatever the generators of the space have been made to be."""
    space = env.action_space
    space.contains(space.sample())
    if isinstance(space, gym.spaces.Discrete):
        return int(space.start)
    if isinstance(space, gym.spaces.MultiDiscrete):
        return np.zeros(space.shape, space.dtype)
    return np.zeros(space.shape, space.dtype)


def check_observation(env, observation):
    """Check the shape and dtype of an observation, and that it lies in a space that is finite."""
    space = env.observation_space
    if isinstance(space, gym.spaces.Box):
        array = np.asarray(observation)
        assert array.shape == space.shape, (array.shape, space)
        assert array.dtype == space.dtype, (array.dtype, space)
    elif isinstance(space, gym.spaces.Tuple):
        for part, one in zip(space.spaces, observation, strict=True):
            assert part.contains(one), (observation, space)
    else:
        assert space.contains(observation), (observation, space)
