"""Gymnasium's pairs of calls, what they refuse, and timeouts."""

import multiprocessing

import numpy as np
import pytest
from fault_envs import Counter, Touchy

from dromos.error import (
    AlreadyPendingCallError,
    ClosedEnvironmentError,
    InvalidAction,
    NoAsyncCallError,
    ResetNeeded,
)
from dromos.rollout import Rollout
from dromos.spaces import Discrete
from dromos.vector import AsyncVectorEnv, SyncVectorEnv
from dromos.vector.workers.channel import SharedFile

pytestmark = [
    pytest.mark.usefixtures("hard_limit"),
    pytest.mark.filterwarnings("ignore:.*Calling `close` while waiting:UserWarning"),
]

ONES = np.ones(3, int)


@pytest.fixture
def vector():
    vector = AsyncVectorEnv([Touchy] * 3, num_workers=2)
    vector.reset(seed=1)
    yield vector
    vector.close()


def test_a_pair_of_calls_is_the_call(vector):
    vector.reset_async(seed=7)
    assert vector.reset_wait()[0].tolist() == [[7, 0], [8, 0], [9, 0]]
    vector.step_async(ONES)
    assert vector.step_wait()[0].tolist() == [[7, 1], [8, 1], [9, 1]]
    vector.call_async("render")
    assert vector.call_wait() == ("7+1", "8+1", "9+1") == vector.render()
    vector.set_attr("start", [1, 2, 3])
    assert vector.get_attr("start") == (1, 2, 3)
    vector.set_attr("start", 5)
    assert vector.call("observe")[2].tolist() == [5, 1]


STARTS = {
    "reset": lambda vector: vector.reset_async(),
    "step": lambda vector: vector.step_async(ONES),
    "call": lambda vector: vector.call_async("render"),
}
OTHERS = {
    "set_attr": lambda vector: vector.set_attr("start", 1),
    "send": lambda vector: vector.send(ONES),
    "recv": lambda vector: vector.recv(),
    "async_reset": lambda vector: vector.async_reset(),
    "snapshot": lambda vector: vector.snapshot(),
    "reset": lambda vector: vector.reset(),
    "step": lambda vector: vector.step(ONES),
    "get_attr": lambda vector: vector.get_attr("start"),
}


@pytest.mark.parametrize("pending", STARTS)
@pytest.mark.parametrize("attempt", {**OTHERS, **STARTS})
def test_a_pending_call_allows_no_other(vector, pending, attempt):
    STARTS[pending](vector)
    with pytest.raises(AlreadyPendingCallError, match=f"pending call to `{pending}`") as caught:
        {**STARTS, **OTHERS}[attempt](vector)
    assert caught.value.name == pending
    getattr(vector, f"{pending}_wait")()
    vector.step(ONES)


@pytest.mark.parametrize("name", STARTS)
def test_waiting_for_what_nobody_started(vector, name):
    with pytest.raises(NoAsyncCallError, match=f"without any prior call to `{name}_async`"):
        getattr(vector, f"{name}_wait")()
    STARTS["call" if name == "step" else "step"](vector)
    with pytest.raises(NoAsyncCallError):
        getattr(vector, f"{name}_wait")()


@pytest.mark.parametrize("name", ["reset", "step", "close"])
def test_what_only_the_vector_may_call(vector, name):
    with pytest.raises(ValueError, match=f"use the vector's own `{name}`"):
        vector.call(name)


def test_a_closed_vector_says_so(vector):
    vector.close()
    for attempt in [*OTHERS.values(), *STARTS.values(), lambda vector: vector.step_wait()]:
        with pytest.raises(
            ClosedEnvironmentError, match=r"`AsyncVectorEnv`, after a call to `close\(\)`"
        ):
            attempt(vector)


