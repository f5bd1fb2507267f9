"""Parameters are declared once, in the core: what classes, subclasses and docs make of them."""

import copy
import inspect
import pickle
from unittest import mock

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.classic_control.acrobot import AcrobotEnv as PeersAcrobot

import dromos as gym
from dromos._core import batch as core
from dromos.envs.classic_control import AcrobotEnv, AcrobotVectorEnv, CartPoleEnv, PendulumEnv
from dromos.envs.toy_text import BlackjackEnv, CliffWalkingEnv, FrozenLakeEnv, TaxiEnv
from dromos.native import NativeEnv, NativeVectorEnv, Uniform

NATIVE = ("dromos.envs.classic_control", "dromos.envs.toy_text")
IDS = [spec.id for spec in gym.registry.values() if str(spec.entry_point).startswith(NATIVE)]


def episode(env, seed=1, steps=40):
    rows = [env.reset(seed=seed)[0]]
    env.action_space.seed(0)
    for _ in range(steps):
        rows.append(env.step(env.action_space.sample())[0])
    return rows


@pytest.mark.filterwarnings("ignore:.*out of date")
@pytest.mark.parametrize("env_id", IDS)
def test_each_field_of_the_core_is_held_by_one_parameter(env_id):
    env = gym.make(env_id).unwrapped
    fields = [name for name, *_ in core.layout(env.dynamics)["params"]]
    held = [field for parameter in env.parameters.values() for field in parameter.fields]
    assert held == fields
    assert env.parameter_names() == list(env.parameters)
    for name, parameter in env.parameters.items():
        np.testing.assert_array_equal(getattr(type(env), name), getattr(type(env)(), name))
        assert f"    {name}: {parameter.meaning}; " in inspect.getdoc(type(env))


def test_bounds_units_and_defaults_are_in_the_layout():
    fields = {name: rest for name, *rest in core.layout("Acrobot")["params"]}
    dtype, count, default, unit, meaning, above, at_least, at_most, least = fields["LINK_MASS_1"]
    assert (dtype, count, default, unit) == ("float64", 0, 1.0, "kg")
    assert (meaning, above, at_most, least) == ("mass of the upper link", 0, np.inf, False)
    assert at_least == -np.inf
    lake = {name: rest for name, *rest in core.layout("FrozenLake")["params"]}
    np.testing.assert_array_equal(lake["reward_schedule"][2], [1, 0, 0])


@pytest.mark.parametrize(
    "name",
    [
        *("dt", "LINK_LENGTH_1", "LINK_MASS_2", "LINK_MOI", "MAX_VEL_1", "torque_noise_max"),
        *("AVAIL_TORQUE", "book_or_nips"),
    ],
)
def test_class_constants_read_as_the_peers(name):
    peer = PeersAcrobot
    assert getattr(AcrobotEnv, name) == getattr(peer, name)
    assert type(getattr(AcrobotEnv, name)) is type(getattr(peer, name))


CONSTANTS = {
    "LINK_MASS_1": 4.0,
    "MAX_VEL_2": 3.0,
    "AVAIL_TORQUE": [-3.0, 0.5, 3.0],
    "book_or_nips": "nips",
}


@pytest.mark.parametrize("name", CONSTANTS)
def test_constants_of_a_subclass_change_the_dynamics_as_the_peers_do(name):
    body = {name: CONSTANTS[name]}
    ours = type("Heavy", (AcrobotEnv,), dict(body))
    theirs = type("Heavy", (PeersAcrobot,), dict(body))
    assert getattr(ours, name) == getattr(ours(), name) == CONSTANTS[name]
    env, peer = ours(), theirs()
    np.testing.assert_allclose(episode(env), episode(peer), rtol=1e-5, atol=1e-5)
    assert getattr(AcrobotEnv, name) != CONSTANTS[name]
    assert getattr(AcrobotEnv(), name) != CONSTANTS[name]


