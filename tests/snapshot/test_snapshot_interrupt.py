"""Ctrl-C while large bytes are read, judged or written ends the call, and leaves no mixed state."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json, random, signal, sys

signal.signal(signal.SIGINT, signal.default_int_handler)
import numpy as np
import dromos as gym
from dromos.error import SnapshotError
from dromos.snapshot import Snapshot
from fuzz import sealed, taken_apart

SIZE = 1_200_000
VALUES = {
    "numbers": lambda: list(range(SIZE)),
    "texts": lambda: ["x"] * SIZE,
    "dicts": lambda: [{"k": 1}] * (SIZE // 4),
    "keys": lambda: {"$dict": [part for k in range(SIZE // 4) for part in (k, {"$tuple": [k]})]},
    "sets": lambda: {"$set": list(range(SIZE))},
    "shared": lambda: [{"$list": list(range(1000)), "id": 1}, *[{"$ref": 1}] * SIZE],
}
kind = sys.argv[1]


def hostile(env):
    head, blobs = taken_apart(env.snapshot().to_bytes())
    state = head["tree"]["state"]
    while "env" in state:
        state = state["env"]
    state["_np_random_seed"] = VALUES[kind]()
    data = sealed(head, blobs)
    return lambda: env.restore(Snapshot.from_bytes(data))


def good(env):
    saved = [env.snapshot()]
    for number in range(2):
        env.reset(seed=number)
        saved.append(env.snapshot())
    return saved


def interrupted(call, seconds):
    # A timer of processor time, so that a busy machine changes nothing.
    signal.signal(signal.SIGPROF, signal.default_int_handler)
    try:
        try:
            signal.setitimer(signal.ITIMER_PROF, seconds)
            call()
        except SnapshotError:
            return False
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except KeyboardInterrupt:  # also one that comes as the timer is being stopped
        return True
    return False


def interrupted_at(call, event):
    # A call or return of Python or C; what is short is over before any timer.
    seen = 0

    def count(*_):
        nonlocal seen
        seen += 1
        if seen == event:
            signal.raise_signal(signal.SIGINT)

    try:
        sys.setprofile(count)
        try:
            call()
        finally:
            sys.setprofile(None)
    except KeyboardInterrupt:
        return True
    return False


rng = random.Random(kind)
if kind == "good":
    env = gym.wrappers.FrameStackObservation(gym.make("CartPole-v1"), 4)
    env.reset(seed=1)
    saved = good(env)
    count = 0
    for number in range(1500):
        before = env.snapshot()
        wanted = saved[number % len(saved)]
        count += interrupted_at(lambda: env.restore(wanted), rng.randint(1, 700))
        now = env.snapshot()
        assert now in (before, wanted), number
else:
    env = gym.make("CartPole-v1")
    env.reset(seed=1)
    before, restore = env.snapshot(), hostile(env)
    count = sum(interrupted(restore, rng.uniform(1e-3, 0.05)) for _ in range(12))
    assert env.snapshot() == before
env.step(0)
print(count)
"""


@pytest.mark.parametrize("kind", ["good", "numbers", "texts", "dicts", "keys", "sets", "shared"])
def test_interrupts(kind):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, kind],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parent), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) > 0


def test_a_head_that_c_would_read_deaf_is_read_by_python():
    """More than 16 MB, which take long: Ctrl-C comes while they are read."""
    code = (
        "import signal, struct, zlib, dromos\n"
        "from dromos.plain import from_bytes\n"
        'text = b\'{"content":"value","sizes":[],"tree":[\' + b\'0,\' * (1 << 23) + b\'0]}\'\n'
        "rest = struct.pack('<QQ', 32 + len(text), len(text)) + text\n"
        "start = struct.pack('<8sHHI', b'\\x89DROMOS\\n', 2, 0, zlib.crc32(rest))\n"
        "def interrupt(_, frame):\n"
        "    if 'json' in frame.f_code.co_filename: raise KeyboardInterrupt\n"
        "signal.signal(signal.SIGPROF, interrupt)\n"
        "signal.setitimer(signal.ITIMER_PROF, 0.05, 0.05)\n"
        "try: from_bytes(start + rest)\n"
        "except KeyboardInterrupt: print('heard')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "heard\n", done.stderr
