"""Pusher: an arm that learns to push a cylinder to its goal."""

from __future__ import annotations

from typing import Any

from dromos.envs.mujoco.observed import Observation, body
from dromos.envs.mujoco.robot import Infos, RobotEnv

__all__ = ["DEFAULT_CAMERA_CONFIG", "PusherEnv"]

DEFAULT_CAMERA_CONFIG = {"trackbodyid": -1, "distance": 4.0}


class PusherEnv(RobotEnv):
    """An arm of seven joints over a table: push the cylinder to the goal.

    ============  ===================================================================
    action        float32 (7,): torques of the joints, from -2 to 2 N m
    observation   float64 (23,): angles (7) and angular velocities (7) of the arm, positions of the
                  fingertip, the object and the goal (3 each)
    start         the arm at rest, the object more than 17 cm from the goal
    reward        minus the distances of fingertip and object, and of object and goal, and the
                  cost of controls
    terminated    never
    truncated     after 100 steps
    ============  ===================================================================
    """

    robot = "Pusher"
    step_infos: Infos = (
        ("reward_dist", "reach", "float"),
        ("reward_ctrl", "control", "action"),
        ("reward_near", "near", "float"),
    )

    def __init__(
        self,
        xml_file: str = "pusher_v5.xml",
        frame_skip: int = 5,
        default_camera_config: dict[str, Any] = DEFAULT_CAMERA_CONFIG,
        reward_near_weight: float = 0.5,
        reward_dist_weight: float = 1,
        reward_control_weight: float = 0.1,
        **kwargs: Any,
    ) -> None:
        """Make the environment; `MujocoEnv` explains the arguments that are not named here.

        Args:
            xml_file: The model, by name or path.
            frame_skip: Steps of MuJoCo in a step.
            default_camera_config: Attributes of the free camera.
            reward_near_weight: Weight of the distance from the fingertip to the object.
            reward_dist_weight: Weight of the distance to the target.
            reward_control_weight: Weight of the sum of the squared action.
            **kwargs: See `MujocoEnv`.
        """
        super().__init__(locals())

    def make_numbers(self, model: Any) -> dict[str, float]:
        """Return the numbers of the bodies that are paid for."""
        return {
            "tip_body": body(model, "tips_arm"),
            "object_body": body(model, "object"),
            "goal_body": body(model, "goal"),
        }

    def make_observation(self, model: Any) -> Observation:
        """Return the pieces of the observation and `observation_structure`."""
        bodies = self.make_numbers(model).values()
        places = [("xpos", 3 * int(number), 3, "copy") for number in bodies]
        return [("qpos", 0, 7, "copy"), ("qvel", 0, 7, "copy"), *places], {}

    def _reward_arguments(self, action: Any, terminated: bool) -> tuple[Any, ...]:
        return (action,)

    def _get_rew(self, action: Any) -> tuple[float, dict[str, Any]]:  # type: ignore[override]
        return self._judged(action, self._before or self._lane.look())
