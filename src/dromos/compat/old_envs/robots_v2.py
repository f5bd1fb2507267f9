"""The robots of version 2, and of version 1, which differed in its number.

They tell less in their infos than later ones, and contacts cost.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.compat.old_envs.robots import OF_ANT, OF_HUMANOID, RobotThen
from dromos.envs.mujoco import (
    ant_v4,
    half_cheetah_v4,
    hopper_v4,
    humanoid_v4,
    humanoidstandup_v4,
    inverted_double_pendulum_v4,
    inverted_pendulum_v4,
    pusher_v5,
    reacher_v4,
    swimmer_v4,
    walker2d_v4,
)
from dromos.envs.mujoco.robot import Infos
from dromos.envs.mujoco.version4 import metadata_at

__all__ = [
    "AntEnv",
    "HalfCheetahEnv",
    "HopperEnv",
    "HumanoidEnv",
    "HumanoidStandupEnv",
    "InvertedDoublePendulumEnv",
    "InvertedPendulumEnv",
    "PusherEnv",
    "ReacherEnv",
    "SwimmerEnv",
    "Walker2dEnv",
]

#: Until this release targets were drawn from the whole square around the disc they are in now.
_SQUARE_UNTIL = (0, 10)


class AntEnv(RobotThen, ant_v4.AntEnv):
    """`Ant-v2`: 111 numbers are observed, 84 of them forces on the bodies."""

    step_infos: Infos = OF_ANT  # pyright: ignore[reportIncompatibleMethodOverride]
    starts_normal = True

    def _by_name(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        return super()._by_name(args, {"use_contact_forces": True, **kwargs})


class HalfCheetahEnv(RobotThen, half_cheetah_v4.HalfCheetahEnv):
    """`HalfCheetah-v2`."""

    step_infos: Infos = half_cheetah_v4.HalfCheetahEnv.step_infos[2:]
    starts_normal = True


class HopperEnv(RobotThen, hopper_v4.HopperEnv):
    """`Hopper-v2`."""

    step_infos: Infos = ()


class HumanoidEnv(RobotThen, humanoid_v4.HumanoidEnv):
    """`Humanoid-v2`."""

    step_infos: Infos = OF_HUMANOID


class HumanoidStandupEnv(RobotThen, humanoidstandup_v4.HumanoidStandupEnv):
    """`HumanoidStandup-v2`."""

    _weight_of_contacts = 5e-7

    def make_numbers(self, model: Any) -> dict[str, float]:
        """Return the numbers of the task; contacts that are not felt cost nothing."""
        weight = self._weight_of_contacts if self._is_felt else 0.0
        return {**super().make_numbers(model), "contact_cost_weight": weight}


class InvertedDoublePendulumEnv(RobotThen, inverted_double_pendulum_v4.InvertedDoublePendulumEnv):
    """`InvertedDoublePendulum-v2`."""

    starts_normal = True


class InvertedPendulumEnv(RobotThen, inverted_pendulum_v4.InvertedPendulumEnv):
    """`InvertedPendulum-v2`."""


class PusherEnv(RobotThen, pusher_v5.PusherEnv):
    """`Pusher-v2` and `Pusher-v4`: the reward is that of the state before the step.

    The model is that of version 5: what was pushed before has less mass than MuJoCo 3 allows.
    """

    metadata = metadata_at(20)

    def make_numbers(self, model: Any) -> dict[str, float]:
        """Return the numbers of the bodies that are paid for, which are all it has."""
        return pusher_v5.PusherEnv.make_numbers(self, model)

    def step(
        self, action: NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.float64], float, bool, bool, dict[str, Any]]:
        """Advance the arm by one action."""
        action = np.asarray(action)
        if action.shape != (self._model.nu,):
            return super().step(action)  # which refuses it
        look = self._lane.look()
        reach, near = (self._lane.fact(name, action, look) for name in ("reach", "near"))
        control = -np.square(action).sum()
        observation, _, terminated, truncated, told = super().step(action)
        if "diverged" in told:
            return observation, 0.0, terminated, truncated, told
        reward = reach + self._reward_control_weight * float(control) + near
        told = {"reward_dist": reach, "reward_ctrl": control}
        return observation, reward, terminated, truncated, told


class ReacherEnv(RobotThen, reacher_v4.ReacherEnv):
    """`Reacher-v2`."""

    def reset_model(self) -> NDArray[np.float64]:
        """Draw a start state and a target, and return the observation."""
        if self._release > _SQUARE_UNTIL:
            return super().reset_model()
        qpos = self.np_random.uniform(-0.1, 0.1, self.init_qpos.size) + self.init_qpos
        qpos[-2:] = self.np_random.uniform(-0.2, 0.2, 2)
        qvel = self.init_qvel + self.np_random.uniform(-0.005, 0.005, self.init_qvel.size)
        qvel[-2:] = 0
        self.set_state(qpos, qvel)
        return self._get_obs()


class SwimmerEnv(RobotThen, swimmer_v4.SwimmerEnv):
    """`Swimmer-v2`."""

    step_infos: Infos = swimmer_v4.SwimmerEnv.step_infos[:2]


class Walker2dEnv(RobotThen, walker2d_v4.Walker2dEnv):
    """`Walker2d-v2`."""

    step_infos: Infos = ()
