"""Forks, threads at the program's end, and what `close` leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import dromos as gym
from dromos.error import WorkerError
from dromos.vector import AsyncVectorEnv


def run(program: str, before: str = "") -> subprocess.CompletedProcess[str]:
    command = f"{before}exec {sys.executable} -c '{textwrap.dedent(program)}'"
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=600)


def test_a_thread_that_steps_at_the_programs_end_does_not_abort_it() -> None:
    result = run("""
        import threading, time, sys
        import numpy as np, dromos as gym
        envs = gym.make_vec("Acrobot-v1", 20000)
        envs.reset(seed=0)
        actions = np.zeros(20000, int)
        def work():
            while True:
                envs.step(actions)
        threading.Thread(target=work, daemon=True).start()
        time.sleep(0.3)
        sys.exit(7)
    """)
    assert (result.returncode, result.stderr) == (7, "")


@pytest.mark.parametrize(
    "made",
    [
        'gym.make("CartPole-v1").unwrapped',
        'gym.make("LunarLander-v3").unwrapped',
        'gym.make("Hopper-v5").unwrapped',
        'gym.make("ALE/Pong-v5").unwrapped',
        'gym.make_vec("CartPole-v1", 4, "sync")',
        'gym.make_vec("CartPole-v1", 4, "async")',
        'gym.make_vec("Hopper-v5", 16, num_threads=2)',
        'gym.make_vec("CarRacing-v3", 4, num_threads=2)',
    ],
)
def test_a_daemon_thread_in_any_native_call_lets_the_program_end(made: str) -> None:
    result = run(f"""
        import sys, threading, time
        import dromos as gym
        env = {made}
        env.reset(seed=0)
        action = env.action_space.sample()
        def work():
            while True:
                over = env.step(action)[2:4]
                if not hasattr(env, "num_envs") and any(over):
                    env.reset()
        threading.Thread(target=work, daemon=True).start()
        time.sleep(0.2)
        sys.exit(7)
    """)
    assert result.returncode == 7, result.stderr  # the emulator tells its version there


@pytest.mark.parametrize(
    ("made", "call"),
    [
        ("gym.vector.SyncVectorEnv([Busy] * 2)", "env.step(actions)"),
        ("gym.vector.SyncVectorEnv([Busy] * 2)", "env.reset()"),
        ("gym.vector.SyncVectorEnv([Busy] * 2)", "env.rollout(np.zeros((3, 2), int))"),
        ("gym.vector.SyncVectorEnv([Busy], autoreset_mode=SAME_STEP)", "env.step(actions[:1])"),
        ("gym.wrappers.TimeLimit(Busy(), 5)", "env.step(0)"),
        ("gym.wrappers.TimeLimit(Busy(), 5)", "env.rollout(np.zeros((2, 3), int))"),
    ],
)
def test_a_daemon_thread_in_python_code_that_the_core_called_lets_the_program_end(
    made: str, call: str
) -> None:
    result = run(f"""
        import sys, threading
        import numpy as np
        import dromos as gym
        SAME_STEP = gym.vector.AutoresetMode.SAME_STEP
        begun, inside = threading.Event(), threading.Event()
        class Busy(gym.Env):
            observation_space = gym.spaces.Box(-1, 1, (1,))
            action_space = gym.spaces.Discrete(2)
            def reset(self, *, seed=None, options=None):
                self.stay()
                return np.zeros(1, np.float32), {{}}
            def step(self, action):
                if {"SAME_STEP" not in made}:
                    self.stay()
                return np.zeros(1, np.float32), 1.0, True, False, {{}}
            def stay(self):
                while begun.is_set():
                    inside.set()
        env, actions = {made}, np.zeros(2, int)
        env.reset(seed=0)
        def work():
            begun.set()
            {call}
        threading.Thread(target=work, daemon=True).start()
        assert inside.wait(60)
        sys.exit(7)
    """)
    assert (result.returncode, result.stderr) == (7, "")


def succeeds(program: str) -> None:
    result = run(program)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_forked_child_does_not_move_its_parents_environments() -> None:
    succeeds("""
        import os
        import numpy as np, dromos as gym
        from dromos.vector import AsyncVectorEnv
        vector = AsyncVectorEnv([lambda: gym.make("CartPole-v1")] * 2, num_workers=1)
        vector.reset(seed=0)
        expected = vector.snapshot().to_bytes()
        if (child := os.fork()) == 0:
            told = []
            for call in (lambda: vector.step(np.zeros(2, int)), vector.reset, vector.snapshot):
                try:
                    call()
                except RuntimeError as error:
                    told.append("is a fork" in str(error))
            vector.close()
            os._exit(0 if told == [True] * 3 else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert vector.snapshot().to_bytes() == expected
        vector.step(np.zeros(2, int))
        vector.close()
    """)


def test_a_forked_child_may_step_a_native_vector_of_its_own_copy() -> None:
    succeeds("""
        import os
        import numpy as np, dromos as gym
        vector = gym.make_vec("CartPole-v1", 2)
        vector.reset(seed=0)
        with vector._lanes.guard:  # as if a thread were in a step when the process forks
            if (child := os.fork()) == 0:
                os._exit(0 if vector.step(np.zeros(2, int))[1].tolist() == [1.0, 1.0] else 1)
        assert os.waitpid(child, 0)[1] == 0
    """)


def test_a_limit_on_files_is_told() -> None:
    result = run(
        """
        import dromos as gym
        from dromos.error import WorkerError
        from dromos.vector import AsyncVectorEnv
        try:
            AsyncVectorEnv([lambda: gym.make("CartPole-v1")])
        except WorkerError as error:
            print(error)
        """,
        before="ulimit -f 100000; ",
    )
    assert "ulimit -f unlimited" in result.stdout, result.stderr


def test_close_gives_files_and_memory_back_while_the_vector_is_kept() -> None:
    succeeds("""
        import os
        import dromos as gym
        from dromos.vector import AsyncVectorEnv
        def make():
            vector = AsyncVectorEnv([lambda: gym.make("CartPole-v1")] * 2, num_workers=2)
            vector.reset(seed=0)
            vector.close()
            return vector
        make()
        before = len(os.listdir("/proc/self/fd"))
        vectors = [make() for _ in range(3)]
        assert len(os.listdir("/proc/self/fd")) == before
        assert [process.exitcode for vector in vectors for process in vector.processes] == [0] * 6
    """)


class Unrebuilt(Exception):
    """Cannot be made again of its arguments."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(f"{first} and {second}")


class Exploding:
    """Pickles, and raises when it is unpickled."""

    def __reduce__(self):
        return _explode, ()


def _explode() -> None:
    raise ValueError("boom")


class Odd(gym.Env):
    observation_space = action_space = gym.spaces.Discrete(9)

    def reset(self, *, seed=None, options=None):
        return 0, {}

    def step(self, action):
        if action == 1:
            raise Unrebuilt(3, 4)
        return 0, 0.0, False, False, {"odd": Exploding()} if action == 2 else {}


@pytest.mark.parametrize(("action", "text"), [(1, "3 and 4"), (2, "boom")])
def test_what_cannot_be_made_again_here_is_told_as_text(action: int, text: str) -> None:
    vector = AsyncVectorEnv([Odd] * 3, num_workers=2)
    vector.reset()
    with pytest.raises(WorkerError, match=text):
        vector.step(np.array([0, action, 0]))
    vector.reset()
    vector.step(np.zeros(3, int))
    vector.close()


class Dies(gym.Env):
    observation_space = action_space = gym.spaces.Discrete(9)

    def reset(self, *, seed=None, options=None):
        return 0, {}

    def step(self, action):
        os.kill(os.getpid(), 9)


def test_two_workers_killed_in_one_step_are_both_named() -> None:
    vector = AsyncVectorEnv([Dies] * 2, num_workers=2)
    vector.reset()
    with pytest.raises(WorkerError) as caught:
        vector.step(np.zeros(2, int))
    assert str(caught.value).count("was killed by SIGKILL") == 2
    vector.close()


class Stubborn(gym.Env):
    observation_space = action_space = gym.spaces.Discrete(9)
    m = 1.0

    def __setattr__(self, name, value):
        if value is None:
            raise ValueError(f"{name} must be a number")
        super().__setattr__(name, value)


@pytest.mark.parametrize("kind", ["sync", "async", "native"])
def test_an_attribute_is_set_in_all_lanes_or_in_none(kind: str) -> None:
    if kind == "native":
        vector = gym.make_vec("Pendulum-v1", 3)
    elif kind == "sync":
        vector = gym.vector.SyncVectorEnv([Stubborn] * 3)
    else:
        vector = AsyncVectorEnv([Stubborn] * 3, num_workers=3)
    with pytest.raises((ValueError, TypeError)):
        vector.set_attr("m", [2.0, 3.0, None])
    assert vector.get_attr("m") == (1.0, 1.0, 1.0)
    vector.set_attr("m", [2.0, 3.0, 4.0])
    with pytest.raises((ValueError, TypeError)):
        vector.set_attr("m", [None, 6.0, 7.0])
    assert vector.get_attr("m") == (2.0, 3.0, 4.0)
    vector.close()
