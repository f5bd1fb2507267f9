"""The robots of version 3, which took arguments; contacts cost, unlike in version 4."""

from __future__ import annotations

from typing import Any, ClassVar

from dromos.compat.old_envs import robots_v2
from dromos.compat.old_envs.robots import OF_ANT, OF_HUMANOID, RobotThen
from dromos.envs.mujoco import half_cheetah_v4, hopper_v4, humanoid_v4, swimmer_v4, walker2d_v4
from dromos.envs.mujoco.robot import Infos
from dromos.envs.mujoco.version4 import OF_POINT

__all__ = ["AntEnv", "HalfCheetahEnv", "HopperEnv", "HumanoidEnv", "SwimmerEnv", "Walker2dEnv"]


class AntEnv(robots_v2.AntEnv):
    """`Ant-v3`."""

    positional: ClassVar[Any] = (
        *("xml_file", "ctrl_cost_weight", "contact_cost_weight", "healthy_reward"),
        *("terminate_when_unhealthy", "healthy_z_range", "contact_force_range"),
        *("reset_noise_scale", "exclude_current_positions_from_observation"),
    )
    step_infos: Infos = OF_ANT + OF_POINT


class HalfCheetahEnv(RobotThen, half_cheetah_v4.HalfCheetahEnv):
    """`HalfCheetah-v3`."""

    positional: ClassVar[Any] = ("xml_file", *half_cheetah_v4.HalfCheetahEnv.positional)
    starts_normal = True


class HopperEnv(RobotThen, hopper_v4.HopperEnv):
    """`Hopper-v3`."""

    positional: ClassVar[Any] = ("xml_file", *hopper_v4.HopperEnv.positional)


class HumanoidEnv(RobotThen, humanoid_v4.HumanoidEnv):
    """`Humanoid-v3`."""

    positional: ClassVar[Any] = (
        *("xml_file", "forward_reward_weight", "ctrl_cost_weight", "contact_cost_weight"),
        *("contact_cost_range", "healthy_reward", "terminate_when_unhealthy"),
        *("healthy_z_range", "reset_noise_scale", "exclude_current_positions_from_observation"),
    )
    step_infos: Infos = OF_HUMANOID + OF_POINT


class SwimmerEnv(RobotThen, swimmer_v4.SwimmerEnv):
    """`Swimmer-v3`."""

    positional: ClassVar[Any] = ("xml_file", *swimmer_v4.SwimmerEnv.positional)


class Walker2dEnv(RobotThen, walker2d_v4.Walker2dEnv):
    """`Walker2d-v3`."""

    positional: ClassVar[Any] = ("xml_file", *walker2d_v4.Walker2dEnv.positional)
