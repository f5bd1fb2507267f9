"""The vectors of the robots: a class for each, so that specs and pickles can name them."""

from __future__ import annotations

from dromos.envs.mujoco.vector_env import RobotVectorEnv

__all__ = [
    "AntV4VectorEnv",
    "AntV5VectorEnv",
    "HalfCheetahV4VectorEnv",
    "HalfCheetahV5VectorEnv",
    "HopperV4VectorEnv",
    "HopperV5VectorEnv",
    "HumanoidStandupV4VectorEnv",
    "HumanoidStandupV5VectorEnv",
    "HumanoidV4VectorEnv",
    "HumanoidV5VectorEnv",
    "InvertedDoublePendulumV4VectorEnv",
    "InvertedDoublePendulumV5VectorEnv",
    "InvertedPendulumV4VectorEnv",
    "InvertedPendulumV5VectorEnv",
    "PusherV5VectorEnv",
    "ReacherV4VectorEnv",
    "ReacherV5VectorEnv",
    "SwimmerV4VectorEnv",
    "SwimmerV5VectorEnv",
    "Walker2dV4VectorEnv",
    "Walker2dV5VectorEnv",
]


class AntV4VectorEnv(RobotVectorEnv):
    """Many lanes of `Ant-v4`."""

    single = "dromos.envs.mujoco.ant_v4:AntEnv"


class AntV5VectorEnv(RobotVectorEnv):
    """Many lanes of `Ant-v5`."""

    single = "dromos.envs.mujoco.ant_v5:AntEnv"


class HalfCheetahV4VectorEnv(RobotVectorEnv):
    """Many lanes of `HalfCheetah-v4`."""

    single = "dromos.envs.mujoco.half_cheetah_v4:HalfCheetahEnv"


class HalfCheetahV5VectorEnv(RobotVectorEnv):
    """Many lanes of `HalfCheetah-v5`."""

    single = "dromos.envs.mujoco.half_cheetah_v5:HalfCheetahEnv"


class HopperV4VectorEnv(RobotVectorEnv):
    """Many lanes of `Hopper-v4`."""

    single = "dromos.envs.mujoco.hopper_v4:HopperEnv"


class HopperV5VectorEnv(RobotVectorEnv):
    """Many lanes of `Hopper-v5`."""

    single = "dromos.envs.mujoco.hopper_v5:HopperEnv"


class HumanoidV4VectorEnv(RobotVectorEnv):
    """Many lanes of `Humanoid-v4`."""

    single = "dromos.envs.mujoco.humanoid_v4:HumanoidEnv"


class HumanoidV5VectorEnv(RobotVectorEnv):
    """Many lanes of `Humanoid-v5`."""

    single = "dromos.envs.mujoco.humanoid_v5:HumanoidEnv"


class HumanoidStandupV4VectorEnv(RobotVectorEnv):
    """Many lanes of `HumanoidStandup-v4`."""

    single = "dromos.envs.mujoco.humanoidstandup_v4:HumanoidStandupEnv"


class HumanoidStandupV5VectorEnv(RobotVectorEnv):
    """Many lanes of `HumanoidStandup-v5`."""

    single = "dromos.envs.mujoco.humanoidstandup_v5:HumanoidStandupEnv"


class InvertedDoublePendulumV4VectorEnv(RobotVectorEnv):
    """Many lanes of `InvertedDoublePendulum-v4`."""

    single = "dromos.envs.mujoco.inverted_double_pendulum_v4:InvertedDoublePendulumEnv"


class InvertedDoublePendulumV5VectorEnv(RobotVectorEnv):
    """Many lanes of `InvertedDoublePendulum-v5`."""

    single = "dromos.envs.mujoco.inverted_double_pendulum_v5:InvertedDoublePendulumEnv"


class InvertedPendulumV4VectorEnv(RobotVectorEnv):
    """Many lanes of `InvertedPendulum-v4`."""

    single = "dromos.envs.mujoco.inverted_pendulum_v4:InvertedPendulumEnv"


class InvertedPendulumV5VectorEnv(RobotVectorEnv):
    """Many lanes of `InvertedPendulum-v5`."""

    single = "dromos.envs.mujoco.inverted_pendulum_v5:InvertedPendulumEnv"


class PusherV5VectorEnv(RobotVectorEnv):
    """Many lanes of `Pusher-v5`."""

    single = "dromos.envs.mujoco.pusher_v5:PusherEnv"


class ReacherV4VectorEnv(RobotVectorEnv):
    """Many lanes of `Reacher-v4`."""

    single = "dromos.envs.mujoco.reacher_v4:ReacherEnv"


class ReacherV5VectorEnv(RobotVectorEnv):
    """Many lanes of `Reacher-v5`."""

    single = "dromos.envs.mujoco.reacher_v5:ReacherEnv"


class SwimmerV4VectorEnv(RobotVectorEnv):
    """Many lanes of `Swimmer-v4`."""

    single = "dromos.envs.mujoco.swimmer_v4:SwimmerEnv"


class SwimmerV5VectorEnv(RobotVectorEnv):
    """Many lanes of `Swimmer-v5`."""

    single = "dromos.envs.mujoco.swimmer_v5:SwimmerEnv"


class Walker2dV4VectorEnv(RobotVectorEnv):
    """Many lanes of `Walker2d-v4`."""

    single = "dromos.envs.mujoco.walker2d_v4:Walker2dEnv"


class Walker2dV5VectorEnv(RobotVectorEnv):
    """Many lanes of `Walker2d-v5`."""

    single = "dromos.envs.mujoco.walker2d_v5:Walker2dEnv"
