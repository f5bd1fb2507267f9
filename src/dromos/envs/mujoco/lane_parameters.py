"""What the lanes of a MuJoCo vector have of their own: numbers of the task, fields of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos._core import mujoco as core
from dromos.envs.mujoco.robot import RobotEnv
from dromos.envs.mujoco.task import numbers
from dromos.error import SnapshotError
from dromos.native.distributions import Choice, Distribution, LogUniform, Normal, Uniform
from dromos.native.lanes import generator_of, words_of
from dromos.vector.autoreset import Writes

__all__ = ["LaneParameters"]

#: Fields that are no physical quantity below 0.
_NOT_NEGATIVE = ("mass", "inertia", "damping", "armature", "friction", "size", "stiffness")

_Lanes = NDArray[np.int32]


class LaneParameters:
    """Parameters of lanes, by name.

    A name is that of a number of the task (``"ctrl_cost_weight"``), of a field of ``mjModel``
    (``"body_mass"``, ``"geom_friction"``, ``"actuator_gear"``, ``"dof_damping"``, …), or of
    ``mjOption`` (``"gravity"``, ``"viscosity"``, …).

    Args:
        pool: The lanes.
        env: A single environment like them.
        num_lanes: The number of lanes.
    """

    def __init__(self, pool: core.Pool, env: RobotEnv, num_lanes: int) -> None:
        self._pool, self._model, self._lanes = pool, env._model, num_lanes
        self._env = env
        self._expanded: dict[str, NDArray[Any]] = {}
        self._draws: dict[str, list[Distribution | None]] = {}

    def values(self) -> dict[str, NDArray[Any]]:
        """Return what is or was ever set of lanes' own: name to array (n, ...)."""
        return {name: column.copy() for name, column in self._expanded.items()}

    def set(self, params: Mapping[str, Any], lanes: _Lanes) -> None:
        """Set parameters of lanes: a value, one a lane, or a distribution.

        Raises:
            TypeError: If there is no such parameter, or a value is no number.
            ValueError: If a value is out of range or of another shape.
        """
        checked = {name: self._checked(name, value, len(lanes)) for name, value in params.items()}
        for name, value in checked.items():
            if isinstance(value, Distribution):
                self._column(name)
                self._draws.setdefault(name, [None] * self._lanes)
            elif name in self._draws:
                for lane in lanes.tolist():
                    self._draws[name][lane] = None
        fixed = {n: v for n, v in checked.items() if not isinstance(v, Distribution)}
        for name, value in checked.items():
            if isinstance(value, Distribution):
                for lane in lanes.tolist():
                    self._draws[name][lane] = value
        self._write(fixed, lanes)

    def moved_to(self, pool: core.Pool, lanes: _Lanes) -> LaneParameters:
        """Return parameters of another pool, whose lanes these are, with the same values."""
        moved = LaneParameters(pool, self._env, self._lanes)
        for name in self._expanded:
            moved._column(name)
        for write in moved.judge(self.read(lanes), lanes):
            write()
        return moved

    @property
    def draws(self) -> bool:
        """Whether starts draw parameters in some lane."""
        return any(any(rows) for rows in self._draws.values())

    def draw(self, lanes: _Lanes) -> None:
        """Draw the parameters of lanes that start, each from the lane's own stream."""
        if not self._draws:
            return
        for lane in lanes.tolist():
            drawn = {name: rows[lane] for name, rows in self._draws.items() if rows[lane]}
            if not drawn:
                continue
            generator = generator_of(self._pool.streams[lane])
            own = np.array([lane], dtype=np.int32)
            values = {
                name: _sample(distribution, generator, self._column(name).shape[1:])[np.newaxis]
                for name, distribution in drawn.items()
                if distribution is not None
            }
            self._pool.streams[lane] = words_of(generator)
            self._write(values, own)

    def _write(self, values: Mapping[str, NDArray[Any]], lanes: _Lanes) -> None:
        derived = False
        for name, value in values.items():
            self._column(name)[lanes] = value
            derived = derived or name not in core.TASK_FIELDS
        if derived:  # constants that MuJoCo derives from masses, poses and the like
            self._pool.set_const(lanes)

    def _checked(self, name: str, value: Any, count: int) -> Any:
        shape = self._shape(name)
        if isinstance(value, Distribution):
            extremes = [self._checked(name, extreme, count) for extreme in value.extremes()]
            assert extremes
            return value
        try:
            array = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise TypeError(f"{name}: expected numbers, got {value!r:.200}") from None
        own = (count, *shape)
        if array.shape not in {(), shape, own} and array.shape != (count,) + (1,) * len(shape):
            raise ValueError(
                f"{name}: expected one value of shape {shape}, or one a lane {own}, got an array "
                f"of shape {array.shape}"
            )
        result = np.broadcast_to(array, own)
        if not np.isfinite(result).all():
            raise ValueError(f"{name}: expected finite numbers, got {value!r:.200}")
        if name not in core.TASK_FIELDS:
            if any(part in name for part in _NOT_NEGATIVE) and (result < 0).any():
                raise ValueError(f"{name}: expected numbers ≥ 0, got {value!r:.200}")
            if name == "timestep" and (result <= 0).any():
                raise ValueError(f"timestep: expected a time above 0 s, got {value!r:.200}")
        else:
            for each in np.unique(result):
                numbers(**{name: each})
        return result

    def _shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a parameter of one lane.

        Raises:
            TypeError: If there is no such parameter.
        """
        if name in core.TASK_FIELDS:
            return ()
        owner = self._model.opt if hasattr(self._model.opt, name) else self._model
        value = getattr(owner, name, None) if not name.startswith("_") else None
        if isinstance(value, float):
            return ()
        if isinstance(value, np.ndarray) and value.dtype == np.float64:
            return value.shape  # type: ignore[no-any-return]
        raise TypeError(
            f"{type(self._env).__name__} has no parameter {name!r}; lanes can have of their own "
            "the numbers "
            f" {', '.join(core.TASK_FIELDS[:16])}, and fields of mjModel and mjOption of "
            "float64, as body_mass, geom_friction, actuator_gear, dof_damping, gravity"
        )

    def _column(self, name: str) -> NDArray[Any]:
        """Return the live values of a parameter, (n, ...)."""
        if name not in self._expanded:
            shape = self._shape(name)
            if name in core.TASK_FIELDS:
                column = self._pool.tasks[:, core.TASK_FIELDS.index(name)]
            else:
                option = hasattr(self._model.opt, name)
                raw = self._pool.expand(f"opt.{name}" if option else name)
                if raw is None:
                    raise TypeError(f"MuJoCo cannot give each lane a {name} of its own")
                column = raw.view(np.float64).reshape(self._lanes, *shape)
            self._expanded[name] = column
        return self._expanded[name]

    def read(self, lanes: _Lanes) -> dict[str, Any]:
        """Return the parameters of lanes, and what they are drawn from."""
        return {
            "values": {n: c[lanes] for n, c in self._expanded.items() if n not in core.TASK_FIELDS},
            "draws": {
                name: [_told(rows[lane]) for lane in lanes.tolist()]
                for name, rows in self._draws.items()
            },
        }

    def judge(self, state: Any, lanes: _Lanes) -> Writes:
        """Return what puts the result of `read`, of m lanes or of one, into lanes."""
        if not isinstance(state, dict) or set(state) != {"values", "draws"}:
            raise SnapshotError("params: expected values and draws")
        count = len(lanes)
        values = {}
        for name, column in state["values"].items():
            rows = column if len(column) == count else np.repeat(column, count, axis=0)
            values[name] = self._checked(name, rows, count)
        for name in self._expanded:
            if name not in values and name not in core.TASK_FIELDS:
                owner = self._model.opt if hasattr(self._model.opt, name) else self._model
                values[name] = self._checked(name, getattr(owner, name), count)
        draws = {}
        for name, told in state["draws"].items():
            own = told if len(told) == count else told * count
            draws[name] = [_distribution(row) for row in own]
            for distribution in filter(None, draws[name]):
                self._checked(name, distribution, count)

        def write() -> None:
            self._write(values, lanes)
            for name in {*self._draws, *draws}:
                rows = self._draws.setdefault(name, [None] * self._lanes)
                self._column(name)
                for place, lane in enumerate(lanes.tolist()):
                    rows[lane] = draws[name][place] if name in draws else None

        return [write]


_KINDS: dict[str, type[Distribution]] = {
    kind.__name__: kind for kind in (Uniform, LogUniform, Normal, Choice)
}


def _told(distribution: Distribution | None) -> Any:
    if distribution is None:
        return None
    return {"kind": type(distribution).__name__, **distribution.__dict__}


def _distribution(told: Any) -> Distribution | None:
    if told is None:
        return None
    if not isinstance(told, dict) or told.get("kind") not in _KINDS:
        raise SnapshotError(f"draws: expected a distribution, found {told!r:.100}")
    return _KINDS[told["kind"]](**{name: value for name, value in told.items() if name != "kind"})


def _sample(
    distribution: Distribution, generator: np.random.Generator, shape: tuple[int, ...]
) -> NDArray[Any]:
    """Return one draw for each number of a parameter."""
    if isinstance(distribution, Choice):
        return np.broadcast_to(
            np.asarray(distribution.values[int(generator.integers(len(distribution.values)))]),
            shape,
        )
    if isinstance(distribution, LogUniform):
        low, high = np.log(distribution.low), np.log(distribution.high)
        drawn = np.exp(generator.uniform(low, high, shape))
        return np.clip(drawn, distribution.low, distribution.high)
    if isinstance(distribution, Normal):
        drawn = generator.normal(distribution.mean, distribution.deviation, shape)
        return np.clip(drawn, distribution.low, distribution.high)
    assert isinstance(distribution, Uniform)
    return np.asarray(generator.uniform(distribution.low, distribution.high, shape))
