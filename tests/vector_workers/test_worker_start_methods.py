"""fork, spawn and forkserver, from scripts and from what has no file."""

import subprocess
import sys
import textwrap

import pytest
from fault_envs import Touchy
from worker_cases import assert_same
from worker_spawned import SpawnedEnv

from dromos.vector import AsyncVectorEnv, SyncVectorEnv

METHODS = ["fork", "spawn", "forkserver"]

pytestmark = pytest.mark.usefixtures("hard_limit")

SCRIPT = """
import numpy as np
import dromos as gym

class OnlyHere(gym.Env):
    def __init__(self, start=0):
        self.observation_space = gym.spaces.Box(-9, 9, (2,), np.float64)
        self.action_space = gym.spaces.Discrete(2)
        self.start = start

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return np.full(2, self.start, float), {}

    def step(self, action):
        return np.full(2, self.start + action, float), 1.0, False, False, {"words": ["any"]}

def main(method):
    gym.register("OnlyHere-v0", entry_point=OnlyHere)
    makers = [lambda lane=lane: gym.make("OnlyHere-v0", start=lane) for lane in range(3)]
    vectors = [
        gym.vector.AsyncVectorEnv(makers, context=method, num_workers=2),
        gym.make_vec("OnlyHere-v0", 3, "async", {"context": method, "num_workers": 2},
                     env_kwargs=[{"start": lane} for lane in range(3)]),
    ]
    for vector in vectors:
        assert vector.reset(seed=1)[0].tolist() == [[0, 0], [1, 1], [2, 2]]
        obs, *_, infos = vector.step(np.ones(3, int))
        assert obs.tolist() == [[1, 1], [2, 2], [3, 3]]
        assert infos["words"].tolist() == [["any"]] * 3
        vector.close()
    print("fine")
"""


def run(arguments):
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("fine\n", "")


@pytest.mark.parametrize("method", METHODS)
def test_environments_that_only_the_main_script_knows(method, tmp_path):
    script = tmp_path / "training.py"
    script.write_text(f"{SCRIPT}\nif __name__ == '__main__':\n    main({method!r})\n")
    run([script])


@pytest.mark.parametrize("method", METHODS)
def test_environments_of_an_interactive_session(method):
    run(["-c", f"{SCRIPT}\nmain({method!r})\n"])


@pytest.mark.parametrize("method", METHODS)
def test_the_same_results_however_processes_start(method):
    fns = [SpawnedEnv] * 3
    vector = AsyncVectorEnv(fns, context=method, num_workers=2, autoreset_mode="SameStep")
    serial = SyncVectorEnv(fns, autoreset_mode="SameStep")
    assert_same(vector.reset(seed=2), serial.reset(seed=2))
    for _ in range(20):
        actions = serial.action_space.sample()
        assert_same(vector.step(actions), serial.step(actions))
    vector.close()


@pytest.mark.parametrize("method", METHODS)
def test_workers_restart_however_processes_start(method):
    vector = AsyncVectorEnv(
        [Touchy] * 2, context=method, num_workers=2, on_worker_failure="restart"
    )
    vector.reset(seed=2)
    assert vector.step([8, 1])[3].tolist() == [True, False]
    assert vector.step([1, 1])[0][1].tolist() == [3, 2]
    vector.close()


def test_the_interpreter_ends_without_closing(tmp_path):
    script = tmp_path / "careless.py"
    script.write_text(
        textwrap.dedent("""
        import sys
        import dromos as gym

        if __name__ == "__main__":
            vector = gym.make_vec("CartPole-v1", 4, "async", {"daemon": False})
            vector.reset()
            print("fine")
        """)
    )
    run([script])


def test_workers_use_one_thread_for_mathematics():
    def threads(context):
        vector = AsyncVectorEnv([SpawnedEnv] * 2, context=context, num_workers=2)
        found = vector.call("math_threads")
        vector.close()
        return found

    assert threads("spawn") == threads("fork") == ("1", "1")
