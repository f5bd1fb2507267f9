"""Environments that raise, die and hang, and what becomes of the vector."""

import gc
import multiprocessing
import os
import signal
import time

import numpy as np
import pytest
from fault_envs import (
    AtHomeOnly,
    Counter,
    DiesAtStart,
    FailsToClose,
    FailsToReset,
    FailsToStart,
    HangsInClose,
    Listing,
    Raises,
    Speechless,
    Touchy,
)

from dromos.error import Error, ResetNeeded, WorkerError
from dromos.vector import AsyncVectorEnv

pytestmark = [
    pytest.mark.usefixtures("nothing_left_behind", "hard_limit"),
    pytest.mark.filterwarnings("ignore:.*Calling `close` while waiting:UserWarning"),
]

#: Seconds after which a worker counts as hanging: more than any does that works, on a busy machine.
HANGING = 8.0


@pytest.fixture
def touchy():
    """A vector of four lanes in two workers."""
    vectors = []

    def make(env=Touchy, **kwargs):
        vectors.append(AsyncVectorEnv([env] * 4, **{"num_workers": 2, **kwargs}))
        vectors[-1].reset(seed=10)
        return vectors[-1]

    yield make
    while vectors:
        vectors.pop().close()


def test_an_exception_comes_with_all_that_is_known_of_it(touchy):
    vector = touchy()
    with pytest.raises(KeyError, match="nine") as caught:
        vector.step(np.array([1, 1, 1, 9]))
    cause = str(caught.value.__cause__)
    assert "Raised by lane 3 (worker 1)" in cause
    assert "action 9" in cause
    assert "seed: 13" in cause
    assert 'raise KeyError("nine")' in cause


def test_after_an_exception_a_reset_makes_the_vector_usable_again(touchy):
    vector = touchy()
    with pytest.raises(KeyError):
        vector.step(np.array([1, 9, 1, 1]))
    with pytest.raises(ResetNeeded, match=r"\[0, 1, 2, 3\]"):
        vector.step(np.zeros(4, int))
    obs, _ = vector.reset(seed=20)
    assert obs.tolist() == [[20, 0], [21, 0], [22, 0], [23, 0]]
    assert vector.step(np.ones(4, int))[1].tolist() == [1, 1, 1, 1]


def test_the_exceptions_of_several_lanes_are_told_in_one(touchy):
    vector = touchy()
    with pytest.raises(KeyError) as caught:
        vector.step(np.array([0, 9, 4, 9]))
    assert "Lanes [2, 3] raised exceptions in the same call." in caught.value.__notes__


def test_an_exception_that_cannot_travel_is_told_in_words(touchy):
    with pytest.raises(Error, match=r"fault_envs\.Unpicklable: four is wrong") as caught:
        touchy().step(np.array([4, 0, 0, 0]))
    assert "raise Unpicklable" in str(caught.value.__cause__)


@pytest.mark.parametrize("kind", [Speechless, AtHomeOnly])
def test_an_exception_that_comes_apart_on_its_way_is_told_by_its_class(kind):
    with AsyncVectorEnv([lambda: Raises(kind)] * 2, num_workers=1) as envs:
        envs.reset(seed=0)
        with pytest.raises(WorkerError, match=kind.__name__):
            envs.step(np.array([0, 1]))
        envs.reset(seed=0)
        envs.step(np.zeros(2, int))


def test_what_other_lanes_sent_is_received_after_an_exception(touchy):
    vector = touchy(batch_size=1)
    vector.send(np.array([1, 9, 2]), [0, 1, 3])
    rewards, errors = {}, 0
    for _ in range(3):
        try:
            _, reward, _, _, infos = vector.recv()
            rewards[int(infos["lane_ids"][0])] = reward[0]
        except KeyError:
            errors += 1
    assert (rewards, errors) == ({0: 1.0, 3: 2.0}, 1)
    vector.send(np.array([5]), [0])
    with pytest.raises(ResetNeeded, match=r"\[1\]"):
        vector.send(np.array([5]), [1])
    assert vector.recv()[1] == [5.0]


def test_an_info_that_is_no_dict_fails_in_its_lane_alone():
    vector = AsyncVectorEnv([Counter, Listing], num_workers=1)
    vector.reset()
    with pytest.raises(TypeError, match="info of a lane to be a dict") as caught:
        vector.step(np.ones(2, int))
    assert "lane 1 (worker 0)" in str(caught.value.__cause__)
    with pytest.raises(ResetNeeded):
        vector.step(np.ones(2, int))
    vector.close()


