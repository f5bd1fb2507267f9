"""Humanoid: a body of thirteen parts that learns to walk."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.envs.mujoco.observed import Observation, of_humanoid
from dromos.envs.mujoco.robot import Infos, RobotEnv

__all__ = ["DEFAULT_CAMERA_CONFIG", "HumanoidEnv", "mass_center"]

DEFAULT_CAMERA_CONFIG = {
    "trackbodyid": 1,
    "distance": 4.0,
    "lookat": np.array((0.0, 0.0, 2.0)),
    "elevation": -20.0,
}


def mass_center(model: Any, data: Any) -> NDArray[np.float64]:
    """Return x and y (2,) of the centre of mass of all bodies, m.

    Args:
        model: The ``mujoco.MjModel``.
        data: The ``mujoco.MjData``.
    """
    masses = model.body_mass[:, np.newaxis]
    center: NDArray[np.float64] = (masses * data.xipos).sum(axis=0) / masses.sum()
    return center[:2]


class HumanoidEnv(RobotEnv):
    """A torso with legs and arms: walk forwards, to the right, without falling.

    ============  ===================================================================
    action        float32 (17,): torques of the joints, from -0.4 to 0.4 (times 25 to 300 N m)
    observation   float64 (348,): positions without x and y (22), velocities (23), inertias (130)
                  and velocities (78) of the bodies, forces of the actuators (17), contact
                  forces (78)
    start         positions and velocities at rest plus uniform noise of `reset_noise_scale`
    reward        forward velocity of the centre of mass, plus `healthy_reward`, minus the costs of
                  controls and of contacts
    terminated    if the height leaves `healthy_z_range`
    truncated     after 1000 steps
    ============  ===================================================================
    """

    robot = "Humanoid"
    step_infos: Infos = (
        ("x_position", "x", "float"),
        ("y_position", "y", "float"),
        ("tendon_length", "ten_length", "array"),
        ("tendon_velocity", "ten_velocity", "array"),
        ("distance_from_origin", "distance", "float"),
        ("x_velocity", "velocity_x", "float"),
        ("y_velocity", "velocity_y", "float"),
        ("reward_survive", "survive", "float"),
        ("reward_forward", "forward", "float"),
        ("reward_ctrl", "control", "float"),
        ("reward_contact", "contact", "float"),
    )
    reset_infos: Infos = step_infos[:5]

    def __init__(
        self,
        xml_file: str = "humanoid.xml",
        frame_skip: int = 5,
        default_camera_config: dict[str, Any] = DEFAULT_CAMERA_CONFIG,
        forward_reward_weight: float = 1.25,
        ctrl_cost_weight: float = 0.1,
        contact_cost_weight: float = 5e-7,
        contact_cost_range: tuple[float, float] = (-float("inf"), 10.0),
        healthy_reward: float = 5.0,
        terminate_when_unhealthy: bool = True,
        healthy_z_range: tuple[float, float] = (1.0, 2.0),
        reset_noise_scale: float = 1e-2,
        exclude_current_positions_from_observation: bool = True,
        include_cinert_in_observation: bool = True,
        include_cvel_in_observation: bool = True,
        include_qfrc_actuator_in_observation: bool = True,
        include_cfrc_ext_in_observation: bool = True,
        **kwargs: Any,
    ) -> None:
        """Make the environment; `MujocoEnv` explains the arguments that are not named here.

        Args:
            xml_file: The model, by name or path.
            frame_skip: Steps of MuJoCo in a step.
            default_camera_config: Attributes of the free camera.
            forward_reward_weight: Reward for a velocity of 1 m/s.
            ctrl_cost_weight: Cost of the sum of the squared action.
            contact_cost_weight: Cost of the sum of the squared contact forces.
            contact_cost_range: Bounds of that cost.
            healthy_reward: Reward of each step in which the robot is healthy.
            terminate_when_unhealthy: Whether the episode ends when the robot is not healthy.
            healthy_z_range: Heights of a healthy robot, m.
            reset_noise_scale: Scale of the noise at the start.
            exclude_current_positions_from_observation: Whether its place is left out.
            include_cinert_in_observation: Whether inertias of the bodies are in the observation.
            include_cvel_in_observation: Whether velocities of the bodies are in the observation.
            include_qfrc_actuator_in_observation: Whether forces of the actuators are in it.
            include_cfrc_ext_in_observation: Whether contact forces are in the observation.
            **kwargs: See `MujocoEnv`.
        """
        super().__init__(locals())

    def make_numbers(self, model: Any) -> dict[str, float]:
        """Return that contacts cost."""
        return {"counts_contact": 1.0}

    def make_observation(self, model: Any) -> Observation:
        """Return the pieces of the observation and `observation_structure`."""
        return of_humanoid(self, model, first_body=1, first_actuated=6)
