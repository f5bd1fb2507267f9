"""What the robots of Gymnasium's v4 have in common, and not with those of v5.

Beyond this, versions differ in data: which facts an info tells and what is observed.
"""

from __future__ import annotations

from typing import Any, ClassVar

from dromos.envs.mujoco.observed import Observation, of_humanoid
from dromos.envs.mujoco.robot import Infos, RobotEnv

__all__ = ["OF_POINT", "Version4", "Version4Healthy", "Version4Humanoid", "metadata_at"]

#: Entries of the infos of robots that are paid for the velocity of a point of theirs.
OF_POINT: Infos = (
    ("x_position", "point_x", "float"),
    ("y_position", "point_y", "float"),
    ("distance_from_origin", "point_distance", "float"),
    ("x_velocity", "velocity_x", "float"),
    ("y_velocity", "velocity_y", "float"),
    ("forward_reward", "forward", "float"),
)


def metadata_at(fps: int) -> dict[str, Any]:
    """Return the metadata of a robot, whose v4 says its frame rate in the class."""
    modes = ["human", "rgb_array", "depth_array", "rgbd_tuple"]
    return {"render_modes": modes, "render_fps": fps}


class Version4(RobotEnv):
    """A robot of version 4, to be derived from together with that of version 5.

    It pays `healthy_reward` for the step that ends an episode, too.

    Attributes:
        positional: The arguments that it takes by position, in their order.
        defaults: Arguments of version 5 whose defaults are others.
    """

    positional: ClassVar[tuple[str, ...]] = ()
    defaults: ClassVar[dict[str, Any]] = {}
    reset_infos: Infos = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make the environment; the class of version 5 explains the arguments."""
        super().__init__(**self._by_name(args, kwargs))

    def _by_name(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments as those of version 5."""
        if len(args) > len(self.positional):
            raise TypeError(
                f"{type(self).__name__} takes {len(self.positional)} arguments by position, "
                f"{', '.join(self.positional) or 'none'}; found {len(args)}"
            )
        given = dict(zip(self.positional, args, strict=False))
        if twice := given.keys() & kwargs.keys():
            raise TypeError(f"Given by position and by name: {', '.join(sorted(twice))}")
        return {**self.defaults, **given, **kwargs}

    def make_numbers(self, model: Any) -> dict[str, float]:
        """Return the numbers of the task that the model and the version say."""
        return {**super().make_numbers(model), "always_healthy_reward": 1.0}


class Version4Healthy(Version4):
    """A robot of version 4 whose episodes may end when it is unhealthy."""

    @property
    def terminated(self) -> bool:
        """Whether the present state ends the episode."""
        return self._terminate_when_unhealthy and not self.is_healthy


class Version4Humanoid(Version4):
    """A humanoid of version 4: contacts cost nothing."""

    def make_numbers(self, model: Any) -> dict[str, float]:
        """Return the numbers of the task that the model and the version say."""
        return {**super().make_numbers(model), "counts_contact": 0.0}

    def make_observation(self, model: Any) -> Observation:
        """Return the pieces of the observation, with those of the world and of the root."""
        return of_humanoid(self, model, first_body=0, first_actuated=0)
