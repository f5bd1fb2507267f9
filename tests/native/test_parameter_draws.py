"""Parameters drawn anew at each start of an episode, from the lane's own stream."""

import copy
import pickle
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dromos as gym
from dromos.envs.registration import EnvSpec
from dromos.envs.toy_text.frozen_lake import generate_random_map
from dromos.error import SnapshotError
from dromos.native import Choice, LogUniform, Normal, Uniform
from dromos.snapshot import Snapshot

PENDULUM = {"g": Uniform(8, 12), "m": LogUniform(0.5, 2), "l": Normal(1, 0.5, 0.8, 1.2)}
LANES, LIMIT = 5, 7


def make_vec(*args, **kwargs):
    return closing(gym.make_vec(*args, **kwargs))


def pendulums(lanes=LANES, **arguments):
    return make_vec("Pendulum-v1", lanes, max_episode_steps=LIMIT, params=PENDULUM, **arguments)


def torques(rng, lanes=LANES):
    return rng.uniform(-2, 2, (lanes, 1)).astype(np.float32)


def test_a_reset_draws_what_numpy_draws_before_the_start_state():
    with pendulums() as vector:
        observations, _ = vector.reset(seed=11)
        for lane in range(LANES):
            rng = np.random.default_rng(11 + lane)
            assert vector.params["g"][lane] == rng.uniform(8, 12)
            mass = np.exp(rng.uniform(np.log(0.5), np.log(2)))
            assert vector.params["m"][lane] == pytest.approx(mass, rel=1e-15)
            assert vector.params["l"][lane] == np.clip(rng.normal(1, 0.5), 0.8, 1.2)
            angle = rng.uniform(-np.pi, np.pi)
            assert observations[lane, 0] == pytest.approx(np.cos(angle), rel=1e-6)


def test_the_order_is_that_of_the_class_not_of_the_arguments():
    turned = dict(reversed(PENDULUM.items()))
    with pendulums() as one, make_vec("Pendulum-v1", LANES, params=turned) as other:
        one.reset(seed=3)
        other.reset(seed=3)
        for name in PENDULUM:
            assert (one.params[name] == other.params[name]).all()


@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_a_lane_draws_as_a_single_environment_does(mode):
    envs = [gym.make("Pendulum-v1", max_episode_steps=LIMIT, **PENDULUM) for _ in range(LANES)]
    rng = np.random.default_rng(0)
    with pendulums(vector_kwargs={"autoreset_mode": mode}) as vector:
        seen, _ = vector.reset(seed=2)
        assert all((env.reset(seed=2 + i)[0] == seen[i]).all() for i, env in enumerate(envs))
        gravities = []
        for step in range(1, 40):
            actions = torques(rng)
            seen = vector.step(actions)[0]
            for lane, env in enumerate(envs):
                if mode == "NextStep" and step % (LIMIT + 1) == 0:
                    single = env.reset()[0]
                else:
                    single, _, _, ended, _ = env.step(actions[lane])
                    if ended and mode == "SameStep":
                        single = env.reset()[0]
                assert (single == seen[lane]).all(), (step, lane)
                assert env.unwrapped.g == vector.params["g"][lane]
            gravities.append(vector.params["g"][0])
        assert len(set(gravities)) > 3


def test_threads_change_nothing():
    rng = np.random.default_rng(0)
    actions = [torques(rng, 20_000) for _ in range(10)]
    with pendulums(20_000, num_threads=1) as one, pendulums(20_000, num_threads=2) as two:
        one.reset(seed=0)
        two.reset(seed=0)
        for action in actions:
            assert (one.step(action)[0] == two.step(action)[0]).all()
        assert (one.params["l"] == two.params["l"]).all()


def test_lanes_without_draws_take_nothing_from_their_streams():
    with make_vec("Pendulum-v1", 3) as plain, make_vec("Pendulum-v1", 3) as mixed:
        mixed.set_params({"g": Uniform(8, 12)}, lanes=[1])
        expected, found = plain.reset(seed=5)[0], mixed.reset(seed=5)[0]
        assert (found == expected).all(axis=1).tolist() == [True, False, True]
        assert (mixed.params["g"] == 10.0).tolist() == [True, False, True]


def test_a_partial_reset_draws_in_the_lanes_it_resets():
    with pendulums() as vector:
        vector.reset(seed=5)
        before = vector.params["g"]
        mask = np.array([True, False, False, True, False])
        vector.reset(options={"reset_mask": mask})
        assert ((vector.params["g"] != before) == mask).all()


def test_a_distribution_set_later_holds_from_the_next_reset_on():
    env = gym.make("CartPole-v1")
    env.reset(seed=0)
    env.unwrapped.gravity = Choice([1.0, 2.0])
    assert env.unwrapped.gravity == 9.8
    env.reset()
    assert env.unwrapped.gravity in (1.0, 2.0)
    env.unwrapped.gravity = 5
    env.reset()
    assert env.unwrapped.gravity == 5.0


