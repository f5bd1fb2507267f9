"""The benchmarks count what they say; how fast that is depends on the machine."""

import time

import pytest

import dromos as gym
from dromos.error import Error
from dromos.utils import performance
from dromos.vector import AutoresetMode

SHORT = 0.02


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test moves."""
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    return now


class Slow(gym.Wrapper):
    """Takes a second a step, and half a second a frame, of a clock that is not real."""

    def __init__(self, clock, env):
        clock[0] += 2
        super().__init__(env)
        self.clock = clock
        self.resets = 0
        self.closed = False

    def reset(self, **kwargs):
        self.resets += 1
        return self.env.reset(**kwargs)

    def step(self, action):
        self.clock[0] += 1
        return self.env.step(action)

    def render(self):
        self.clock[0] += 0.5
        return self.env.render()

    def close(self):
        self.clock[0] += 100
        self.closed = True


def test_steps(clock):
    env = Slow(clock, gym.make("CartPole-v1"))
    assert performance.benchmark_step(env, 150, seed=1) == 1.0
    assert clock[0] == 2 + 200  # whole hundreds
    assert env.resets > 2


def test_init_counts_neither_closing_nor_too_few(clock):
    envs = []

    def make():
        envs.append(Slow(clock, gym.make("CartPole-v1")))
        return envs[-1]

    assert performance.benchmark_init(make, 5, seed=0) == 0.5
    assert [env.closed for env in envs] == [True] * 3
    assert performance.benchmark_init(make, 0) == 0.5


def test_render(clock):
    env = Slow(clock, gym.make("CartPole-v1", render_mode="rgb_array"))
    assert performance.benchmark_render(env, 3) == 2.0
    with pytest.raises(Error, match="render_mode: expected a mode"):
        performance.benchmark_render(gym.make("CartPole-v1"))


@pytest.mark.parametrize("mode", AutoresetMode)
def test_vector_steps_in_every_mode(mode, monkeypatch):
    envs = gym.make_vec("CartPole-v1", 7, vector_kwargs={"autoreset_mode": mode})
    calls = []
    step = envs.step

    def counted(actions):
        calls.append(actions)
        return step(actions)

    envs.step = counted
    ticks = iter(range(10**6))
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks) / 2)
    assert performance.benchmark_vector_step(envs, 100, seed=2) == 2 * 7
    assert len(calls) == 200
    assert (calls[0] == calls[100]).all()


def test_real_time():
    assert performance.benchmark_step(gym.make("CartPole-v1"), SHORT) > 0
