"""A vector over Ray whose actors hold engines that move many lanes at once: native ones, MuJoCo."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from dromos.process_state import ProcessState
from dromos.snapshot.parts import kind_of
from dromos.vector.lane_queue import LaneIds
from dromos.vector.lane_spaces import LaneSpaces
from dromos.vector.ray.actors import Actors
from dromos.vector.ray.group import BatchPlan
from dromos.vector.ray.lanes import RayLanes
from dromos.vector.ray.settings import RayLimits, checked_options, threads_of
from dromos.vector.ray.states import BatchStates
from dromos.vector.ray.vector_env import ActorVector, bounds_of
from dromos.vector.utils.misc import CloudpickleWrapper, cloud_dumps

__all__ = ["RayBatchVectorEnv", "ray_batches"]

_NUMBERS = (int, float, np.number)


class RayBatchVectorEnv(ActorVector[Any, Any]):
    """A vector whose actors hold vectors of one class that steps all its lanes at once.

    It has the calls, reports and snapshots of a local vector of that class. One of these, which is
    never stepped, says here what the actions, options, parameters and states of lanes are.

    Attributes:
        twin: That local vector.
        num_actors: The number of actors.
    """

    twin: Any
    copy: bool

    def __init__(
        self,
        vector_class: Any,
        num_envs: int,
        *,
        params: Mapping[str, Any] | None = None,
        batch_size: int | None = None,
        num_actors: int | None = None,
        address: str | None = None,
        actor_options: Mapping[str, Any] | None = None,
        on_worker_failure: str = "raise",
        max_restarts: int | None = 100,
        snapshot_every: int = 100,
        start_timeout: float | None = 120.0,
        step_timeout: float | None = None,
        **kwargs: Any,
    ) -> None:
        """Start the actors, which make their vectors.

        Args:
            vector_class: The class of the actors' vectors.
            num_envs: The number of lanes.
            params: Parameters of lanes: one value, one a lane, or a distribution.
            batch_size: How many lanes `recv` returns; None for all.
            num_actors: As for `RayVectorEnv`, and so are the following.
            address: Which cluster.
            actor_options: What each actor needs.
            on_worker_failure: What becomes of lost actors.
            max_restarts: How often they may be replaced.
            snapshot_every: After how many messages they tell their state.
            start_timeout: How long they may take to start, in seconds.
            step_timeout: How long a lane may take, in seconds.
            **kwargs: Further arguments of the class.

        Raises:
            Exception: What the class raises, and `RayVectorEnv`.
        """
        limits = RayLimits.checked(
            on_worker_failure, max_restarts, start_timeout, step_timeout, snapshot_every
        )
        options = checked_options(actor_options)
        given = kwargs if params is None else {**kwargs, "params": params}
        if "num_threads" in inspect.signature(vector_class).parameters:
            given = {"num_threads": 1, **given}
        self.twin = vector_class(num_envs=num_envs, batch_size=batch_size, **given)
        self._take_facts_of(self.twin)
        self._vector_class, self._kwargs, self._params = vector_class, kwargs, params
        bounds = bounds_of(num_envs, num_actors, address)
        self.num_actors = len(bounds) - 1
        plans = self._plans(bounds, threads_of(options))
        actors = Actors(plans, bounds, limits, options)
        try:
            lanes = self._introduced(actors)
        except BaseException:
            actors.close(0.0)
            raise
        self._take_lanes(lanes)

    def _introduced(self, actors: Actors) -> RayLanes:
        """Return the lanes of actors that have made their vectors, each with what is its own."""
        actors.introduce()
        spaces = LaneSpaces(
            (self.single_observation_space, self.observation_space),
            (self.single_action_space, self.action_space),
        )
        states = BatchStates(self.twin)
        lanes = RayLanes(actors, spaces, self.autoreset_mode, self.copy, states)
        lanes.set_limit(int(self.twin._lanes.episodes.limit[0]))
        if self._params is not None or len(self._shares(self._kwargs)) < len(self._kwargs):
            states.push(lanes, range(self.num_envs))
        return lanes

    def _take_facts_of(self, twin: Any) -> None:
        """Take what a local vector tells of itself."""
        self.num_envs, self.batch_size = twin.num_envs, twin.batch_size
        self.autoreset_mode, self.render_mode = twin.autoreset_mode, twin.render_mode
        self.metadata, self.copy = twin.metadata, twin.copy
        self.single_observation_space = twin.single_observation_space
        self.single_action_space = twin.single_action_space
        self.observation_space, self.action_space = twin.observation_space, twin.action_space

    def _shares(self, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments that all lanes share; what each has of its own is their state."""
        names = getattr(self.twin, "params", {})
        return {n: v for n, v in kwargs.items() if n not in names or isinstance(v, _NUMBERS)}

    def _plans(self, bounds: list[int], threads: int) -> list[bytes]:
        """Return what tells each actor to make its vector, pickled."""
        shared = {**self._shares(self._kwargs), "copy": True}
        if "num_threads" in vars(self.twin):
            shared = {"num_threads": threads, **shared}
        plans = []
        for actor, (first, last) in enumerate(pairwise(bounds)):
            make = functools.partial(self._vector_class, num_envs=last - first, **shared)
            plan = BatchPlan(ProcessState(), actor, first, CloudpickleWrapper(make), threads)
            plans.append(cloud_dumps(plan))
        return plans

    # Parameters and attributes: the local vector knows what they are.

    def _now(self) -> Any:
        """Return the local vector in the present state of the lanes."""
        self._require_open()
        states: Any = self._lanes.states
        states.pull(self._lanes, range(self.num_envs))
        return self.twin

    def _change(self, change: Callable[[Any], Any]) -> None:
        with self._lanes.guard:
            self._require_open()
            states: Any = self._lanes.states
            states.change(self._lanes, change)

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of lanes in force, one value a lane: name to array (n, ...)."""
        with self._lanes.guard:
            now: Any = self._now()
            params: dict[str, Any] = now.params
            return params

    def set_params(self, params: Mapping[str, Any], lanes: LaneIds | None = None) -> None:
        """Set parameters, with effect from the lanes' next step on, as the local vector does.

        Args:
            params: Name to one value, to one a lane, or to a distribution.
            lanes: The lanes to change; None for all.

        Raises:
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range, or there is not one for each lane. Nothing has
                been changed then.
        """
        self._change(lambda twin: twin.set_params(params, lanes))

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """Return an attribute of each lane's environment."""
        with self._lanes.guard:
            result: tuple[Any, ...] = self._now().get_attr(name)
            return result

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of each lane's environment, as the local vector does.

        Raises:
            Exception: What the local vector raises; no lane has been changed then.
        """
        self._change(lambda twin: twin.set_attr(name, values))

    @property  # type: ignore[misc]
    def np_random(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Generators that stand where the lanes' streams stand; drawing from them moves no lane."""
        with self._lanes.guard:
            return self._now().np_random

    @property
    def np_random_seed(self) -> Any:
        """The seeds of the lanes' streams; None before the first reset."""
        with self._lanes.guard:
            return self._now().np_random_seed

    def close_extras(
        self, timeout: float | None = None, terminate: bool = False, **kwargs: Any
    ) -> None:
        """Close every lane, and end the actors (see `ActorVector.close_extras`)."""
        self.twin.close()
        super().close_extras(timeout, terminate, **kwargs)

    def _recipe(self) -> Callable[[], Any]:
        args, kwargs = self._made_of
        return functools.partial(ray_batches, *args, **kwargs)


def ray_batches(vector_class: Any, num_envs: int, **kwargs: Any) -> RayBatchVectorEnv:
    """Return a vector over Ray that stands for a local one of a class.

    Args:
        vector_class: The class.
        num_envs: The number of lanes.
        **kwargs: Arguments of `RayBatchVectorEnv`.
    """
    return _class_for(vector_class)(vector_class, num_envs, **kwargs)


@functools.cache
def _class_for(like: Any) -> type[RayBatchVectorEnv]:
    """Return the class whose snapshots are those of a class of local vectors."""
    names = ("snapshot_fields", "snapshot_types", "_judges_actions")
    members = {name: getattr(like, name) for name in names}
    members.update(snapshot_kind=kind_of(like), __module__=__name__)
    return type(f"Ray{like.__name__}", (RayBatchVectorEnv,), members)
