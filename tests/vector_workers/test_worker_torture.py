"""What may befall workers over a long life: kills, interrupts, orphanhood, a million steps."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from fault_envs import Counter, Touchy
from open_files import open_files

from dromos.vector import AsyncVectorEnv

pytestmark = pytest.mark.usefixtures("nothing_left_behind", "hard_limit")

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


def memory_of(process):
    """Resident bytes of a process, and its open files."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize(), len(os.listdir(f"/proc/{process}/fd"))


class Talkative(Counter):
    """Has an info at times, large at others."""

    def step(self, action):
        obs, reward, terminated, truncated, info = super().step(action)
        if self.count % 7 == 0:
            info = {"count": self.count, "text": "words" * (self.count % 500)}
        return obs, reward, terminated, truncated, info


def test_a_million_steps_leave_memory_and_files_as_they_were():
    lanes, rounds = 100, 10_000
    vector = AsyncVectorEnv([Counter] * (lanes - 1) + [Talkative], num_workers=2)
    vector.reset(seed=1)
    actions = np.ones(lanes, int)
    for _ in range(rounds // 10):
        vector.step(actions)
    processes = {os.getpid(), *(process.pid for process in vector.processes)}
    before = {process: memory_of(process) for process in processes}
    for _ in range(rounds):
        vector.step(actions)
    for process, (memory, files) in before.items():
        memory_now, files_now = memory_of(process)
        assert files_now == files
        assert memory_now - memory < 2 << 20
    vector.close()


def test_vectors_one_after_another_leave_nothing():
    def once():
        vector = AsyncVectorEnv([Counter] * 2, num_workers=2)
        vector.reset()
        vector.close()

    once()
    before = len(list(open_files()))
    for _ in range(20):
        once()
    assert len(list(open_files())) == before


def test_a_forked_copy_of_the_vector_leaves_the_workers_alone():
    vector = AsyncVectorEnv([Counter] * 2, num_workers=2)
    vector.reset(seed=1)
    child = os.fork()
    if child == 0:
        vector.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert vector.step(np.ones(2, int))[1].tolist() == [1, 1]
    vector.close()


def test_an_interrupted_wait_can_be_taken_up_again():
    def interrupt(*_):
        raise KeyboardInterrupt

    vector = AsyncVectorEnv([Touchy] * 2, num_workers=2)
    vector.reset(seed=1)
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        vector.step_async(np.array([5, 1]))
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(KeyboardInterrupt):
            vector.step_wait()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert vector.step_wait()[1].tolist() == [5, 1]
    vector.close()


#: Not empty while an interrupt is wanted: another thread may take the signal, and be late with it.
armed = []


def interrupted_at_some_moment(dice, call, longest=2e-4):
    """Call once, with a Ctrl-C some microseconds later; return what it returned.

    None if that kept it from returning.
    """
    try:
        try:
            armed.append(True)
            signal.setitimer(signal.ITIMER_REAL, 1e-6 + dice.random() * longest)
            return call()
        finally:
            armed.clear()
            signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        return None


@pytest.fixture
def interrupts():
    def interrupt(*_):
        if armed:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    yield
    signal.signal(signal.SIGALRM, before)


class Telling(Counter):
    """Tells its count in two steps of three."""

    def step(self, action):
        obs, reward, terminated, truncated, info = super().step(action)
        return obs, reward, terminated, truncated, {"count": self.count} if self.count % 3 else info


def take_up(dice, vector):
    """Return the results of a step whose wait was interrupted; None if they are lost."""
    if vector._state.value != "step":  # it was interrupted behind the wait
        return None
    return vector.step_wait(timeout=20 if dice.random() < 0.5 else None)


class Bulky(Counter):
    """Tells so much that the memory of it is given back."""

    def step(self, action):
        return *super().step(action)[:4], {"bulk": bytes(2 << 20)}


@pytest.mark.usefixtures("interrupts")
@pytest.mark.parametrize(
    ("env", "number", "longest"), [(Counter, 2000, 2e-4), (Telling, 2000, 2e-4), (Bulky, 200, 2e-2)]
)
def test_interrupts_at_any_moment_of_a_wait_lose_no_lane(env, number, longest):
    dice = random.Random(1)
    vector = AsyncVectorEnv([env] * 4, num_workers=2)
    counts, interrupts = vector.reset(seed=1)[0][:, 1], 0
    while interrupts < number:
        vector.step_async(np.ones(4, int))
        result = interrupted_at_some_moment(dice, vector.step_wait, longest)
        if result is None:
            interrupts += 1
            result = take_up(dice, vector)
        if result is None:
            counts = vector.reset()[0][:, 1]
            continue
        assert (result[0][:, 1] == counts + 1).all()
        counts = result[0][:, 1]
    vector.close()


@pytest.mark.usefixtures("interrupts")
def test_interrupts_and_kills_at_any_moment_end_in_results():
    dice = random.Random(3)
    vector = AsyncVectorEnv(
        [Telling] * 4, num_workers=2, on_worker_failure="restart", max_restarts=None
    )
    vector.reset(seed=1)
    interrupts = 0
    while interrupts < 300:
        vector.step_async(np.ones(4, int))
        if killed := dice.random() < 0.1:
            os.kill(vector.processes[dice.randrange(4)].pid, signal.SIGKILL)
        longest = 2e-2 if killed else 2e-4
        if interrupted_at_some_moment(dice, vector.step_wait, longest) is None:
            interrupts += 1
            if take_up(dice, vector) is None:
                vector.reset()
    assert vector.step(np.ones(4, int))[1].shape == (4,)
    vector.close()


@pytest.mark.usefixtures("interrupts")
def test_after_an_interrupt_at_any_moment_a_reset_makes_the_vector_usable():
    dice = random.Random(2)
    vector = AsyncVectorEnv([Telling] * 4, num_workers=2, batch_size=2)
    vector.async_reset(seed=1)
    interrupts = 0

    def step():
        lanes = vector.recv()[-1]["lane_ids"]
        assert len(set(lanes)) == 2
        vector.send(np.ones(2, int), lanes)
        return lanes

    while interrupts < 1000:
        if interrupted_at_some_moment(dice, step) is None:
            interrupts += 1
            vector.async_reset()
            seen = [*vector.recv()[-1]["lane_ids"], *vector.recv()[-1]["lane_ids"]]
            assert sorted(seen) == [0, 1, 2, 3]
            vector.send(np.ones(4, int))
    vector.close()


@pytest.mark.usefixtures("interrupts")
def test_after_an_interrupt_at_any_moment_calls_get_their_own_answers():
    dice = random.Random(4)
    vector = AsyncVectorEnv([Counter] * 4, num_workers=2)
    vector.reset(seed=1)
    interrupts, before = 0, vector.get_attr("start")
    for value in range(1, 10_000):
        snapshots = dice.random() < 0.5
        set_start = partial(vector.set_attr, "start", value)
        interrupted_at_some_moment(dice, vector.snapshot if snapshots else set_start, 1e-3)
        interrupts += bool(vector._engine.crew.awaits_answers)
        starts = vector.get_attr("start")
        assert len(starts) == 4
        assert set(starts) <= ({*before} if snapshots else {value, *before})
        before = starts
        if interrupts == 200:
            break
    assert interrupts == 200
    vector.close()


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
    deadline = time.monotonic() + 20
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
    _, errors = process.communicate(timeout=30)
    assert errors.count("Traceback") == 1
    assert errors.rstrip().endswith("KeyboardInterrupt")
    wait_for_the_end_of(workers)
