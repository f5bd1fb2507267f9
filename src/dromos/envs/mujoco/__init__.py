"""Environments on MuJoCo: eleven robots, and `MujocoEnv` for models of your own."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dromos.envs.mujoco.mujoco_env import MujocoEnv as MujocoEnv
    from dromos.envs.mujoco.mujoco_rendering import MujocoRenderer as MujocoRenderer

__all__ = ["MujocoEnv", "MujocoRenderer"]


def __getattr__(name: str) -> Any:
    if name == "MujocoEnv":
        from dromos.envs.mujoco.mujoco_env import MujocoEnv

        return MujocoEnv
    if name == "MujocoRenderer":
        from dromos.envs.mujoco.mujoco_rendering import MujocoRenderer

        return MujocoRenderer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
