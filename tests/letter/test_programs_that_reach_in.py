"""Programs that put wrappers in place of ours, read our output, or normalise batches."""

import os
import subprocess
import sys

import gymnasium
import numpy as np
import pytest

import dromos
from dromos import wrappers
from dromos.spaces import Box, Discrete


@pytest.mark.parametrize("name", ["TimeLimit", "OrderEnforcing", "PassiveEnvChecker"])
def test_make_uses_what_stands_in_the_place_of_a_standard_wrapper(name, monkeypatch):
    class Patched(getattr(wrappers, name)):
        resets = steps = 0

        def reset(self, **kwargs):
            self.resets += 1
            return super().reset(**kwargs)

        def step(self, action):
            self.steps += 1
            return super().step(action)

    monkeypatch.setattr(wrappers, name, Patched)
    env = dromos.make("CartPole-v1")
    layer = env
    while type(layer) is not Patched:
        layer = layer.env
    env.reset(seed=0)
    for _ in range(5):
        env.step(0)
    assert (layer.resets, layer.steps) == (1, 5)
    assert "Patched<" in str(env)


def test_a_wrapper_of_another_kind_in_place_of_ours(monkeypatch):
    class Doubled(wrappers.TransformReward):
        def __init__(self, env, max_episode_steps):
            super().__init__(env, lambda reward: 2 * reward)

    monkeypatch.setattr(wrappers, "TimeLimit", Doubled)
    env = dromos.make("CartPole-v1")
    env.reset(seed=0)
    assert [env.step(0)[1] for _ in range(4)] == [2.0] * 4
    monkeypatch.undo()
    assert "TimeLimit<" in str(dromos.make("CartPole-v1"))


@pytest.mark.parametrize("user", [None, "0"])
def test_pygame_does_not_greet(user):
    program = "import dromos, os; print(os.environ['PYGAME_HIDE_SUPPORT_PROMPT'])"
    environ = {k: v for k, v in os.environ.items() if k != "PYGAME_HIDE_SUPPORT_PROMPT"}
    if user is not None:
        environ["PYGAME_HIDE_SUPPORT_PROMPT"] = user
    done = subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{user or 'hide'}\n"


def many_in_one(g, lanes=3):
    """Return an environment that returns batches, and has the space of one row."""

    class Many(g.Env):
        observation_space = g.spaces.Box(-1, 1, (4,), np.float32)
        action_space = g.spaces.Discrete(2)

        def observe(self):
            rows = np.arange(lanes)[:, None] * 10
            return (rows + self.np_random.normal(size=(lanes, 4))).astype(np.float32)

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            return self.observe(), {}

        def step(self, action):
            return self.observe(), 0.0, False, False, {}

    return Many()


def test_batches_under_the_single_wrapper_are_normalised_number_by_number():
    ours, peers = (g.wrappers.NormalizeObservation(many_in_one(g)) for g in (dromos, gymnasium))
    np.testing.assert_allclose(ours.reset(seed=3)[0], peers.reset(seed=3)[0], atol=1e-4)
    for _ in range(20):
        np.testing.assert_allclose(ours.step(0)[0], peers.step(0)[0], atol=1e-3)
    np.testing.assert_allclose(ours.obs_rms.mean, peers.obs_rms.mean, atol=1e-4)
    assert ours.obs_rms.mean.shape == (3, 4)


def test_another_number_of_rows_later_is_refused():
    env = wrappers.NormalizeObservation(many_in_one(dromos))
    env.reset(seed=0)
    with pytest.raises(ValueError, match=r"shape \(3, 4\).*found \(2, 4\)"):
        env.observation(np.zeros((2, 4), np.float32))
    assert isinstance(env.observation_space, Box)
    assert isinstance(env.action_space, Discrete)
