"""InvertedDoublePendulum: a cart that learns to balance two poles."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from dromos.envs.mujoco.observed import Observation, part
from dromos.envs.mujoco.robot import Infos, RobotEnv

__all__ = ["DEFAULT_CAMERA_CONFIG", "InvertedDoublePendulumEnv"]

DEFAULT_CAMERA_CONFIG = {
    "trackbodyid": 0,
    "distance": 4.1225,
    "lookat": np.array((0.0, 0.0, 0.12250000000000005)),
}


class InvertedDoublePendulumEnv(RobotEnv):
    """Two poles, one on the other, on a cart on a rail: keep them upright.

    ============  ===================================================================
    action        float32 (1,): force on the cart, from -1 to 1 (times 500 N)
    observation   float64 (9,): position of the cart, sines and cosines of both angles, velocities
                  clipped to [-10, 10] (3), and the force of constraint on the cart, clipped too
    start         positions uniform, velocities normal, of `reset_noise_scale`
    reward        `healthy_reward` while the tip is above 1 m, minus penalties of its distance from
                  (0, 2) m and of the angular velocities
    terminated    if the tip is not above 1 m
    truncated     after 1000 steps
    ============  ===================================================================
    """

    robot = "InvertedDoublePendulum"
    step_infos: Infos = (
        ("reward_survive", "survive", "float"),
        ("distance_penalty", "distance_penalty", "float"),
        ("velocity_penalty", "velocity_penalty", "float"),
    )

    def __init__(
        self,
        xml_file: str = "inverted_double_pendulum.xml",
        frame_skip: int = 5,
        default_camera_config: dict[str, Any] | None = None,
        healthy_reward: float = 10.0,
        reset_noise_scale: float = 0.1,
        **kwargs: Any,
    ) -> None:
        """Make the environment; `MujocoEnv` explains the arguments that are not named here.

        Args:
            xml_file: The model, by name or path.
            frame_skip: Steps of MuJoCo in a step.
            default_camera_config: Attributes of the free camera.
            healthy_reward: Reward of each step in which the robot is healthy.
            reset_noise_scale: Scale of the noise at the start.
            **kwargs: See `MujocoEnv`.
        """
        super().__init__(locals())

    #: How many forces of constraint are observed.
    observed_forces: ClassVar[int] = 1

    def make_observation(self, model: Any) -> Observation:
        """Return the pieces of the observation and `observation_structure`."""
        angles = int(model.nq) - 1
        pieces: list[tuple[Any, ...]] = [
            ("qpos", 0, 1, "copy"),
            ("qpos", 1, angles, "sin"),
            ("qpos", 1, angles, "cos"),
            part("qvel", int(model.nv), clip=10.0),
            part("qfrc_constraint", self.observed_forces, clip=10.0),
        ]
        return pieces, {}

    def _reward_arguments(self, action: Any, terminated: bool) -> tuple[Any, ...]:
        x, _, height = self._made_data().site_xpos[0]
        return x, height, terminated

    def _get_rew(  # type: ignore[override]
        self, x: float, height: float, terminated: bool
    ) -> tuple[float, dict[str, Any]]:
        return self._judged(np.zeros(self._model.nu), self._lane.look())
