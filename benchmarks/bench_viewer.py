"""What a viewer costs the script that steps: with no page, one that keeps up, and a slow one.

Prints the time of a step of CartPole, single and N = 64, as a loop of a training script sees it.
All contenders take turns in one run: the ratios count, not the microseconds. The page that keeps
up asks for an update as soon as it has one, 30 a second at most; the slow one never says that it
has shown what it was sent. Pages are processes of their own, and so take time from the machine.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from timing import machine, print_table

import dromos as gym

ROUNDS = 5
SECONDS_A_ROUND = 0.3

PAGE = """
import sys
from websockets.sync.client import connect
with connect(sys.argv[1].replace("http", "ws") + "socket", max_size=None) as page:
    page.recv()
    print("open", flush=True)
    while sys.argv[2] == "keeps up":
        page.send('{"do":"ready"}')
        page.recv()
    sys.stdin.read()
"""


def single(env: Any) -> Callable[[int], float]:
    """Return what makes steps and tells how long they took, in seconds."""
    env.reset(seed=0)

    def run(steps: int) -> float:
        began = time.perf_counter()
        for _ in range(steps):
            _, _, terminated, truncated, _ = env.step(1)
            if terminated or truncated:
                env.reset()
        return time.perf_counter() - began

    return run


def vector(envs: Any) -> Callable[[int], float]:
    """Return what makes steps of all lanes and tells how long they took, in seconds."""
    envs.reset(seed=0)
    actions = np.ones(envs.num_envs, np.int64)

    def run(steps: int) -> float:
        began = time.perf_counter()
        for _ in range(steps):
            envs.step(actions)
        return time.perf_counter() - began

    return run


def open_page(url: str, kind: str, run: Callable[[int], float]) -> subprocess.Popen[str]:
    """Open a page in a process, and step until it has got its first update."""
    page = subprocess.Popen(
        [sys.executable, "-c", PAGE, url, kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert page.stdout is not None
    import threading

    told = threading.Event()
    threading.Thread(target=lambda: (page.stdout.readline(), told.set()), daemon=True).start()
    while not told.is_set():
        run(100)
    return page


def measured(make: Callable[[], Any], script: Callable[[Any], Callable[[int], float]]) -> list[Any]:
    """Return the microseconds of a step: bare, and viewed with no, a slow and a quick page."""
    envs = [make(), *(gym.view(make()) for _ in range(3))]
    runs = [script(env) for env in envs]
    pages = [
        open_page(envs[2].url, "is slow", runs[2]),
        open_page(envs[3].url, "keeps up", runs[3]),
    ]
    time.sleep(2.5)  # by then the slow page counts as one that does not look on
    best = [float("inf")] * len(runs)
    for _ in range(ROUNDS):
        for i, run in enumerate(runs):
            steps, spent = 0, 0.0
            while spent < SECONDS_A_ROUND:
                spent += run(2000)
                steps += 2000
            best[i] = min(best[i], spent / steps * 1e6)
    for page in pages:
        page.kill()
        page.communicate()
    for env in envs:
        env.close()
    return [best[0], *(f"{us:.3g} ({us / best[0]:.2f})" for us in best[1:])]


def main() -> None:
    """Measure, and print a table."""
    print(machine())
    picture = {"render_mode": "rgb_array"}
    rows = [
        ("single", *measured(lambda: gym.make("CartPole-v1", **picture), single)),
        ("N = 64", *measured(lambda: gym.make_vec("CartPole-v1", 64, **picture), vector)),
    ]
    columns = ("CartPole, us a step", "no viewer", "no page", "slow page", "page that keeps up")
    print_table("A step of a script (and its ratio to that without a viewer)", columns, rows)


if __name__ == "__main__":
    main()
