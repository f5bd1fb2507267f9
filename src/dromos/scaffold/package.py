"""A folder with a package, written as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from string import Template

from dromos.error import Error
from dromos.scaffold import environment, native_environment, native_project, project
from dromos.scaffold.names import Names

__all__ = ["write_package"]


def write_package(name: str, directory: str | os.PathLike[str] = ".", *, cpp: bool = False) -> Path:
    """Write a package that registers an environment, with tests of it.

    Args:
        name: The environment's name; the package is called ``gym-<name>``.
        directory: Where the package's folder goes; it must exist.
        cpp: Whether its dynamics are C++, to be compiled when the package is installed.

    Returns:
        The folder.

    Raises:
        Error: If it is no name, or there is something of the folder's name already, which stays
            as it is.
        OSError: If nothing can be written there.
    """
    names = Names.of(name)
    folder = Path(directory) / names.distribution
    if not Path(directory).is_dir():
        raise Error(f"There is no directory {os.fspath(directory)} to put {folder.name} into.")
    if os.path.lexists(folder):
        raise Error(
            f"{folder} is already there and is left as it is. Choose another name, or another "
            "place with --directory."
        )
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=directory) as unfinished:
        written = Path(unfinished) / folder.name
        for path, text in _files(names, cpp).items():
            file = written / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        written.rename(folder)
    return folder


def _files(names: Names, cpp: bool) -> dict[str, str]:
    """Return the text of each file by its path below the folder."""
    task, around = (native_environment, native_project) if cpp else (environment, project)
    templates = {
        "README.md": around.README,
        "pyproject.toml": around.PYPROJECT,
        f"{names.package}/__init__.py": around.REGISTRATION,
        f"{names.package}/envs/__init__.py": around.ENVS,
        f"{names.package}/envs/{names.module}.py": task.ENVIRONMENT,
        f"tests/test_{names.module}.py": task.TESTS,
    }
    if cpp:
        templates |= {
            "CMakeLists.txt": native_project.CMAKE,
            f"cpp/{names.library}.hpp": native_environment.DYNAMICS,
            "cpp/module.cpp": native_environment.MODULE,
            "cpp/program.cpp": native_environment.PROGRAM,
        }
    words = (
        "distribution",
        "package",
        "module",
        "env_class",
        "vector_class",
        "env_id",
        "dynamics",
        "library",
    )
    given = {word: getattr(names, word) for word in words}
    return {path: Template(text).substitute(given) for path, text in templates.items()}
