"""Carrying functions to worker processes, and starting those."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any, Generic

from typing_extensions import TypeVar

from dromos.error import DependencyNotInstalled
from dromos.homes import import_homes

__all__ = ["CloudpickleWrapper", "clear_mpi_env_vars", "cloud_dumps", "dumps"]

_Env_co = TypeVar("_Env_co", covariant=True, default=Any)

#: Prefixes of the variables by which MPI recognises its processes.
_MPI_PREFIXES = ("OMPI_", "PMI_")


class CloudpickleWrapper(Generic[_Env_co]):
    """A function that pickles even if it is a lambda or local; with cloudpickle.

    Args:
        fn: A function without arguments, such as one that makes an environment.
    """

    def __init__(self, fn: Callable[[], _Env_co]) -> None:
        self.fn = fn

    def __getstate__(self) -> bytes:
        """Return the pickled function.

        Raises:
            DependencyNotInstalled: If plain pickle cannot, and cloudpickle is not installed.
        """
        return cloud_dumps(self.fn)

    def __setstate__(self, ob: bytes) -> None:
        """Restore the function."""
        import pickle

        self.fn = pickle.loads(ob)

    def __call__(self) -> _Env_co:
        """Call the function."""
        return self.fn()


def dumps(value: Any) -> bytes:
    """Return `value` pickled; with cloudpickle if plain pickle cannot.

    Raises:
        DependencyNotInstalled: If plain pickle cannot, and cloudpickle is not installed.
    """
    import pickle

    try:
        return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError):
        return cloud_dumps(value)


def cloud_dumps(value: Any) -> bytes:
    """Return `value` pickled, with cloudpickle if it is installed.

    Raises:
        DependencyNotInstalled: If plain pickle cannot, and cloudpickle is not installed.
    """
    try:
        import cloudpickle  # type: ignore[import-untyped]
    except ImportError:
        return _plain_pickle(value)
    import_homes()
    pickled: bytes = cloudpickle.dumps(value)
    return pickled


def _plain_pickle(value: Any) -> bytes:
    import pickle

    try:
        return pickle.dumps(value)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise DependencyNotInstalled(
            f"{value!r} can only be sent to another process with cloudpickle, which is not "
            "installed, run `pip install cloudpickle`"
        ) from error


@contextlib.contextmanager
def clear_mpi_env_vars() -> Iterator[None]:
    """Hide the variables of MPI from child processes started meanwhile.

    A child that finds them would take itself for a process of MPI when it imports ``mpi4py``, and
    hang.
    """
    hidden = {key: value for key, value in os.environ.items() if key.startswith(_MPI_PREFIXES)}
    for key in hidden:
        del os.environ[key]
    try:
        yield
    finally:
        os.environ.update(hidden)
