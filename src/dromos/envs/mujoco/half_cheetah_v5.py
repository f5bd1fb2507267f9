"""HalfCheetah: a flat cheetah of two legs that learns to run."""

from __future__ import annotations

from typing import Any

from dromos.envs.mujoco.observed import Observation, whole_run
from dromos.envs.mujoco.robot import Infos, RobotEnv

__all__ = ["DEFAULT_CAMERA_CONFIG", "HalfCheetahEnv"]

DEFAULT_CAMERA_CONFIG = {"distance": 4.0}


class HalfCheetahEnv(RobotEnv):
    """A flat cheetah of a torso and two legs of three joints: run forwards, to the right.

    ============  ===================================================================
    action        float32 (6,): torques of thighs, shins, feet, from -1 to 1 (times 30 to 120 N m)
    observation   float64 (17,): positions without x (8), velocities (9)
    start         positions at rest plus uniform, velocities plus normal noise of
                  `reset_noise_scale`
    reward        forward velocity minus the cost of controls
    terminated    never
    truncated     after 1000 steps
    ============  ===================================================================
    """

    robot = "HalfCheetah"
    step_infos: Infos = (
        ("x_position", "x", "float"),
        ("x_velocity", "velocity_x", "float"),
        ("reward_forward", "forward", "float"),
        ("reward_ctrl", "control", "action"),
    )
    reset_infos: Infos = step_infos[:1]

    def __init__(
        self,
        xml_file: str = "half_cheetah.xml",
        frame_skip: int = 5,
        default_camera_config: dict[str, Any] = DEFAULT_CAMERA_CONFIG,
        forward_reward_weight: float = 1.0,
        ctrl_cost_weight: float = 0.1,
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
        return whole_run(model, 1 * self._exclude_current_positions_from_observation)
