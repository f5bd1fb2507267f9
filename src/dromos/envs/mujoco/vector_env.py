"""`RobotVectorEnv`: many robots behind Gymnasium's vector calls, stepped by MuJoCo's threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dromos import _core
from dromos.arguments import named, whole
from dromos.envs.mujoco.lanes import MujocoLanes
from dromos.envs.mujoco.robot import RobotEnv
from dromos.registration.creators import load_env_creator
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.lane_queue import LaneIds, checked_batch_size, checked_lane_ids
from dromos.vector.lane_vector import LaneVector
from dromos.vector.utils.space_utils import batch_space

__all__ = ["RobotVectorEnv"]


class RobotVectorEnv(LaneVector[NDArray[np.float64], NDArray[np.floating[Any]]]):
    """A vector of robots.

    Lane ``i`` reset with seed ``s`` runs the episodes of a single environment seeded ``s + i`` and
    reset again and again, to the bit, whatever the number of threads.

    Attributes:
        single: Where the class of the lanes' environments is, ``"module:Class"``.
        num_threads: How many threads share a step.
        batch_size: How many lanes `recv` returns.
    """

    single: ClassVar[str]
    snapshot_exclude = LaneVector.snapshot_exclude | {"num_threads", "template"}

    _lanes: MujocoLanes  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(
        self,
        num_envs: int = 1,
        max_episode_steps: int | None = None,
        render_mode: str | None = None,
        *,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        params: Mapping[str, Any] | None = None,
        num_threads: int | None = None,
        copy: bool = True,
        batch_size: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Make the lanes.

        Args:
            num_envs: The number of lanes.
            max_episode_steps: Steps after which an episode is truncated; None for no limit.
            render_mode: One of ``metadata["render_modes"]``, or None.
            autoreset_mode: When a lane whose episode has ended is reset.
            params: What lanes have of their own: see `set_params`.
            num_threads: How many threads share a step; None for as many as the process may run on.
            copy: Whether each step returns observations of its own.
            batch_size: How many lanes `recv` returns; None for all.
            **kwargs: Arguments of the environment, the same for all lanes.

        Raises:
            TypeError: If there is no such argument or parameter.
            ValueError: If a value is out of range.
            DependencyNotInstalled: If there is no MuJoCo of 3.17 or later.
        """
        self.num_envs = whole("num_envs", num_envs)
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.batch_size = checked_batch_size(batch_size, self.num_envs)
        self.num_threads = (
            _core.thread_count() if num_threads is None else whole("num_threads", num_threads)
        )
        self.copy = copy
        self.render_mode = render_mode
        if max_episode_steps is not None:
            max_episode_steps = whole("max_episode_steps", max_episode_steps)
        self.template: RobotEnv = load_env_creator(self.single)(render_mode=render_mode, **kwargs)
        self.metadata = {**self.template.metadata, "autoreset_mode": self.autoreset_mode}
        self.single_observation_space = self.template.observation_space
        self.single_action_space = self.template.action_space
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._take_lanes(self._make_lanes(max_episode_steps))
        if not self.copy:
            self._lanes.shared = np.empty_like(self._lanes.observe())
        if params:
            self.set_params(params)

    def _make_lanes(self, limit: int | None) -> MujocoLanes:
        threads = min(self.num_threads, self.num_envs)
        return MujocoLanes(self.template, self.num_envs, self.autoreset_mode, limit, threads)

    @property
    def params(self) -> dict[str, NDArray[Any]]:
        """What lanes have been given of their own, one value a lane: name to array (n, ...)."""
        return self._lanes.params.values()

    def set_params(self, params: Mapping[str, Any], lanes: LaneIds | None = None) -> None:
        """Set parameters, with effect from the lanes' next step on.

        Args:
            params: Name to value. A name is that of a number of the task, as
                ``"ctrl_cost_weight"``, of a float64 field of ``mjModel``, as ``"body_mass"``,
                ``"geom_friction"``, ``"actuator_gear"``, ``"dof_damping"``, or of ``mjOption``, as
                ``"gravity"``. A value is one for all these lanes, in the field's shape or a
                number; an array with one a lane; or a distribution, from which each start of a
                lane draws each number anew, with the lane's own stream.
            lanes: The lanes to change; None for all.

        Raises:
            ClosedEnvironmentError: If the vector has been closed.
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range or of another shape. Nothing has been changed
                then.
        """
        self._require_open()
        chosen, params = checked_lane_ids(lanes, self.num_envs), named("params", params)
        with self._lanes.guard:
            self._lanes.params.set(params, np.array(chosen, dtype=np.int32))

    @property  # type: ignore[misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]
        """Generators that stand where the lanes' streams stand; drawing from them moves no lane."""
        return self._lanes.generators()

    @property
    def np_random_seed(self) -> tuple[int | None, ...]:  # type: ignore[override]
        """The seeds of the lanes' streams; None before the first reset."""
        return tuple(self._lanes.seeds)

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method of each lane's environment, or read an attribute that is not callable.

        Raises:
            ValueError: If the method is one that the vector has itself.
        """
        if name in ("reset", "step", "close"):
            raise ValueError(f"Call `{name}` of the vector itself, not through `call`")
        return super().call(name, *args, **kwargs)

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.__dict__.items() if name != "_lanes"}
        return {**kept, "_state": self.snapshot_state()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        own = state.pop("_state")
        self.__dict__.update(state)
        self._take_lanes(self._make_lanes(None))
        self.restore_state(own)
