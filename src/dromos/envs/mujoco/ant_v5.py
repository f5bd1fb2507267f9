"""Ant: a torso on four legs that learns to run."""

from __future__ import annotations

from typing import Any, ClassVar

from dromos.envs.mujoco.observed import Observation, body, whole_run
from dromos.envs.mujoco.robot import Infos, RobotEnv

__all__ = ["DEFAULT_CAMERA_CONFIG", "AntEnv"]

DEFAULT_CAMERA_CONFIG = {"distance": 4.0}


class AntEnv(RobotEnv):
    """A torso on four legs of two joints each: run forwards, to the right.

    ============  ===================================================================
    action        float32 (8,): torques of hips and ankles, from -1 to 1 (times 150 N m)
    observation   float64 (105,): positions without x and y (13), velocities (14), forces on the
                  bodies, each clipped to `contact_force_range` (78)
    start         positions at rest plus uniform, velocities plus normal noise of
                  `reset_noise_scale`
    reward        forward velocity of `main_body`, plus `healthy_reward`, minus the costs of
                  controls and of contacts
    terminated    if the height leaves `healthy_z_range` or a number is not finite
    truncated     after 1000 steps
    ============  ===================================================================
    """

    robot = "Ant"
    step_infos: Infos = (
        ("x_position", "x", "float"),
        ("y_position", "y", "float"),
        ("distance_from_origin", "distance", "float"),
        ("x_velocity", "velocity_x", "float"),
        ("y_velocity", "velocity_y", "float"),
        ("reward_forward", "forward", "float"),
        ("reward_ctrl", "control", "action"),
        ("reward_contact", "contact", "float"),
        ("reward_survive", "survive", "float"),
    )
    reset_infos: Infos = step_infos[:3]
    #: The first body whose forces are observed: not the world, which feels none.
    first_observed_body: ClassVar[int] = 1

    _main_body: int | str

    def __init__(
        self,
        xml_file: str = "ant.xml",
        frame_skip: int = 5,
        default_camera_config: dict[str, Any] = DEFAULT_CAMERA_CONFIG,
        forward_reward_weight: float = 1,
        ctrl_cost_weight: float = 0.5,
        contact_cost_weight: float = 5e-4,
        healthy_reward: float = 1.0,
        main_body: int | str = 1,
        terminate_when_unhealthy: bool = True,
        healthy_z_range: tuple[float, float] = (0.2, 1.0),
        contact_force_range: tuple[float, float] = (-1.0, 1.0),
        reset_noise_scale: float = 0.1,
        exclude_current_positions_from_observation: bool = True,
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
            contact_cost_weight: Cost of the sum of the squared, clipped contact forces.
            healthy_reward: Reward of each step in which the ant is healthy.
            main_body: Number or name of the body whose velocity counts.
            terminate_when_unhealthy: Whether the episode ends when the ant is not healthy.
            healthy_z_range: Heights of a healthy torso, m.
            contact_force_range: Bounds that each contact force is clipped to.
            reset_noise_scale: Scale of the noise at the start.
            exclude_current_positions_from_observation: Whether x and y are left out.
            include_cfrc_ext_in_observation: Whether the contact forces are in the observation.
            **kwargs: See `MujocoEnv`.
        """
        super().__init__(locals())

    def make_numbers(self, model: Any) -> dict[str, float]:
        """Return the number of the main body, and that contacts cost."""
        return {"main_body": body(model, self._main_body), "counts_contact": 1.0}

    def make_observation(self, model: Any) -> Observation:
        """Return the pieces of the observation and `observation_structure`."""
        pieces, structure = whole_run(model, 2 * self._exclude_current_positions_from_observation)
        forces = 6 * (int(model.nbody) - self.first_observed_body)
        structure["cfrc_ext"] = forces * self._include_cfrc_ext_in_observation
        if self._include_cfrc_ext_in_observation:
            pieces.append(("cfrc_ext", 6 * self.first_observed_body, forces, "clip_contact"))
        return pieces, structure
