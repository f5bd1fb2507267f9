"""HalfCheetah in version 4."""

from __future__ import annotations

from typing import ClassVar

from dromos.envs.mujoco import half_cheetah_v5
from dromos.envs.mujoco.half_cheetah_v5 import DEFAULT_CAMERA_CONFIG
from dromos.envs.mujoco.robot import Infos
from dromos.envs.mujoco.version4 import Version4, metadata_at

__all__ = ["DEFAULT_CAMERA_CONFIG", "HalfCheetahEnv"]


class HalfCheetahEnv(Version4, half_cheetah_v5.HalfCheetahEnv):
    """`HalfCheetah-v4`."""

    metadata = metadata_at(20)
    positional: ClassVar = (
        *("forward_reward_weight", "ctrl_cost_weight", "reset_noise_scale"),
        "exclude_current_positions_from_observation",
    )
    step_infos: Infos = (
        ("x_position", "x", "float"),
        ("x_velocity", "velocity_x", "float"),
        ("reward_run", "forward", "float"),
        ("reward_ctrl", "control", "action"),
    )
