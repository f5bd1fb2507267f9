"""Humanoid in version 4."""

from __future__ import annotations

from typing import ClassVar

from dromos.envs.mujoco import humanoid_v5
from dromos.envs.mujoco.humanoid_v5 import DEFAULT_CAMERA_CONFIG, mass_center
from dromos.envs.mujoco.robot import Infos
from dromos.envs.mujoco.version4 import (
    OF_POINT,
    Version4Healthy,
    Version4Humanoid,
    metadata_at,
)

__all__ = ["DEFAULT_CAMERA_CONFIG", "HumanoidEnv", "mass_center"]


class HumanoidEnv(Version4Humanoid, Version4Healthy, humanoid_v5.HumanoidEnv):
    """`Humanoid-v4`."""

    metadata = metadata_at(67)
    positional: ClassVar = (
        *("forward_reward_weight", "ctrl_cost_weight", "healthy_reward"),
        *("terminate_when_unhealthy", "healthy_z_range", "reset_noise_scale"),
        "exclude_current_positions_from_observation",
    )
    step_infos: Infos = (
        ("reward_linvel", "forward", "float"),
        ("reward_quadctrl", "control", "float"),
        ("reward_alive", "survive", "float"),
        *OF_POINT,
    )
