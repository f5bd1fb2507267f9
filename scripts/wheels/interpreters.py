"""The CPython interpreters of this machine for which the extension can be built.

`python scripts/wheels/interpreters.py` prints each version and where it is, or nothing behind it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

#: What wheels are made for, and of which the oldest and the newest are tested.
VERSIONS = tuple(f"3.{minor}" for minor in range(10, 15))

#: Fails unless it runs on the version named, with the lock, in no environment, and with all that is
#: needed to build there: Debian has headers and `ensurepip` in packages of their own.
_FIT = """
import ensurepip, os, sys, sysconfig, venv
header = os.path.join(sysconfig.get_path("include"), "Python.h")
fits = sys.implementation.name == "cpython" and "%d.%d" % sys.version_info[:2] == sys.argv[1]
fits = fits and sys.prefix == sys.base_prefix and not sysconfig.get_config_var("Py_GIL_DISABLED")
sys.exit(not (fits and os.path.exists(header)))
"""


def find(version: str) -> Path | None:
    """Return an interpreter of a version, such as ``3.12``; None if there is none that is whole."""
    return next((path for path in _candidates(version) if _fits(path, version)), None)


def _candidates(version: str) -> Iterator[Path]:
    """Those on the path, in the images of manylinux, and of pyenv and uv, the newest first."""
    name = f"python{version}"
    yield from (Path(folder) / name for folder in os.get_exec_path())
    short = f"cp{version.replace('.', '')}"
    yield Path(f"/opt/python/{short}-{short}/bin/python")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path.home() / ".local/share/uv/python"))
    for home, pattern in ((pyenv, f"{version}.*"), (uv, f"cpython-{version}.*")):
        yield from sorted(home.glob(f"{pattern}/bin/{name}"), reverse=True)


def _fits(path: Path, version: str) -> bool:
    # A shim of pyenv's is there for versions that it will not run.
    command = [str(path), "-I", "-c", _FIT, version]
    return path.exists() and subprocess.run(command, capture_output=True).returncode == 0


if __name__ == "__main__":
    for version in VERSIONS:
        print(version, find(version) or "")
