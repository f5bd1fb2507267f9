"""The byte format is the documented one, and stays what it is."""

import json
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np

from dromos import plain
from dromos.plain.layout import FORMAT_VERSION

GUIDE = Path(__file__).parents[2] / "docs" / "snapshots.md"


def sample():
    grid = np.arange(6, dtype="<i2").reshape(2, 3)
    generator = np.random.Generator(np.random.PCG64(7))
    return {
        "numbers": [1, 1 << 70, 0.1, float("-inf"), complex(0, -0.0)],
        "grid": grid,
        "row": grid[1],
        "transposed": np.arange(6.0).reshape(2, 3).T,
        "record": np.array([(1, 2.5)], np.dtype([("a", "u1"), ("b", "<f8")], align=True)),
        "generators": [generator, generator],
        "set": {"b", "a", 3, (1, 2)},
        "bytes": b"\x00\xff",
    }


#: Checksum and length of `sample` in version 2. They may only change together with the version.
EXPECTED = (0x27DD36FC, 1090)


def test_the_bytes_of_version_2_stay_the_same():
    data = plain.to_bytes(sample())
    assert FORMAT_VERSION == 2
    assert (zlib.crc32(data), len(data)) == EXPECTED


def test_the_bytes_are_laid_out_as_documented():
    data = plain.to_bytes(sample())
    magic, version, zero, checksum, length, head_length = struct.unpack_from("<8sHHIQQ", data)
    assert (magic, version, zero, length) == (b"\x89DROMOS\n", 2, 0, len(data))
    assert checksum == zlib.crc32(data[16:])
    head = json.loads(data[32 : 32 + head_length].decode("ascii"))
    assert head.keys() == {"content", "sizes", "tree"}
    end = 32 + head_length
    blobs = []
    for size in head["sizes"]:
        start = -(-end // 64) * 64
        assert not any(data[end:start])
        end = start + size
        blobs.append(data[start:end])
    assert end == len(data)
    assert blobs[head["tree"]["bytes"]["$bytes"]] == b"\x00\xff"
    array = head["tree"]["transposed"]
    assert (array["dtype"], array["shape"], array["axes"]) == ("<f8", [3, 2], [1, 0])
    assert blobs[array["$array"]] == np.arange(6.0).tobytes()
    assert head["tree"]["row"]["$view"] == {"$ref": head["tree"]["grid"]["$view"]["id"]}
    assert head["tree"]["generators"][1] == {"$ref": head["tree"]["generators"][0]["id"]}


def test_every_mark_is_documented():
    from dromos.plain.kinds import BY_MARK

    documented = set(re.findall(r"`(\$\w+)`", GUIDE.read_text()))
    of_snapshots = {"$state", "$generators", "$same"}
    assert documented == {"$ref", "$memory"} | of_snapshots | set(BY_MARK)


def test_the_examples_of_the_guide_run():
    code = "\n".join(re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(), re.M | re.S))
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True)
    assert done.stderr == b""


def test_importing_the_package_costs_no_json_and_no_checksums():
    code = (
        "import sys, numpy, numpy.random; before = set(sys.modules)\n"
        "import dromos.plain\n"
        "print(sorted({'json', 'inspect', 'dataclasses', 'importlib.metadata'}\n"
        "             & (set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
