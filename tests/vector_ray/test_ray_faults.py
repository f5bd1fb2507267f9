"""Actors and nodes that end, environments that raise or hang, clusters that are not there."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest
from actor_cases import alive, gone, make_ray, make_sync, processes
from fault_envs import (
    Counter,
    DiesAtStart,
    FailsToClose,
    FailsToStart,
    HangsInClose,
    Touchy,
)
from vector_cases import assert_same

import dromos as gym
from dromos.error import DependencyNotInstalled, ResetNeeded, WorkerError
from dromos.vector import RayVectorEnv

pytestmark = [
    pytest.mark.usefixtures("nodes"),
    pytest.mark.filterwarnings("ignore:.*Another one takes its place:UserWarning"),
]

ONES = np.ones(4, int)


def touchy(**kwargs):
    return RayVectorEnv([Touchy] * 4, **{"num_actors": 2, **kwargs})


def received(vector, times):
    """The rewards that `recv` gives, by lane, and what it raises instead."""
    told, errors = {}, []
    for _ in range(times):
        try:
            _, rewards, *_, infos = vector.recv()
        except Exception as error:
            errors.append(error)
        else:
            told.update(zip(infos["lane_ids"].tolist(), rewards.tolist(), strict=True))
    return told, errors


@pytest.fixture(scope="module")
def raising():
    """A vector whose environments raise; the actors live on."""
    vector = touchy(batch_size=1, actor_options={"num_cpus": 0})  # takes no place of others
    yield vector
    vector.close()


def test_an_exception_names_the_lane_the_action_and_the_seed(raising):
    raising.reset(seed=3)
    with pytest.raises(KeyError, match="nine") as caught:
        raising.step(np.array([1, 9, 1, 1]))
    cause = str(caught.value.__cause__)
    assert "lane 1 (worker 0)" in cause
    assert "action 9; its last seed: 4" in cause
    assert "in step" in cause
    with pytest.raises(ResetNeeded):
        raising.step(ONES)
    raising.reset(seed=3)
    with pytest.raises(WorkerError, match="four is wrong"):  # an exception that cannot travel
        raising.step(np.array([1, 1, 4, 1]))


def test_with_first_ready_only_the_lane_that_raised_is_lost(raising):
    raising.reset(seed=3)
    raising.send(np.array([1, 9, 2, 3]))
    told, errors = received(raising, 4)
    assert told == {0: 1.0, 2: 2.0, 3: 3.0}
    assert [type(error) for error in errors] == [KeyError]
    with pytest.raises(ResetNeeded, match=r"\[1\]"):
        raising.send([0], [1])
    raising.send([5], [2])
    assert raising.recv()[4]["lane_ids"].tolist() == [2]


def test_a_lost_actor_is_reported_for_its_lanes_and_the_others_go_on():
    vector = touchy(batch_size=2)
    vector.reset(seed=0)
    (first, _), (other, _) = processes(vector)
    os.kill(first, signal.SIGKILL)
    vector.send(ONES)
    told, errors = received(vector, 2)
    assert told == {2: 1.0, 3: 1.0}
    assert [type(error) for error in errors] == [WorkerError]
    assert "Actor 0, which holds lanes 0 to 1, was lost" in str(errors[0])
    with pytest.raises(ResetNeeded, match=r"\[0, 1\]"):
        vector.send(ONES[:2], [0, 1])
    with pytest.raises(WorkerError, match="Cannot move lanes 0 to 1 any more"):
        vector.reset()
    mask = np.array([False, False, True, True])
    vector.reset(options={"reset_mask": mask})
    vector.send(ONES[:2], [2, 3])
    vector.recv()
    vector.close()
    assert gone([other])


def test_a_node_that_dies_costs_nothing_but_time(nodes):
    node = nodes.add_node(num_cpus=4)
    deadline = time.monotonic() + 60
    vector = make_ray("dict", 6, num_actors=9, on_worker_failure="restart", snapshot_every=4)
    twin = make_sync("dict", 6)
    lost = [pid for pid, name in processes(vector) if name == node.node_id]
    assert lost
    assert_same(vector.reset(seed=5), twin.reset(seed=5))
    for step in range(6):
        actions = twin.action_space.sample()
        assert_same(vector.step(actions), twin.step(actions), f"step {step}")
    nodes.remove_node(node, allow_graceful=False)
    while vector.restarts < len(lost) and time.monotonic() < deadline:
        actions = twin.action_space.sample()
        assert_same(vector.step(actions), twin.step(actions))
        assert_same(vector.final_obs, twin.final_obs)
        time.sleep(0.05)
    assert vector.restarts >= len(lost)
    assert_same(vector.step(actions), twin.step(actions))
    twin.restore(vector.snapshot())
    assert_same(vector.step(actions), twin.step(actions))
    left = [pid for pid, _ in processes(vector)]
    vector.close()
    assert gone(left + lost)


@pytest.mark.usefixtures("long_only")
def test_native_lanes_go_on_where_their_lost_actor_was():
    kwargs = {"num_actors": 2, "on_worker_failure": "restart", "snapshot_every": 5}
    vector = gym.make_vec("CartPole-v1", 4, "ray", kwargs, params={"gravity": [1.0, 2.0, 3.0, 4.0]})
    twin = gym.make_vec("CartPole-v1", 4, params={"gravity": [1.0, 2.0, 3.0, 4.0]})
    for step in range(16):
        if step % 8 == 0:
            vector.reset(seed=step)
            twin.reset(seed=step)
        if step in (3, 12):
            os.kill(processes(vector)[step % 2][0], signal.SIGKILL)
        actions = twin.action_space.sample()
        for left, right in zip(vector.step(actions), twin.step(actions), strict=True):
            assert_same(left, right)
    assert vector.restarts == 2
    vector.close()


@pytest.mark.usefixtures("long_only")
def test_a_message_that_kills_twice_is_given_up_and_hanging_lanes_time_out():
    vector = touchy(on_worker_failure="restart", step_timeout=1.0)
    vector.reset(seed=0)
    vector.step(ONES)
    with pytest.raises(WorkerError, match="So did the one before it, with the same message"):
        vector.step(np.array([1, 8, 1, 1]))
    assert vector.restarts == 2
    vector.reset(seed=0)
    assert vector.step(ONES)[0].tolist() == [[0, 1], [1, 1], [2, 1], [3, 1]]
    vector.close()
    vector = touchy(step_timeout=0.5)
    vector.reset(seed=0)
    with pytest.raises(WorkerError, match=r"step_timeout=0.5 s for each of 2 lanes"):
        vector.step(np.array([1, 7, 1, 1]))
    with pytest.raises(WorkerError, match="Cannot move lanes 0 to 1"):
        vector.reset()
    assert list(vector._lanes.actors.dead) == [0]
    vector.close()


@pytest.mark.usefixtures("long_only")
def test_after_the_last_restart_the_loss_is_raised():
    vector = touchy(on_worker_failure="restart", max_restarts=1)
    vector.reset(seed=0)
    with pytest.raises(WorkerError, match="was lost"):
        vector.step(np.array([1, 6, 1, 1]))
    vector.close()


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [(FailsToStart, KeyError, "no such thing"), (DiesAtStart, WorkerError, "busy with 'make'")],
)
@pytest.mark.usefixtures("long_only")
def test_lanes_that_cannot_be_made(make, error, match):
    with pytest.raises(error, match=match):
        RayVectorEnv([Counter, make], num_actors=2)


def test_spaces_that_do_not_match_and_bad_arguments():
    for kwargs, error, match in (
        ({"num_actors": 0}, ValueError, "num_actors: expected a whole number ≥ 1"),
        ({"on_worker_failure": "hope"}, ValueError, "on_worker_failure"),
        ({"snapshot_every": 0}, ValueError, "snapshot_every"),
        ({"step_timeout": 0}, ValueError, "step_timeout"),
        ({"actor_options": {"lifetime": "detached"}}, ValueError, "lifetime"),
        ({"batch_size": 9}, ValueError, "batch_size"),
    ):
        with pytest.raises(error, match=match):
            touchy(**kwargs)


def test_a_cluster_that_is_too_small_says_so_at_once():
    with pytest.raises(WorkerError, match=r"room for 9 actors .*'CPU': 1.0.*found room for 8"):
        RayVectorEnv([Counter] * 9, num_actors=9)
    with pytest.raises(WorkerError, match=r"'CPU': 5.0.*found room for 0"):
        RayVectorEnv([Counter], actor_options={"num_cpus": 5})
    with pytest.raises(WorkerError, match=r"'engine': 1.0"):
        gym.make_vec("CartPole-v1", 2, "ray", {"actor_options": {"resources": {"engine": 1}}})


def test_a_cluster_whose_places_are_taken_times_out():
    holder = RayVectorEnv([Counter], actor_options={"num_cpus": 4})
    second = RayVectorEnv([Counter], actor_options={"num_cpus": 3})
    with pytest.raises(WorkerError, match=r"start_timeout=0.5 s.*free place"):
        RayVectorEnv([Counter], actor_options={"num_cpus": 2}, start_timeout=0.5)
    holder.close()
    second.close()


@pytest.mark.usefixtures("long_only")
def test_close_ends_actors_that_fail_or_hang_in_it():
    failing = RayVectorEnv([FailsToClose], num_actors=1)
    hanging = RayVectorEnv([HangsInClose], num_actors=1)
    pids = [processes(vector)[0][0] for vector in (failing, hanging)]
    with pytest.raises(RuntimeError, match="cannot be closed"):
        failing.close()
    hanging.close(timeout=0.2)
    assert gone(pids)
    forgotten = touchy()
    pids = [pid for pid, _ in processes(forgotten)]
    del forgotten
    assert gone(pids)


PROGRAM = """
import os, signal, sys, threading
import numpy as np
from fault_envs import Touchy
from actor_cases import processes
from dromos.vector import RayVectorEnv

