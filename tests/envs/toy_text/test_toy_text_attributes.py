"""What the toy texts let one see and change from outside."""

import copy
import pickle

import numpy as np
import pytest

import dromos as gym


@pytest.fixture
def taxi():
    with gym.make("Taxi-v4") as env:
        yield env.unwrapped


def test_tables_are_shared_and_made_when_asked_for(taxi):
    other = gym.make("Taxi-v4").unwrapped
    rainy = gym.make("Taxi-v4", is_rainy=True).unwrapped
    assert taxi.P is other.P
    assert rainy.P is not taxi.P
    other.is_rainy = True
    assert other.P is rainy.P


def test_tables_refuse_changes_that_would_do_nothing(taxi):
    state = taxi.P[0]
    for change in (
        lambda: taxi.P.__setitem__(0, {}),
        lambda: state.update({0: []}),
        lambda: state[0].append((1.0, 0, 0, False)),
        lambda: state[0].__setitem__(0, (1.0, 0, 0, False)),
        lambda: state[0].sort(),
    ):
        with pytest.raises(TypeError, match="shared by all environments"):
            change()
    for taken in (copy.deepcopy(taxi.P), pickle.loads(pickle.dumps(taxi.P))):
        assert taken == taxi.P
        taken[0][0][0] = (1.0, 3, 7, True)
        assert taken != taxi.P


@pytest.mark.parametrize("env_id", ["FrozenLake-v1", "CliffWalking-v1", "Taxi-v4"])
def test_the_state_can_be_assigned(env_id):
    env = gym.make(env_id)
    raw = env.unwrapped
    assert raw.s is None
    assert raw.lastaction is None
    env.reset(seed=0)
    assert raw.lastaction is None
    states = raw.observation_space.n
    for state in (0, np.int64(1), states - 2):
        for action in range(raw.action_space.n):
            raw.s = state
            observation, reward, terminated, _, info = env.step(action)
            way = (info["prob"], observation, reward, terminated)
            assert way in raw.P[int(state)][action]
            assert (raw.s, raw.lastaction) == (observation, action)
    for bad in (-1, states, 0.5, "0"):
        with pytest.raises(ValueError, match=f"expected an integer from 0 to {states - 1}"):
            raw.s = bad


@pytest.mark.parametrize(("env_id", "start"), [("FrozenLake-v1", 0), ("CliffWalking-v1", 36)])
def test_a_walker_without_an_episode_stands_at_the_start(env_id, start):
    walker = gym.make(env_id).unwrapped.drawn_state()
    assert (walker.cell, walker.action) == (start, None)


def test_taxi_states_are_numbered_and_masked(taxi):
    observation, info = taxi.reset(seed=0)
    np.testing.assert_array_equal(info["action_mask"], taxi.action_mask(observation))
    for state in range(500):
        row, column, passenger, destination = taxi.decode(state)
        assert taxi.encode(row, column, passenger, destination) == state
        changes = [any(way[1] != state for way in taxi.P[state][a]) for a in range(6)]
        assert taxi.action_mask(state).tolist() == changes or passenger == destination
    for bad in (-1, 500):
        with pytest.raises(ValueError, match="from 0 to 499"):
            taxi.decode(bad)
        with pytest.raises(ValueError, match="from 0 to 499"):
            taxi.action_mask(bad)


def test_actions_chosen_by_the_mask_change_the_state(taxi):
    observation, info = taxi.reset(seed=0)
    taxi.action_space.seed(0)
    for _ in range(200):
        before = observation
        observation, _, terminated, _, info = taxi.step(
            taxi.action_space.sample(info["action_mask"])
        )
        assert observation != before
        if terminated:
            observation, info = taxi.reset()


@pytest.mark.parametrize("name", ["rainy_probability", "fickle_probability"])
@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_illegal_probabilities_are_shown(name, value):
    with pytest.raises(ValueError, match=f"{name}: expected.*got {value}"):
        gym.make("Taxi-v4", **{name: value})
    with pytest.raises(ValueError, match=f"{name}.*in lane 1"):
        gym.make_vec("Taxi-v4", 2, params={name: [0.5, value]})


def test_a_fickle_passenger_changes_their_mind_once():
    env = gym.make("Taxi-v4", fickle_passenger=True, fickle_probability=1.0)
    taxi = env.unwrapped
    env.reset(seed=0)
    assert taxi.fickle_step
    taxi.s = taxi.encode(0, 0, 0, 1)
    assert env.step(4)[0] == taxi.encode(0, 0, 4, 1)
    observation = env.step(0)[0]
    assert not taxi.fickle_step
    assert taxi.decode(observation)[:3] == (1, 0, 4)
    assert taxi.decode(observation)[3] != 1
    taxi.fickle_step = True
    assert taxi.fickle_step


def test_hands_can_be_seen_and_assigned():
    env = gym.make("Blackjack-v1")
    table = env.unwrapped
    env.reset(seed=0)
    table.player, table.dealer = [1, 10], [10, 1]
    assert (table.player, table.dealer) == ([1, 10], [10, 1])
    assert env.step(0)[:3] == ((21, 10, 1), 0.0, True)
    env.reset()
    table.player, table.dealer = [10, 1], [10, 9]
    assert env.step(0)[1] == 1.0
    for bad in ([], [0, 3], [11], [2.5], "A", [1] * 25):
        with pytest.raises(ValueError, match="player: expected 1 to 24 cards"):
            table.player = bad


def test_a_natural_pays_by_the_rules_in_force():
    for natural, sab, pay in ((True, False, 1.5), (False, False, 1.0), (True, True, 1.0)):
        env = gym.make("Blackjack-v1", natural=natural, sab=sab)
        env.reset(seed=0)
        env.unwrapped.player, env.unwrapped.dealer = [1, 10], [10, 9]
        assert env.step(0)[1] == pay


def test_a_hand_holds_every_card_until_it_is_bust():
    env = gym.make("Blackjack-v1")
    for seed in range(200):
        observation, _ = env.reset(seed=seed)
        terminated = False
        while not terminated:
            assert 4 <= observation[0] <= 21
            observation, reward, terminated, _, _ = env.step(1)
            assert sum(env.unwrapped.player) == observation[0] - 10 * observation[2]
        assert reward == -1.0


def test_parameters_of_lanes():
    vector = gym.make_vec("Blackjack-v1", 3, params={"sab": [True, False, True]})
    assert vector.get_attr("sab") == (True, False, True)
    vector = gym.make_vec("Taxi-v4", 2, params={"rainy_probability": [0.5, 1.0]}, is_rainy=True)
    vector.reset(seed=0)
    assert vector.call("decode", 499) == ((4, 4, 4, 3), (4, 4, 4, 3))
    assert vector.get_attr("P")[0] != vector.get_attr("P")[1]
    assert len(vector.get_attr("s")) == 2
