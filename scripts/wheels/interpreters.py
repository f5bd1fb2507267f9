"""The CPython interpreters of this machine that wheels can be built for."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

VERSIONS = tuple(f"3.{minor}" for minor in range(10, 15))

#: Fails unless it runs on the version named, with the lock, beside the headers, in no environment.
_FIT = """
import os, sys, sysconfig
header = os.path.join(sysconfig.get_path("include"), "Python.h")
fits = sys.implementation.name == "cpython" and "%d.%d" % sys.version_info[:2] == sys.argv[1]
fits = fits and sys.prefix == sys.base_prefix and not sysconfig.get_config_var("Py_GIL_DISABLED")
sys.exit(not (fits and os.path.exists(header)))
"""


def find(version: str) -> Path | None:
    """Return an interpreter of a version, such as ``3.12``; None if there is none with headers."""
    return next((path for path in _candidates(version) if _fits(path, version)), None)


def _candidates(version: str) -> Iterator[Path]:
    yield from (Path(folder) / f"python{version}" for folder in os.get_exec_path())
    short = f"cp{version.replace('.', '')}"
    yield Path(f"/opt/python/{short}-{short}/bin/python")  # in the images of manylinux
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"), reverse=True)


def _fits(path: Path, version: str) -> bool:
    # A shim of pyenv's is there for versions that it will not run.
    command = [str(path), "-I", "-c", _FIT, version]
    return path.exists() and subprocess.run(command, capture_output=True).returncode == 0