def test_fixed_values_end_the_draws_of_their_lanes():
    with pendulums(3) as vector:
        vector.set_params({"g": [1.0, 2.0]}, lanes=[0, 2])
        vector.reset(seed=0)
        assert vector.params["g"][[0, 2]].tolist() == [1.0, 2.0]
        assert 8 <= vector.params["g"][1] < 12
        vector.set_attr("g", [3.0, 4.0, Uniform(20, 21)])
        vector.reset()
        assert vector.params["g"][:2].tolist() == [3.0, 4.0]
        assert 20 <= vector.params["g"][2] < 21


def test_values_that_are_no_numbers_are_chosen():
    maps = [generate_random_map(size=size, seed=0) for size in (3, 4, 5)]
    with make_vec("FrozenLake-v1", 64, desc=Choice(maps)) as vector:
        assert vector.single_observation_space.n == 25
        vector.reset(seed=0)
        assert {letters.shape for letters in vector.params["desc"]} == {(3, 3), (4, 4), (5, 5)}
    env = gym.make("FrozenLake-v1", desc=Choice(maps), reward_schedule=Choice([(2, 0, 0)]))
    env.reset(seed=1)
    assert "".join(env.unwrapped.desc[0].astype(str)) in [rows[0] for rows in maps]
    assert env.unwrapped.reward_schedule == (2, 0, 0)
    with make_vec("CartPole-v1", 64, sutton_barto_reward=Choice([True, False])) as vector:
        vector.reset(seed=0)
        assert set(vector.params["sutton_barto_reward"].tolist()) == {True, False}


def test_spaces_hold_whatever_is_drawn():
    with make_vec("Pendulum-v1", 2, params={"max_speed": Uniform(3, 20)}) as vector:
        assert vector.single_observation_space.high[2] == 20
    assert gym.make("Pendulum-v1", max_torque=Choice([1, 5])).action_space.high == [5]


COPIES = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda env: pickle.loads(pickle.dumps(env)),
    "clone": lambda env: env.clone(),
}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_copies_draw_the_same(copied):
    rng = np.random.default_rng(1)
    with pendulums() as vector:
        vector.reset(seed=4)
        env = gym.make("Pendulum-v1", **PENDULUM)
        env.reset(seed=4)
        other, twin = copied(vector), copied(env)
        for _ in range(30):
            actions = torques(rng)
            assert (vector.step(actions)[0] == other.step(actions)[0]).all()
        assert (env.reset()[0] == twin.reset()[0]).all()
        assert env.unwrapped.l == twin.unwrapped.l


def test_snapshots_hold_the_distributions():
    rng = np.random.default_rng(1)
    with pendulums() as vector, make_vec("Pendulum-v1", LANES) as other:
        vector.reset(seed=4)
        other.reset(seed=0)
        other.restore(Snapshot.from_bytes(vector.snapshot().to_bytes()))
        other.max_episode_steps = LIMIT
        for _ in range(30):
            actions = torques(rng)
            assert (vector.step(actions)[0] == other.step(actions)[0]).all()
        other.set_params({"g": 1.0})
        other.restore(vector.snapshot(lanes=[1]), lanes=[3, 4])
        vector.reset()
        other.reset()
        assert other.params["g"][:3].tolist() == [1.0] * 3
        assert (other.params["g"][3:] == vector.params["g"][1]).all()


def test_a_snapshot_with_an_illegal_distribution_is_refused():
    env = gym.make("Pendulum-v1", m=Uniform(1, 2)).unwrapped
    env.reset(seed=0)
    state = env.snapshot_state()
    name, (distribution,), lanes = state["draws"][0]
    object.__setattr__(distribution, "low", -1.0)
    with pytest.raises(SnapshotError, match="m: expected a finite float > 0, got -1"):
        env.restore_state({**state, "draws": [(name, [distribution], lanes)]})
    legal = [Uniform(1, 2)]
    for drawn, message in (
        (("m", "often", lanes), "draws"),
        (("m", legal, np.zeros(3, dtype=np.int32)), "draws.*an int32 a lane"),
        (("m", legal, np.zeros(1)), "draws.*an int32 a lane"),
        (("m", legal, np.ones(1, dtype=np.int32)), "draws.*expected -1 to 0"),
        (("m", legal, np.full(1, -2, dtype=np.int32)), "draws.*expected -1 to 0"),
    ):
        with pytest.raises(SnapshotError, match=message):
            env.restore_state({**state, "draws": [drawn]})
    env.restore_state({**state, "draws": [("m", legal, lanes)]})


def test_a_specification_keeps_the_distributions():
    env = gym.make("Pendulum-v1", **PENDULUM)
    again = gym.make(EnvSpec.from_json(env.spec.to_json()))
    assert again.spec == env.spec
    assert (again.reset(seed=8)[0] == env.reset(seed=8)[0]).all()
    assert again.unwrapped.m == env.unwrapped.m


