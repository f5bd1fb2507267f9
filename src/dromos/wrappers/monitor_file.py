"""Files of episodes, ``monitor.csv``, in the format of Stable-Baselines3.

A line of JSON behind a ``#``, a line with the names of the columns, then a row for each episode:

    #{"t_start": 1700000000.5, "env_id": "CartPole-v1"}
    r,l,t
    21.0,21,0.013402

``r`` is the return, ``l`` the number of steps, ``t`` the end in seconds since ``t_start``, which is
in seconds since 1970.
"""

from __future__ import annotations

import errno
import io
import math
import os
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.error import Error

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["EXTENSION", "MonitorFile", "finite", "get_monitor_files", "load_results"]

EXTENSION = "monitor.csv"

_BOOLS = {"True", "False"}


class MonitorFile:
    """Appends rows to a file of episodes; each is in the file when `append` returns.

    Args:
        filename: A folder, in which the file is ``monitor.csv``, or a name, to which
            ``.monitor.csv`` is added unless it ends so. Missing folders are made.
        columns: The names of the columns.
        env_id: Noted in the first line.
        override_existing: Whether to begin the file anew. Else rows are added to those that are
            there, and times count on from its ``t_start``; a last row that was cut off when a
            process was killed goes.

    Attributes:
        path: The absolute path of the file.
        columns: The names of the columns.
        t_start: When the file was begun, in seconds since 1970.

    Raises:
        Error: If the file cannot be written, or is to be continued and is no such file or has
            other columns.
    """

    def __init__(
        self,
        filename: str | os.PathLike[str],
        columns: Sequence[str],
        env_id: str,
        override_existing: bool,
    ) -> None:
        import json  # here and below, as few programs write files of episodes

        self.path = _path_of(filename)
        self.columns = tuple(columns)
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            if not override_existing and os.path.exists(self.path):
                self.t_start = self._continue()
                return
            self.t_start = time.time()
            with io.FileIO(self.path, "w") as file:
                header = json.dumps({"t_start": self.t_start, "env_id": env_id})
                _write_whole(file, f"#{header}\n{_line(self.columns)}")
        except OSError as reason:
            raise self._failed(reason) from reason

    def append(self, row: dict[str, Any]) -> None:
        """Write a row, or nothing of it.

        Args:
            row: A value for each column.

        Raises:
            Error: If it cannot be written; the rows before are kept.
        """
        try:
            with io.FileIO(self.path, "a", opener=_opened_if_there) as file:
                _write_whole(file, _line(row[name] for name in self.columns))
        except OSError as reason:
            raise self._failed(reason) from reason

    def _continue(self) -> float:
        """Cut off an unfinished row and return the file's ``t_start``."""
        with io.FileIO(self.path, "r+") as file:
            data = file.readall()
            head = data.decode(errors="replace").split("\n", 2)[:2]
            t_start, columns = _read_head(self.path, *head)
            if columns != list(self.columns):
                raise Error(
                    f"cannot continue {self.path}: it has the columns {columns}, expected "
                    f"{list(self.columns)}. Give another filename, or override_existing=True to "
                    "replace it."
                )
            file.truncate(data.rfind(b"\n") + 1)
        return t_start

    def _failed(self, reason: OSError) -> Error:
        return Error(
            f"cannot write the episodes to {self.path}: {reason.strerror or reason}. Is its folder "
            "there and writable, and is there room on the disk?"
        )


def get_monitor_files(path: str | os.PathLike[str]) -> list[str]:
    """Return the paths of the files in a folder whose names end in ``monitor.csv``, sorted."""
    folder = os.fspath(path)
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return sorted(os.path.join(folder, name) for name in names if name.endswith(EXTENSION))


def load_results(path: str | os.PathLike[str]) -> dict[str, NDArray[Any]]:
    """Read the episodes of all files in a folder, those of Stable-Baselines3 included.

    Args:
        path: The folder.

    Returns:
        An array for each column, with a row for each episode, in the order of their ends:
        ``"r"`` (float64), ``"l"`` (int64), ``"t"`` (float64, seconds since the first file was
        begun), then the others, as bool, int64, float64 or text, whichever holds all their values.
        Where a file has no such column, NaN or the empty text. ``pandas.DataFrame`` takes it.

    Raises:
        Error: If there is no such file in the folder, or one is malformed.
    """
    files = get_monitor_files(path)
    if not files:
        raise Error(f"found no file *{EXTENSION} in {os.fspath(path)}")
    starts, rows = [], []
    for name in files:
        t_start, own = _read(name)
        starts.append(t_start)
        rows += [{**row, "t": str(float(row["t"]) + t_start)} for row in own]
    rows.sort(key=lambda row: float(row["t"]))
    names = dict.fromkeys(["r", "l", "t", *(name for row in rows for name in row)])
    columns = {name: _column([row.get(name, "") for row in rows]) for name in names}
    columns["l"] = columns["l"].astype(np.int64)
    columns["r"] = columns["r"].astype(np.float64)
    columns["t"] = columns["t"].astype(np.float64) - min(starts)
    return columns


