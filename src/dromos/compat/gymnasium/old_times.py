"""What a process that runs an old program is told besides: ids, and NumPy's names of then."""

from __future__ import annotations

import os
import re
import sys
import warnings
from typing import Any

import numpy as np

from dromos.compat.gymnasium.dialects import Dialect
from dromos.registration.plugins import add_old_group

__all__ = ["NO_NUMPY_NAMES", "begin"]

#: Set to anything, it leaves NumPy as it is.
NO_NUMPY_NAMES = "DROMOS_NO_NUMPY_NAMES"


def begin(dialect: Dialect) -> None:
    """Prepare this process for the programs of a dialect."""
    first, last = dialect.releases
    if (1, 0) <= first < last < (1, 4):
        _register_ids(first, last)
    if (0, 21) <= last < (1, 0):
        add_old_group(f"{dialect.name}.envs")
    if last < (1, 0) and not os.environ.get(NO_NUMPY_NAMES):
        _add_numpy_names()
    if last == (0, 26):  # which forwarded attributes of wrappers without a word
        warnings.filterwarnings("ignore", ".*to get variables from other wrappers is deprecated")
    if last < (0, 26):
        _show_old_generators()


def _register_ids(first: tuple[int, int], last: tuple[int, int]) -> None:
    """Put the ids that only these releases have into today's registry, which they share."""
    from dromos.compat.old_ids import OldIds
    from dromos.envs.registration import registry

    ids = OldIds((first, last))
    for id in ids.own():
        registry[id] = ids[id]
        # The newer version came later; that this one is out of date is nothing to tell.
        warnings.filterwarnings("ignore", rf"(?s).*environment {re.escape(id)} is out of date")


def _show_old_generators() -> None:
    """Let the generators of spaces answer to ``randint`` and ``rand`` too, as they did."""
    from dromos.compat.gym_v25.utils.seeding import RandomNumberGenerator
    from dromos.spaces import Space

    own = Space.__dict__["np_random"]

    def np_random(space: Space[Any]) -> np.random.Generator:
        """The generator samples are drawn from, with the names that `RandomState` had."""
        return RandomNumberGenerator(own.fget(space).bit_generator)

    Space.np_random = property(np_random)  # type: ignore[assignment]


#: Names that NumPy has given up, and what they were.
_NUMPY_NAMES: dict[str, Any] = {
    "Inf": np.inf,
    "Infinity": np.inf,
    "NAN": np.nan,
    "NINF": -np.inf,
    "NZERO": -0.0,
    "NaN": np.nan,
    "PINF": np.inf,
    "PZERO": 0.0,
    "alltrue": np.all,
    "asfarray": lambda a, dtype=np.float64: np.asarray(a, dtype),
    "bool": bool,
    "bool8": np.bool_,
    "cast": None,
    "complex": complex,
    "complex_": np.complex128,
    "cumproduct": np.cumprod,
    "float": float,
    "float_": np.float64,
    "in1d": lambda ar1, ar2, **kwargs: np.isin(np.ravel(ar1), ar2, **kwargs),
    "infty": np.inf,
    "int": int,
    "int0": np.intp,
    "long": int,
    "longfloat": np.longdouble,
    "mat": np.asmatrix,
    "msort": lambda a: np.sort(a, axis=0),
    "object": object,
    "object0": np.object_,
    "product": np.prod,
    "round_": np.round,
    "row_stack": np.vstack,
    "singlecomplex": np.complex64,
    "sometrue": np.any,
    "str": str,
    "str0": np.str_,
    "string_": np.bytes_,
    "trapz": getattr(np, "trapezoid", None),
    "uint0": np.uintp,
    "unicode": str,
    "unicode_": np.str_,
}
_told: list[str] = []


def _add_numpy_names() -> None:
    """Let programs, but not NumPy itself, find the names that it no longer has."""
    numpys_own = np.__dict__.get("__getattr__")
    if getattr(numpys_own, "__module__", None) == __name__:
        return

    def __getattr__(name: str) -> Any:
        value = _NUMPY_NAMES.get(name)
        asks = sys._getframe(1).f_globals.get("__name__", "")
        if value is None or asks.partition(".")[0] == "numpy":
            if numpys_own is None:
                raise AttributeError(f"module 'numpy' has no attribute {name!r}")
            return numpys_own(name)
        if not _told:
            _told.append(name)
            print(
                f"dromos: `np.{name}` is gone from NumPy {np.__version__}; this program of the old "
                "dialect finds it and its like all the same. "
                f"`dromos run --no-numpy-names`, or {NO_NUMPY_NAMES}=1, leaves NumPy as it is.",
                file=sys.stderr,
            )
        return value

    np.__dict__["__getattr__"] = __getattr__
