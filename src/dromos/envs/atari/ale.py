"""ale-py: the emulator and its games. The only file that imports it, and only when a game is made.

The emulator ends the process when it is given a file it cannot read. So files are looked at first.
"""

from __future__ import annotations

import difflib
import functools
import os
import warnings
from pathlib import Path
from typing import Any

from dromos.envs.atari_ids import GAMES
from dromos.error import DependencyNotInstalled, Error

__all__ = ["imported_ale", "load_rom", "rom_path"]

#: What no cartridge of the console exceeds, with room to spare: 512 KiB.
_LARGEST_ROM = 1 << 19


@functools.cache
def imported_ale() -> Any:
    """Return the module ``ale_py``.

    Raises:
        DependencyNotInstalled: If it is missing.
    """
    try:
        import ale_py
    except ImportError as reason:
        raise DependencyNotInstalled(
            f"Atari games need ale-py, which cannot be imported ({reason}): "
            'pip install "dromos[atari]"'
        ) from None
    return ale_py


def rom_path(game: str) -> Path:
    """Return the file of a game: in the folder ``ALE_ROMS_DIR`` names, else the one in ale-py.

    Args:
        game: The name of the ROM, as ``"ms_pacman"``.

    Raises:
        DependencyNotInstalled: If ale-py is missing.
        Error: If there is no such game, its file is missing or cannot be read, or it is not the
            file that ale-py knows by its checksum.
    """
    imported_ale()
    if not isinstance(game, str):
        raise Error(f"Expected the name of an Atari game, as 'pong', found {game!r:.200}")
    return _found_rom(game, os.environ.get("ALE_ROMS_DIR"))


@functools.lru_cache(maxsize=256)
def _found_rom(game: str, folder: str | None) -> Path:
    from ale_py import roms

    if game not in GAMES and game not in roms.get_all_rom_ids():
        near = difflib.get_close_matches(game.lower(), GAMES, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise Error(
            f"There is no Atari game {game!r}.{hint} Names are those of the ROMs, in snake_case; "
            "ale_py.roms.get_all_rom_ids() lists them"
        )
    where = "ale-py has none of it" if folder is None else f"ALE_ROMS_DIR is {folder!r}"
    remedy = f"Put the right {game}.bin there, or unset ALE_ROMS_DIR to take ale-py's own"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an unknown name is an error here
            path = roms.get_rom_path(game)
    except OSError as reason:
        raise Error(
            f"The ROM of the game {game!r} cannot be used ({where}): {str(reason).rstrip('.')}. "
            f"{remedy}"
        ) from reason
    if path is None:
        raise Error(f"There is no ROM of the game {game!r}: {where}")
    return Path(path)


def load_rom(ale: Any, path: str | os.PathLike[str]) -> None:
    """Load a ROM into an ``ALEInterface``, after a look at the file.

    ``ALEInterface.loadROM`` itself ends the process where a file cannot be read.

    Args:
        ale: The interface.
        path: The file.

    Raises:
        Error: If there is no such file, or it cannot be a ROM.
    """
    file = Path(path)
    try:
        if not file.is_file():
            found = "a folder" if file.is_dir() else "nothing" if not file.exists() else "no file"
            raise Error(f"Expected a ROM, a file, at {file}; found {found}")
        size = len(file.read_bytes()) if file.stat().st_size <= _LARGEST_ROM else _LARGEST_ROM + 1
    except OSError as reason:
        raise Error(f"The ROM {file} cannot be read: {reason.strerror or reason}") from reason
    if not 0 < size <= _LARGEST_ROM:
        raise Error(
            f"Expected a ROM of 1 to {_LARGEST_ROM} bytes at {file}, found {file.stat().st_size} "
            "bytes"
        )
    ale.loadROM(file)
