"""What the compiler made of the arithmetic: an operation that rounds once changes the bits."""

import re
import shutil
import subprocess

import pytest

from dromos import _core

# Of x86 and of ARM; compilers make some in spite of -ffp-contract=off.
FUSED = re.compile(r"\t(vfn?m(?:add|sub)\w*|fn?m(?:add|sub)|fml[as])\s")
PRODUCTS = re.compile(r"\t(v?mul[sp][sd]|fmul)\s")


def test_no_product_is_fused_with_a_sum():
    tool = shutil.which("objdump") or shutil.which("llvm-objdump")
    if tool is None:
        pytest.skip("needs objdump, of the binutils that compilers use")
    listing = subprocess.run(
        [tool, "-d", "--no-show-raw-insn", _core.__file__],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert len(PRODUCTS.findall(listing)) > 1000, "the listing shows arithmetic"
    assert not set(FUSED.findall(listing))


def test_fused_operations_would_be_seen():
    for line in ("\tvfmadd213ss %xmm0", "\tvfmaddsub231ps %ymm1", "\tfmadd d0, d1", "\tfmla v0.4s"):
        assert FUSED.search(line)