vector = RayVectorEnv([Touchy] * 2, num_actors=2, address=sys.argv[1])
vector.reset(seed=0)
print(*(pid for pid, _ in processes(vector)), flush=True)
threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    vector.step(np.array([7, 1]))
except KeyboardInterrupt:
    print("interrupted", flush=True)
    try:
        vector.step(np.array([1, 1]))
    except Exception as error:
        print(type(error).__name__, flush=True)
    if sys.argv[2] == "close":
        vector.close(timeout=0.1)
        sys.exit()
    raise
"""


@pytest.mark.parametrize("end", ["close", "raise"])
def test_ctrl_c_leaves_no_actor(nodes, tmp_path, end, request):
    if end == "raise":
        request.getfixturevalue("long_only")
    script = tmp_path / "program.py"
    script.write_text(textwrap.dedent(PROGRAM))
    command = [sys.executable, str(script), nodes.address, end]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    lines = done.stdout.split("\n")
    pids = [int(pid) for pid in lines[0].split()]
    assert lines[1:3] == ["interrupted", "AlreadyPendingCallError"], done.stderr
    assert len(pids) == 2
    assert gone(pids)
    assert (done.returncode == 0) == (end == "close")
    assert not any(map(alive, pids))


def run(program, **variables):
    command = [sys.executable, "-c", textwrap.dedent(program)]
    environment = {**os.environ, **variables}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)


def test_an_absent_cluster_says_so_at_once():
    done = run("""
        import dromos as gym
        for address in ("127.0.0.1:1", None):
            try:
                gym.make_vec("CartPole-v1", 2, "ray", {"address": address})
            except gym.error.WorkerError as error:
                print(error)
    """, RAY_ADDRESS="127.0.0.1:2")  # fmt: skip
    assert done.returncode == 0, done.stderr
    for line, address in zip(done.stdout.splitlines(), ("127.0.0.1:1", "127.0.0.1:2"), strict=True):
        assert line.startswith(f"Expected a Ray cluster at '{address}', found nobody listening")
        assert "ray start --head" in line


def test_without_ray_the_error_names_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    for make in (
        lambda: RayVectorEnv([Counter]),
        lambda: gym.make_vec("CartPole-v1", 2, "ray"),
    ):
        with pytest.raises(DependencyNotInstalled, match=r"pip install 'dromos\[ray\]'"):
            make()
