"""`NativeVectorEnv`: many native lanes behind Gymnasium's vector calls."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dromos._core import batch as core
from dromos.arguments import named, whole
from dromos.core import ActType, ObsType
from dromos.native.distributions import Distribution, possible
from dromos.native.draws import ParameterDraws
from dromos.native.env import NativeEnv
from dromos.native.fields import Lanes, all_lanes, read_lanes, write_lanes
from dromos.native.judging import check_ordered
from dromos.native.lanes import NativeLanes, generator_of
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.lane_queue import LaneIds, checked_batch_size, checked_lane_ids
from dromos.vector.lane_vector import LaneVector
from dromos.vector.utils.space_utils import batch_space

__all__ = ["NativeVectorEnv"]

_NOT_CALLED = ("reset", "step", "close")


class NativeVectorEnv(LaneVector[ObsType, ActType]):
    """A vector of native lanes.

    Lane ``i`` reset with seed ``s`` runs the episodes of a single environment seeded ``s + i``
    and reset again and again. Options given to `reset` stay in force for the episodes that a lane
    starts by itself, until it is reset again.

    Attributes:
        single: The class of the lanes' environments.
        template: A single environment of that class; it stands in for each lane in turn.
        num_threads: How many threads may share a step.
        copy: Whether each step returns arrays of its own; otherwise the next step overwrites
            them.
        batch_size: How many lanes `recv` returns.
    """

    single: ClassVar[type[NativeEnv[Any, Any]]]
    _judges_actions = True
    snapshot_types = NativeEnv.snapshot_types

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse parameters that are called what the constructor takes itself.

        Raises:
            TypeError: If there is one.
        """
        super().__init_subclass__(**kwargs)
        taken = inspect.signature(NativeVectorEnv.__init__).parameters.keys()
        if "single" in vars(cls) and (both := sorted(taken & cls.single.parameters.keys())):
            raise TypeError(
                f"{cls.__name__}: parameters of {cls.single.dynamics} have the names of arguments "
                f"of every vector, {', '.join(both)}; give their Fields other ones"
            )

    _lanes: NativeLanes  # pyright: ignore[reportIncompatibleVariableOverride]

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
        render_size: tuple[int, int] | None = None,
        **parameters: Any,
    ) -> None:
        """Make the lanes.

        Args:
            num_envs: The number of lanes.
            max_episode_steps: Steps after which an episode is truncated; None for no limit.
            render_mode: One of ``metadata["render_modes"]``, or None.
            autoreset_mode: When a lane whose episode has ended is reset.
            params: Parameters of the dynamics, each one value, an array with one a lane, or a
                distribution from which each reset of a lane draws one.
            num_threads: How many threads may share a step; None for as many as the process may
                run on. Results do not depend on it.
            copy: Whether each step returns arrays of its own.
            batch_size: How many lanes `recv` returns; None for all.
            render_size: Width and height of each lane's frames in pixels; None for the usual ones.
            **parameters: Further parameters of the dynamics, as in `params`.

        Raises:
            TypeError: If there is no such parameter, or a value is of the wrong type.
            ValueError: If a value is out of range, or a lower bound is not less than its upper
                bound in some lane, whatever is drawn.
        """
        self.num_envs = whole("num_envs", num_envs)
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.batch_size = checked_batch_size(batch_size, self.num_envs)
        if max_episode_steps is not None:
            max_episode_steps = whole("max_episode_steps", max_episode_steps)
        self.num_threads = (
            core.default_threads() if num_threads is None else whole("num_threads", num_threads)
        )
        self.copy = copy
        self.render_mode = render_mode
        given = {**self.single.class_constants(), **parameters, **named("params", params or {})}
        self._check_params(given, self.num_envs)
        # Bounds of spaces come from parameters: those of the template hold what all lanes observe.
        shared = {n: self.single.parameter(n).widest(possible(v)) for n, v in given.items()}
        self.template = self.single(render_mode=render_mode, render_size=render_size, **shared)
        check_ordered(self.template, given)
        self.metadata = {**self.template.metadata, "autoreset_mode": self.autoreset_mode}
        self.single_observation_space = self.template.observation_space
        self.single_action_space = self.template.action_space
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._take_lanes(self._make_lanes(max_episode_steps))
        drawn = {n: shared[n] for n, v in given.items() if isinstance(v, Distribution)}
        self.set_params({**given, **drawn})
        self.set_params({name: given[name] for name in drawn})

    def _make_lanes(self, limit: int | None) -> NativeLanes:
        mode, threads = self.autoreset_mode, self.num_threads
        return NativeLanes(self.template, self.num_envs, mode, limit, threads, self.copy)

    @property
    def core(self) -> core.Batch:
        """The native batch."""
        return self._lanes.core

    @property
    def draws(self) -> ParameterDraws:
        """Which parameters are drawn at each reset in which lanes."""
        return self._lanes.draws

    @property
    def params(self) -> dict[str, NDArray[Any]]:
        """The parameters in force, one value a lane: name to array (n, ...)."""
        lanes = all_lanes(self.core)
        names = self.template.parameter_names()
        return {name: self.template.parameter(name).read(self.core, lanes) for name in names}

    def set_params(self, params: Mapping[str, Any], lanes: LaneIds | None = None) -> None:
        """Set parameters, with effect from the lanes' next step on.

        Args:
            params: Name to one value, to one a lane, or to a distribution, from which the lanes
                draw at each reset from now on, the automatic ones included. A parameter that is
                given values is no longer drawn.
            lanes: The lanes to change; None for all.

        Raises:
            ClosedEnvironmentError: If the vector has been closed.
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range, or there is not one for each lane. Nothing has
                been changed then.
        """
        self._require_open()
        chosen, params = self._lane_array(lanes), named("params", params)
        self._check_params(params, len(chosen))
        with self._lanes.guard:
            self._draw(chosen, {n: [v] for n, v in params.items() if isinstance(v, Distribution)})
            self._fix(chosen, {n: v for n, v in params.items() if not isinstance(v, Distribution)})

    def _check_params(self, params: Mapping[str, Any], lanes: int) -> None:
        for name, value in params.items():
            self.single.parameter(name).check_given(value, lanes)

    def _fix(self, lanes: Lanes, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            self.template.parameter(name).write(self.core, lanes, value)
        self._draw(lanes, {name: [None] for name in values})

    def _draw(
        self, lanes: Lanes, distributions: Mapping[str, Sequence[Distribution | None]]
    ) -> None:
        if not distributions or not (self.draws or any(map(any, distributions.values()))):
            return
        for name, row in distributions.items():
            self.draws.change(name, lanes, row)
        self.draws.apply(self.core)

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """Return an attribute of each lane's environment."""
        parameter = self.template.parameters.get(name)
        if parameter is not None:
            with self._lanes.guard:
                return tuple(map(parameter.value, parameter.read(self.core, all_lanes(self.core))))
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of each lane's environment: a parameter, or what the class lets set.

        Args:
            name: The attribute.
            values: A list or tuple of one value a lane; anything else is set in every lane.

        Raises:
            ValueError: If a list has another length than there are lanes.
            AttributeError: If the environment's class has no such attribute to set.
            Exception: What the environment raised for a value; no lane has been changed then.
        """
        rows = values if isinstance(values, (list, tuple)) else [values] * self.num_envs
        if len(rows) != self.num_envs:
            raise ValueError(
                f"Expected {self.num_envs} values of {name!r}, one a lane, got {len(rows)}"
            )
        if not hasattr(inspect.getattr_static(type(self.template), name, None), "__set__"):
            raise AttributeError(
                f"{type(self.template).__name__} has no attribute {name!r} that lanes could "
                f"have of their own; its parameters are {self.template.parameter_names()}"
            )
        drawn = [value if isinstance(value, Distribution) else None for value in rows]
        for distribution in filter(None, drawn):
            self.template.parameter(name).check_drawn(distribution)
        with self._lanes.guard:
            before = read_lanes(self.core, all_lanes(self.core), streams=True)
            try:
                for lane, value in enumerate(rows):
                    if drawn[lane] is None:
                        with self._lanes.as_lane(lane) as env:
                            setattr(env, name, value)
            except BaseException:
                write_lanes(self.core, all_lanes(self.core), before, streams=True)
                raise
            if name in self.template.parameter_names():
                self._draw(all_lanes(self.core), {name: drawn})

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method of each lane's environment, or read an attribute that is not callable.

        Raises:
            ValueError: If the method is one that the vector has itself.
        """
        if name in _NOT_CALLED:
            raise ValueError(f"Call `{name}` of the vector itself, not through `call`")
        return super().call(name, *args, **kwargs)

    @property  # type: ignore[misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]
        """Generators that stand where the lanes' streams stand; drawing from them moves no lane."""
        words = read_lanes(self.core, all_lanes(self.core), streams=True)["rng"]
        return tuple(map(generator_of, words))

    @property
    def np_random_seed(self) -> tuple[int | None, ...]:  # type: ignore[override]
        """The seeds of the lanes' streams; None before the first reset."""
        return tuple(self._lanes.seeds)

    @contextmanager
    def as_lane(self, lane: int) -> Iterator[NativeEnv[Any, Any]]:
        """Give `template` the state, parameters and stream of a lane, and take them back."""
        with self._lanes.guard, self._lanes.as_lane(lane) as env:
            yield env

    def _lane_array(self, lanes: LaneIds | None) -> NDArray[np.int64]:
        if lanes is None:
            return all_lanes(self.core)
        return np.array(checked_lane_ids(lanes, self.num_envs), dtype=np.int64)

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.__dict__.items() if name != "_lanes"}
        return {**kept, "_state": self.snapshot_state()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        own = state.pop("_state")
        self.__dict__.update(state)
        self._take_lanes(self._make_lanes(None))
        self.restore_state(own)
