"""The user's MuJoCo: found when it is first needed, and shown to the native core.

The core neither includes nor links anything of MuJoCo. It is handed the addresses of the functions
in the library that the imported package uses, and where in mjModel and mjData the fields are that
robots read, computed from the package's own description of its structs.
"""

from __future__ import annotations

import ctypes
import functools
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from dromos._core import mujoco as core
from dromos.error import DependencyNotInstalled

__all__ = ["import_mujoco", "library"]

_OLDEST = (3, 17)  # the first with the batches that run our function (mujoco/mjbatch.h)
_INSTALL = 'pip install "dromos[mujoco]"'

_FUNCTIONS = (
    "mj_step",
    "mj_forward",
    "mj_rnePostConstraint",
    "mj_resetData",
    "mjb_makeBatch",
    "mjb_deleteBatch",
    "mjb_apply",
    "mjb_error",
    "mjb_status",
    "mjb_state",
    "mjb_nstate",
    "mjb_expand",
    "mjb_expanded",
    "mjb_setConst",
    "mjb_getData",
    "mjb_getModel",
)

_DATA_FIELDS = (
    "warning",
    "qpos",
    "qvel",
    "ctrl",
    "xpos",
    "xipos",
    "site_xpos",
    "cinert",
    "cvel",
    "cfrc_ext",
    "qfrc_actuator",
    "qfrc_constraint",
    "ten_length",
    "ten_velocity",
)

_NUMBERS: dict[str, Any] = {
    "mjtNum": ctypes.c_double,
    "mjtSize": ctypes.c_int64,
    "mjtByte": ctypes.c_uint8,
    "mjtBool": ctypes.c_bool,
    "int": ctypes.c_int,
    "float": ctypes.c_float,
    "double": ctypes.c_double,
    "char": ctypes.c_char,
    "uint64_t": ctypes.c_uint64,
    "size_t": ctypes.c_size_t,
    "uintptr_t": ctypes.c_size_t,
}


@functools.cache
def import_mujoco() -> Any:
    """Return the package ``mujoco``.

    Raises:
        DependencyNotInstalled: If there is none, or it is older than 3.17.
    """
    try:
        import mujoco
    except ImportError as error:
        raise DependencyNotInstalled(
            f"MuJoCo environments need the package mujoco >= 3.17: {_INSTALL}"
        ) from error
    version = tuple(int(part) for part in mujoco.__version__.split(".")[:2])
    if version < _OLDEST:
        raise DependencyNotInstalled(
            f"MuJoCo environments need mujoco >= 3.17, found {mujoco.__version__}: {_INSTALL}"
        )
    return mujoco


@functools.cache
def library() -> core.Library:
    """Return MuJoCo as the native core sees it.

    Raises:
        DependencyNotInstalled: If there is no MuJoCo of 3.17 or later, or it is built in a way that
            its own description does not tell.
    """
    mujoco = import_mujoco()
    shared = ctypes.CDLL(str(_shared_library(mujoco)))
    empty = mujoco.MjModel.from_xml_string("<mujoco/>")
    layout = _layout(mujoco)
    _check_layout(mujoco, layout)
    return core.Library(
        functions={name: _address(getattr(shared, name)) for name in _FUNCTIONS},
        layout=layout,
        sin=np.sin,
        cos=np.cos,
        fused_norm=_norm_is_fused(),
        first_divergence=int(mujoco.mjtWarning.mjWARN_BADQPOS),
        empty_model=empty,
    )


def _address(function: Any) -> int:
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return address


def _shared_library(mujoco: ModuleType) -> Path:
    folder = Path(mujoco.__file__ or "").parent
    for pattern in ("libmujoco*.so*", "libmujoco*.dylib", "mujoco*.dll"):
        for found in sorted(folder.rglob(pattern)):
            return found
    raise DependencyNotInstalled(
        f"The package mujoco {mujoco.__version__} at {folder} holds no shared library libmujoco; "
        f"install it again: {_INSTALL}"
    )


def _layout(mujoco: ModuleType) -> dict[str, int]:
    """Offsets in bytes of what the core reads."""
    from mujoco.introspect import enums, structs

    kinds: dict[str, Any] = dict(_NUMBERS)

    def ctype(declared: Any) -> Any:
        if hasattr(declared, "extents"):  # an array
            kind = ctype(declared.inner_type)
            for extent in reversed(declared.extents):
                kind = kind * extent
            return kind
        if hasattr(declared, "inner_type"):  # a pointer
            return ctypes.c_void_p
        if hasattr(declared, "fields"):
            return structure("", declared.fields)
        if declared.name not in kinds:
            if declared.name in structs.STRUCTS:
                kinds[declared.name] = structure(
                    declared.name, structs.STRUCTS[declared.name].fields
                )
            elif declared.name in enums.ENUMS:
                return ctypes.c_int
            else:
                raise _strange(mujoco, f"it has a type {declared.name}")
        return kinds[declared.name]

    def structure(name: str, fields: Any) -> type[ctypes.Structure]:
        members = [(field.name, ctype(field.type)) for field in fields]
        return type(name or "anonymous", (ctypes.Structure,), {"_fields_": members})

    model, data, option = (
        structure(name, structs.STRUCTS[name].fields) for name in ("mjModel", "mjData", "mjOption")
    )

    def offset(struct: type[ctypes.Structure], field: str) -> int:
        return int(getattr(struct, field).offset)

    return {
        "timestep": offset(model, "opt") + offset(option, "timestep"),
        "body_mass": offset(model, "body_mass"),
        **{name: offset(data, name) for name in _DATA_FIELDS},
    }


def _check_layout(mujoco: ModuleType, layout: dict[str, int]) -> None:
    """Compare the computed offsets with where a live model has its arrays and numbers."""
    model = mujoco.MjModel.from_xml_string(
        "<mujoco><worldbody><body><joint name='j'/><geom size='1'/><site/></body></worldbody>"
        "<tendon><fixed><joint joint='j' coef='1'/></fixed></tendon>"
        "<actuator><motor joint='j'/></actuator></mujoco>"
    )
    data = mujoco.MjData(model)
    model.opt.timestep = 0.0123
    data.warning[0].number = 77

    def at(struct: Any, offset: int, kind: Any) -> Any:
        return kind.from_address(struct._address + offset).value

    found = {name: at(data, layout[name], ctypes.c_size_t) for name in _DATA_FIELDS[1:]}
    there = {name: getattr(data, name).ctypes.data for name in _DATA_FIELDS[1:]}
    numbers = (
        at(model, layout["timestep"], ctypes.c_double),
        at(model, layout["body_mass"], ctypes.c_size_t),
        at(data, layout["warning"] + 4, ctypes.c_int),
    )
    if found != there or numbers != (0.0123, model.body_mass.ctypes.data, 77):
        raise _strange(mujoco, "its structs are not laid out as it describes them")


def _strange(mujoco: ModuleType, what: str) -> DependencyNotInstalled:
    return DependencyNotInstalled(
        f"This build of mujoco {mujoco.__version__} cannot be used: {what}. Install a release of "
        f"it: {_INSTALL}"
    )


def _norm_is_fused() -> bool:
    """Whether `numpy.linalg.norm` of short vectors uses fused multiply-adds.

    It calls BLAS, whose code differs from processor to processor; the last bit of distances
    depends on it.
    """
    vectors = np.random.default_rng(0).standard_normal((64, 2))
    plain = [float(np.sqrt(x * x + y * y)) for x, y in vectors]
    return [float(np.linalg.norm(vector)) for vector in vectors] != plain
