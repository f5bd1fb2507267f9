"""Hopper: one leg that learns to hop."""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos.envs.mujoco.observed import Observation, whole_run
from dromos.envs.mujoco.robot import Infos, RobotEnv

__all__ = ["DEFAULT_CAMERA_CONFIG", "HopperEnv"]

DEFAULT_CAMERA_CONFIG = {
    "trackbodyid": 2,
    "distance": 3.0,
    "lookat": np.array((0.0, 0.0, 1.15)),
    "elevation": -20.0,
}


class HopperEnv(RobotEnv):
    """A torso on one leg: hop forwards, to the right.

    ============  ===================================================================
    action        float32 (3,): torques of thigh, leg and foot, from -1 to 1 (times 200 N m)
    observation   float64 (11,): positions without x (5), velocities clipped to [-10, 10] (6)
    start         positions and velocities at rest plus uniform noise of `reset_noise_scale`
    reward        forward velocity, plus `healthy_reward`, minus the cost of controls
    terminated    if height, angle or a number of the state leaves its healthy range
    truncated     after 1000 steps
    ============  ===================================================================
    """

    robot = "Hopper"
    step_infos: Infos = (
        ("x_position", "x", "float"),
        ("z_distance_from_origin", "rise", "float"),
        ("x_velocity", "velocity_x", "float"),
        ("reward_forward", "forward", "float"),
        ("reward_ctrl", "control", "action"),
        ("reward_survive", "survive", "float"),
    )
    reset_infos: Infos = step_infos[:2]

    def __init__(
        self,
        xml_file: str = "hopper.xml",
        frame_skip: int = 4,
        default_camera_config: dict[str, Any] = DEFAULT_CAMERA_CONFIG,
        forward_reward_weight: float = 1.0,
        ctrl_cost_weight: float = 1e-3,
        healthy_reward: float = 1.0,
        terminate_when_unhealthy: bool = True,
        healthy_state_range: tuple[float, float] = (-100.0, 100.0),
        healthy_z_range: tuple[float, float] = (0.7, float("inf")),
        healthy_angle_range: tuple[float, float] = (-0.2, 0.2),
        reset_noise_scale: float = 5e-3,
        exclude_current_positions_from_observation: bool = True,
        **kwargs: Any,
    ) -> None:
        """Make the environment; `MujocoEnv` explains the arguments that are not named here.

        Args:
            xml_file: The model, by name or path.
            frame_skip: Steps of MuJoCo in a step.
            default_camera_config: Attributes of the free camera.
            forward_reward_weight: Reward for a velocity of 1 m/s.
            ctrl_cost_weight: Cost of the sum of the squared action.
            healthy_reward: Reward of each step in which the robot is healthy.
            terminate_when_unhealthy: Whether the episode ends when the robot is not healthy.
            healthy_state_range: Bounds of a healthy robot's coordinates but the first two, and
                of its velocities.
            healthy_z_range: Heights of a healthy robot, m.
            healthy_angle_range: Angles of a healthy torso, rad.
            reset_noise_scale: Scale of the noise at the start.
            exclude_current_positions_from_observation: Whether its place is left out.
            **kwargs: See `MujocoEnv`.
        """
        super().__init__(locals())

    def make_observation(self, model: Any) -> Observation:
        """Return the pieces of the observation and `observation_structure`."""
        return whole_run(model, 1 * self._exclude_current_positions_from_observation, clip=10.0)
