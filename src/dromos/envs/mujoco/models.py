"""Compiled models: each file is compiled once a process, and its model handed out to all."""

from __future__ import annotations

import functools
import os
from typing import Any

from dromos.envs.mujoco.library import import_mujoco

__all__ = ["ASSETS", "compiled_model", "expand_model_path"]

#: Where the built-in models are.
ASSETS = os.path.join(os.path.dirname(__file__), "assets")


def expand_model_path(model_path: str | os.PathLike[str]) -> str:
    """Return the file that a model's name or path means.

    Args:
        model_path: A path that begins with ``/``, ``.`` or ``~``, or the name of a built-in model.

    Raises:
        TypeError: If it is no path.
        FileNotFoundError: If there is no such file.
    """
    if not isinstance(model_path, (str, bytes, os.PathLike)):
        raise TypeError(f"Expected the path of a model's file, found {model_path!r:.200}")
    name = os.fsdecode(model_path)
    if os.path.isabs(name) or name.startswith("."):
        path = name
    elif name.startswith("~"):
        path = os.path.expanduser(name)
    else:
        path = os.path.join(ASSETS, name)
    if not os.path.isfile(path):
        built_in = sorted(name for name in os.listdir(ASSETS) if name.endswith(".xml"))
        raise FileNotFoundError(
            f"The model file {path} does not exist. A path begins with /, . or ~; a bare name is "
            f"one of the built-in models: {', '.join(built_in)}"
        )
    return path


def compiled_model(path: str) -> Any:
    """Return the ``MjModel`` of a file. It is everybody's: who changes it takes a copy first.

    Files that name other files are compiled anew each time, for those may have changed.

    Raises:
        ValueError: If MuJoCo cannot compile the file; the message is its, with the file's name.
    """
    with open(path, "rb") as file:
        text = file.read()
    if b"file=" in text or b"<include" in text:
        return _compile(path, None)
    return _compile_text(path, text)


@functools.lru_cache(maxsize=32)
def _compile_text(path: str, text: bytes) -> Any:
    return _compile(path, text)


def _compile(path: str, text: bytes | None) -> Any:
    mujoco = import_mujoco()
    try:
        if text is None:
            model = mujoco.MjModel.from_xml_path(path)
        else:
            model = mujoco.MjModel.from_xml_string(text.decode())
    except ValueError as error:  # also what is not UTF-8
        raise ValueError(f"{path}: {error}") from None
    # A statistic that MJCF no longer takes, and MuJoCo 3 still uses.
    number = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_NUMERIC, "meaninertia")
    if number >= 0:
        model.stat.meaninertia = model.numeric_data[model.numeric_adr[number]]
    return model
