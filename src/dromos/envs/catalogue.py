"""The built-in environments: one row an id. Versions of an environment are rows, not files."""

from __future__ import annotations

from dromos.registration import register

__all__: list[str] = []

_CART_POLE = "dromos.envs.classic_control.cartpole"

for version, limit, threshold in ((0, 200, 195.0), (1, 500, 475.0)):
    register(
        id=f"CartPole-v{version}",
        entry_point=f"{_CART_POLE}:CartPoleEnv",
        vector_entry_point=f"{_CART_POLE}:CartPoleVectorEnv",
        max_episode_steps=limit,
        reward_threshold=threshold,
    )
