"""The files of monitors in a directory: written as a whole, found, read, removed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from dromos import logger
from dromos.error import Error
from dromos.wrappers.monitor_file import finite

__all__ = [
    "FILE_PREFIX",
    "MANIFEST_PREFIX",
    "clear_monitor_files",
    "detect_training_manifests",
    "load_results",
    "write_json",
]

FILE_PREFIX = "openaigym"
MANIFEST_PREFIX = f"{FILE_PREFIX}.manifest"

#: What the statistics files list episode by episode.
_COLUMNS = ("timestamps", "episode_lengths", "episode_rewards", "episode_types")


def write_json(path: str | os.PathLike[str], value: Any) -> None:
    """Write a JSON file so that a reader finds the old text or the new one, never a part.

    Raises:
        Error: If the file cannot be written.
    """
    new = Path(f"{os.fspath(path)}.new")
    try:
        new.write_text(json.dumps(value), encoding="utf-8")
        new.replace(path)
    except OSError as reason:
        raise Error(
            f"cannot write {os.fspath(path)}: {reason.strerror or reason}. Is its folder there "
            "and writable, and is there room on the disk?"
        ) from reason


def detect_training_manifests(training_dir: str | os.PathLike[str]) -> list[str]:
    """Return the manifests in a directory, one for each monitor that has recorded there."""
    found = Path(training_dir).glob(f"{MANIFEST_PREFIX}.*.manifest.json")
    return sorted(map(str, found))


def clear_monitor_files(training_dir: str | os.PathLike[str]) -> None:
    """Remove what monitors have written to a directory, and nothing else."""
    found = sorted(Path(training_dir).glob(f"{FILE_PREFIX}.*"))
    if found:
        logger.info("Clearing %d monitor files from %s", len(found), os.fspath(training_dir))
    for path in found:
        path.unlink()


def load_results(training_dir: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Return what all monitors have recorded in a directory, None if there is nothing.

    Returns:
        ``manifests`` and ``videos`` (paths; of a video and of its description), ``env_info``,
        ``initial_reset_timestamp`` (seconds since 1970), and, in the order of their ends, one
        entry an episode in ``timestamps``, ``episode_lengths``, ``episode_rewards`` and
        ``episode_types``.

    Raises:
        Error: If a file is missing or damaged.
    """
    directory = Path(training_dir)
    paths = detect_training_manifests(directory)
    if not paths:
        logger.error("No manifests found in training directory %s", training_dir)
        return None
    manifests = [_read(Path(path), _MANIFEST) for path in paths]
    stats = [_read(directory / manifest["stats"], _STATS) for manifest in manifests]
    starts = [one["initial_reset_timestamp"] for one in stats]
    rows = sorted(
        row for one in stats for row in zip(*(one[name] for name in _COLUMNS), strict=True)
    )
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    return {
        "manifests": paths,
        "env_info": manifests[0]["env_info"],
        "videos": [
            tuple(str(directory / name) for name in pair)
            for manifest in manifests
            for pair in manifest["videos"]
        ],
        "initial_reset_timestamp": min((t for t in starts if t is not None), default=None),
        **dict(zip(_COLUMNS, columns or ([], [], [], []), strict=True)),
    }


def _is_time(value: Any) -> bool:
    return type(value) in (int, float) and -_LATEST < value < _LATEST


def _is_list_of(is_one: Callable[[Any], bool], value: Any) -> bool:
    return type(value) is list and all(map(is_one, value))


def _is_text(value: Any) -> bool:
    return type(value) is str


#: No time in seconds since 1970 is later; the Sun will be gone by then.
_LATEST = 1e18

_MANIFEST: dict[str, Callable[[Any], bool]] = {
    "stats": _is_text,
    "videos": partial(_is_list_of, partial(_is_list_of, _is_text)),
    "env_info": lambda value: type(value) is dict,
}
_STATS: dict[str, Callable[[Any], bool]] = {
    "initial_reset_timestamp": lambda value: value is None or _is_time(value),
    "timestamps": partial(_is_list_of, _is_time),
    "episode_lengths": partial(_is_list_of, lambda n: type(n) is int and 0 <= n < 2**63),
    "episode_rewards": partial(_is_list_of, lambda value: type(value) in (int, float)),
    "episode_types": partial(_is_list_of, _is_text),
}


def _read(path: Path, fields: dict[str, Callable[[Any], bool]]) -> dict[str, Any]:
    """Return the JSON object in a file, which has these fields.

    Raises:
        Error: If it has not; the message names the file and the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text, parse_float=finite)
    except (OSError, ValueError, RecursionError) as reason:
        raise Error(f"cannot read the monitor file {path}: {reason}") from reason
    if type(found) is not dict:
        raise Error(f"{path}, line 1: expected a JSON object, found {found!r:.60}")
    for name, fits in fields.items():
        if name not in found or not fits(found[name]):
            line = 1 + text.count("\n", 0, max(0, text.find(f'"{name}"')))
            told = f"{found[name]!r:.60}" if name in found else "no such field"
            raise Error(
                f"{path}, line {line}: expected {name!r} as monitors write it, found {told}"
            )
    columns = {name: len(found[name]) for name in _COLUMNS if name in fields}
    if len(set(columns.values())) > 1:
        raise Error(f"{path}: expected as many entries in each column, found {columns}")
    return found
