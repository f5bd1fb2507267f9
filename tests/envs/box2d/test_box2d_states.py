"""States of Box2D environments: exact at any point, and no bytes are trusted."""

import copy
import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest

import dromos as gym
from dromos.error import SnapshotError
from dromos.snapshot import Snapshot

IDS = [
    "LunarLander-v3",
    "LunarLanderContinuous-v3",
    "BipedalWalker-v3",
    "BipedalWalkerHardcore-v3",
    "CarRacing-v3",
]


def future(env, actions):
    seen = []
    for action in actions:
        observation, reward, *flags, _ = env.step(action)
        seen.append((observation.tobytes(), reward, flags))
        if any(flags):
            break
    return seen


def points(env_id, count, seed):
    """Return `count` snapshots as bytes from random points of episodes, and what follows each."""
    env = gym.make(env_id)
    env.action_space.seed(seed)
    rng = np.random.default_rng(seed)
    env.reset(seed=seed)
    found = []
    while len(found) < count:
        for _ in range(rng.integers(1, 40)):
            if any(env.step(env.action_space.sample())[2:4]):
                env.reset()
        actions = [env.action_space.sample() for _ in range(6)]
        saved = env.snapshot().to_bytes()
        expected = future(env, actions)
        found.append((saved, actions, expected))
        if any(expected[-1][2]):
            env.reset()
    return found


def restored_futures(env_id, cases):
    """Return what follows each snapshot in a fresh environment."""
    env = gym.make(env_id)
    env.reset(seed=99)
    seen = []
    for saved, actions in cases:
        env.restore(Snapshot.from_bytes(saved))
        seen.append(future(env, actions))
    return seen


def test_exact_at_random_points_and_in_another_process(request):
    count = 1000 if request.config.getoption("--long") else 12
    with multiprocessing.get_context("spawn").Pool(1) as other:
        for env_id in IDS:
            for first in range(0, count, 100):  # all at once would fill the memory
                found = points(env_id, min(count - first, 100), seed=first)
                cases = [(saved, actions) for saved, actions, _ in found]
                expected = [follows for *_, follows in found]
                assert restored_futures(env_id, cases) == expected
                assert other.apply(restored_futures, (env_id, cases)) == expected


@pytest.mark.parametrize("env_id", IDS)
def test_broken_worlds_are_refused_or_go_on(env_id):
    env = gym.make(env_id).unwrapped
    env.action_space.seed(0)
    env.reset(seed=0)
    for _ in range(60):
        if any(env.step(env.action_space.sample())[2:4]):
            env.reset()
    good = env.snapshot_state()
    rng = np.random.default_rng(1)
    refused = 0
    for _ in range(150):
        state = copy.deepcopy(good)
        world = state["core"]["state"]["world"][0]
        # Counts and places stand at the beginning, so half of the changes go there.
        most = 200 if rng.random() < 0.5 else world.size
        world[rng.integers(most, size=3)] = rng.integers(256, size=3)
        try:
            env.restore_state(state)
        except (SnapshotError, ValueError):
            refused += 1
            continue
        env.step(env.action_space.sample())
    assert refused > 20
    env.restore_state(good)


@pytest.mark.parametrize("env_id", IDS)
def test_many_episodes_take_no_more_memory(env_id, request):
    """Short episodes: what a reset leaves behind, and what a step does, grows with their number."""
    long = request.config.getoption("--long")
    envs = gym.make_vec(env_id, 8, max_episode_steps=6)
    actions = np.array([envs.single_action_space.sample() for _ in range(8)])
    wanted = 100_000 if long else 3000 if "Lander" in env_id else 200
    episodes, before = 0, None
    envs.reset(seed=0)
    while episodes < wanted:
        *_, terminations, truncations, _ = envs.step(actions)
        episodes += np.count_nonzero(terminations | truncations)
        if before is None and episodes >= wanted / 10:
            before = resident_bytes()
    grown = resident_bytes() - before
    print(f"{env_id}: {episodes} episodes, {grown / 1024:+.0f} KiB")
    assert grown < 2**22
    lane = gym.make(env_id).unwrapped
    lane.reset(seed=0)
    bodies = len(lane.world.bodies)
    for _ in range(3):
        lane.reset(seed=0)
    assert len(lane.world.bodies) == bodies


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("env_id", IDS)
def test_a_world_that_lacks_room_says_what_and_where_to_raise_it(env_id):
    env, envs = gym.make(env_id), gym.make_vec(env_id, 3)
    env.reset(seed=0)
    envs.reset(seed=0)
    lacks_contacts = 4
    for one, part in ((env.unwrapped, "core"), (envs, "engine")):
        state = one.snapshot_state()
        state[part]["state"]["world"][-1, 36:40].view(np.uint32)[:] = lacks_contacts
        one.restore_state(state)
    message = r"room for \d+ contacts.*raise `contacts` in the Capacity of \w+::World \(dromos/envs"
    for _ in range(2):  # it does not go away by itself
        with pytest.raises(OverflowError, match=message):
            env.step(env.action_space.sample())
        with pytest.raises(OverflowError, match=message):
            envs.step(envs.action_space.sample())
    env.reset()
    env.step(env.action_space.sample())
    envs.reset()
    envs.step(envs.action_space.sample())
