"""Swimmer: three links that learn to swim."""

from __future__ import annotations

from typing import Any

from dromos.envs.mujoco.observed import Observation, whole_run
from dromos.envs.mujoco.robot import Infos, RobotEnv

__all__ = ["SwimmerEnv"]


class SwimmerEnv(RobotEnv):
    """Three links in a viscous fluid, seen from above: swim forwards, to the right.

    ============  ===================================================================
    action        float32 (2,): torques of the two joints, from -1 to 1 (times 150 N m)
    observation   float64 (8,): angles (3), velocities (5)
    start         positions and velocities at rest plus uniform noise of `reset_noise_scale`
    reward        forward velocity minus the cost of controls
    terminated    never
    truncated     after 1000 steps
    ============  ===================================================================
    """

    robot = "Swimmer"
    step_infos: Infos = (
        ("x_position", "x", "float"),
        ("y_position", "y", "float"),
        ("distance_from_origin", "distance", "float"),
        ("x_velocity", "velocity_x", "float"),
        ("y_velocity", "velocity_y", "float"),
        ("reward_forward", "forward", "float"),
        ("reward_ctrl", "control", "action"),
    )
    reset_infos: Infos = step_infos[:3]

    def __init__(
        self,
        xml_file: str = "swimmer.xml",
        frame_skip: int = 4,
        default_camera_config: dict[str, Any] | None = None,
        forward_reward_weight: float = 1.0,
        ctrl_cost_weight: float = 1e-4,
        reset_noise_scale: float = 0.1,
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
            reset_noise_scale: Scale of the noise at the start.
            exclude_current_positions_from_observation: Whether its place is left out.
            **kwargs: See `MujocoEnv`.
        """
        super().__init__(locals())

    def make_observation(self, model: Any) -> Observation:
        """Return the pieces of the observation and `observation_structure`."""
        return whole_run(model, 2 * self._exclude_current_positions_from_observation)
