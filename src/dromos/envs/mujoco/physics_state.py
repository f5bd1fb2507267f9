"""The state of a simulation as plain data.

What decides the future is one row, ``mjSTATE_INTEGRATION``. What a user can look at besides (poses,
forces, what observations are made of) is one substep behind it and cannot be computed from it: the
arrays themselves are kept too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.envs.mujoco.library import import_mujoco
from dromos.error import SnapshotError
from dromos.plain.errors import shown
from dromos.snapshot import Writes

__all__ = ["judge_model", "judge_physics", "model_changes", "read_physics"]

#: What follows from a state and can be looked at, of one size in every step. What MuJoCo keeps for
#: itself, and what changes its size with the contacts, is computed anew by the next step.
_DERIVED = (
    *("xpos", "xquat", "xmat", "xipos", "ximat", "xanchor", "xaxis", "geom_xpos", "geom_xmat"),
    *("site_xpos", "site_xmat", "cam_xpos", "cam_xmat", "light_xpos", "light_xdir"),
    *("subtree_com", "subtree_linvel", "subtree_angmom", "cinert", "cvel", "cdof", "cdof_dot"),
    *("qacc", "qacc_smooth", "qfrc_bias", "qfrc_passive", "qfrc_spring", "qfrc_damper"),
    *("qfrc_actuator", "qfrc_smooth", "qfrc_constraint", "cacc", "cfrc_int", "cfrc_ext"),
    *("actuator_length", "actuator_velocity", "actuator_force", "ten_length", "ten_velocity"),
    *("sensordata",),
)

#: Options that are one of an enumeration of MuJoCo's.
_ENUMS = {"cone": "mjtCone", "integrator": "mjtIntegrator", "jacobian": "mjtJacobian"}
_ENUMS["solver"] = "mjtSolver"

#: More than any model needs; a solver that never converges ends soon all the same.
_MOST_ITERATIONS = 10_000


def read_physics(model: Any, data: Any) -> dict[str, Any]:
    """Return the state of `data`: ``"row"`` and, by name, the arrays that follow from it."""
    mujoco = import_mujoco()
    spec = mujoco.mjtState.mjSTATE_INTEGRATION
    row = np.empty(mujoco.mj_stateSize(model, spec))
    mujoco.mj_getState(model, data, row, spec)
    return {"row": row, "derived": {name: getattr(data, name).copy() for name in _DERIVED}}


def judge_physics(model: Any, data: Any, state: Any, target: Callable[[], Any]) -> Writes:
    """Return what puts a simulation into a state that `read_physics` returned.

    Args:
        model: The model.
        data: Data of it, which stay as they are.
        state: The state, from anywhere.
        target: Gives the data that are to be written.

    Raises:
        SnapshotError: If it is of another model, or no state at all.
    """
    mujoco = import_mujoco()
    spec = mujoco.mjtState.mjSTATE_INTEGRATION
    if not isinstance(state, dict) or not isinstance(state.get("derived"), dict):
        raise SnapshotError('The snapshot of a MuJoCo environment must hold "physics"')
    row = _checked("row", state.get("row"), (mujoco.mj_stateSize(model, spec),))
    arrays = {
        name: _checked(name, state["derived"].get(name), getattr(data, name).shape)
        for name in _DERIVED
    }

    def write() -> None:
        data = target()
        mujoco.mj_setState(model, data, row, spec)
        for name, array in arrays.items():
            getattr(data, name)[...] = array

    return [write]


def model_changes(model: Any, compiled: Any) -> dict[str, Any]:
    """Return what a user has changed in a model: its arrays and options that differ, by name."""
    changes: dict[str, Any] = {}
    for name in _model_arrays():
        array = getattr(model, name)
        if not np.array_equal(array, getattr(compiled, name), equal_nan=True):
            changes[name] = array.copy()
    for name in _options():
        value, usual = getattr(model.opt, name), getattr(compiled.opt, name)
        if not np.array_equal(value, usual):
            changes[f"opt.{name}"] = np.array(value)
    return changes


def judge_model(model: Any, compiled: Any, changes: Any, target: Callable[[], Any]) -> Writes:
    """Return what makes a model that of its file with these changes.

    Args:
        model: The model, which stays as it is.
        compiled: That of its file.
        changes: What `model_changes` returned, from anywhere.
        target: Gives the model that is to be written.

    Raises:
        SnapshotError: If they do not fit the model.
    """
    options = {f"opt.{name}": name for name in _options()}
    if not isinstance(changes, dict) or set(changes) - set(_model_arrays()) - set(options):
        raise SnapshotError(f"Expected changes of fields of mjModel, found {shown(changes)}")
    arrays = {
        name: _checked(name, value, getattr(model, name).shape)
        for name, value in changes.items()
        if name not in options
    }
    settings = {
        name: _checked_option(name, changes.get(full, np.array(getattr(compiled.opt, name))))
        for full, name in options.items()
    }

    def write() -> None:
        model = target()
        for name in _model_arrays():
            getattr(model, name)[...] = arrays.get(name, getattr(compiled, name))
        for name, value in settings.items():
            if value.shape:
                getattr(model.opt, name)[...] = value
            else:
                setattr(model.opt, name, value.item())

    return [write]


def _checked_option(name: str, value: Any) -> NDArray[Any]:
    """Return an option of the model if MuJoCo knows it, and steps with it end."""
    usual = np.asarray(getattr(import_mujoco().MjOption(), name))
    if type(value) is not np.ndarray or (value.shape, value.dtype) != (usual.shape, usual.dtype):
        raise SnapshotError(f"Expected opt.{name} like {usual!r}, found {shown(value)}")
    kinds = getattr(import_mujoco(), _ENUMS[name]) if name in _ENUMS else None
    known = kinds is None or 0 <= int(value) < len(kinds.__members__)
    if not known or (name.endswith("iterations") and not 0 <= value <= _MOST_ITERATIONS):
        raise SnapshotError(f"Expected opt.{name} to be one that MuJoCo takes, found {value}")
    return value


@functools.cache
def _model_arrays() -> tuple[str, ...]:
    model = import_mujoco().MjModel.from_xml_string("<mujoco/>")
    return tuple(
        name
        for name in dir(model)
        if not name.startswith("_")
        and isinstance(array := getattr(model, name), np.ndarray)
        and array.dtype == np.float64
        and array.flags.writeable
    )


@functools.cache
def _options() -> tuple[str, ...]:
    option = import_mujoco().MjModel.from_xml_string("<mujoco/>").opt
    return tuple(
        name
        for name in dir(option)
        if not name.startswith("_") and isinstance(getattr(option, name), float | int | np.ndarray)
    )


def _checked(name: str, value: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    if not isinstance(value, np.ndarray) or value.dtype != np.float64 or value.shape != shape:
        found = getattr(value, "shape", type(value).__name__)
        raise SnapshotError(
            f"The snapshot is of another model: expected {name} as float64 {shape}, found {found}"
        )
    return value
