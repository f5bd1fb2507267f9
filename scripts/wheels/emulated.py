"""Trying a wheel of another machine: qemu runs the Python of Debian's packages for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

SMOKE = Path(__file__).with_name("smoke.py")
_DEBIAN = {"aarch64": "arm64"}


def try_there(version: str, machine: str, wheel: Path, work: Path) -> str:
    """Run the smoke test in an emulator; return what was done, or why it was not."""
    qemu = shutil.which(f"qemu-{machine}")
    if qemu is None:
        return f"not tried, for there is no qemu-{machine}: apt-get install qemu-user"
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return f"not tried, for Python for {machine} is taken from Debian's packages"
    root = work / "emulated" / machine
    python = root / "usr" / "bin" / f"python{version}"
    if not python.exists() and not _unpack(version, machine, root):
        return f"not tried, for apt has no python{version} for {machine}"
    site = work / "tried" / f"{version}-{machine}"
    shutil.rmtree(site, ignore_errors=True)
    _install(wheel, version, machine, site)
    path = f"PYTHONPATH={site}"
    command = [qemu, "-L", root, "-E", path, python, "-B", "-s", SMOKE]
    subprocess.run([str(word) for word in command], check=True)
    return f"works in {Path(qemu).name}"


def _install(wheel: Path, version: str, machine: str, site: Path) -> None:
    """Put a wheel and what it requires into a folder; nothing of that is run."""
    glibcs = [f"manylinux_2_{minor}_{machine}" for minor in range(17, 29)]
    platforms = [f"--platform={name}" for name in (*glibcs, f"manylinux2014_{machine}")]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq", "install"]
    only = ["--only-binary", ":all:", "--python-version", version, "--target", str(site)]
    subprocess.run([*pip, *platforms, *only, f"{wheel}[cli]"], check=True)


def _unpack(version: str, machine: str, root: Path) -> bool:
    """Fetch a Python and what it needs, with lists of packages of its own; leave this system be."""
    apt = root.with_name(f"{machine}-apt")
    (apt / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (apt / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    options = {
        "APT::Architecture": _DEBIAN[machine],
        "APT::Architectures::": _DEBIAN[machine],
        "APT::Sandbox::User": "",
        "Dir::State": apt,
        "Dir::State::status": apt / "status",
        "Dir::Cache": apt,
    }
    command = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
    packages = [f"python{version}-minimal", f"libpython{version}-stdlib", "libstdc++6"]
    fetch = ["install", "--download-only", "--yes", "--no-install-recommends", *packages]
    for step in (["update"], fetch):
        if subprocess.run([*command, *step]).returncode != 0:
            return False
    for package in (apt / "archives").glob("*.deb"):
        subprocess.run(["dpkg-deb", "--extract", str(package), str(root)], check=True)
    return True
