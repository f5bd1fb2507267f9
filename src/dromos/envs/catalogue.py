"""The built-in environments: one row an id. Versions of an environment are rows, not files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from dromos.registration import EnvSpec, register, registry
from dromos.registration.registry import Collection

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

_BOX2D = "dromos.envs.box2d"

for environment, module, name, kwargs, steps, reward in (
    ("LunarLander-v3", "lunar_lander", "LunarLander", {}, 1000, 200),
    ("LunarLanderContinuous-v3", "lunar_lander", "LunarLander", {"continuous": True}, 1000, 200),
    ("BipedalWalker-v3", "bipedal_walker", "BipedalWalker", {}, 1600, 300),
    ("BipedalWalkerHardcore-v3", "bipedal_walker", "BipedalWalker", {"hardcore": True}, 2000, 300),
    ("CarRacing-v3", "car_racing", "CarRacing", {}, 1000, 900),
):
    register(
        id=environment,
        entry_point=f"{_BOX2D}.{module}:{name}",
        vector_entry_point=f"{_BOX2D}.{module}:{name}VectorEnv",
        max_episode_steps=steps,
        reward_threshold=reward,
        kwargs=kwargs,
    )

# Functions of JAX; `dromos.envs.functional_jax_env` steps them.
for environment, module, name, steps, reward, has_vector in (
    ("phys2d/CartPole-v0", "phys2d.cartpole", "CartPole", 200, 195.0, True),
    ("phys2d/CartPole-v1", "phys2d.cartpole", "CartPole", 500, 475.0, True),
    ("phys2d/Pendulum-v0", "phys2d.pendulum", "Pendulum", 200, None, True),
    ("tabular/Blackjack-v0", "tabular.blackjack", "BlackJack", None, None, False),
    ("tabular/CliffWalking-v0", "tabular.cliffwalking", "CliffWalking", None, None, False),
):
    path = f"dromos.envs.{module}:{name}Jax"
    register(
        id=environment,
        entry_point=f"{path}Env",
        vector_entry_point=f"{path}VectorEnv" if has_vector else None,
        max_episode_steps=steps,
        reward_threshold=reward,
        disable_env_checker=True,
    )

_MUJOCO = "dromos.envs.mujoco"


def not_on_this_mujoco(*args: Any, **kwargs: Any) -> NoReturn:
    """Refuse to make a robot of before MuJoCo 3."""
    raise ImportError(
        "The MuJoCo environments of versions 2 and 3, and Pusher-v4, are built on MuJoCo releases "
        "before 3.0. Use the `v5` environments; the old ones live on in gymnasium-robotics "
        "(https://github.com/Farama-Foundation/gymnasium-robotics)."
    )


for name, module, older, steps, reward in (
    ("Reacher", "reacher", (2,), 50, -3.75),
    ("Pusher", "pusher", (2, 4), 100, 0.0),
    ("InvertedPendulum", "inverted_pendulum", (2,), 1000, 950.0),
    ("InvertedDoublePendulum", "inverted_double_pendulum", (2,), 1000, 9100.0),
    ("HalfCheetah", "half_cheetah", (2, 3), 1000, 4800.0),
    ("Hopper", "hopper", (2, 3), 1000, 3800.0),
    ("Swimmer", "swimmer", (2, 3), 1000, 360.0),
    ("Walker2d", "walker2d", (2, 3), 1000, None),
    ("Ant", "ant", (2, 3), 1000, 6000.0),
    ("Humanoid", "humanoid", (2, 3), 1000, None),
    ("HumanoidStandup", "humanoidstandup", (2,), 1000, None),
):
    for version in older:
        register(id=f"{name}-v{version}", entry_point=not_on_this_mujoco)
    for version in (4, 5):
        if version not in older:
            register(
                id=f"{name}-v{version}",
                entry_point=f"{_MUJOCO}.{module}_v{version}:{name}Env",
                vector_entry_point=f"{_MUJOCO}.vectors:{name}V{version}VectorEnv",
                max_episode_steps=steps,
                reward_threshold=reward,
            )


def _atari_family(namespace: str | None, name: str) -> list[EnvSpec]:
    from dromos.envs import atari_ids  # a table that nobody reads who plays something else

    return atari_ids.family(namespace, name)


def _atari_families() -> Iterable[EnvSpec]:
    from dromos.envs import atari_ids

    return atari_ids.families()


registry.add_collection(
    Collection(_atari_family, _atari_families, stands_for=frozenset({"ale_py.env:AtariEnv"}))
)
