"""What other systems run in place of Linux's own calls keeps every promise of workers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fault_envs import Counter

from dromos.error import WorkerError
from dromos.vector import AsyncVectorEnv

HERE = Path(__file__).parent
SUBJECTS = ["conformance", "calls", "faults", "first_ready", "snapshots"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DROMOS_PORTABLE": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, cwd=HERE, capture_output=True, text=True)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_workers_do_without_what_only_linux_has(subject):
    result = run("-m", "pytest", "-q", "-p", "no:cacheprovider", f"test_worker_{subject}.py")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_loop_of_threads_does_without():
    result = run(
        "-c",
        "import numpy as np, dromos as gym\n"
        "one, many = (gym.make_vec('Pendulum-v1', 4096, num_threads=n) for n in (1, 4))\n"
        "assert (one.reset(seed=1)[0] == many.reset(seed=1)[0]).all()\n"
        "actions = np.zeros((4096, 1), np.float32)\n"
        "for _ in range(300):\n"
        "    assert (one.step(actions)[0] == many.step(actions)[0]).all()\n",
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_the_switch_is_what_leaves_it_out():
    result = run(
        "-c",
        "from open_files import open_files\n"
        "from dromos._core import workers\n"
        "from dromos.vector.workers.channel import SharedFile\n"
        "file = SharedFile.create()\n"
        "(name,) = (name for name in open_files() if 'dromos-vector' in name)\n"
        "print(workers.USES_LINUX, name.startswith('/memfd:'))\n",
    )
    assert (result.stdout, result.stderr) == ("False False\n", "")


def test_a_system_without_posix_files_is_told_of_other_vectors(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)  # where Windows has none either
    with pytest.raises(WorkerError, match="Use SyncVectorEnv"):
        AsyncVectorEnv([Counter])
