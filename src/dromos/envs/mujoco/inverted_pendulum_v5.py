"""InvertedPendulum: a cart that learns to balance a pole."""

from __future__ import annotations

from typing import Any

from dromos.envs.mujoco.observed import Observation, whole_run
from dromos.envs.mujoco.robot import Infos, RobotEnv

__all__ = ["DEFAULT_CAMERA_CONFIG", "InvertedPendulumEnv"]

DEFAULT_CAMERA_CONFIG = {"trackbodyid": 0, "distance": 2.04}


class InvertedPendulumEnv(RobotEnv):
    """A pole on a cart on a rail: keep it upright.

    ============  ===================================================================
    action        float32 (1,): force on the cart, from -3 to 3 (times 100 N)
    observation   float64 (4,): position of the cart (m), angle of the pole (rad), their velocities
    start         positions and velocities uniform within `reset_noise_scale`
    reward        1 while the pole stands
    terminated    if the angle leaves [-0.2, 0.2] rad or a number is not finite
    truncated     after 1000 steps
    ============  ===================================================================
    """

    robot = "InvertedPendulum"
    step_infos: Infos = (("reward_survive", "survive", "int"),)

    def __init__(
        self,
        xml_file: str = "inverted_pendulum.xml",
        frame_skip: int = 2,
        default_camera_config: dict[str, Any] = DEFAULT_CAMERA_CONFIG,
        reset_noise_scale: float = 0.01,
        **kwargs: Any,
    ) -> None:
        """Make the environment; `MujocoEnv` explains the arguments that are not named here.

        Args:
            xml_file: The model, by name or path.
            frame_skip: Steps of MuJoCo in a step.
            default_camera_config: Attributes of the free camera.
            reset_noise_scale: Scale of the noise at the start.
            **kwargs: See `MujocoEnv`.
        """
        super().__init__(locals())

    def make_observation(self, model: Any) -> Observation:
        """Return the pieces of the observation and `observation_structure`."""
        pieces, structure = whole_run(model, 0)
        return pieces, {name: structure[name] for name in ("qpos", "qvel")}