def test_constants_are_defaults_and_inherited():
    class Heavy(AcrobotEnv):
        LINK_MASS_1 = 4.0
        dt = 0.1

    class Mixin:
        dt = 0.3

    class Slow(Mixin, Heavy):
        pass

    assert (Slow.dt, Slow.LINK_MASS_1, Slow().dt, Heavy().dt) == (0.3, 4.0, 0.3, 0.1)
    assert Slow(dt=0.5).dt == 0.5
    env = Slow()
    env.dt = 0.7
    assert (env.dt, Slow().dt) == (0.7, 0.3)
    for copied in (copy.deepcopy(env), env.clone()):
        assert (copied.dt, copied.LINK_MASS_1) == (0.7, 4.0)

    class SlowVector(AcrobotVectorEnv):
        single = Slow

    lanes = SlowVector(3, params={"LINK_MASS_1": [1.0, 2.0, 3.0]})
    np.testing.assert_array_equal(lanes.params["dt"], [0.3] * 3)
    np.testing.assert_array_equal(lanes.params["LINK_MASS_1"], [1, 2, 3])


def test_constants_can_be_drawn_and_make_the_spaces():
    class Drawn(PendulumEnv):
        g = Uniform(8, 12)
        max_speed = 3.0

    env = Drawn()
    assert env.observation_space.high[2] == 3.0
    drawn = {(env.reset(seed=seed), env.g)[1] for seed in range(5)}
    assert len(drawn) == 5
    assert all(8 <= g < 12 for g in drawn)


@pytest.mark.parametrize(
    ("base", "name", "value", "kind"),
    [
        (AcrobotEnv, "LINK_MASS_1", -1.0, ValueError),
        (AcrobotEnv, "LINK_MASS_1", "heavy", TypeError),
        (AcrobotEnv, "AVAIL_TORQUE", [1.0], ValueError),
        (CartPoleEnv, "gravity", property(lambda self: 1.0), TypeError),
        (CartPoleEnv, "total_mass", 3.0, AttributeError),
        (FrozenLakeEnv, "success_rate", 2.0, ValueError),
    ],
)
def test_constants_that_make_no_sense_are_refused_with_the_class(base, name, value, kind):
    with pytest.raises(kind, match=name):
        type("Wrong", (base,), {name: value})
    with pytest.raises(kind):
        setattr(base, name, value)


def test_a_constant_set_on_a_class_holds_for_later_environments():
    before = CartPoleEnv()
    with mock.patch.object(CartPoleEnv, "gravity", 3.0):
        assert (CartPoleEnv.gravity, CartPoleEnv().gravity, before.gravity) == (3.0, 3.0, 9.8)
        assert gym.make("CartPole-v1").unwrapped.gravity == 3.0
    assert (CartPoleEnv.gravity, CartPoleEnv().gravity) == (9.8, 9.8)

    class Own(CartPoleEnv):
        pass

    with mock.patch.object(Own, "gravity", 3.0):
        assert (Own().gravity, CartPoleEnv().gravity) == (3.0, 9.8)
    assert Own().gravity == 9.8


@pytest.mark.parametrize(
    ("base", "name"),
    [
        (AcrobotEnv, "_get_ob"),
        (AcrobotEnv, "_terminal"),
        (AcrobotEnv, "_dsdt"),
        (PendulumEnv, "_get_obs"),
        (BlackjackEnv, "_get_obs"),
        (CliffWalkingEnv, "_limit_coordinates"),
        (TaxiEnv, "action_mask"),
        (TaxiEnv, "P"),
        (FrozenLakeEnv, "initial_state_distrib"),
    ],
)
def test_what_nothing_would_call_is_refused(base, name):
    def own(self, *args):
        return None

    with pytest.raises(TypeError, match=rf"Mine defines {name}, which.*Define `step` and `reset`"):
        type("Mine", (base,), {name: own})

    class Whole(base):
        def step(self, action):
            return "obs", 0.0, False, False, {}

        def reset(self, *, seed=None, options=None):
            return super().reset(seed=seed, options=options)

    type("Mine", (Whole,), {name: own})().step(0)
    with pytest.raises(TypeError, match=f"Mine defines {name}"):  # the base's reset ignores it
        type("Mine", (Whole,), {name: own})().reset()


