"""``python own_process.py NAME``: what tests of workers do in a process that does nothing else.

Ctrl-C may arrive in whatever code runs at that moment, and the exception raised there may be lost:
so programs count their attempts, not the interrupts that came through. Memory and files are
counted where nobody else has any.
"""

import multiprocessing
import os
import random
import resource
import signal
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
from fault_envs import HELD, Counter, Touchy
from open_files import open_files

from dromos.vector import AsyncVectorEnv

#: Not empty while an interrupt is wanted: another thread may take the signal, and be late with it.
armed = []


def interrupt(*_):
    if armed:
        raise KeyboardInterrupt


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


def a_wait():
    with tempfile.NamedTemporaryFile() as held:
        os.environ[HELD] = held.name
        vector = AsyncVectorEnv([Touchy] * 2, num_workers=2)
        vector.reset(seed=1)
        vector.step_async(np.array([5, 1]))
        armed.append(True)
        signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
        try:
            vector.step_wait()
        except KeyboardInterrupt:
            armed.clear()
        signal.setitimer(signal.ITIMER_REAL, 0)
        assert not armed
    assert vector.step_wait()[1].tolist() == [5, 1]
    vector.close()


class Telling(Counter):
    """Tells its count in two steps of three."""

    def step(self, action):
        obs, reward, terminated, truncated, info = super().step(action)
        return obs, reward, terminated, truncated, {"count": self.count} if self.count % 3 else info


class Bulky(Counter):
    """Tells so much that the memory of it is given back."""

    def step(self, action):
        return *super().step(action)[:4], {"bulk": bytes(2 << 20)}


def take_up(dice, vector):
    """Return the results of a step whose wait was interrupted; None if they are lost."""
    if vector._state.value != "step":  # it was interrupted behind the wait
        return None
    return vector.step_wait(timeout=500 if dice.random() < 0.5 else None)


def any_moment_of_a_wait(env=Counter, attempts=3000, longest=2e-4):
    dice = random.Random(1)
    vector = AsyncVectorEnv([env] * 4, num_workers=2)
    counts, interrupts = vector.reset(seed=1)[0][:, 1], 0
    for _ in range(attempts):
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
    return interrupts


def interrupts_and_kills():
    dice = random.Random(3)
    vector = AsyncVectorEnv(
        [Telling] * 4, num_workers=2, on_worker_failure="restart", max_restarts=None
    )
    vector.reset(seed=1)
    interrupts = 0
    for _ in range(500):
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
    return interrupts


def any_moment_of_send_and_recv():
    dice = random.Random(2)
    vector = AsyncVectorEnv([Telling] * 4, num_workers=2, batch_size=2)
    vector.async_reset(seed=1)
    interrupts = 0

    def step():
        lanes = vector.recv()[-1]["lane_ids"]
        assert len(set(lanes)) == 2
        vector.send(np.ones(2, int), lanes)
        return lanes

    for _ in range(2000):
        if interrupted_at_some_moment(dice, step) is None:
            interrupts += 1
            vector.async_reset()
            seen = [*vector.recv()[-1]["lane_ids"], *vector.recv()[-1]["lane_ids"]]
            assert sorted(seen) == [0, 1, 2, 3]
            vector.send(np.ones(4, int))
    vector.close()
    return interrupts


def any_moment_of_calls():
    dice = random.Random(4)
    vector = AsyncVectorEnv([Counter] * 4, num_workers=2)
    vector.reset(seed=1)
    interrupts, before = 0, vector.get_attr("start")
    for value in range(1, 500):
        snapshots = dice.random() < 0.5
        set_start = partial(vector.set_attr, "start", value)
        interrupted_at_some_moment(dice, vector.snapshot if snapshots else set_start, 1e-3)
        interrupts += bool(vector._lanes.pool.awaits_answers)
        starts = vector.get_attr("start")
        assert len(starts) == 4
        assert set(starts) <= ({*before} if snapshots else {value, *before})
        before = starts
    vector.close()
    return interrupts


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


def a_million_steps():
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


def one_vector_after_another():
    def once():
        vector = AsyncVectorEnv([Counter] * 2, num_workers=2)
        vector.reset()
        vector.close()

    once()
    before = len(list(open_files()))
    for _ in range(20):
        once()
    assert len(list(open_files())) == before


def a_forked_copy():
    vector = AsyncVectorEnv([Counter] * 2, num_workers=2)
    vector.reset(seed=1)
    child = os.fork()
    if child == 0:
        vector.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert vector.step(np.ones(2, int))[1].tolist() == [1, 1]
    vector.close()


PROGRAMS = {
    "a_million_steps": a_million_steps,
    "one_vector_after_another": one_vector_after_another,
    "a_forked_copy": a_forked_copy,
    "a_wait": a_wait,
    "any_moment_of_a_wait": any_moment_of_a_wait,
    "any_moment_of_a_wait_with_infos": partial(any_moment_of_a_wait, Telling),
    "any_moment_of_a_wait_with_bulk": partial(any_moment_of_a_wait, Bulky, 100, 2e-2),
    "interrupts_and_kills": interrupts_and_kills,
    "any_moment_of_send_and_recv": any_moment_of_send_and_recv,
    "any_moment_of_calls": any_moment_of_calls,
}

if __name__ == "__main__":
    signal.signal(signal.SIGALRM, interrupt)
    print(PROGRAMS[sys.argv[1]]())
    assert not multiprocessing.active_children()