def test_an_exception_in_reset(touchy):
    vector = touchy(FailsToReset)
    with pytest.raises(ValueError, match="cannot be reset") as caught:
        vector.reset(seed=5, options=[None, {"fail": True}, None, None])
    assert "lane 1" in str(caught.value.__cause__)
    assert "seed 6" in str(caught.value.__cause__)
    assert vector.reset(seed=5)[0][1].tolist() == [6, 0]


@pytest.mark.parametrize(
    ("env", "error", "message"),
    [(FailsToStart, KeyError, "no such thing"), (DiesAtStart, Error, "was killed by SIGSEGV")],
)
def test_an_environment_that_cannot_be_made(env, error, message):
    with pytest.raises(error, match=message):
        AsyncVectorEnv([Counter, env, Counter], num_workers=3)


@pytest.mark.parametrize(
    ("action", "message"), [(8, "was killed by SIGKILL"), (6, "exited with code 3")]
)
def test_a_worker_that_dies_is_noticed(touchy, action, message):
    vector = touchy()
    vector.step_async(np.array([1, 1, action, 1]))
    with pytest.raises(Error, match=message) as caught:
        vector.step_wait()
    assert "moving lanes [2, 3]" in str(caught.value)
    assert "{2: 12, 3: 13}" in str(caught.value)
    with pytest.raises(Error, match="Cannot move lane 2 any more"):
        vector.reset()
    with pytest.raises(Error, match=message):
        vector.get_attr("count")


def test_the_lanes_of_other_workers_go_on_when_one_dies(touchy):
    vector = touchy(batch_size=2)
    vector.send(np.array([8]), [0])
    with pytest.raises(WorkerError, match="was killed by SIGKILL"):
        vector.recv()
    vector.send(np.array([1, 2]), [2, 3])
    assert vector.recv()[1].tolist() == [1, 2]


def test_a_worker_that_hangs_is_noticed(touchy):
    vector = touchy(step_timeout=HANGING)
    with pytest.raises(
        Error, match=rf"did not finish a step or reset within step_timeout={HANGING}"
    ):
        vector.step(np.array([1, 7, 1, 1]))


FAILURES = [
    (action, reason, mode)
    for action, reason in ((8, "SIGKILL"), (6, "exited with code 3"), (9, "KeyError"))
    for mode in ("NextStep", "SameStep", "Disabled")
]


@pytest.mark.parametrize(("action", "reason", "mode"), [*FAILURES, (7, "step_timeout", "NextStep")])
def test_what_fails_is_restarted_and_the_others_lose_nothing(touchy, action, reason, mode):
    limit = HANGING if action == 7 else None
    vector = touchy(on_worker_failure="restart", step_timeout=limit, autoreset_mode=mode)
    vector.step(np.ones(4, int))
    obs, rewards, terminations, truncations, infos = vector.step(np.array([1, 2, action, 3]))
    lost = [False, False, True, action != 9]  # those of the worker, or the lane that raised
    assert truncations.tolist() == lost
    assert not terminations.any()
    assert rewards.tolist() == [1, 2, 0, 3 if action == 9 else 0]
    assert obs[:2].tolist() == [[10, 2], [11, 2]]
    assert obs[2, 1] == 0
    assert infos["worker_restarted"].tolist() == infos["_worker_restarted"].tolist() == lost
    assert reason in infos["restart_reason"][2]
    assert vector.valid_transition.tolist() == [not was for was in lost]
    assert ("final_obs" in infos) == (mode == "SameStep")
    if mode == "Disabled":
        vector.reset(options={"reset_mask": truncations})
    assert vector.step(np.ones(4, int))[0][:2].tolist() == [[10, 3], [11, 3]]


def test_a_reset_survives_a_worker(touchy):
    vector = touchy(on_worker_failure="restart")
    os.kill(vector.processes[0].pid, signal.SIGKILL)
    obs, infos = vector.reset(seed=3)
    assert obs.tolist() == [[3, 0], [4, 0], [5, 0], [6, 0]]
    assert infos == {}


def test_results_that_wait_survive_their_worker(held, touchy):
    vector = touchy(on_worker_failure="restart", batch_size=1)
    vector.send(np.array([3, 5]), [0, 1])
    received = [vector.recv()]
    os.kill(vector.processes[0].pid, signal.SIGKILL)
    vector.processes[0].join()
    vector.send(np.array([3]), [2])
    received += [vector.recv(), vector.recv()]
    vector.send(np.array([3]), [0])
    received.append(vector.recv())
    results = [(int(r[4]["lane_ids"][0]), r[1][0], bool(r[3][0])) for r in received]
    assert results[0] == (0, 3.0, False)
    assert sorted(results[1:3]) == [(1, 0.0, True), (2, 3.0, False)]
    assert results[3] == (0, 0.0, True)