def _read(path: str) -> tuple[float, list[dict[str, str]]]:
    """Return a file's ``t_start`` and its rows; one that is unfinished is left out."""
    import csv

    try:
        with open(path, newline="", encoding="utf-8") as file:
            text = file.read()
    except ValueError as reason:
        raise Error(f"{path}: expected a text in UTF-8, found {reason}") from reason
    head, _, table = text[: text.rfind("\n") + 1].partition("\n")
    t_start, columns = _read_head(path, head, table.partition("\n")[0])
    reader = csv.reader(io.StringIO(table, newline=""))
    cells: list[list[str]] = []
    try:
        for row in reader:
            if cells:
                _check_row(columns, row)
            cells.append(row)
    except (csv.Error, ValueError) as reason:
        raise Error(f"{path}, line {reader.line_num + 1}: {reason}") from reason
    del cells[:1]
    return t_start, [dict(zip(columns, row, strict=True)) for row in cells]


def _check_row(columns: list[str], row: list[str]) -> None:
    """Raise unless a row has a cell for each column, and return, length and time are numbers.

    Raises:
        ValueError: The message tells what was found.
    """
    if len(row) != len(columns):
        raise ValueError(f"expected {columns}, found {row}")
    cells = dict(zip(columns, row, strict=True))
    finite(cells["r"])
    if not math.isfinite(float(cells["t"])):
        raise ValueError(f"expected a finite time t, found {cells['t']!r}")
    length = float(cells["l"])
    if not (0 <= length < 2**63 and length.is_integer()):
        raise ValueError(f"expected a number of steps l, found {cells['l']!r}")


def _read_head(path: str, first: str, second: str = "") -> tuple[float, list[str]]:
    """Return ``t_start`` and the columns from the first two lines of a file."""
    import csv
    import json

    try:
        columns = next(csv.reader([second.rstrip("\r")]), [])
        t_start = float(json.loads(first.removeprefix("#"))["t_start"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, csv.Error):
        columns, t_start = [], math.nan
    is_table = columns[:3] == ["r", "l", "t"] and len(set(columns)) == len(columns)
    if not (math.isfinite(t_start) and is_table):
        raise Error(
            f'{path}, line 1 or 2: expected the lines #{{"t_start": ...}} and r,l,t,..., found '
            f"{first[:60]!r} and {second[:60]!r}. It is not a file of episodes."
        )
    return t_start, columns


def _column(cells: list[str]) -> NDArray[Any]:
    if cells and set(cells) <= _BOOLS:
        return np.array([cell == "True" for cell in cells])
    for dtype, number in ((np.int64, int), (np.float64, finite)):
        try:
            return np.array([number(cell or "nan") for cell in cells], dtype)
        except (ValueError, OverflowError):
            continue
    return np.array(cells)


def finite(text: str) -> float:
    """Return the number that a text says; infinity only if it says infinity.

    Raises:
        ValueError: If it is no number, or one that no float is near.
    """
    number = float(text)
    if math.isinf(number) and "inf" not in text.lower():
        raise ValueError(f"{text:.60} is beyond all floats")
    return number


def _path_of(filename: str | os.PathLike[str]) -> str:
    name = os.fspath(filename)
    if not name.endswith(EXTENSION):
        name = os.path.join(name, EXTENSION) if os.path.isdir(name) else f"{name}.{EXTENSION}"
    return os.path.realpath(name)


def _line(values: Iterable[Any]) -> str:
    import csv

    text = io.StringIO(newline="")
    plain = [value.item() if isinstance(value, np.generic) else value for value in values]
    csv.writer(text, lineterminator="\n").writerow(plain)
    return text.getvalue()


def _opened_if_there(path: str, flags: int) -> int:
    """Open a file to which forks may append too, whole rows each; one that is gone is not made."""
    return os.open(path, flags & ~os.O_CREAT)


def _write_whole(file: io.FileIO, text: str) -> None:
    """Write all of a text at the present position, or nothing."""
    start, data = file.tell(), text.encode()
    if file.write(data) < len(data):
        file.truncate(start)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
