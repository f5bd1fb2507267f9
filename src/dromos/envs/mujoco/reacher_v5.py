"""Reacher: an arm that learns to reach a target."""

from __future__ import annotations

from typing import Any, ClassVar

from dromos.envs.mujoco.observed import Observation, body, part
from dromos.envs.mujoco.robot import Infos, RobotEnv

__all__ = ["DEFAULT_CAMERA_CONFIG", "ReacherEnv"]

DEFAULT_CAMERA_CONFIG = {"trackbodyid": 0}


class ReacherEnv(RobotEnv):
    """An arm of two joints in the plane: bring its fingertip to the target.

    ============  ===================================================================
    action        float32 (2,): torques of the joints, from -1 to 1 (times 200 N m)
    observation   float64 (10,): cosines and sines of the angles, position of the target (2),
                  angular velocities (2), x and y from the target to the fingertip
    start         the arm near rest, the target uniform within 20 cm of the centre
    reward        minus the distance of fingertip and target, minus the cost of controls
    terminated    never
    truncated     after 50 steps
    ============  ===================================================================
    """

    robot = "Reacher"
    step_infos: Infos = (
        ("reward_dist", "reach", "float"),
        ("reward_ctrl", "control", "action"),
    )

    def __init__(
        self,
        xml_file: str = "reacher.xml",
        frame_skip: int = 2,
        default_camera_config: dict[str, Any] = DEFAULT_CAMERA_CONFIG,
        reward_dist_weight: float = 1,
        reward_control_weight: float = 1,
        **kwargs: Any,
    ) -> None:
        """Make the environment; `MujocoEnv` explains the arguments that are not named here.

        Args:
            xml_file: The model, by name or path.
            frame_skip: Steps of MuJoCo in a step.
            default_camera_config: Attributes of the free camera.
            reward_dist_weight: Weight of the distance to the target.
            reward_control_weight: Weight of the sum of the squared action.
            **kwargs: See `MujocoEnv`.
        """
        super().__init__(locals())

    #: How many coordinates of the gap between fingertip and target are observed.
    observed_gap: ClassVar[int] = 2

    def make_numbers(self, model: Any) -> dict[str, float]:
        """Return the numbers of the bodies that are to meet."""
        return {"tip_body": body(model, "fingertip"), "goal_body": body(model, "target")}

    def make_observation(self, model: Any) -> Observation:
        """Return the pieces of the observation and `observation_structure`."""
        tip, target = (3 * int(number) for number in ReacherEnv.make_numbers(self, model).values())
        pieces: list[tuple[Any, ...]] = [
            ("qpos", 0, 2, "cos"),
            ("qpos", 0, 2, "sin"),
            part("qpos", int(model.nq), skip=2),
            ("qvel", 0, 2, "copy"),
            ("xpos", tip, self.observed_gap, "minus", target),
        ]
        return pieces, {}

    def _reward_arguments(self, action: Any, terminated: bool) -> tuple[Any, ...]:
        return (action,)

    def _get_rew(self, action: Any) -> tuple[float, dict[str, Any]]:  # type: ignore[override]
        return self._judged(action, self._before or self._lane.look())
