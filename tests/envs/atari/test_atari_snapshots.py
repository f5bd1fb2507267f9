"""Snapshots of games: the emulator with its generator, the action it repeats, its screen."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

import dromos as gym
from dromos import presets
from dromos.envs.atari import AtariEnv
from dromos.error import SnapshotError
from dromos.snapshot import Snapshot


def future(env, actions):
    seen = []
    for action in actions:
        obs, reward, terminated, truncated, info = env.step(action)
        seen.append((np.asarray(obs).tobytes(), float(reward), terminated, truncated, dict(info)))
        if terminated or truncated:
            env.reset()
    return seen


def played(env, steps=83, seed=4):
    env.reset(seed=seed)
    rng = np.random.default_rng(seed)
    future(env, rng.integers(env.action_space.n, size=steps).tolist())
    return rng.integers(env.action_space.n, size=40).tolist()


@pytest.mark.parametrize(
    ("game", "sticky"),
    [
        *(("breakout", sticky) for sticky in (0.0, 0.25, 0.9, 1.0)),
        *((game, 0.25) for game in ("qbert", "tetris", "seaquest")),
    ],
)
def test_the_same_future_in_another_environment(game, sticky):
    env = AtariEnv(game, repeat_action_probability=sticky, frameskip=(2, 5))
    actions = played(env)
    saved = env.snapshot()
    expected = future(env, actions)
    assert env.snapshot() != saved
    env.restore(saved)
    assert env.snapshot() == saved
    assert future(env, actions) == expected
    other = AtariEnv(game, repeat_action_probability=sticky, frameskip=(2, 5))
    other.restore(Snapshot.from_bytes(saved.to_bytes()))
    assert future(other, actions) == expected


def test_the_screen_comes_back_before_the_next_step():
    env = gym.make("ALE/Seaquest-v5", render_mode="rgb_array")
    played(env)
    saved, picture = env.snapshot(), env.render()
    other = gym.make("ALE/Seaquest-v5", render_mode="rgb_array")
    other.reset(seed=0)
    assert not np.array_equal(other.render(), picture)
    other.restore(saved)
    assert np.array_equal(other.render(), picture)
    assert np.array_equal(other.unwrapped._get_obs(), picture)
    other.step(0)
    assert not np.array_equal(other.render(), picture)


def test_the_sound_comes_back_before_the_next_step():
    env = AtariEnv("space_invaders", sound_obs=True)
    for _ in range(2):
        played(env)
    saved, sound = env.snapshot(), env._get_obs()["sound"]
    assert np.ptp(sound) > 0
    other = AtariEnv("space_invaders", sound_obs=True)
    other.reset(seed=0)
    for twin in (other, env):
        twin.restore(Snapshot.from_bytes(saved.to_bytes()))
        assert np.array_equal(twin._get_obs()["sound"], sound)
        assert twin.snapshot() == saved
    assert np.array_equal(env.clone()._get_obs()["sound"], sound)
    images = [twin.step(0)[0]["image"] for twin in (env, other)]
    assert np.array_equal(*images)
    broken = env.snapshot_state()
    broken["console"]["sound"] = sound[:9]
    with pytest.raises(SnapshotError, match="Expected 512 samples of sound"):
        env.restore_state(broken)


IN_ANOTHER_PROCESS = """
import pickle, sys
sys.path.insert(0, {folder!r})
from test_atari_snapshots import future
from dromos import presets
from dromos.snapshot import Snapshot
saved, actions = pickle.load(sys.stdin.buffer)
env = presets.make("ALE/Breakout-v5", "dqn-nature", repeat_action_probability=0.25)
env.restore(Snapshot.from_bytes(saved))
sys.stdout.buffer.write(pickle.dumps(future(env, actions)))
"""


def test_a_stack_of_wrappers_in_another_process():
    env = presets.make("ALE/Breakout-v5", "dqn-nature", repeat_action_probability=0.25)
    actions = played(env, 120)
    given = pickle.dumps((env.snapshot().to_bytes(), actions))
    program = IN_ANOTHER_PROCESS.format(folder=str(__file__.rpartition("/")[0]))
    done = subprocess.run([sys.executable, "-c", program], input=given, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    assert pickle.loads(done.stdout) == future(env, actions)


@pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env)), lambda env: env.clone()],
    ids=["deepcopy", "pickle", "clone"],
)
def test_copies_go_on_alike(copied):
    env = presets.make("ALE/Pong-v5", "machado2018")
    actions = played(env)
    other = copied(env)
    assert str(other) == str(env)
    assert future(other, actions) == future(env, actions)
    with pytest.raises(TypeError, match="clone"):
        copy.copy(env.unwrapped)


def test_train_with_pictures_and_watch_in_a_window_later():
    training = gym.make("ALE/Breakout-v5", render_mode="rgb_array")
    actions = played(training)
    watched = gym.make("ALE/Breakout-v5")
    watched.restore(training.snapshot())
    assert future(watched, actions) == future(training, actions)


def test_an_emulator_that_was_moved_by_hand():
    env = AtariEnv("breakout")
    env.reset(seed=1)
    env.ale.act(1)
    with pytest.raises(SnapshotError, match=r"moved by hand .* next reset"):
        env.snapshot()
    env.reset()
    env.snapshot()
    calm = AtariEnv("breakout", repeat_action_probability=0.0)
    calm.reset(seed=1)
    calm.ale.act(1)
    saved = calm.snapshot()
    expected = future(calm, [0, 1, 2])
    calm.restore(saved)
    assert future(calm, [0, 1, 2]) == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state: state.update(game="breakout"), "Expected the state of a game of 'pong'"),
        (lambda state: state.update(console=b"no"), "no state of an Atari game"),
        (lambda state: state.update(console=state["console"][:-9] + bytes(9)), "checksum"),
        (lambda state: state.update(held=None), "without sticky actions"),
        (lambda state: state.update(held=(99, 1.0)), "no state of an Atari game"),
        (lambda state: state.update(screen=np.zeros((2, 2), np.uint8)), "Expected the state"),
        (lambda state: state.pop("bytes"), "no state of an Atari game"),
    ],
)
def test_what_is_no_state(change, message):
    env = AtariEnv("pong")
    actions = played(env)
    state = env.snapshot_state()
    untouched = env.snapshot()
    broken = copy.deepcopy(state)
    change(broken["console"])
    with pytest.raises(SnapshotError, match=message):
        env.restore_state(broken)
    assert env.snapshot() == untouched
    twin = env.clone()
    assert future(twin, actions) == future(env, actions)