def test_the_restarts_are_budgeted(touchy):
    vector = touchy(on_worker_failure="restart", max_restarts=2)
    for _ in range(2):
        assert vector.step(np.array([9, 0, 0, 0]))[3][0]
        vector.step(np.zeros(4, int))
    with pytest.raises(KeyError):
        vector.step(np.array([9, 0, 0, 0]))


def test_an_environment_that_cannot_be_made_again_ends_in_its_error(touchy, tmp_path):
    flag = tmp_path / "made"

    class OnceOnly(Touchy):
        def __init__(self):
            super().__init__()
            if flag.exists():
                raise ValueError("only once")

    vector = touchy(OnceOnly, on_worker_failure="restart", max_restarts=3)
    flag.touch()
    with pytest.raises(ValueError, match="only once"):
        vector.step(np.array([9, 0, 0, 0]))
    with pytest.raises(ValueError, match="only once"):
        touchy(OnceOnly)
    os.kill(vector.processes[3].pid, signal.SIGKILL)
    with pytest.raises(ValueError, match="only once"):
        vector.reset()


def test_a_call_to_a_worker_that_dies(touchy):
    vector = touchy(on_worker_failure="restart")
    os.kill(vector.processes[0].pid, signal.SIGKILL)
    with pytest.raises(Error, match="Its answer is lost"):
        vector.get_attr("count")
    assert vector.get_attr("count") == (0, 0, 0, 0)


def test_closing_raises_what_an_environment_raised_and_ends_all(touchy):
    vector = AsyncVectorEnv([FailsToClose] * 3, num_workers=2)
    processes = vector.processes
    with pytest.raises(RuntimeError, match="cannot be closed"):
        vector.close()
    assert vector.closed
    assert not any(process.is_alive() for process in processes)


@pytest.mark.parametrize("action", [0, 5, 6, 7, 8, 9])
def test_closing_returns_whatever_the_workers_do(action):
    vector = AsyncVectorEnv([Touchy] * 4, num_workers=2)
    vector.reset()
    vector.step_async(np.array([action, 0, 0, 0]))
    vector.close(timeout=1)  # it returns at all, though a worker may sleep for a quarter of an hour
    vector.close()


def test_closing_raises_nothing_of_a_call_that_nobody_waits_for():
    for name in ("no_such_method", "render"):
        vector = AsyncVectorEnv([Counter] * 3, num_workers=2)
        vector.reset()
        vector.call_async(name)
        processes = vector.processes
        vector.close()
        assert [process.exitcode for process in processes] == [0] * 3


@pytest.mark.parametrize("timeout", ["soon", float("nan"), [1]])
def test_closing_is_refused_whole(touchy, timeout):
    vector = touchy()
    with pytest.raises(TypeError, match="timeout"):
        vector.close(timeout=timeout)
    assert not vector.closed
    assert vector.step(np.ones(4, int))[1].tolist() == [1, 1, 1, 1]


def test_closing_ends_environments_that_hang_in_close():
    vector = AsyncVectorEnv([HangsInClose] * 2, num_workers=2)
    vector.close(timeout=0.3)
    assert not any(process.is_alive() for process in vector.processes)


def test_a_vector_that_is_forgotten_ends_its_workers():
    vector = AsyncVectorEnv([Counter] * 2, num_workers=2)
    processes = vector.processes
    del vector
    gc.collect()
    assert not any(process.is_alive() for process in processes)


def test_a_start_that_hangs():
    def sleeper():
        time.sleep(1000)

    with pytest.raises(Error, match=r"start_timeout=0\.3 s"):
        AsyncVectorEnv([Counter, sleeper], num_workers=2, start_timeout=0.3)


def test_what_does_not_return_an_environment():
    with pytest.raises(TypeError, match="to return an `Env`"):
        AsyncVectorEnv([Counter, lambda: 3])


def test_multiprocessing_knows_the_workers():
    before = len(multiprocessing.active_children())
    vector = AsyncVectorEnv([Counter] * 3, num_workers=2)
    assert len(multiprocessing.active_children()) == before + 2
    assert len(vector.processes) == 3
    vector.close()
    assert len(multiprocessing.active_children()) == before
