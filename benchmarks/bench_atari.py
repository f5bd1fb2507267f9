"""Games of the Atari 2600 against Gymnasium, ale-py's vector and EnvPool, all in one run.

    make bench BENCH=benchmarks/bench_atari.py

The floor is raw emulation: four frames by ``ALEInterface.act`` and nothing else, for vectors in as
many processes at once as there are workers. Ratios of single environments are to it, so that 1.05
means 5 % of overhead; those of vectors say how many times as many steps of lanes ours does.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import ale_py
import ale_py.vector_env
import gymnasium
import numpy as np
from ale_py import roms
from timing import best_microseconds, machine, print_table

import dromos
from dromos import presets

gymnasium.register_envs(ale_py)
Step = Callable[[], object]


def raw(game: str) -> Step:
    """Four frames of the emulator."""
    ale = ale_py.ALEInterface()
    ale.setFloat("repeat_action_probability", 0.0)
    ale.setInt("random_seed", 1)
    ale.loadROM(roms.get_rom_path(game))
    ale.reset_game()
    actions, act, turn = ale.getMinimalActionSet(), ale.act, iter(range(1 << 60))

    def step() -> None:
        action = actions[next(turn) % len(actions)]
        act(action), act(action), act(action), act(action)
        if ale.game_over():
            ale.reset_game()

    return step


def single(env: Any) -> Step:
    env.reset(seed=1)
    actions, turn = int(env.action_space.n), iter(range(1 << 60))

    def step() -> None:
        result = env.step(next(turn) % actions)
        if result[2] or result[3]:
            env.reset()

    return step


def vector(envs: Any) -> Step:
    envs.reset(seed=1)
    rng = np.random.default_rng(0)
    actions = rng.integers(envs.single_action_space.n, size=(64, envs.num_envs))
    turn = iter(range(1 << 60))
    return lambda: envs.step(actions[next(turn) % 64])


def peer_stack(env_id: str) -> Any:
    """Return the DQN stack as Gymnasium's own wrappers make it."""
    wrappers = gymnasium.wrappers
    env: Any = gymnasium.make(env_id, frameskip=1, repeat_action_probability=0.0)
    env = wrappers.AtariPreprocessing(env, terminal_on_life_loss=True)
    env = wrappers.ClipReward(env, -1.0, 1.0)
    return wrappers.FrameStackObservation(env, 4, padding_type="zero")


def singles(game: str, env_id: str, seconds: float) -> None:
    cases = {
        "raw emulation": raw(game),
        "dromos": single(dromos.make(env_id)),
        "Gymnasium": single(gymnasium.make(env_id)),
        "dromos, DQN stack": single(presets.make(env_id, "dqn-nature")),
        "Gymnasium, DQN stack": single(peer_stack(env_id)),
        "ale-py's vector, N = 1": vector(ale_py.vector_env.AtariVectorEnv(game, 1)),
    }
    times = best_microseconds(*cases.values(), seconds=seconds / 8, rounds=40)
    rows = [(name, each, each / times[0]) for name, each in zip(cases, times, strict=True)]
    print_table(f"{env_id}, one environment", ("", "us a step", "of raw emulation"), rows)


def envpool_vector(env_id: str, lanes: int, workers: int) -> Step | None:
    """Return a step of EnvPool's vector, None where it is not installed."""
    try:
        import envpool
    except ImportError:
        return None
    task = env_id.removeprefix("ALE/")
    envs = envpool.make(
        task,
        env_type="gymnasium",
        num_envs=lanes,
        num_threads=workers,
        episodic_life=True,
        reward_clip=True,
        use_fire_reset=False,
    )
    envs.reset()
    actions = np.random.default_rng(0).integers(envs.action_space.n, size=(64, lanes))
    turn = iter(range(1 << 60))
    return lambda: envs.step(actions[next(turn) % 64])


def floor(game: str, workers: int, seconds: float) -> float:
    """Return what emulation alone takes in all workers at once, in microseconds a lane-step."""
    with ProcessPoolExecutor(workers) as pool:
        futures = [pool.submit(_floor_of_one, game, seconds) for _ in range(workers)]
        return float(np.mean([future.result() for future in futures])) / workers


def _floor_of_one(game: str, seconds: float) -> float:
    return best_microseconds(raw(game), seconds=seconds)[0]


def vectors(game: str, env_id: str, lanes: int, workers: int, seconds: float) -> tuple[Any, ...]:
    before = memory()
    ours = dromos.make_vec(
        env_id, lanes, preset="dqn-nature", vector_kwargs={"num_workers": workers}
    )
    step = vector(ours)
    for _ in range(4):
        step()
    used = (memory() - before) / lanes
    theirs = ale_py.vector_env.AtariVectorEnv(
        game, lanes, num_threads=workers, episodic_life=True, use_fire_reset=False
    )
    pool = envpool_vector(env_id, lanes, workers)
    steps = [step, vector(theirs), *([] if pool is None else [pool])]
    times = [each / lanes for each in best_microseconds(*steps, seconds=seconds)]
    ours.close()
    ratios = [each / times[0] for each in times[1:]]
    return (lanes, *times[:2], ratios[0], *([*times[2:], ratios[1]] if pool else ["-", "-"]), used)


def memory() -> float:
    """Return the MiB that this process and its children hold."""
    import os
    from pathlib import Path

    def held(pid: int) -> float:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            return 0.0
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024

    me = os.getpid()
    children = Path(f"/proc/{me}/task/{me}/children").read_text().split()
    return held(me) + sum(map(held, map(int, children)))


def makes(env_id: str) -> None:
    """How long it takes to make a game again, and to make it and reset it with a seed."""
    rows = []
    for name, module in (("dromos", dromos), ("Gymnasium", gymnasium)):
        module.make(env_id).reset(seed=0)
        times = []
        for _ in range(5):
            began = time.perf_counter()
            env = module.make(env_id)
            made = time.perf_counter()
            env.reset(seed=1)
            times.append((made - began, time.perf_counter() - began))
        best = np.min(times, axis=0) * 1e3
        rows.append((name, float(best[0]), float(best[1])))
    print_table(f"{env_id}, made again", ("", "make, ms", "make and reset(seed), ms"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--game", default="pong")
    parser.add_argument("--lanes", type=int, nargs="*", default=[8, 64, 256])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=1.0)
    told = parser.parse_args()
    env_id = f"ALE/{told.game.title().replace('_', '')}-v5"
    ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
    print(machine())
    makes(env_id)
    singles(told.game, env_id, told.seconds)
    alone = floor(told.game, told.workers, told.seconds)
    print(f"\n{told.workers} processes that only emulate: {alone:.0f} us a step of a lane")
    rows = [vectors(told.game, env_id, n, told.workers, told.seconds) for n in told.lanes]
    columns = ("lanes", "dromos", "ale-py", "ratio", "EnvPool", "ratio", "MiB a lane")
    print_table(f"{env_id}, DQN stack, {told.workers} workers, us a step of a lane", columns, rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nlargest memory of the process: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
