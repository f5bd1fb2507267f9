"""CartPole's attributes, parameters and options, single and in lanes."""

import copy
import gc
import math
import weakref

import gymnasium
import numpy as np
import pytest

import dromos as gym
from dromos import error
from dromos._core import batch as core
from dromos.envs.classic_control import CartPoleEnv, CartPoleVectorEnv
from dromos.envs.classic_control.utils import maybe_parse_reset_bounds, verify_number_and_cast


@pytest.fixture
def env():
    env = CartPoleEnv()
    env.reset(seed=0)
    return env


def test_attributes_have_the_peers_values(env):
    peer = gymnasium.make("CartPole-v1").unwrapped
    for name in (
        *("gravity", "masscart", "masspole", "total_mass", "length", "polemass_length"),
        *("force_mag", "tau", "kinematics_integrator", "theta_threshold_radians"),
        *("x_threshold", "screen_width", "screen_height", "steps_beyond_terminated"),
    ):
        assert getattr(env, name) == getattr(peer, name), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gravity", 3.7),
        ("masscart", 2.0),
        ("masspole", 0.3),
        ("length", 1.5),
        ("force_mag", 4.0),
        ("tau", 0.01),
        ("kinematics_integrator", "semi-implicit"),
    ],
)
def test_written_parameters_change_the_dynamics_as_in_the_peer(env, name, value):
    peer = gymnasium.make("CartPole-v1").unwrapped
    peer.reset(seed=0)
    setattr(env, name, value)
    setattr(peer, name, value)
    peer.total_mass = peer.masspole + peer.masscart
    peer.polemass_length = peer.masspole * peer.length
    for action in (0, 1, 1, 0, 1, 0, 0):
        np.testing.assert_allclose(env.step(action)[0], peer.step(action)[0], rtol=1e-6)
    assert getattr(env, name) in (value, "semi-implicit euler")


def test_thresholds_end_the_episode(env):
    env.state = (1.0, 0, 0, 0)
    assert not env.step(0)[2]
    env.x_threshold = 0.5
    assert env.step(0)[2]
    env.reset()
    env.theta_threshold_radians = 1e-6
    assert env.step(0)[2]


def test_parameters_are_constructor_keywords():
    env = gym.make("CartPole-v1", length=0.7, gravity=5)
    assert env.unwrapped.length == 0.7
    assert env.unwrapped.gravity == 5.0
    assert env.spec.kwargs == {"length": 0.7, "gravity": 5}
    assert env.unwrapped.polemass_length == pytest.approx(0.07)


def test_derived_values_follow(env):
    env.masspole, env.length = 0.2, 1.0
    assert env.total_mass == pytest.approx(1.2)
    env.polemass_length = 0.2  # what it is already: as programs for Gymnasium write it
    with pytest.raises(AttributeError, match=r"Set masspole or length"):
        env.polemass_length = 0.5


@pytest.mark.parametrize(
    ("name", "value", "error_type"),
    [
        ("masspole", -0.1, ValueError),
        ("length", 0, ValueError),
        ("tau", math.nan, ValueError),
        ("gravity", math.inf, ValueError),
        ("gravity", "strong", TypeError),
        ("masscart", None, TypeError),
    ],
)
def test_impossible_parameters_are_refused(env, name, value, error_type):
    before = getattr(env, name)
    with pytest.raises(error_type, match=name):
        setattr(env, name, value)
    assert getattr(env, name) == before
    with pytest.raises(error_type, match=name):
        CartPoleEnv(**{name: value})
    with pytest.raises(error_type, match=name):
        CartPoleVectorEnv(3, params={name: value})


def test_every_native_field_is_declared():
    assert CartPoleEnv.parameter_names() == [name for name, *_ in core.layout("CartPole")["params"]]


def test_state_can_be_read_and_assigned(env):
    observation = env.reset(seed=1)[0]
    np.testing.assert_array_equal(env.state.astype(np.float32), observation)
    env.state = [0.1, 0.2, 0.03, 0.4]
    np.testing.assert_array_equal(env.state, [0.1, 0.2, 0.03, 0.4])
    assert env.state.dtype == np.float64
    env.state[0] = 1
    np.testing.assert_array_equal(env.state, [1, 0.2, 0.03, 0.4])
    with pytest.raises(ValueError, match="4 numbers"):
        env.state = [1, 2]
    saved = env.state
    env.step(1)
    env.state = saved
    np.testing.assert_array_equal(env.state, saved)
    assert CartPoleEnv().state is None


def test_steps_beyond_the_end(env):
    env.state = (10, 0, 0, 0)
    assert env.steps_beyond_terminated is None
    assert env.step(0)[1:3] == (1.0, True)
    assert env.steps_beyond_terminated == 0
    with pytest.warns(UserWarning, match="terminated = True"):
        assert env.step(0)[1:3] == (0.0, True)
    assert env.step(0)[1:3] == (0.0, True)  # told once an episode
    env.state = (0, 0, 0, 0)
    env.steps_beyond_terminated = None
    assert env.step(0)[1:3] == (1.0, False)


