"""Arrays of one library as arrays of another, without copying where that is safe.

Memory changes hands through the DLPack protocol, which every array library speaks. It cannot say
all that matters: an array that must not be written to comes out writable in some libraries, and
strides that a library does not support make it raise or abort. So what lies in the memory of the
CPU is looked at as a NumPy array first, and copied if it must not be written to or is not in one
piece.
"""

from __future__ import annotations

import numbers
from collections import deque
from collections.abc import Mapping
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dromos.wrappers.rules.array_libraries import load_array_library

__all__ = ["ArraySide", "Device", "array_conversion"]

#: A device as the array library names it: ``"cuda:0"``, a `torch.device`, a `jax.Device`.
Device: TypeAlias = Any

#: NumPy's kinds of dtypes that other libraries know: bool, integers, floats, complex numbers.
_SHARED_KINDS = frozenset("biufc")


def array_conversion(value: Any, xp: ModuleType | str, device: Device = None) -> Any:
    """Return `value` with every array in it, and every number, as an array of another library.

    Args:
        value: An array, a number, or mappings, namedtuples, lists, tuples and deques of them, to
            any depth. None, texts and objects of other kinds stay as they are.
        xp: The library's namespace, as ``torch`` or ``jax.numpy``, or its name.
        device: Where the arrays shall be; None for where they are.

    Raises:
        DependencyNotInstalled: If the library is not installed.
    """
    return ArraySide(xp, device)(value)


class ArraySide:
    """One side of a conversion: an array library, and the device its arrays shall be on.

    Copies and pickles refer to the library by its name, since a module cannot be pickled.

    Attributes:
        xp: The library's namespace.
        device: The device, or None for wherever an array is.
    """

    def __init__(self, xp: ModuleType | str, device: Device = None) -> None:
        """Load the library.

        Args:
            xp: Its namespace or the name of that.
            device: Where arrays shall be; None for where they are.

        Raises:
            DependencyNotInstalled: If it is not installed.
            ValueError: If it is not a library of arrays.
        """
        self.xp: Any = load_array_library(xp) if isinstance(xp, str) else xp
        self.device = device
        if not hasattr(self.xp, "asarray") or not hasattr(self.xp, "from_dlpack"):
            raise ValueError(
                f"Expected the namespace of an array library, with `asarray` and `from_dlpack`, "
                f"found {self.xp!r}; pass for example numpy, torch or jax.numpy."
            )
        sample = self.xp.asarray(0.0)
        self._array_type: type = type(sample)
        view = _numpy_view(sample)
        self._has_constants = view is not None and not view.flags.writeable

    @property
    def name(self) -> str:
        """The name of the namespace."""
        return str(self.xp.__name__)

    def __call__(self, value: Any) -> Any:
        """Return `value` with every array and number in it as an array of this side."""
        if isinstance(value, np.ndarray) and value.dtype.kind not in _SHARED_KINDS:
            return self._converted_objects(value)
        if isinstance(value, self._array_type):
            return value if self.device is None else self._on_device(value)
        if isinstance(value, (numbers.Number, np.generic)):
            number = self.xp.asarray(value)
            return number if self.device is None else self._on_device(number)
        if hasattr(value, "__dlpack__"):
            array = self._shared(value)
            return array if self.device is None else self._on_device(array)
        return self._converted_container(value)

    def _converted_container(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            entries = {key: self(part) for key, part in value.items()}
            return entries if type(value) is dict else _rebuilt(value, entries)
        if hasattr(value, "_make"):  # a namedtuple
            return value._make(map(self, value))
        if isinstance(value, (list, tuple, deque)):
            return _rebuilt(value, [self(part) for part in value])
        return value

    def _converted_objects(self, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return an array of objects with each object converted, one of texts as it is."""
        if value.dtype != object:
            return value
        converted = np.empty_like(value)
        for place, element in np.ndenumerate(value):
            # A number in a column of objects stays one, as the None and the texts beside it do.
            converted[place] = element if isinstance(element, numbers.Number) else self(element)
        return converted

    def _shared(self, array: Any) -> Any:
        """Return an array of another library as one of this, in the same memory if it may be."""
        view = _numpy_view(array)
        if view is None:
            if self.xp.__name__ == "numpy":  # from another device, or of a dtype NumPy lacks
                return np.from_dlpack(array, device="cpu")
            return self.xp.from_dlpack(array)
        if issubclass(self._array_type, np.ndarray):
            return view
        in_one_piece = view.flags.forc and view.dtype.isnative
        if self._has_constants or not view.flags.writeable or not in_one_piece:
            view = view.astype(view.dtype.newbyteorder("="), order="C", copy=True)
        return self.xp.from_dlpack(view)

    def _on_device(self, array: Any) -> Any:
        move = getattr(array, "to_device", None) or array.to  # PyTorch's name for it
        return move(self.device)

    def __reduce__(self) -> tuple[type[ArraySide], tuple[str, Device]]:
        return ArraySide, (self.name, self.device)


def _numpy_view(array: Any) -> npt.NDArray[Any] | None:
    """Return the memory of an array as a NumPy array, or None if NumPy cannot look at it."""
    if isinstance(array, np.ndarray):
        return array
    try:
        return np.from_dlpack(array)
    except (BufferError, RuntimeError, TypeError):
        return None


def _rebuilt(container: Any, parts: Any) -> Any:
    """Return a container of the type of another; where that cannot be, a dict or a list."""
    try:
        return type(container)(parts)
    except TypeError:  # its constructor takes something else, as that of a defaultdict
        return parts
