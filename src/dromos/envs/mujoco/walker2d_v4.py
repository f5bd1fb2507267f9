"""Walker2d in version 4."""

from __future__ import annotations

from typing import ClassVar

from dromos.envs.mujoco import walker2d_v5
from dromos.envs.mujoco.robot import Infos
from dromos.envs.mujoco.version4 import Version4Healthy, metadata_at
from dromos.envs.mujoco.walker2d_v5 import DEFAULT_CAMERA_CONFIG

__all__ = ["DEFAULT_CAMERA_CONFIG", "Walker2dEnv"]


class Walker2dEnv(Version4Healthy, walker2d_v5.Walker2dEnv):
    """`Walker2d-v4`: the right foot slips more than the left one."""

    metadata = metadata_at(125)
    positional: ClassVar = (
        *("forward_reward_weight", "ctrl_cost_weight", "healthy_reward"),
        *("terminate_when_unhealthy", "healthy_z_range", "healthy_angle_range"),
        *("reset_noise_scale", "exclude_current_positions_from_observation"),
    )
    defaults: ClassVar = {"xml_file": "walker2d.xml"}
    step_infos: Infos = (("x_position", "x", "float"), ("x_velocity", "velocity_x", "float"))
