"""Whether an installed dromos works: `python smoke.py`, beside NumPy and the extra `cli`.

The numbers are those of every build: the same on all processors, compilers and versions of Python.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import sys
from importlib.metadata import entry_points, version

import numpy as np

import dromos as gym

LANES, STEPS = 16, 300
EPISODES = {
    "CartPole-v1": "8228cf250f3f1a6b",
    "MountainCar-v0": "088418e5d75934cd",
    "MountainCarContinuous-v0": "e3543c0d1745f204",
    "Pendulum-v1": "d3794e2c10fcdd2e",
    "Acrobot-v1": "276e9963af01661d",
    "FrozenLake-v1": "44115b58cbd869ca",
    "Taxi-v4": "d10d984c16d492c1",
    "CliffWalking-v1": "a6d18d74d3f57702",
    "LunarLander-v3": "8f139879d3515925",
    "BipedalWalker-v3": "bd343398e6cdae25",
    "CarRacing-v3": "9d126ba17b2281b6",
}


def episodes(name: str) -> str:
    """Return a hash of all that some lanes report, with random actions."""
    envs = gym.make_vec(name, LANES)
    observations, _ = envs.reset(seed=1)
    envs.action_space.seed(2)
    seen = hashlib.sha256(observations.tobytes())
    for _ in range(STEPS):
        for part in envs.step(envs.action_space.sample())[:4]:
            seen.update(np.ascontiguousarray(part).tobytes())
    envs.close()
    return seen.hexdigest()[:16]


def check_workers() -> None:
    """Lanes in worker processes report what they report here."""
    reports = []
    for mode in ("sync", "async"):
        with gym.make_vec("CartPole-v1", 4, mode) as envs:
            envs.reset(seed=3)
            envs.action_space.seed(4)
            reports.append([envs.step(envs.action_space.sample())[:4] for _ in range(50)])
    for here, there in zip(*reports, strict=True):
        for one, other in zip(here, there, strict=True):
            np.testing.assert_array_equal(one, other)


def check_snapshots() -> None:
    """A state goes through bytes and is gone on from."""
    envs = gym.make_vec("LunarLander-v3", 8)
    envs.reset(seed=5)
    saved = gym.snapshot.Snapshot.from_bytes(envs.snapshot().to_bytes())
    actions = np.arange(8) % 4
    first = [envs.step(actions)[0] for _ in range(30)]
    envs.restore(saved)
    np.testing.assert_array_equal(first, [envs.step(actions)[0] for _ in range(30)])


def check_command() -> None:
    """The command tells of an environment; called here, since an emulator starts no programs."""
    (command,) = entry_points(group="console_scripts", name="dromos")
    sys.argv, told = ["dromos", "info", "CartPole-v1"], io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.suppress(SystemExit):
        command.load()()
    assert "Discrete(2)" in told.getvalue(), told.getvalue()


def main() -> None:
    """Check all; an exception says what does not work."""
    assert "/src/dromos" not in gym.__file__, f"the tree's dromos was imported: {gym.__file__}"
    found = {name: episodes(name) for name in EPISODES}
    assert found == EPISODES, f"expected {EPISODES}, found {found}"
    if sys.platform != "win32":  # where there are none
        check_workers()
    check_snapshots()
    check_command()
    print(f"dromos {version('dromos')} works on {sys.version.split()[0]}, {sys.platform}")


if __name__ == "__main__":
    main()
