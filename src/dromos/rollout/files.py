"""Rollouts as directories: a ``.npy`` file for each array, and ``rollout.json``, which names them.

Nothing is pickled: arrays of objects are refused, and files that hold some are not read.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.error import DamagedFile
from dromos.rollout.arrays import Array, Place, leaves_of
from dromos.rollout.value import FIELDS, NUMBERS, Rollout

if TYPE_CHECKING:
    import os

__all__ = ["load", "mapped", "save", "write_manifest"]

_MANIFEST = "rollout.json"
_FORMAT = "dromos rollout 1"
_OPTIONAL = ("final_observations", "infos")
_MODES = (None, "r", "r+", "c")


def save(rollout: Rollout, path: str | os.PathLike[str]) -> None:
    """Write a rollout to a directory (see `Rollout.save`)."""
    trees = rollout.__getstate__()
    arrays = [leaf for name in _names(trees) for leaf in leaves_of(trees[name], name)]
    for where, array in arrays:
        if array.dtype.hasobject:
            raise TypeError(
                f"{where} holds elements that are no numbers, which only pickling could keep; "
                "flatten the observations or actions, for example with FlattenObservation"
            )
    directory = _new_directory(path)
    for index, (_, array) in enumerate(arrays):
        np.save(_file(directory, index), array, allow_pickle=False)
    write_manifest(rollout, directory)


def write_manifest(rollout: Rollout, path: str | os.PathLike[str]) -> None:
    """Write which array is in which file."""
    trees = rollout.__getstate__()
    numbers = iter(range(10**9))
    content = {
        "format": _FORMAT,
        "time_axis": rollout.time_axis,
        "arrays": {name: _numbered(trees[name], numbers) for name in _names(trees)},
    }
    (Path(path) / _MANIFEST).write_text(json.dumps(content, indent=1) + "\n")


def _names(trees: dict[str, Any]) -> list[str]:
    return [name for name, tree in trees.items() if name != "time_axis" and tree is not None]


def _numbered(tree: Any, numbers: Iterator[int]) -> Any:
    """Return a tree with the number of its file in the place of each array."""
    if isinstance(tree, dict):
        if any(not isinstance(key, str) for key in tree):
            raise TypeError(f"Expected the keys of dicts to be texts, found {list(tree)}")
        return {"dict": {key: _numbered(part, numbers) for key, part in tree.items()}}
    if isinstance(tree, tuple):
        return {"tuple": [_numbered(part, numbers) for part in tree]}
    return next(numbers)


def load(path: str | os.PathLike[str], mmap_mode: str | None) -> Rollout:
    """Return the rollout in a directory (see `Rollout.load`)."""
    if mmap_mode not in _MODES:
        raise ValueError(f"mmap_mode: expected one of {_MODES}, found {mmap_mode!r}")
    directory = Path(path)
    try:
        content = json.loads((directory / _MANIFEST).read_text())
    except (ValueError, RecursionError) as error:
        raise DamagedFile(f"{directory / _MANIFEST}: expected JSON ({error})") from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        found = content.get("format") if isinstance(content, dict) else content
        raise DamagedFile(f"{directory / _MANIFEST}: expected {_FORMAT!r}, found {found!r:.80}")
    arrays = content.get("arrays")
    fields = FIELDS[: -len(_OPTIONAL)]
    if not isinstance(arrays, dict) or not set(fields) <= set(arrays) <= {*fields, *_OPTIONAL}:
        raise DamagedFile(f"{directory / _MANIFEST}: expected the arrays {', '.join(fields)}")
    read = {name: _read(tree, directory, mmap_mode, name) for name, tree in arrays.items()}
    for name in NUMBERS:
        if not isinstance(read[name], np.ndarray):
            raise DamagedFile(f"{directory / _MANIFEST}: {name}: expected one array")
    if not isinstance(read.get("infos", {}), dict):
        raise DamagedFile(f"{directory / _MANIFEST}: infos: expected a dict")
    try:
        return Rollout(**read, time_axis=content.get("time_axis", 0))
    except (TypeError, ValueError) as error:
        raise DamagedFile(f"{directory / _MANIFEST}: {error}") from error


def _read(tree: Any, directory: Path, mmap_mode: Any, where: str) -> Any:
    if isinstance(tree, dict) and len(tree) == 1:
        kind, parts = next(iter(tree.items()))
        if kind == "dict" and isinstance(parts, dict):
            return {
                key: _read(part, directory, mmap_mode, f"{where}[{key!r}]")
                for key, part in parts.items()
            }
        if kind == "tuple" and isinstance(parts, list):
            return tuple(_read(part, directory, mmap_mode, f"{where}[]") for part in parts)
    if type(tree) is not int or tree < 0:
        raise DamagedFile(
            f"{directory / _MANIFEST}: {where}: expected the number of a file, found {tree!r:.80}"
        )
    file = _file(directory, tree)
    try:
        array: Array = np.load(file, mmap_mode=mmap_mode, allow_pickle=False)
    except OSError:  # says which file it is
        raise
    except Exception as error:  # of many kinds: a header is a text that NumPy lets Python read
        raise DamagedFile(f"{file}: expected an array of numbers ({error})") from error
    if not isinstance(array, np.ndarray):  # an archive of several
        raise DamagedFile(f"{file}: expected one array")
    return array


def _file(directory: Path, index: int) -> Path:
    return directory / f"{index}.npy"


def _new_directory(path: str | os.PathLike[str]) -> Path:
    directory = Path(path)
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise FileExistsError(f"{directory}: expected no such directory, or an empty one")
    return directory


@contextlib.contextmanager
def mapped(path: str | os.PathLike[str]) -> Iterator[Place]:
    """Give what makes arrays in files of a new directory, mapped into memory."""
    directory = _new_directory(path)
    count = iter(range(10**9))

    def place(name: str, shape: tuple[int, ...], dtype: Any) -> Array:
        if np.dtype(dtype).hasobject:
            raise TypeError(f"{name} holds elements that are no numbers, which no file can keep")
        file = _file(directory, next(count))
        return np.lib.format.open_memmap(file, mode="w+", dtype=dtype, shape=shape)

    yield place
