"""Swimmer in version 4."""

from __future__ import annotations

from typing import ClassVar

from dromos.envs.mujoco import swimmer_v5
from dromos.envs.mujoco.robot import Infos
from dromos.envs.mujoco.version4 import OF_POINT, Version4, metadata_at

__all__ = ["SwimmerEnv"]


class SwimmerEnv(Version4, swimmer_v5.SwimmerEnv):
    """`Swimmer-v4`."""

    metadata = metadata_at(25)
    positional: ClassVar = (
        *("forward_reward_weight", "ctrl_cost_weight", "reset_noise_scale"),
        "exclude_current_positions_from_observation",
    )
    step_infos: Infos = (
        ("reward_fwd", "forward", "float"),
        ("reward_ctrl", "control", "action"),
        *OF_POINT,
    )
