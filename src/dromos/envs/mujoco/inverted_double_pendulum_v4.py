"""InvertedDoublePendulum in version 4."""

from __future__ import annotations

from typing import ClassVar

from dromos.envs.mujoco import inverted_double_pendulum_v5
from dromos.envs.mujoco.inverted_double_pendulum_v5 import DEFAULT_CAMERA_CONFIG
from dromos.envs.mujoco.robot import Infos
from dromos.envs.mujoco.version4 import Version4, metadata_at

__all__ = ["DEFAULT_CAMERA_CONFIG", "InvertedDoublePendulumEnv"]


class InvertedDoublePendulumEnv(Version4, inverted_double_pendulum_v5.InvertedDoublePendulumEnv):
    """`InvertedDoublePendulum-v4`: all forces of constraint are observed."""

    metadata = metadata_at(20)
    defaults: ClassVar = {"default_camera_config": DEFAULT_CAMERA_CONFIG}
    step_infos: Infos = ()
    observed_forces: ClassVar[int] = 3
