"""Whatever steps the environments, their lanes report the same."""

import numpy as np
import pytest
from worker_cases import KINDS, MODES, assert_same, make_async, make_sync

import dromos as gym
from dromos.core import Env
from dromos.spaces import Box, Discrete
from dromos.vector import AsyncVectorEnv, SyncVectorEnv

pytestmark = pytest.mark.usefixtures("hard_limit")

WORKERS = [1, 2, 5]


def compare(vectors, actions, steps=25):
    """Reset and step vectors that are to be alike, partly too, and compare all they report."""
    model, *others = vectors
    options = [{"lane": lane} if lane % 2 else None for lane in range(model.num_envs)]
    start = model.reset(seed=4, options=options)
    for other in others:
        assert_same(other.reset(seed=4, options=options), start)
    for step in range(steps):
        batch = actions(step)
        expected = model.step(batch)
        ended = expected[2] | expected[3]
        for other in others:
            assert_same(other.step(batch), expected, f"step {step}")
            assert_same(other.final_obs, model.final_obs)
            assert_same(other.valid_transition, model.valid_transition)
        if ended.any() and (model.metadata["autoreset_mode"].value == "Disabled" or step % 7 == 0):
            mask = {"reset_mask": ended}
            expected = model.reset(options=mask)
            for other in others:
                assert_same(other.reset(options=mask), expected)
                assert_same(other.final_obs, model.final_obs)
            assert list(mask) == ["reset_mask"]
            assert (mask["reset_mask"] == ended).all()
    for vector in vectors:
        vector.close()


@pytest.mark.parametrize("num_workers", WORKERS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_workers_report_what_serial_lanes_report(kind, mode, num_workers):
    serial = make_sync(kind, autoreset_mode=mode)
    working = make_async(kind, autoreset_mode=mode, num_workers=num_workers)
    assert working.observation_space == serial.observation_space
    assert working.action_space == serial.action_space
    assert working.metadata == serial.metadata
    compare([serial, working], lambda _: serial.action_space.sample())


@pytest.mark.parametrize("shared", [True, False])
def test_shared_memory_makes_no_difference(shared):
    vectors = [make_sync("dict"), make_async("dict", shared_memory=shared, num_workers=2)]
    compare(vectors, lambda _: vectors[0].action_space.sample(), steps=10)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["CartPole-v1", "FrozenLake-v1", "Pendulum-v1"])
def test_native_vectors_serial_lanes_and_workers_agree(name, mode):
    vectors = [
        gym.make_vec(name, 4, how, vector_kwargs={"autoreset_mode": gym.vector.AutoresetMode(mode)})
        for how in ("vector_entry_point", "sync", "async")
    ]
    histories = []
    space = vectors[0].action_space
    for vector in vectors:
        space.seed(3)
        history = [vector.reset(seed=2)[0]]
        for _ in range(60):
            *result, _ = vector.step(space.sample())
            history += [*result[:1], *map(np.asarray, result[1:]), vector.final_obs]
            ended = result[2] | result[3]
            if mode == "Disabled" and ended.any():
                history.append(vector.reset(options={"reset_mask": ended})[0])
        histories.append(history)
        vector.close()
    for step, parts in enumerate(zip(*histories, strict=True)):
        for part in parts[1:]:
            np.testing.assert_array_equal(part, parts[0], f"part {step}")


class Odd(Env):
    """Reports values of unusual types, chosen by the action."""

    REWARDS = (1, True, np.float32(0.1), np.int8(3), np.array(2.5), 10**400, np.ones(1), "one")

    def __init__(self):
        self.observation_space = Box(-1, 1, (2,), np.float16)
        self.action_space = Discrete(len(self.REWARDS))

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return np.zeros(2, np.float16), {}

    def step(self, action):
        infos = ({}, {"a": 1}, {"a": 0.5}, {"a": object}, {"b": {"c": np.ones(2)}})
        info = infos[int(self.np_random.integers(5))]
        obs = np.full(2, action / 10)  # float64, which the vector makes float16
        return obs, self.REWARDS[action], np.bool_(action == 3), action == 4, info


def test_unusual_types_of_rewards_flags_and_infos():
    fns = [Odd] * 5
    vectors = [SyncVectorEnv(fns), AsyncVectorEnv(fns, num_workers=2), AsyncVectorEnv(fns)]
    rng = np.random.default_rng(0)
    compare(vectors, lambda _: rng.integers(0, 5, 5))


@pytest.mark.parametrize("action", [5, 7])
def test_rewards_that_are_no_numbers_are_refused_alike(action):
    errors = []
    for vector in (SyncVectorEnv([Odd] * 3), AsyncVectorEnv([Odd] * 3, num_workers=2)):
        vector.reset()
        with pytest.raises((TypeError, OverflowError)) as caught:
            vector.step(np.array([0, action, 0]))
        errors.append(type(caught.value))
        vector.close()
    assert errors[0] is errors[1]


class Misfit(Odd):
    def step(self, action):
        return np.zeros(action), 0.0, False, False, {}


def test_an_observation_that_does_not_fit_is_refused_and_its_lane_named():
    vector = AsyncVectorEnv([Misfit] * 3, num_workers=1)
    vector.reset()
    with pytest.raises(ValueError, match="shape") as caught:
        vector.step(np.array([2, 3, 2]))
    assert "lane 1" in str(caught.value.__cause__)
    vector.close()


@pytest.mark.parametrize("shared", [True, False])
def test_a_reset_after_the_end_of_an_episode_is_the_only_one(shared):
    vector = make_async("box", 2, shared_memory=shared, num_workers=2)
    vector.reset(seed=1)
    while not any(map(np.any, vector.step(np.zeros(2, int))[2:4])):
        pass
    vector.reset(seed=1)
    vector.step(np.zeros(2, int))
    assert vector.valid_transition.all()
    vector.close()


def test_infos_of_lanes_that_were_not_reset_are_absent():
    vector = make_async("box", 3, shared_memory=False, num_workers=2)
    vector.reset(seed=1)
    mask = np.array([False, True, False])
    obs, infos = vector.reset(options={"reset_mask": mask})
    assert infos["_length"].tolist() == mask.tolist()
    assert obs.dtype == np.float32
    vector.close()


def test_an_action_that_is_no_element_gives_an_error_and_no_hang():
    vector = gym.make_vec("CartPole-v1", 4, "async", {"num_workers": 2})
    vector.reset(seed=1)
    with pytest.raises(Exception, match="9"):
        vector.step(np.array([0, 1, 9, 1]))
    vector.reset(seed=1)
    vector.step(np.array([0, 1, 0, 1]))
    vector.close()


def test_the_vector_leaves_the_metadata_of_the_class_alone():
    vector = make_async("box", 2)
    assert "autoreset_mode" in vector.metadata
    assert gym.vector.VectorEnv.metadata == {}
    vector.close()
