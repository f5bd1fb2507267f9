"""Zig's clang as a compiler for another glibc or another machine."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

#: What CMake calls by one name without arguments, and what that stands for.
_TOOLS = {
    "c++": 'c++ -target {machine}-linux-gnu.{glibc} -include "{folder}/libm.h"',
    "ar": "ar",
    "ranlib": "ranlib",
}

#: What zig's own library has besides glibc's. The linker would take it from there, with other bits:
#: whole episodes differ. A function that is asked for by its version is glibc's alone.
_LIBM = ("sin", "cos", "sincos", "tan", "exp", "exp2", "log", "log2", "log10")
_FIRST_VERSION = {"x86_64": "2.2.5", "aarch64": "2.17"}


def settings(machine: str, glibc: str, work: Path) -> dict[str, str]:
    """Return scikit-build-core's settings to build with programs written into `work`."""
    package = find_spec("ziglang")
    assert package is not None, "make wheels installs it"
    assert package.origin is not None
    zig = Path(package.origin).with_name("zig")
    folder = work / "compiler" / f"{machine}-{glibc}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in _TOOLS.items():
        program = folder / name
        command = words.format(machine=machine, glibc=glibc, folder=folder)
        program.write_text(f'#!/bin/sh\nexec "{zig}" {command} "$@"\n')
        program.chmod(0o755)
    versioned = (f"{name}{suffix}" for name in _LIBM for suffix in ("", "f"))
    version = f"GLIBC_{_FIRST_VERSION[machine]}"
    lines = (f'__asm__(".symver {name}, {name}@{version}");\n' for name in versioned)
    (folder / "libm.h").write_text("".join(lines))
    defined = {
        "CMAKE_SYSTEM_NAME": "Linux",
        "CMAKE_SYSTEM_PROCESSOR": machine,
        "CMAKE_CXX_COMPILER": folder / "c++",
        "CMAKE_AR": folder / "ar",
        "CMAKE_RANLIB": folder / "ranlib",
    }
    return {f"cmake.define.{name}": str(value) for name, value in defined.items()}


def environment(version: str, machine: str) -> dict[str, str]:
    """Return the variables that name a wheel, and the extension in it, after the machine.

    Headers are those of this machine's interpreter: the same on all 64-bit Linuxes.
    """
    return {
        "_PYTHON_HOST_PLATFORM": f"linux-{machine}",
        "SETUPTOOLS_EXT_SUFFIX": f".cpython-{version.replace('.', '')}-{machine}-linux-gnu.so",
    }
