"""`recv` of native lanes reports what it reports of the same lanes in Python vectors."""

from contextlib import closing

import numpy as np
import pytest
from worker_cases import MODES, assert_same

import dromos as gym
from dromos.vector.infos import split_infos
from dromos.vector.utils import iterate

pytestmark = pytest.mark.usefixtures("hard_limit")

#: Environments without infos, with numbers and arrays in them, and with tuples for observations.
NAMES = ["CartPole-v1", "FrozenLake-v1", "Taxi-v4", "Blackjack-v1"]
LANES, LIMIT = 5, 6


def make(name, how, mode, batch_size):
    kwargs = {"autoreset_mode": gym.vector.AutoresetMode(mode), "batch_size": batch_size}
    if how == "async":
        kwargs["num_workers"] = 2
    return closing(gym.make_vec(name, LANES, how, max_episode_steps=LIMIT, vector_kwargs=kwargs))


def results(vector, mode, rounds):
    """What `recv` returns, `final_obs` and `valid_transition`, while lanes are sent on."""
    choices = vector.single_action_space.n
    steps = np.arange(LANES)
    vector.async_reset(seed=3)
    for _ in range(rounds):
        result = vector.recv()
        lanes = result[4]["lane_ids"]
        yield result, vector.final_obs, vector.valid_transition
        ended = result[2] | result[3]
        if mode == "Disabled" and ended.any():
            vector.async_reset(options={"reset_mask": np.isin(np.arange(LANES), lanes[ended])})
            lanes = lanes[~ended]
        steps[lanes] += 1
        if len(lanes):
            vector.send((steps[lanes] * 7 // 3 % choices).astype(np.int64), lanes)


@pytest.mark.parametrize("batch_size", [1, 3, 5])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NAMES)
def test_native_lanes_report_what_serial_lanes_report(name, mode, batch_size):
    rounds, ends = 60 // batch_size, 0
    with (
        make(name, "vector_entry_point", mode, batch_size) as native,
        make(name, "sync", mode, batch_size) as serial,
    ):
        pairs = zip(results(native, mode, rounds), results(serial, mode, rounds), strict=True)
        for found, expected in pairs:
            assert_same(found, expected)
            ended = expected[0][2] | expected[0][3]
            ends += ended.sum()
            reported = mode == "SameStep" and ended.any()
            assert all((key in found[0][4]) == reported for key in ("final_obs", "final_info"))
    assert ends > 3


def histories(vector, mode, least):
    """What is told of each lane, report by report, in whatever order they come."""
    told = [[] for _ in range(LANES)]
    for (obs, *numbers, infos), final, valid in results(vector, mode, 10_000):
        lanes = infos.pop("lane_ids")
        space = gym.vector.utils.batch_space(vector.single_observation_space, len(lanes))
        rows = (iterate(space, obs), *numbers, iterate(space, final), valid)
        split = split_infos(infos, len(lanes))
        for lane, *row in zip(lanes, *rows, split, strict=True):
            told[lane].append(row)
        if min(map(len, told)) >= least:
            break
    return told


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NAMES)
def test_native_lanes_report_what_workers_report(name, mode):
    with (
        make(name, "vector_entry_point", mode, 2) as native,
        make(name, "async", mode, 2) as working,
    ):
        pairs = zip(histories(native, mode, 12), histories(working, mode, 12), strict=True)
        for one, other in pairs:
            assert len(one) >= 12
            assert_same(one[:12], other[:12])


@pytest.mark.parametrize("name", NAMES)
def test_sending_every_native_lane_is_a_step(name):
    with (
        make(name, "vector_entry_point", "SameStep", LANES) as sent,
        make(name, "vector_entry_point", "SameStep", LANES) as stepped,
    ):
        assert_same(sent.reset(seed=2), stepped.reset(seed=2))
        sent.action_space.seed(0)
        ends = 0
        for _ in range(30):
            actions = sent.action_space.sample()
            expected = stepped.step(actions)
            sent.send(actions)
            received = sent.recv()
            assert received[4].pop("lane_ids").tolist() == list(range(LANES))
            assert_same(received, expected)
            assert_same(sent.final_obs, stepped.final_obs)
            ends += "final_obs" in expected[4]
        assert ends > 3
