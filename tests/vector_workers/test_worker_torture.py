"""What may befall workers over a long life: kills, interrupts, orphanhood, a million steps."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from fault_envs import Counter

from dromos.vector import AsyncVectorEnv

pytestmark = [
    pytest.mark.usefixtures("nothing_left_behind", "hard_limit"),
    pytest.mark.filterwarnings("ignore:.*Calling `close` while waiting:UserWarning"),
]

HERE = str(Path(__file__).parent)


def test_a_worker_killed_200_times_costs_the_others_nothing():
    dice = random.Random(1)
    vector = AsyncVectorEnv(
        [Counter] * 6, num_workers=3, on_worker_failure="restart", max_restarts=None
    )
    counts = vector.reset(seed=10)[0][:, 1]
    renewed = np.zeros(6, bool)
    doomed = np.zeros(6, int)  # how often each lane's worker was killed without a report yet
    kills = losses = 0
    while kills < 200:
        lane, kill, early = dice.randrange(6), dice.random() < 0.8, dice.random() < 0.3
        if kill and early:
            os.kill(vector.processes[lane].pid, signal.SIGKILL)
        vector.step_async(np.ones(6, int))
        time.sleep(dice.random() * 1e-3)
        if kill and not early:
            os.kill(vector.processes[lane].pid, signal.SIGKILL)
        if kill:
            kills += 1
            doomed[lane // 2 * 2 : lane // 2 * 2 + 2] += 1
        obs, rewards, terminations, truncations, infos = vector.step_wait()
        lost = infos.get("worker_restarted", np.zeros(6, bool))
        assert (doomed[lost] > 0).all()
        doomed[lost] -= 1
        assert truncations.tolist() == lost.tolist()
        assert not terminations.any()
        moved = ~(lost | renewed)
        assert (obs[moved, 1] == counts[moved] + 1).all()
        assert (rewards[moved] == 1).all()
        assert (obs[~moved, 1] == 0).all()
        counts, renewed = obs[:, 1], lost
        losses += int(lost.any())
    assert losses > 50
    assert vector.step(np.ones(6, int))[1].shape == (6,)
    vector.close()


OWN_PROCESS = [
    "a_million_steps",
    "one_vector_after_another",
    "a_forked_copy",
    "a_wait",
    "any_moment_of_a_wait",
    "any_moment_of_a_wait_with_infos",
    "any_moment_of_a_wait_with_bulk",
    "interrupts_and_kills",
    "any_moment_of_send_and_recv",
    "any_moment_of_calls",
]


@pytest.mark.parametrize("name", OWN_PROCESS)
def test_in_a_process_of_its_own(name):
    """A signal may come inside whatever else a process does; and memory may be somebody else's."""
    command = [sys.executable, str(Path(HERE) / "own_process.py"), name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=800)
    assert done.returncode == 0, done.stderr


SCRIPT = """
import sys
sys.path.insert(0, {here!r})
import numpy as np
from fault_envs import Touchy
from dromos.vector import AsyncVectorEnv

if __name__ == "__main__":
    vector = AsyncVectorEnv([Touchy] * 4, context={method!r}, num_workers=2)
    vector.reset()
    print(*{{process.pid for process in vector.processes}}, flush=True)
    vector.step(np.array({actions}))
"""


def start_script(tmp_path, method, actions):
    script = tmp_path / "training.py"
    script.write_text(SCRIPT.format(here=HERE, method=method, actions=actions))
    process = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return process, [int(pid) for pid in process.stdout.readline().split()]


def ended(pid):
    """Whether a process has ended, even if nobody has taken notice of that yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_for_the_end_of(workers):
    deadline = time.monotonic() + 300
    while not all(map(ended, workers)):
        assert time.monotonic() < deadline, "workers outlive the vector"
        time.sleep(0.02)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_workers_end_with_a_parent_that_is_killed_even_if_they_hang(method, tmp_path):
    process, workers = start_script(tmp_path, method, [7, 1, 1, 7])
    assert len(workers) == 2
    process.kill()
    process.wait()
    wait_for_the_end_of(workers)
    process.communicate()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_an_interrupt_from_the_keyboard_gives_one_traceback(method, tmp_path):
    process, workers = start_script(tmp_path, method, [7, 1, 1, 1])
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=300)
    assert errors.count("Traceback") == 1
    assert errors.rstrip().endswith("KeyboardInterrupt")
    wait_for_the_end_of(workers)
