"""The built-in environments: one row an id. Versions of an environment are rows, not files."""

from __future__ import annotations

from dromos.registration import register

__all__: list[str] = []

_CLASSIC = "dromos.envs.classic_control"

for env_id, module, name, limit, threshold in (
    ("CartPole-v0", "cartpole", "CartPole", 200, 195.0),
    ("CartPole-v1", "cartpole", "CartPole", 500, 475.0),
    ("MountainCar-v0", "mountain_car", "MountainCar", 200, -110.0),
    (
        "MountainCarContinuous-v0",
        "continuous_mountain_car",
        "Continuous_MountainCar",
        999,
        90.0,
    ),
    ("Pendulum-v1", "pendulum", "Pendulum", 200, None),
    ("Acrobot-v1", "acrobot", "Acrobot", 500, -100.0),
):
    register(
        id=env_id,
        entry_point=f"{_CLASSIC}.{module}:{name}Env",
        vector_entry_point=f"{_CLASSIC}.{module}:{name}VectorEnv",
        max_episode_steps=limit,
        reward_threshold=threshold,
    )

_TOY_TEXT = "dromos.envs.toy_text"

for environment, module, name, kwargs, steps, reward in (
    ("Blackjack-v1", "blackjack", "Blackjack", {"sab": True, "natural": False}, None, None),
    ("FrozenLake-v1", "frozen_lake", "FrozenLake", {"map_name": "4x4"}, 100, 0.70),
    ("FrozenLake8x8-v1", "frozen_lake", "FrozenLake", {"map_name": "8x8"}, 200, 0.85),
    ("CliffWalking-v1", "cliffwalking", "CliffWalking", {}, None, None),
    ("CliffWalkingSlippery-v1", "cliffwalking", "CliffWalking", {"is_slippery": True}, None, None),
    ("Taxi-v4", "taxi", "Taxi", {}, 200, 8.0),
):
    register(
        id=environment,
        entry_point=f"{_TOY_TEXT}.{module}:{name}Env",
        vector_entry_point=f"{_TOY_TEXT}.{module}:{name}VectorEnv",
        max_episode_steps=steps,
        reward_threshold=reward,
        kwargs=kwargs,
    )
