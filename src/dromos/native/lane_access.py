"""What a native vector lets one see and change of its lanes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos._core import batch as core
from dromos.core import ActType, ObsType, RenderFrame
from dromos.error import SnapshotError
from dromos.native.distributions import Distribution
from dromos.native.draws import ParameterDraws
from dromos.native.env import NativeEnv
from dromos.native.fields import FIRST_LANE, Lanes, all_lanes, read_lanes, write_lanes
from dromos.native.lane_arguments import checked_params
from dromos.native.parameters import LaneParameter
from dromos.native.results import Waiting
from dromos.native.streams import generator_of, words_of
from dromos.vector.base import VectorEnv
from dromos.vector.lane_queue import LaneIds, checked_lane_ids

__all__ = ["LaneAccess"]

_NOT_CALLED = ("reset", "step", "close")


class LaneAccess(VectorEnv[ObsType, ActType, NDArray[Any]]):
    """Parameters, attributes, random streams, pictures and snapshots of native lanes.

    Attributes:
        core: The lanes.
        template: A single environment of the lanes' class; it stands in for each in turn.
        draws: Which parameters are drawn at each reset in which lanes.
    """

    core: core.Batch
    template: NativeEnv[Any, Any]
    draws: ParameterDraws
    _waiting: Waiting
    _seeds: Sequence[int | None]

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
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range, or there is not one for each lane. Nothing has
                been changed then.
        """
        chosen = self._lane_array(lanes)
        checked = checked_params(type(self.template), params, len(chosen))
        self._draw(chosen, {n: [v] for n, v in checked.items() if isinstance(v, Distribution)})
        self._fix(chosen, {n: v for n, v in checked.items() if not isinstance(v, Distribution)})

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
        parameter = getattr(type(self.template), name, None)
        if isinstance(parameter, LaneParameter):
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
        """
        rows = values if isinstance(values, (list, tuple)) else [values] * self.num_envs
        if len(rows) != self.num_envs:
            raise ValueError(
                f"Expected {self.num_envs} values of {name!r}, one a lane, got {len(rows)}"
            )
        if not hasattr(getattr(type(self.template), name, None), "__set__"):
            raise AttributeError(
                f"{type(self.template).__name__} has no attribute {name!r} that lanes could "
                f"have of their own; its parameters are {self.template.parameter_names()}"
            )
        drawn = [value if isinstance(value, Distribution) else None for value in rows]
        for distribution in filter(None, drawn):
            self.template.parameter(name).check_drawn(distribution)
        for lane, value in enumerate(rows):
            if drawn[lane] is None:
                with self.as_lane(lane) as env:
                    setattr(env, name, value)
        if name in self.template.parameter_names():
            self._draw(all_lanes(self.core), {name: drawn})

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method of each lane's environment, or read an attribute that is not callable.

        Raises:
            ValueError: If the method is one that the vector has itself.
        """
        if name in _NOT_CALLED:
            raise ValueError(f"Call `{name}` of the vector itself, not through `call`")
        results = []
        for lane in range(self.num_envs):
            with self.as_lane(lane) as env:
                value = getattr(env, name)
                results.append(value(*args, **kwargs) if callable(value) else value)
        return tuple(results)

    def render(self) -> tuple[RenderFrame, ...] | None:
        """Return a frame of each lane.

        Raises:
            ResetNeeded: If a lane was never reset.
        """
        return self.render_lanes()

    def render_lanes(self, lanes: LaneIds | None = None) -> tuple[RenderFrame, ...]:
        """Return a frame of each of some lanes, in their order."""
        frames: list[Any] = []
        for lane in checked_lane_ids(lanes, self.num_envs):
            with self.as_lane(lane) as env:
                frames.append(env.render())
        return tuple(frames)

    @contextmanager
    def as_lane(self, lane: int) -> Iterator[NativeEnv[Any, Any]]:
        """Give the template the state, parameters and stream of a lane, and take them back."""
        lanes = np.array([lane], dtype=np.int64)
        held = read_lanes(self.core, lanes, streams=True)
        env = self.template
        env.np_random = generator_of(held["rng"][0])
        write_lanes(env.core, FIRST_LANE, held, streams=False)
        yield env
        changed = read_lanes(env.core, FIRST_LANE, streams=False)
        changed["rng"] = words_of(env.np_random)[np.newaxis]
        write_lanes(self.core, lanes, changed, streams=True)

    @property  # type: ignore[misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]
        """Generators that stand where the lanes' streams stand; drawing from them moves no lane."""
        words = read_lanes(self.core, all_lanes(self.core), streams=True)["rng"]
        return tuple(map(generator_of, words))

    @property
    def np_random_seed(self) -> tuple[int | None, ...]:  # type: ignore[override]
        """The seeds of the lanes' streams; None before the first reset."""
        return tuple(self._seeds)

    def snapshot_state(self, lanes: LaneIds | None = None) -> dict[str, Any]:
        """Return everything that lanes hold, their random streams included.

        Raises:
            SnapshotError: If results of one of them wait to be received.
        """
        chosen = self._lane_array(lanes)
        if busy := sorted(set(chosen.tolist()).intersection(self._waiting.lanes())):
            raise SnapshotError(
                f"The results of lanes {busy} have not been received; call `recv()` first"
            )
        return {
            "lanes": chosen,
            "core": read_lanes(self.core, chosen, streams=True),
            "seeds": [self._seeds[lane] for lane in chosen.tolist()],
            "limit": self.core.limit,
            "draws": self.draws.state(chosen),
        }

    def restore_state(self, state: dict[str, Any], lanes: LaneIds | None = None) -> None:
        """Take over what `snapshot_state` returned; a state of one lane may go into several."""
        sources = state["lanes"].tolist()
        targets = self._lane_array(sources if lanes is None else lanes)
        if len(targets) != len(sources) != 1:
            raise SnapshotError(
                f"The snapshot holds {len(sources)} lanes, which cannot go into {len(targets)}; "
                "name as many lanes, or take a snapshot of one."
            )
        draws = self.draws.copy()
        draws.restore(state["draws"], targets)
        write_lanes(self.core, targets, state["core"], streams=True)
        if self.draws or draws:
            self.draws = draws
            draws.apply(self.core)
        self._waiting.drop(targets)
        seeds = list(self._seeds)
        for position, target in enumerate(targets.tolist()):
            seeds[target] = state["seeds"][position if len(sources) > 1 else 0]
        self._seeds = seeds
        self.core.limit = state["limit"]

    def _lane_array(self, lanes: LaneIds | None) -> NDArray[np.int64]:
        if lanes is None:
            return all_lanes(self.core)
        return np.array(checked_lane_ids(lanes, self.num_envs), dtype=np.int64)
