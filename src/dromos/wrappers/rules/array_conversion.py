"""Arrays of one library as arrays of another, without copying where that is safe.

Memory changes hands through the DLPack protocol, which every array library speaks. It cannot say
all that matters: an array that must not be written to comes out writable in some libraries, and
strides that a library does not support make it raise or abort. So what lies in the memory of the
CPU is looked at as a NumPy array first, and copied if it must not be written to or is not in one
piece.
"""

from __future__ import annotations

import importlib
import numbers
from collections import deque
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dromos.error import DependencyNotInstalled

__all__ = [
    "JAX",
    "NUMPY",
    "TORCH",
    "ArraySide",
    "Device",
    "array_conversion",
    "as_numpy",
    "load_array_library",
    "module_namespace",
]

NUMPY = "numpy"
TORCH = "torch"
JAX = "jax.numpy"

#: The extra of this distribution that installs a library; others are installed by their own name.
_EXTRAS = {"torch": "torch", "jax": "jax"}

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


def as_numpy(value: Any) -> Any:
    """Return an array of another library as one of NumPy; anything else stays as it is."""
    if isinstance(value, np.ndarray) or not hasattr(value, "__dlpack__"):
        return value
    return ArraySide("numpy")(value)


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
        self._ways: dict[type, Callable[[Any], Any]] = {}

    @property
    def name(self) -> str:
        """The name of the namespace."""
        return str(self.xp.__name__)

    def __call__(self, value: Any) -> Any:
        """Return `value` with every array and number in it as an array of this side."""
        kind = type(value)
        way = self._ways.get(kind)
        if way is None:
            way = self._ways[kind] = self._way_of(kind)
        return way(value)

    def _way_of(self, kind: type) -> Callable[[Any], Any]:
        """Return what converts values of a type."""
        if issubclass(kind, np.ndarray):
            return self._from_numpy
        if issubclass(kind, self._array_type):
            return self._on_device
        if issubclass(kind, (numbers.Number, np.generic)):
            return self._from_number
        if hasattr(kind, "__dlpack__"):
            return self._from_other
        if issubclass(kind, Mapping):
            return self._from_mapping
        if issubclass(kind, (list, tuple, deque)):
            return self._from_namedtuple if hasattr(kind, "_make") else self._from_sequence
        return _unchanged

    def _from_mapping(self, value: Mapping[Any, Any]) -> Mapping[Any, Any]:
        entries = {key: self(part) for key, part in value.items()}
        return entries if type(value) is dict else _rebuilt(value, entries)

    def _from_namedtuple(self, value: Any) -> Any:
        return value._make(map(self, value))

    def _from_sequence(self, value: Any) -> Any:
        return _rebuilt(value, [self(part) for part in value])

    def _from_number(self, value: Any) -> Any:
        return self._on_device(self.xp.asarray(value))

    def _from_numpy(self, value: npt.NDArray[Any]) -> Any:
        if value.dtype.kind not in _SHARED_KINDS:
            return self._from_objects(value)
        if isinstance(value, self._array_type):
            return self._on_device(value)
        return self._on_device(self.xp.from_dlpack(self._shareable(value)))

    def _from_objects(self, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return an array of objects with each object converted, one of texts as it is."""
        if value.dtype != object:
            return value
        converted = np.empty_like(value)
        for place, element in np.ndenumerate(value):
            # A number in a column of objects stays one, as the None and the texts beside it do.
            converted[place] = element if isinstance(element, numbers.Number) else self(element)
        return converted

    def _from_other(self, array: Any) -> Any:
        """Return an array of a library that is neither NumPy nor this side's."""
        view = _numpy_view(array)
        if view is not None:
            return self._from_numpy(view)
        if issubclass(self._array_type, np.ndarray):
            return _copied_to_numpy(array)
        return self._on_device(self.xp.from_dlpack(array))

    def _shareable(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return an array whose memory may be this side's: itself, or a copy."""
        flags = array.flags
        if not self._has_constants and flags.writeable and flags.forc and array.dtype.isnative:
            return array
        return array.astype(array.dtype.newbyteorder("="), order="C", copy=True)

    def _on_device(self, array: Any) -> Any:
        if self.device is None:
            return array
        move = getattr(array, "to_device", None) or array.to  # PyTorch's name for it
        return move(self.device)

    def __reduce__(self) -> tuple[type[ArraySide], tuple[str, Device]]:
        return ArraySide, (self.name, self.device)


def _unchanged(value: Any) -> Any:
    return value


def _numpy_view(array: Any) -> npt.NDArray[Any] | None:
    """Return the memory of an array as a NumPy array, or None if NumPy cannot look at it."""
    if isinstance(array, np.ndarray):
        return array
    try:
        return np.from_dlpack(array)
    except (BufferError, RuntimeError, TypeError):
        return None


def _copied_to_numpy(array: Any) -> npt.NDArray[Any]:
    """Return a NumPy array of one that is on another device.

    Raises:
        RuntimeError: If it is of a dtype that NumPy lacks.
    """
    try:
        return np.from_dlpack(array, device="cpu")
    except (BufferError, RuntimeError) as reason:  # which one depends on NumPy's version
        if "dtype" not in str(reason):
            raise
        dtype = getattr(array, "dtype", type(array))
        raise RuntimeError(
            f"expected an array of a dtype that NumPy has, found {dtype}: {reason} Convert it "
            "before, to float32 for example."
        ) from reason


def _rebuilt(container: Any, parts: Any) -> Any:
    """Return a container of the type of another; where that cannot be, a dict or a list."""
    try:
        return type(container)(parts)
    except TypeError:  # its constructor takes something else, as that of a defaultdict
        return parts


def load_array_library(name: str) -> ModuleType:
    """Import an array library.

    Args:
        name: The module with its functions, as ``"torch"``, ``"jax.numpy"``, ``"cupy"``.

    Raises:
        DependencyNotInstalled: If it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as absent:
        library = name.partition(".")[0]
        if absent.name != library:
            raise
        extra = _EXTRAS.get(library)
        wanted = f'"dromos[{extra}]"' if extra else library
        raise DependencyNotInstalled(
            f"Arrays of {library} are asked for, but {library} is not installed; "
            f"run `pip install {wanted}`"
        ) from absent


def module_namespace(xp: ModuleType) -> ModuleType:
    """Return the namespace of the array API standard that belongs to a module.

    That is the one of ``array_api_compat`` if this is installed, else what the module's arrays
    name as theirs, else the module.

    Raises:
        ValueError: If it is no module of an array library.
    """
    try:
        array = xp.empty(0)
        xp.asarray(0.0)
    except AttributeError as absent:
        raise ValueError(f"Module {xp} is not an Array API compatible module.") from absent
    try:
        from array_api_compat import array_namespace
    except ImportError:
        own = getattr(array, "__array_namespace__", None)
        return xp if own is None else own()
    return array_namespace(array)
