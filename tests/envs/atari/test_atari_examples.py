"""The examples with games: the emulator by hand, and an agent that is stopped and goes on."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def dqn():
    spec = importlib.util.spec_from_file_location("dqn_atari", EXAMPLES / "dqn_atari.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["dqn_atari"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["dqn_atari"]


def test_the_emulator_by_hand(tmp_path):
    command = [sys.executable, str(EXAMPLES / "ale_by_hand.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Possibly unsupported ROM: mismatched MD5." in done.stderr
    assert "supported: None, lives 5" in done.stdout
    assert len(list(tmp_path.glob("frame-*.png"))) == 3


@pytest.fixture
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


SHORT = {"game": "ALE/Breakout-v5", "memory": 300, "warm_up": 40, "batch": 8, "hidden": 16}


@pytest.mark.usefixtures("one_thread")
def test_a_run_that_is_resumed_is_the_run_that_was_not_stopped(dqn, tmp_path):
    settings = dqn.Settings(**SHORT, returns=3, new_target=20, explore_until=60)
    whole = dqn.Run(settings)
    for _ in range(60):
        whole.advance()
    whole.save(tmp_path)
    resumed = dqn.Run.load(tmp_path)
    for _ in range(60):
        whole.advance(), resumed.advance()
    assert len(whole.losses) > 10
    assert whole.losses == resumed.losses
    assert whole.replay.count == resumed.replay.count
    np.testing.assert_array_equal(whole.obs, resumed.obs)
    for name, weights in whole.network.state_dict().items():
        assert torch.equal(weights, resumed.network.state_dict()[name]), name


def test_stacks_are_those_the_game_showed(dqn):
    run = dqn.Run(dqn.Settings(**SHORT))
    rng, shown = np.random.default_rng(0), []
    obs, age = run.obs, 0
    for _ in range(200):
        action = int(rng.integers(run.actions))
        after, reward, terminated, truncated, _ = run.env.step(action)
        shown.append(obs)
        run.replay.add(obs[-1], action, float(reward), age, int(terminated))
        obs, age = after, age + 1
        if terminated or truncated:
            run.replay.add(after[-1], 0, 0.0, age, 2)
            shown.append(after)
            obs, age = run.env.reset()[0], 0
    steps = np.arange(len(shown))
    expected = torch.from_numpy(np.stack(shown)).float() / 255
    assert torch.equal(run.replay.stacks(steps), expected)


@pytest.mark.usefixtures("one_thread")
def test_the_score_rises(dqn):
    """A chicken learns within 700 steps to cross the road."""
    run = dqn.Run(
        dqn.Settings(
            memory=1_000,
            warm_up=200,
            batch=16,
            hidden=32,
            explore_until=600,
            new_target=100,
            rate=5e-4,
        )
    )
    scores = dqn.evaluate(run, most_steps=250)
    for step in range(1, 701):
        run.advance()
        if step in (500, 700):
            scores += dqn.evaluate(run, most_steps=250)
    assert scores[0] == 0.0
    assert max(scores) >= 1.0


@pytest.mark.usefixtures("one_thread")
def test_losses_fall_on_what_is_remembered(dqn):
    run = dqn.Run(dqn.Settings(**{**SHORT, "warm_up": 10**9, "game": "ALE/Freeway-v5"}, rate=1e-3))
    for _ in range(250):
        run.advance()
    run.replay.rewards[:250] = np.linspace(0, 1, 250)  # something to learn in every step
    losses = [run.learn() for _ in range(60)]
    assert np.mean(losses[-15:]) < 0.5 * np.mean(losses[:5])
