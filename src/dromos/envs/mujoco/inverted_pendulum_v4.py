"""InvertedPendulum in version 4."""

from __future__ import annotations

from dromos.envs.mujoco import inverted_pendulum_v5
from dromos.envs.mujoco.inverted_pendulum_v5 import DEFAULT_CAMERA_CONFIG
from dromos.envs.mujoco.robot import Infos
from dromos.envs.mujoco.version4 import Version4, metadata_at

__all__ = ["DEFAULT_CAMERA_CONFIG", "InvertedPendulumEnv"]


class InvertedPendulumEnv(Version4, inverted_pendulum_v5.InvertedPendulumEnv):
    """`InvertedPendulum-v4`: the last step of an episode is paid, too."""

    metadata = metadata_at(25)
    step_infos: Infos = ()
