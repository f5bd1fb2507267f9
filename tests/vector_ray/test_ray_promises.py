"""Lanes in actors report what lanes here report, and their snapshots go there and back."""

import copy
import pickle

import numpy as np
import pytest
from actor_cases import make_ray, make_sync
from fault_envs import Counter, FailsToReset
from vector_cases import KINDS, MODES, assert_same

import dromos as gym
from dromos.native import Uniform
from dromos.snapshot import Snapshot
from dromos.vector import AsyncVectorEnv, RayVectorEnv

pytestmark = pytest.mark.usefixtures("actors")


def compare(model, other, steps=12):
    """Reset and step vectors that are to be alike, partly too, and compare all they report."""
    options = [{"lane": lane} if lane % 2 else None for lane in range(model.num_envs)]
    assert_same(other.reset(seed=4, options=options), model.reset(seed=4, options=options))
    for step in range(steps):
        batch = model.action_space.sample()
        expected = model.step(batch)
        assert_same(other.step(batch), expected, f"step {step}")
        assert_same(other.final_obs, model.final_obs)
        assert_same(other.valid_transition, model.valid_transition)
        ended = expected[2] | expected[3]
        if ended.any() and (model.metadata["autoreset_mode"].value == "Disabled" or step % 3 == 0):
            mask = {"reset_mask": ended}
            assert_same(other.reset(options=mask), model.reset(options=mask))
            assert_same(other.final_obs, model.final_obs)


@pytest.mark.parametrize("kind", KINDS)
def test_actors_report_what_serial_lanes_report(kind):
    serial, acting = make_sync(kind), make_ray(kind)
    assert acting.observation_space == serial.observation_space
    assert acting.action_space == serial.action_space
    assert acting.metadata == serial.metadata
    compare(serial, acting)
    acting.close()


@pytest.mark.parametrize("mode", MODES[1:])
def test_in_the_other_modes_too(mode):
    serial, acting = (make("dict", autoreset_mode=mode) for make in (make_sync, make_ray))
    compare(serial, acting, steps=20)
    acting.close()


def test_snapshots_go_into_other_numbers_of_actors_and_into_local_vectors():
    vectors = [make_ray("box"), make_ray("box", num_actors=3), make_sync("box")]
    vectors.append(AsyncVectorEnv(vectors[0].env_fns, num_workers=2))
    actions = [vectors[0].action_space.sample() for _ in range(6)]
    for source in vectors[:3]:
        source.reset(seed=8)
        for action in actions:
            source.step(action)
        snapshot = Snapshot.from_bytes(source.snapshot().to_bytes())
        expected = [source.step(action) for action in actions]
        for target in vectors:
            target.restore(snapshot)
            assert_same([target.step(action) for action in actions], expected)
    for vector in vectors:
        vector.close()


def alike(one, other):
    for left, right in zip(one, other, strict=True):
        assert_same(left, right)


LAKES = [["SFFF", "FFHF", "FFFF", "FFFG"], ["SFFF", "HFFF", "FFFF", "FFFG"]]
GAMES = {
    "Taxi-v4": {},
    "CartPole-v1": {"params": {"gravity": [9.8, 1.6, 3.7, 9.8], "length": Uniform(0.4, 0.6)}},
    "Blackjack-v1": {"vector_kwargs": {"autoreset_mode": "SameStep"}},
    "FrozenLake-v1": {"params": {"desc": LAKES * 2}},
    "Hopper-v5": {"params": {"body_mass": Uniform(1.0, 5.0), "gravity": [0, 0, -5.0]}},
}


@pytest.mark.parametrize("name", GAMES)
def test_batches_in_actors_are_those_of_local_vectors(name):
    if name == "Hopper-v5":
        pytest.importorskip("mujoco")
    given = dict(GAMES[name])
    kwargs = given.pop("vector_kwargs", {})
    local = gym.make_vec(name, 4, vector_kwargs=kwargs, **given)
    acting = gym.make_vec(name, 4, "ray", vector_kwargs={**kwargs, "num_actors": 2}, **given)
    assert acting.observation_space == local.observation_space
    assert acting.metadata == local.metadata
    alike(acting.reset(seed=3), local.reset(seed=3))
    for _ in range(25):
        actions = local.action_space.sample()
        alike(acting.step(actions), local.step(actions))
        alike([acting.final_obs], [local.final_obs])
    assert_same(acting.params, local.params)
    local.restore(acting.snapshot())
    for _ in range(4):
        local.step(actions)
    acting.restore(local.snapshot())
    for _ in range(4):
        alike(acting.step(actions), local.step(actions))
    local.close()
    acting.close()