def test_a_late_step_is_delivered_by_the_next_wait(held, vector):
    vector.step_async(np.array([1, 5, 2]))
    with pytest.raises(multiprocessing.TimeoutError, match=r"`step_wait` has timed out after 0.05"):
        vector.step_wait(timeout=0.05)
    with pytest.raises(AlreadyPendingCallError) as refused:
        vector.step(ONES)
    assert "timed out" in refused.value.__notes__[0]
    held.unlink()
    obs, rewards, *_ = vector.step_wait(timeout=1000)
    assert obs[:, 1].tolist() == [1, 1, 1]
    assert rewards.tolist() == [1, 5, 2]
    assert vector.step(ONES)[0][:, 1].tolist() == [2, 2, 2]


def test_a_late_step_is_dropped_by_a_reset(held, vector):
    vector.step_async(np.array([1, 5, 2]))
    with pytest.raises(multiprocessing.TimeoutError):
        vector.step_wait(timeout=0)
    with pytest.raises(AlreadyPendingCallError):
        vector.reset(options={"reset_mask": np.array([True, False, False])})
    vector.reset_async(seed=5)
    with pytest.raises(multiprocessing.TimeoutError, match="`reset_wait` has timed out"):
        vector.reset_wait(timeout=0.05)
    held.unlink()
    assert vector.reset_wait()[0].tolist() == [[5, 0], [6, 0], [7, 0]]
    assert vector.step(ONES)[1].tolist() == [1, 1, 1]


@pytest.mark.parametrize("delivered", [True, False])
def test_a_late_call_is_delivered_or_dropped(held, vector, delivered):
    vector.call_async("nap", 0.3)
    for wrong in ("soon", None, float("nan")):
        with pytest.raises((TypeError, multiprocessing.TimeoutError)):
            vector.call_wait(timeout=0.01 if wrong is None else wrong)
    with pytest.raises(multiprocessing.TimeoutError, match="`call_wait` has timed out"):
        vector.call_wait(timeout=0.01)
    held.unlink()
    if delivered:
        assert vector.call_wait() == (0.3, 0.3, 0.3)
    vector.reset(seed=1)
    assert vector.call("render") == ("1+0", "2+0", "3+0")


def test_actions_are_checked_before_any_lane_moves(vector):
    for wrong in (np.ones(2, int), 3, {"a": 1}):
        with pytest.raises(InvalidAction):
            vector.step(wrong)
    assert vector.step(ONES)[0][:, 1].tolist() == [1, 1, 1]
    assert vector.step([2, 3, 3])[1].tolist() == [2, 3, 3]
    assert vector.step(ONES.astype(np.int8))[1].tolist() == [1, 1, 1]


def test_lanes_without_an_episode_are_refused():
    with AsyncVectorEnvs(3) as vector:
        with pytest.raises(ResetNeeded, match="have not been reset yet"):
            vector.step(ONES)
        with pytest.raises(ResetNeeded, match="no observations"):
            vector.final_obs  # noqa: B018
        with pytest.raises(ResetNeeded, match="leaves out lanes"):
            vector.reset(options={"reset_mask": np.array([True, False, False])})


class AsyncVectorEnvs:
    """A vector that is closed at the end of a ``with``."""

    def __init__(self, num_envs, **kwargs):
        self.vector = AsyncVectorEnv([Counter] * num_envs, **kwargs)

    def __enter__(self):
        return self.vector

    def __exit__(self, *_):
        self.vector.close()


def test_autoreset_disabled_refuses_ended_lanes():
    with AsyncVectorEnvs(3, autoreset_mode="Disabled") as vector:
        vector.set_attr("length", [1, 2, 2])
        vector.reset(seed=0)
        assert vector.step(ONES)[2].tolist() == [True, False, False]
        with pytest.raises(AssertionError, match=r"Cannot step lanes \[0\]"):
            vector.step(ONES)
        vector.reset(options={"reset_mask": np.array([True, False, False])})
        vector.step(ONES)


@pytest.mark.parametrize("copy", [True, False])
def test_observations_are_copies_unless_asked_otherwise(copy):
    with AsyncVectorEnvs(2, copy=copy) as vector:
        first, _ = vector.reset(seed=0)
        second = vector.step(np.ones(2, int))[0]
        assert np.shares_memory(first, second) != copy
        assert first[:, 1].tolist() == ([0, 0] if copy else [1, 1])


