"""HumanoidStandup in version 4."""

from __future__ import annotations

from dromos.envs.mujoco import humanoidstandup_v5
from dromos.envs.mujoco.humanoidstandup_v5 import DEFAULT_CAMERA_CONFIG
from dromos.envs.mujoco.robot import Infos
from dromos.envs.mujoco.version4 import Version4Humanoid, metadata_at

__all__ = ["DEFAULT_CAMERA_CONFIG", "HumanoidStandupEnv"]


class HumanoidStandupEnv(Version4Humanoid, humanoidstandup_v5.HumanoidStandupEnv):
    """`HumanoidStandup-v4`."""

    metadata = metadata_at(67)
    step_infos: Infos = humanoidstandup_v5.HumanoidStandupEnv.step_infos[5:]
