"""Hopper in version 4."""

from __future__ import annotations

from typing import ClassVar

from dromos.envs.mujoco import hopper_v5
from dromos.envs.mujoco.hopper_v5 import DEFAULT_CAMERA_CONFIG
from dromos.envs.mujoco.robot import Infos
from dromos.envs.mujoco.version4 import Version4Healthy, metadata_at

__all__ = ["DEFAULT_CAMERA_CONFIG", "HopperEnv"]


class HopperEnv(Version4Healthy, hopper_v5.HopperEnv):
    """`Hopper-v4`."""

    metadata = metadata_at(125)
    positional: ClassVar = (
        *("forward_reward_weight", "ctrl_cost_weight", "healthy_reward"),
        *("terminate_when_unhealthy", "healthy_state_range", "healthy_z_range"),
        *("healthy_angle_range", "reset_noise_scale"),
        "exclude_current_positions_from_observation",
    )
    step_infos: Infos = (("x_position", "x", "float"), ("x_velocity", "velocity_x", "float"))
