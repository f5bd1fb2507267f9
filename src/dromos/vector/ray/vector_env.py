"""`RayVectorEnv`: environments in the actors of a Ray cluster, groups of lanes each."""

from __future__ import annotations

import copy as copying
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Generic

from dromos.arguments import whole
from dromos.core import ActType, Env, ObsType
from dromos.process_state import ProcessState
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.env_vector import EnvVector
from dromos.vector.lane_spaces import LaneSpaces, lane_spaces
from dromos.vector.ray import cluster
from dromos.vector.ray.actors import Actors
from dromos.vector.ray.group import PythonPlan
from dromos.vector.ray.lanes import RayLanes
from dromos.vector.ray.settings import RayLimits, checked_options, threads_of
from dromos.vector.ray.states import PythonStates
from dromos.vector.remote_vector import RemoteVector
from dromos.vector.utils.misc import CloudpickleWrapper, cloud_dumps
from dromos.vector.utils.space_utils import batch_space
from dromos.vector.workers.run import LaneFacts
from dromos.vector.workers.settings import spread_lanes

if TYPE_CHECKING:
    from dromos.spaces import Space

__all__ = ["ActorVector", "RayVectorEnv"]


class ActorVector(RemoteVector[ObsType, ActType], Generic[ObsType, ActType]):
    """A vector whose lanes live in actors.

    Attributes:
        num_actors: The number of actors, each with a group of adjacent lanes.
    """

    num_actors: int

    _lanes: RayLanes  # pyright: ignore[reportIncompatibleVariableOverride]

    @property
    def restarts(self) -> int:
        """How often a lost actor was replaced."""
        return self._lanes.actors.restarts

    @property
    def groups(self) -> list[range]:
        """The lanes of each actor."""
        return [self._lanes.actors.lanes_of(actor) for actor in range(self.num_actors)]

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method of each lane's environment, or read an attribute that is not callable.

        Raises:
            ValueError: If the method is one that the vector has itself.
            Exception: What an environment raised, or the end of an actor.
        """
        self._refuse_own(name)
        return super().call(name, *args, **kwargs)


class RayVectorEnv(ActorVector[ObsType, ActType], EnvVector[ObsType, ActType]):
    """A vector that steps its sub-environments in the actors of a Ray cluster.

    Each actor has a group of adjacent lanes. Actions of a group travel in one message, what it
    reports in another, its arrays through Ray's object store. An exception in a sub-environment is
    raised here, with the actor's traceback, the lane, the action and the seed. What becomes of an
    actor that ends, or hangs, or goes with its node, `on_worker_failure` says.

    Attributes:
        num_actors: The number of actors.
    """

    snapshot_kind = "dromos.vector:PythonVectorEnv"

    _lanes: RayLanes  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(
        self,
        env_fns: Iterable[Callable[[], Env[Any, Any]]],
        copy: bool = True,
        observation_mode: str | tuple[Space[Any], Space[Any]] = "same",
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        *,
        num_actors: int | None = None,
        batch_size: int | None = None,
        address: str | None = None,
        actor_options: Mapping[str, Any] | None = None,
        on_worker_failure: str = "raise",
        max_restarts: int | None = 100,
        snapshot_every: int = 100,
        start_timeout: float | None = 120.0,
        step_timeout: float | None = None,
    ) -> None:
        """Start the actors, which make the sub-environments.

        Args:
            env_fns: A function without arguments for each lane, returning its environment. It is
                called in an actor, on whichever node that is.
            copy: Whether each batch of observations has memory of its own. Otherwise all share
                one buffer, overwritten by the next step.
            observation_mode: ``"same"`` if the observation spaces are equal, ``"different"`` if
                their bounds differ, or the tuple ``(batched space, single space)``.
            autoreset_mode: When a lane whose episode has ended is reset.
            num_actors: The number of actors; None for one a processor of the cluster. There are
                never more than lanes.
            batch_size: How many lanes `recv` returns, from 1 to n; None for n.
            address: The cluster to join if this process is in none: ``"HOST:PORT"``, ``"auto"``
                for the one that runs on this machine, ``"local"`` for a new one of this machine
                alone; None for what ``RAY_ADDRESS`` says, else for the one that runs, else for a
                new one.
            actor_options: What each actor needs, as Ray's ``options`` takes it: ``num_cpus`` (1),
                ``resources``, ``scheduling_strategy`` (``"SPREAD"``), ``runtime_env``.
            on_worker_failure: ``"raise"`` an exception when an actor is lost or hangs, or
                ``"restart"`` it: another one takes the last snapshot of its lanes and does again
                what came after, so that a step merely takes longer. A message with which an actor
                is lost twice is raised for its lanes.
            max_restarts: How many restarts there may be, None for any number.
            snapshot_every: After how many messages an actor that may be restarted tells the
                snapshot of its lanes.
            start_timeout: How long an actor may take to find a place in the cluster and to make
                its lanes, in seconds; None for any time.
            step_timeout: How long a lane may take for a step or a reset, in seconds, before its
                actor is given up; None for any time.

        Raises:
            ValueError: If there is no function, or an argument is out of range.
            TypeError: If a function does not return an `Env`.
            RuntimeError: If the spaces of the sub-environments do not match.
            DependencyNotInstalled: If Ray is not installed.
            WorkerError: If there is no cluster, or it is too small, or an actor ends while it
                makes its lanes.
        """
        self._take_arguments(env_fns, copy, observation_mode, autoreset_mode, batch_size)
        limits = RayLimits.checked(
            on_worker_failure, max_restarts, start_timeout, step_timeout, snapshot_every
        )
        options = checked_options(actor_options)
        bounds = bounds_of(self.num_envs, num_actors, address)
        self.num_actors = len(bounds) - 1
        plans = self._plans(bounds, threads_of(options))
        actors = Actors(plans, bounds, limits, options)
        try:
            facts = self._facts(actors)
            spaces = lane_spaces(facts, observation_mode)
            self._take_facts(spaces, facts[0])
            lanes = RayLanes(actors, spaces, self.autoreset_mode, copy, PythonStates())
            own = {actor: (_of_group(spaces, len(lanes_)),) for actor, lanes_ in _groups(actors)}
            lanes.ask("attach", own)
        except BaseException:
            actors.close(0.0)
            raise
        self._take_lanes(lanes)

    def _plans(self, bounds: list[int], threads: int) -> list[bytes]:
        """Return what tells each actor to make its environments, pickled."""
        plans = []
        for actor, (first, last) in enumerate(pairwise(bounds)):
            own: Callable[[], list[Callable[[], Any]]] = partial(list, self.env_fns[first:last])
            make, mode = CloudpickleWrapper(own), self.autoreset_mode
            plans.append(PythonPlan(ProcessState(), actor, first, make, mode, threads))
        return list(map(cloud_dumps, plans))

    def _facts(self, actors: Actors) -> list[LaneFacts]:
        facts: list[LaneFacts] = []
        for (_, lanes), own in zip(_groups(actors), actors.introduce(), strict=True):
            if own is None:  # their spaces cannot travel
                env = self.env_fns[lanes[0]]()
                one = LaneFacts(
                    env.observation_space, env.action_space, env.metadata, env.render_mode
                )
                env.close()
                own = [one] * len(lanes)
            facts.extend(own)
        return facts


def bounds_of(num_envs: int, num_actors: int | None, address: str | None) -> list[int]:
    """Join the cluster, and return the first lane of each actor, and the number of lanes.

    Raises:
        TypeError: If the number of actors is not an integer.
        ValueError: If it is less than 1.
        DependencyNotInstalled: If Ray is not installed.
        WorkerError: If there is no cluster.
    """
    if num_actors is not None:
        num_actors = whole("num_actors", num_actors)
    cluster.join(address)
    return spread_lanes(num_envs, min(num_envs, num_actors or cluster.cluster_cpus()))


def _groups(actors: Actors) -> list[tuple[int, range]]:
    return [(actor, actors.lanes_of(actor)) for actor in range(len(actors))]


def _of_group(spaces: LaneSpaces, lanes: int) -> LaneSpaces:
    """Return the spaces of some lanes and of one of them."""
    single, action = copying.deepcopy((spaces.observation[0], spaces.action[0]))
    return LaneSpaces((single, batch_space(single, lanes)), (action, batch_space(action, lanes)))