def test_torques_and_hands_are_lists_that_write_through():
    env = AcrobotEnv()
    env.AVAIL_TORQUE[0] = -2.5
    assert (env.torque_0, env.AVAIL_TORQUE) == (-2.5, [-2.5, 0.0, 1.0])
    with pytest.raises(ValueError, match="expected 3 numbers"):
        env.AVAIL_TORQUE.append(1.0)
    assert env.AVAIL_TORQUE == [-2.5, 0.0, 1.0]
    table = BlackjackEnv()
    table.reset(seed=0)
    table.player = [2, 3]
    hand = table.player
    hand.append(10)
    assert hand == table.player == [2, 3, 10]
    hand += [1]
    hand.sort(reverse=True)
    assert table.player == [10, 3, 2, 1]
    with pytest.raises(ValueError, match="player: expected 1 to 24 cards"):
        hand[0] = 11
    assert hand == [10, 3, 2, 1]
    table.player = [2, 3]
    with pytest.raises(RuntimeError, match="Read it from the environment again"):
        hand.pop()
    for copied in (copy.deepcopy(hand), pickle.loads(pickle.dumps(hand))):
        assert type(copied) is list
        copied.append(1)
    assert table.player == [2, 3]


def test_elements_of_the_state_can_be_set():
    env = CartPoleEnv()
    env.reset(seed=0)
    state = env.state
    state[2] = 0.1
    state[:2] = 0.5
    state += 0.25
    np.testing.assert_allclose(env.state[[0, 1, 2]], [0.75, 0.75, 0.35])
    observation = env.step(0)[0]
    state[0] = 7  # of a moment that has gone
    np.testing.assert_array_equal(env.state.astype(np.float32), observation)
    assert type(state + 1) is type(state[:2]) is type(copy.deepcopy(state)) is np.ndarray
    with pytest.raises(ValueError, match="read-only"):
        state[:2][0] = 1
    before = env.state.tolist()
    with pytest.raises(ValueError, match="NaN"):
        env.state[3] = np.nan
    assert env.state.tolist() == before


@pytest.mark.parametrize("env_id", ["FrozenLake-v1", "CliffWalking-v1", "Taxi-v4"])
def test_starts_can_be_chosen_as_in_the_peer(env_id):
    ours = gym.make(env_id)
    peer = gymnasium.make(env_id)
    ours.reset(seed=4), peer.reset(seed=4)
    states = ours.observation_space.n
    chances = np.zeros(states)
    chances[[1, 5, states // 2]] = 0.25, 0.25, 0.5
    for env in (ours, peer):
        env.unwrapped.initial_state_distrib = chances
    for _ in range(20):
        (seen, info), (expected, peers) = ours.reset(), peer.reset()
        assert (seen, info["prob"]) == (expected, peers["prob"])
        assert seen in (1, 5, states // 2)
    assert type(seen) is int
    snapshot = ours.snapshot()
    other = gym.make(env_id)
    other.restore(snapshot)
    assert [other.reset()[0] for _ in range(9)] == [ours.reset()[0] for _ in range(9)]
    ours.unwrapped.initial_state_distrib[:] = 0
    with pytest.raises(ValueError, match="sum to 1"):
        ours.reset()
    ours.unwrapped.initial_state_distrib[2] = 1
    assert ours.reset()[0] == 2
    for bad in (np.ones(3), -chances, chances * np.nan):
        with pytest.raises(ValueError, match="initial_state_distrib: expected"):
            ours.unwrapped.initial_state_distrib = bad


def test_a_parameter_called_as_something_every_environment_has_is_refused():
    class Falling(NativeEnv):
        def gravity(self):
            return 9.8

    with pytest.raises(TypeError, match=r"'gravity' of CartPole has the name of Falling\.gravity"):
        type("Fallen", (Falling,), {"dynamics": "CartPole"})
    single = type("Odd", (), {"dynamics": "odd/Odd", "parameters": {"copy": 0, "mass": 0}})
    with pytest.raises(TypeError, match=r"odd/Odd have the names of arguments .* copy; give"):
        type("OddVector", (NativeVectorEnv,), {"single": single})
