"""HumanoidStandup: a body that learns to stand up."""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos.envs.mujoco.observed import Observation, of_humanoid
from dromos.envs.mujoco.robot import Infos, RobotEnv

__all__ = ["DEFAULT_CAMERA_CONFIG", "HumanoidStandupEnv"]

DEFAULT_CAMERA_CONFIG = {
    "trackbodyid": 1,
    "distance": 4.0,
    "lookat": np.array((0.0, 0.0, 0.8925)),
    "elevation": -20.0,
}


class HumanoidStandupEnv(RobotEnv):
    """The humanoid, lying on its back: stand up.

    ============  ===================================================================
    action        float32 (17,): torques of the joints, from -0.4 to 0.4 (times 25 to 300 N m)
    observation   float64 (348,): as of Humanoid
    start         positions and velocities at rest plus uniform noise of `reset_noise_scale`
    reward        height over time step of MuJoCo, minus the costs of controls and of impacts,
                  plus 1
    terminated    never
    truncated     after 1000 steps
    ============  ===================================================================
    """

    robot = "HumanoidStandup"
    step_infos: Infos = (
        ("x_position", "x", "float"),
        ("y_position", "y", "float"),
        ("z_distance_from_origin", "rise", "float"),
        ("tendon_length", "ten_length", "array"),
        ("tendon_velocity", "ten_velocity", "array"),
        ("reward_linup", "lift", "float"),
        ("reward_quadctrl", "control", "float"),
        ("reward_impact", "contact", "float"),
    )
    reset_infos: Infos = step_infos[:5]

    def __init__(
        self,
        xml_file: str = "humanoidstandup.xml",
        frame_skip: int = 5,
        default_camera_config: dict[str, Any] = DEFAULT_CAMERA_CONFIG,
        uph_cost_weight: float = 1,
        ctrl_cost_weight: float = 0.1,
        impact_cost_weight: float = 5e-7,
        impact_cost_range: tuple[float, float] = (-float("inf"), 10.0),
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
            uph_cost_weight: Taken for the peer's sake, which does not use it either.
            ctrl_cost_weight: Cost of the sum of the squared action.
            impact_cost_weight: Cost of the sum of the squared contact forces.
            impact_cost_range: Bounds of that cost.
            reset_noise_scale: Scale of the noise at the start.
            exclude_current_positions_from_observation: Whether its place is left out.
            include_cinert_in_observation: Whether inertias of the bodies are in the observation.
            include_cvel_in_observation: Whether velocities of the bodies are in the observation.
            include_qfrc_actuator_in_observation: Whether forces of the actuators are in it.
            include_cfrc_ext_in_observation: Whether contact forces are in the observation.
            **kwargs: See `MujocoEnv`.
        """
        super().__init__(locals())

    def make_observation(self, model: Any) -> Observation:
        """Return the pieces of the observation and `observation_structure`."""
        return of_humanoid(self, model, first_body=1, first_actuated=6)

    def _reward_arguments(self, action: Any, terminated: bool) -> tuple[Any, ...]:
        return self._made_data().qpos[2], action

    def _get_rew(self, height: float, action: Any, /) -> tuple[float, dict[str, Any]]:
        return self._judged(action, self._lane.look())
