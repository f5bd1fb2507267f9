"""Ant in version 4."""

from __future__ import annotations

from typing import Any, ClassVar

from dromos.envs.mujoco import ant_v5
from dromos.envs.mujoco.ant_v5 import DEFAULT_CAMERA_CONFIG
from dromos.envs.mujoco.version4 import OF_POINT, Version4Healthy, metadata_at

__all__ = ["DEFAULT_CAMERA_CONFIG", "AntEnv"]


class AntEnv(Version4Healthy, ant_v5.AntEnv):
    """`Ant-v4`: contact forces count and are observed only with `use_contact_forces`."""

    metadata = metadata_at(20)
    positional: ClassVar = (
        *("xml_file", "ctrl_cost_weight", "use_contact_forces", "contact_cost_weight"),
        *("healthy_reward", "terminate_when_unhealthy", "healthy_z_range", "contact_force_range"),
        *("reset_noise_scale", "exclude_current_positions_from_observation"),
    )
    defaults: ClassVar = {"main_body": "torso"}
    first_observed_body: ClassVar[int] = 0

    def _by_name(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        given = super()._by_name(args, kwargs)
        self._use_contact_forces = bool(given.pop("use_contact_forces", False))
        return {**given, "include_cfrc_ext_in_observation": self._use_contact_forces}

    def make_numbers(self, model: Any) -> dict[str, float]:
        """Return the numbers of the task that the model and the version say."""
        return {**super().make_numbers(model), "counts_contact": float(self._use_contact_forces)}

    @property
    def step_infos(self) -> Any:  # type: ignore[override]
        """What an info tells; v4 reports the cost of contacts as that of controls."""
        cost = ("contact", "float") if self._use_contact_forces else ("control", "action")
        parts = (
            ("reward_forward", "forward", "float"),
            ("reward_ctrl", *cost),
            ("reward_survive", "survive", "float"),
        )
        return parts + OF_POINT
