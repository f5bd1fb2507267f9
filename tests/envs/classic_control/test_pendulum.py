"""Pendulum: reset options, the torque of the last step, parameters, and an agent that learns."""

import math
import runpy
from pathlib import Path

import gymnasium
import numpy as np
import pytest

import dromos as gym

EXAMPLE = Path(__file__).parents[3] / "examples" / "pendulum.py"


@pytest.fixture
def env():
    with gym.make("Pendulum-v1") as env:
        yield env


@pytest.mark.parametrize("options", [{"x_init": 0.3}, {"y_init": 0.1}, {"x_init": 1, "y_init": 0}])
def test_reset_options_bound_the_start_as_the_peers_do(env, options):
    peer = gymnasium.make("Pendulum-v1")
    for seed in range(20):
        np.testing.assert_array_equal(
            env.reset(seed=seed, options=options)[0], peer.reset(seed=seed, options=options)[0]
        )


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"x_init": -1}, ValueError),
        ({"y_init": math.inf}, ValueError),
        ({"x_init": "wide"}, TypeError),
    ],
)
def test_bad_reset_options_are_named(env, options, fault):
    with pytest.raises(fault, match=next(iter(options))):
        env.reset(options=options)


def test_last_u_is_the_torque_that_was_applied(env):
    pendulum = env.unwrapped
    env.reset(seed=0)
    assert pendulum.last_u is None
    for torque, applied in ((0.5, 0.5), (-7.0, -2.0), (2.0, 2.0)):
        env.step(np.array([torque], dtype=np.float32))
        assert pendulum.last_u == applied
    env.reset()
    assert pendulum.last_u is None


def test_the_arrow_shows_the_torque():
    red = (222, 92, 78)
    with gym.make("Pendulum-v1", render_mode="rgb_array") as env:
        env.reset(seed=0)
        assert not (env.render() == red).all(axis=2).any()
        areas = []
        for torque in (0.5, 2.0):
            env.step(np.array([torque], dtype=np.float32))
            areas.append((env.render() == red).all(axis=2).sum())
        assert 0 < areas[0] < areas[1]


@pytest.mark.parametrize("g", [10.0, 9.81, 1.6])
def test_each_lane_has_its_own_gravity(g):
    rng = np.random.default_rng(0)
    vector = gym.make_vec("Pendulum-v1", 3, params={"g": np.array([3.0, g, 20.0])})
    vector.reset(seed=4)
    peer = gymnasium.make("Pendulum-v1", g=g)
    peer.reset(seed=5)
    for _ in range(100):
        actions = rng.uniform(-2, 2, (3, 1)).astype(np.float32)
        ours, theirs = vector.step(actions), peer.step(actions[1])
        np.testing.assert_allclose(ours[0][1], theirs[0], rtol=1e-6, atol=1e-6)
        assert ours[1][1] == pytest.approx(theirs[1], rel=1e-6)


@pytest.mark.parametrize("name", ["m", "l", "dt", "max_speed", "max_torque"])
@pytest.mark.parametrize("value", [0, -1.5, math.nan, math.inf])
def test_impossible_parameters_are_shown(name, value):
    with pytest.raises(ValueError, match=f"{name}: expected .* got {value}"):
        gym.make("Pendulum-v1", **{name: value})
    lanes = np.array([1.0, value])
    with pytest.raises(ValueError, match=f"{name}.*{value} in lane 1"):
        gym.make_vec("Pendulum-v1", 2, params={name: lanes})


def test_spaces_follow_the_parameters():
    with gym.make("Pendulum-v1", max_torque=0.5, max_speed=3) as env:
        assert env.action_space == gym.spaces.Box(-0.5, 0.5, (1,))
        assert env.observation_space.high.tolist() == [1, 1, 3]


def test_angle_normalize_takes_whole_turns_off():
    from gymnasium.envs.classic_control.pendulum import angle_normalize as expected

    from dromos.envs.classic_control.pendulum import angle_normalize

    angles = np.linspace(-50, 50, 1001)
    np.testing.assert_array_equal(angle_normalize(angles), expected(angles))
    assert angle_normalize(math.pi) == -math.pi


def test_an_agent_learns(tmp_path, capsys):
    example = runpy.run_path(str(EXAMPLE))
    path = tmp_path / "curve.png"
    score = example["main"](["--generations", "12", "--plot", str(path)])
    first = float(capsys.readouterr().out.split("first generation ")[1].split(",")[0])
    assert score > first + 200
    assert path.stat().st_size > 5_000