def test_each_lane_has_a_process_and_workers_fit_the_lanes():
    with AsyncVectorEnvs(5, num_workers=2) as vector:
        pids = [process.pid for process in vector.processes]
        assert len(set(pids[:2])) == len(set(pids[2:])) == 1
        assert pids[0] != pids[4]
    with AsyncVectorEnvs(2, num_workers=9) as vector:
        assert vector.num_workers == 2
    with AsyncVectorEnvs(4, num_workers=4, max_concurrency=1) as vector:
        assert vector.num_workers == 1


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"num_workers": 0}, "num_workers"),
        ({"max_concurrency": 1.5}, "max_concurrency"),
        ({"batch_size": 3}, "batch_size"),
        ({"on_worker_failure": "ignore"}, "on_worker_failure"),
        ({"max_restarts": -1}, "max_restarts"),
        ({"step_timeout": 0}, "step_timeout"),
        ({"shared_memory": "perhaps"}, "shared_memory"),
        ({"worker": print}, "worker=None"),
        ({"context": "teleport"}, "teleport"),
        ({"autoreset_mode": "never"}, "never"),
        ({"observation_mode": "random"}, "observation_mode"),
    ],
)
def test_arguments_are_checked(kwargs, message):
    with pytest.raises(ValueError, match=message):
        AsyncVectorEnv([Counter] * 2, **kwargs)


def test_no_lanes():
    with pytest.raises(ValueError, match="at least one function"):
        AsyncVectorEnv([])


def test_spaces_must_match():
    class Other(Counter):
        def __init__(self):
            super().__init__()
            self.action_space = Discrete(3)

    with pytest.raises(RuntimeError, match="not equivalent"):
        AsyncVectorEnv([Counter, Other], num_workers=2)
    with pytest.raises(RuntimeError, match="not equivalent"):
        AsyncVectorEnv([Counter, Other], num_workers=1)
    with pytest.raises(RuntimeError, match="action_space given"):
        AsyncVectorEnv([Counter], action_space=Discrete(3))
    with pytest.raises(RuntimeError, match="observation_space given"):
        AsyncVectorEnv([Counter], observation_space=Discrete(3))


def test_no_environment_is_made_in_the_process_of_the_vector(tmp_path):
    import os

    class Recorded(Counter):
        def __init__(self):
            super().__init__()
            (tmp_path / f"{os.getpid()}").touch()

    vector = AsyncVectorEnv([Recorded] * 4, num_workers=2)
    made = {int(path.name) for path in tmp_path.iterdir()}
    assert made == {process.pid for process in vector.processes}
    vector.close()


def test_properties_are_those_of_a_serial_vector():
    serial = SyncVectorEnv([Counter] * 2)
    serial.reset(seed=3)
    with AsyncVectorEnvs(2) as vector:
        vector.reset(seed=3)
        assert vector.np_random_seed == serial.np_random_seed == (3, 4)
        assert [rng.random() for rng in vector.np_random] == [
            rng.random() for rng in serial.np_random
        ]
        assert vector.single_action_space == serial.single_action_space
        assert vector.render_mode is None
        assert str(vector) == "AsyncVectorEnv(num_envs=2)"


def test_memory_of_a_message_is_given_back_once():
    file = SharedFile.create()
    first, second = b"1" * (2 << 20), b"2" * (2 << 20)
    file.write(0, first)
    assert file.read(0, keep=True) == first
    file.free()
    file.write(0, second)
    file.free()  # as after an answer that has no message
    assert file.read(0) == second


def test_a_rollout_of_lanes_without_episodes_has_recorded_nothing():
    vector = AsyncVectorEnv([Counter] * 2)
    vector.reset(seed=0)
    actions = np.zeros((4, 2), int)
    for _ in range(2):  # the second goes straight into its arrays
        vector.rollout(actions)
    vector._lanes.episodes.interrupt(None)  # as an exception does
    with pytest.raises(ResetNeeded) as refused:
        vector.rollout(actions)
    assert Rollout.so_far(refused.value) is None
    vector.close()