@pytest.mark.parametrize(
    ("distribution", "message"),
    [
        (Uniform(-1, 2), "got -1, drawn from Uniform"),
        (Normal(1, 1, 0, 2), "got 0, drawn from Normal"),
        (Choice([1, float("nan")]), "got nan, drawn from Choice"),
    ],
)
def test_illegal_values_are_refused_wherever_they_are_given(distribution, message):
    env, vector = gym.make("Pendulum-v1").unwrapped, gym.make_vec("Pendulum-v1", 2)
    for give in (
        lambda: gym.make("Pendulum-v1", m=distribution),
        lambda: make_vec("Pendulum-v1", 2, params={"m": distribution}),
        lambda: setattr(env, "m", distribution),
        lambda: vector.set_params({"m": distribution}),
    ):
        with pytest.raises(ValueError, match=f"m: expected a finite float > 0, {message}"):
            give()
    vector.reset(seed=0)
    assert vector.params["m"].tolist() == [1.0, 1.0]


def test_only_numbers_are_drawn_from_intervals():
    with pytest.raises(TypeError, match="sutton_barto_reward: expected Choice"):
        gym.make("CartPole-v1", sutton_barto_reward=Uniform(0, 1))
    with pytest.raises(ValueError, match="does not fit the observation space"):
        gym.make("FrozenLake-v1").unwrapped.desc = Choice([generate_random_map(size=6)])


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Uniform(2, 1), ValueError, "expected 2 to be at most 1"),
        (lambda: Uniform(0, float("inf")), ValueError, "expected finite numbers, got inf"),
        (lambda: Uniform(-1e308, 1e308), ValueError, "expected high - low to be a finite float64"),
        (lambda: Uniform("0", 1), TypeError, "expected real numbers, got '0'"),
        (lambda: LogUniform(0, 1), ValueError, "expected low > 0"),
        (lambda: Normal(0, -1, 0, 1), ValueError, "expected a deviation ≥ 0"),
        (lambda: Choice([]), ValueError, "expected at least one value"),
        (lambda: Choice("ab"), TypeError, "expected a list of values"),
    ],
)
def test_what_is_no_distribution_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@settings(deadline=None, max_examples=30)
@given(low=st.floats(0.1, 5), width=st.floats(0, 5), seed=st.integers(0, 2**64))
def test_draws_keep_to_their_bounds(low, width, seed):
    high = low + width
    draws = {"m": Uniform(low, high), "l": LogUniform(low, high), "g": Normal(0, 9, low, high)}
    with make_vec("Pendulum-v1", 100, params=draws) as vector:
        vector.reset(seed=seed)
        for name in draws:
            values = vector.params[name]
            assert ((values >= low) & (values <= high)).all()


MANY = 10_000


def drawn_from(vector):
    """Name to number of distributions that are held."""
    return {name: len(held) for name, held, _ in vector.snapshot_state()["engine"]["draws"]}


def test_equal_distributions_are_held_once():
    with make_vec("Pendulum-v1", MANY) as vector:
        vector.set_attr("g", [Uniform(8, 12)] * MANY)
        vector.set_attr("m", [Uniform(1 + lane % 2, 3) for lane in range(MANY)])
        assert drawn_from(vector) == {"g": 1, "m": 2}
        vector.set_params({"g": Uniform(8, 12)}, lanes=range(5))
        vector.set_params({"g": Uniform(8, 13)}, lanes=range(5, MANY))
        assert drawn_from(vector) == {"g": 2, "m": 2}
        vector.set_params({"g": Uniform(8, 13)})
        vector.set_params({"m": 1.0})
        assert drawn_from(vector) == {"g": 1}
        vector.set_attr("g", 10.0)
        assert drawn_from(vector) == {}


def test_every_lane_may_draw_from_a_distribution_of_its_own():
    lows = np.arange(MANY) + 1
    with make_vec("Pendulum-v1", MANY) as vector, make_vec("Pendulum-v1", MANY) as other:
        vector.set_attr("g", [Uniform(low, low + 1) for low in lows.tolist()])
        assert drawn_from(vector) == {"g": MANY}
        vector.reset(seed=0)
        assert (np.floor(vector.params["g"]) == lows).all()
        other.restore(vector.snapshot())
        other.set_params({"g": LogUniform(0.5, 0.75)}, lanes=[0, 7])
        other.reset()
        assert (np.floor(other.params["g"]) == lows).sum() == MANY - 2
        assert (other.params["g"][[0, 7]] < 0.75).all()


def test_a_list_with_an_illegal_distribution_changes_no_lane():
    with make_vec("Pendulum-v1", 3) as vector:
        for values in ([2.0, Uniform(1, 2), Uniform(-1, 2)], [Uniform(1, 2), Uniform(-1, 2), 2.0]):
            with pytest.raises(ValueError, match="m: expected a finite float > 0, got -1"):
                vector.set_attr("m", values)
        with pytest.raises(TypeError, match="unexpected keyword argument 'state'"):
            vector.set_attr("state", Uniform(1, 2))
        assert drawn_from(vector) == {}
        assert vector.params["m"].tolist() == [1.0] * 3
