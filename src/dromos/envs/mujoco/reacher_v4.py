"""Reacher in version 4."""

from __future__ import annotations

from typing import Any, ClassVar

from dromos.envs.mujoco import reacher_v5
from dromos.envs.mujoco.reacher_v5 import DEFAULT_CAMERA_CONFIG
from dromos.envs.mujoco.version4 import Version4, metadata_at

__all__ = ["DEFAULT_CAMERA_CONFIG", "ReacherEnv"]


class ReacherEnv(Version4, reacher_v5.ReacherEnv):
    """`Reacher-v4`: the reward is that of the state before the step."""

    metadata = metadata_at(50)
    observed_gap: ClassVar[int] = 3

    def make_numbers(self, model: Any) -> dict[str, float]:
        """Return the numbers of the task that the model and the version say."""
        return {**super().make_numbers(model), "judged_before": 1.0}