def test_parameters_attributes_and_streams_are_those_of_the_lanes():
    acting = gym.make_vec("CartPole-v1", 5, "ray", vector_kwargs={"num_actors": 2})
    local = gym.make_vec("CartPole-v1", 5)
    for vector in (acting, local):
        vector.reset(seed=1)
        vector.set_params({"gravity": [1.0, 2.0]}, lanes=[0, 4])
        vector.set_attr("masscart", [1.0, 2.0, 3.0, 4.0, 5.0])
        with pytest.raises(ValueError, match="gravity"):
            vector.set_params({"gravity": [1.0, 2.0]})
        with pytest.raises(AttributeError, match="speed"):
            vector.set_attr("speed", 3)
    assert_same(acting.params, local.params)
    assert acting.get_attr("gravity") == local.get_attr("gravity") == (1.0, 9.8, 9.8, 9.8, 2.0)
    assert acting.np_random_seed == local.np_random_seed
    draws = [[rng.random() for rng in vector.np_random] for vector in (acting, local)]
    assert draws[0] == draws[1]
    assert acting.max_episode_steps == local.max_episode_steps == 500
    for vector in (acting, local):
        vector.max_episode_steps = 3
        for _ in range(3):
            result = vector.step(np.zeros(5, int))
        assert result[3].all()
    acting.close()


def test_calls_frames_and_attributes_of_environments():
    acting = make_ray("box", 4)
    assert acting.groups == [range(2), range(2, 4)]
    with pytest.raises(ValueError, match="vector's own `step`"):
        acting.call("step", 1)
    acting.reset(seed=[5, 6, 7, 8])
    assert acting.np_random_seed == (5, 6, 7, 8)
    assert acting.render_lanes([3, 0]) == ("step 0", "step 0")
    acting.set_attr("length", [1, 2, 3, 4])
    assert acting.get_attr("length") == (1, 2, 3, 4)
    acting.close()
    frames = gym.make_vec("CartPole-v1", 3, "ray", {"num_actors": 2}, render_mode="rgb_array")
    local = gym.make_vec("CartPole-v1", 3, render_mode="rgb_array")
    for vector in (frames, local):
        vector.reset(seed=0)
    np.testing.assert_array_equal(frames.render_grid(), local.render_grid())
    frames.close()


def test_games_of_the_console_in_actors():
    pytest.importorskip("ale_py")
    given = {"preset": "dqn-nature"}
    acting = gym.make_vec("ALE/Pong-v5", 2, "ray", {"num_actors": 2}, **given)
    local = gym.make_vec("ALE/Pong-v5", 2, "sync", **given)
    for vector in (acting, local):
        vector.reset(seed=0)
    for _ in range(3):
        alike(acting.step(np.array([2, 3]))[:4], local.step(np.array([2, 3]))[:4])
    local.restore(acting.snapshot())
    alike(acting.step(np.array([2, 3]))[:4], local.step(np.array([2, 3]))[:4])
    acting.close()
    local.close()


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_copies_have_the_same_future_and_actors_of_their_own(duplicate):
    vectors = [
        RayVectorEnv([lambda: gym.make("CartPole-v1")] * 2, num_actors=1),
        gym.make_vec("CartPole-v1", 2, "ray", {"num_actors": 1}, params={"gravity": [1.0, 9.0]}),
    ]
    for vector in vectors:
        vector.reset(seed=1)
        actions = np.array([0, 1])
        vector.step(actions)
        twin = duplicate(vector)
        assert twin._lanes.actors is not vector._lanes.actors
        for _ in range(3):
            assert_same(twin.step(actions), vector.step(actions))
        vector.close()
        twin.step(actions)
        twin.close()


def test_make_vec_says_what_it_made_again():
    vector = gym.make_vec("CartPole-v1", 3, "ray", {"num_actors": 1})
    again = gym.make_vec(gym.spec("CartPole-v1").from_json(vector.spec.to_json()))
    assert type(again) is type(vector)
    assert again.num_envs == 3
    again.close()
    vector.close()


class Misfit(Counter):
    def step(self, action):
        return np.zeros(action), 0.0, False, False, {}


def test_an_observation_that_does_not_fit_is_refused_and_its_lane_named():
    vector = RayVectorEnv([Misfit] * 3, num_actors=1)
    vector.reset()
    with pytest.raises(ValueError, match="shape") as caught:
        vector.step(np.array([2, 3, 2]))
    assert "lane 1" in str(caught.value.__cause__)
    vector.close()


def test_a_reset_that_raises():
    vector = RayVectorEnv([FailsToReset] * 2, num_actors=1)
    vector.reset(seed=0)
    with pytest.raises(ValueError, match="cannot be reset") as caught:
        vector.reset(options=[None, {"fail": True}])
    assert "lane 1" in str(caught.value.__cause__)
    vector.close()