def test_sutton_barto_reward():
    ours = gym.make("CartPole-v1", sutton_barto_reward=True)
    theirs = gymnasium.make("CartPole-v1", sutton_barto_reward=True)
    ours.reset(seed=0)
    theirs.reset(seed=0)
    rewards = []
    while not rewards or rewards[-1] == 0.0:
        rewards.append(ours.step(0)[1])
        assert rewards[-1] == theirs.step(0)[1]
    assert rewards[-1] == -1.0


def test_reset_options(env):
    peer = gymnasium.make("CartPole-v1").unwrapped
    for options in ({"low": -0.2, "high": 0.1}, {"high": 0.3}, {}, None):
        ours, theirs = env.reset(seed=5, options=options), peer.reset(seed=5, options=options)
        np.testing.assert_array_equal(ours[0], theirs[0])
    for bad, message in (
        ({"low": 1, "high": 0}, "low ≤ high"),
        ({"low": "x"}, "low"),
        ({"high": np.inf}, "finite"),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            env.reset(options=bad)


def test_reset_bounds_of_the_public_helpers():
    assert maybe_parse_reset_bounds(None, -1, 1) == (-1, 1)
    assert maybe_parse_reset_bounds({"low": np.float32(0.5)}, -1, 1) == (0.5, 1)
    assert verify_number_and_cast(np.int64(3)) == 3.0
    with pytest.raises(ValueError, match="number"):
        verify_number_and_cast("x")
    with pytest.raises(ValueError, match="low"):
        maybe_parse_reset_bounds({"low": 2}, -1, 1)


def test_draws_come_from_the_generator_the_user_put_in_place(env):
    env.np_random = np.random.Generator(np.random.MT19937(3))
    twin = np.random.Generator(np.random.MT19937(3))
    expected = twin.uniform(-0.05, 0.05, 4).astype(np.float32)
    np.testing.assert_array_equal(env.reset()[0], expected)
    assert env.np_random.random() == twin.random()
    assert env.np_random_seed == -1


def test_unreferenced_environments_go_at_once():
    gc.collect()
    gc.disable()
    try:
        env = gym.make("CartPole-v1")
        env.reset()
        env.step(0)
        ref = weakref.ref(env.unwrapped)
        step = env.unwrapped.step
        del env
        assert ref() is None
        with pytest.raises(ReferenceError, match="gone"):
            step("not an action")
    finally:
        gc.enable()


def test_subclasses_may_override_step_and_add_state():
    class Counting(CartPoleEnv):
        def __init__(self):
            super().__init__()
            self.steps = 0

        def step(self, action):
            self.steps += 1
            return super().step(action)

    env = Counting()
    env.reset(seed=0)
    env.step(0)
    snapshot = env.snapshot()
    clone = copy.deepcopy(env)
    env.step(1)
    assert (env.steps, clone.steps) == (2, 1)
    env.restore(snapshot)
    assert env.steps == 1
    np.testing.assert_array_equal(env.step(1)[0], clone.step(1)[0])


def test_snapshots_hold_parameters_and_options(env):
    env.length = 0.8
    env.reset(seed=1, options={"low": 0.0, "high": 0.01})
    other = CartPoleEnv()
    other.restore(env.snapshot())
    assert other.length == 0.8
    np.testing.assert_array_equal(other.step(0)[0], env.step(0)[0])


def test_step_takes_its_action_by_name(env):
    assert len(env.step(action=1)) == 5
    for call in (lambda: env.step(), lambda: env.step(0, 1), lambda: env.step(force=1)):
        with pytest.raises(TypeError, match="action"):
            call()
    assert env.step(np.int32(1))[1] == env.step(np.array(1))[1] == env.step(True)[1] == 1.0


def test_human_mode_without_a_display_says_what_to_do(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    env = gym.make("CartPole-v1", render_mode="human")
    with pytest.raises(error.Error, match="rgb_array"):
        env.reset()


def test_human_mode_draws_with_every_step(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    env = gym.make("CartPole-v1", render_mode="human")
    env.reset(seed=0)
    assert env.unwrapped.isopen
    plain = gym.make("CartPole-v1")
    plain.reset(seed=0)
    np.testing.assert_array_equal(env.step(1)[0], plain.step(1)[0])
    assert env.render() is None
    env.close()
    assert not env.unwrapped.isopen


def test_render_without_a_mode_warns(env):
    with pytest.warns(UserWarning, match="render_mode="):
        assert env.render() is None


def test_closing_twice_is_harmless(env):
    env.close()
    env.close()


@pytest.mark.filterwarnings("ignore:.*unwrapped version:UserWarning")
def test_old_version_differs_by_its_limit():
    assert gym.spec("CartPole-v0").max_episode_steps == 200
    assert gym.spec("CartPole-v1").reward_threshold == 475.0


def test_errors_of_the_action_leave_the_environment_usable(env):
    with pytest.raises(error.InvalidAction, match=r"Discrete\(2\)"):
        env.step(2)
    assert env.step(0)[1] == 1.0
