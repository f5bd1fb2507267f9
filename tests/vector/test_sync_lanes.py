"""Lane i of a vector is a single environment seeded s + i, reset again and again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vector_cases import MODES, OURS, assert_same, env_class, make_vector

from dromos.vector.utils.space_utils import iterate


def single_episodes(kind, seed, actions):
    """What one environment reports: per step the observation, reward, flags and reset."""
    env = env_class(OURS, kind)()
    obs, _ = env.reset(seed=seed)
    yield obs, None
    for action in actions:
        obs, reward, terminated, truncated, info = env.step(action)
        reset_obs = env.reset()[0] if terminated or truncated else None
        yield (obs, reward, terminated, truncated, info), reset_obs


@pytest.mark.parametrize("kind", ["box", "dict"])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**40), num_envs=st.integers(1, 4), data=st.data())
def test_same_step_lanes_equal_single_environments(kind, seed, num_envs, data):
    vector = make_vector(OURS, kind, num_envs, autoreset_mode="SameStep")
    vector.action_space.seed(data.draw(st.integers(0, 100)))
    batches = [vector.action_space.sample() for _ in range(15)]
    lane_actions = list(
        zip(*(iterate(vector.action_space, batch) for batch in batches), strict=True)
    )
    singles = [single_episodes(kind, seed + i, lane_actions[i]) for i in range(num_envs)]
    rows = list(iterate(vector.observation_space, vector.reset(seed=seed)[0]))
    for row, single in zip(rows, singles, strict=True):
        assert_same(row, next(single)[0])
    for batch in batches:
        obs, rewards, terminated, truncated, infos = vector.step(batch)
        rows = list(iterate(vector.observation_space, obs))
        finals = list(iterate(vector.observation_space, vector.final_obs))
        for i, single in enumerate(singles):
            (last, reward, end, cut, _), reset_obs = next(single)
            assert (rewards[i], terminated[i], truncated[i]) == (reward, end, cut)
            assert_same(finals[i], last)
            assert_same(rows[i], last if reset_obs is None else reset_obs)
            if reset_obs is not None:
                assert_same(infos["final_obs"][i], last)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**40), num_envs=st.integers(1, 4))
def test_the_modes_give_the_same_episodes(seed, num_envs):
    """Each lane sees the same sequence of transitions, whatever the mode."""
    assert_same(lane_rewards("SameStep", seed, num_envs), lane_rewards("NextStep", seed, num_envs))
    assert_same(lane_rewards("SameStep", seed, num_envs), lane_rewards("Disabled", seed, num_envs))


def lane_rewards(mode, seed, num_envs, count=10):
    """The first rewards of each lane that belong to a transition of its environment."""
    vector = make_vector(OURS, "box", num_envs, autoreset_mode=mode)
    vector.reset(seed=seed)
    actions = np.zeros(num_envs, dtype=np.int64)
    rewards = [[] for _ in range(num_envs)]
    while min(map(len, rewards)) < count:
        _, reward, terminated, truncated, _ = vector.step(actions)
        for lane in np.flatnonzero(vector.valid_transition):
            rewards[lane].append(float(reward[lane]))
        ended = terminated | truncated
        if mode == "Disabled" and ended.any():
            vector.reset(options={"reset_mask": ended})
    return [own[:count] for own in rewards]


@pytest.mark.parametrize("mode", MODES)
def test_transitions_are_valid_where_the_environment_stepped(mode):
    vector = make_vector(OURS, "box", 3, autoreset_mode=mode)
    vector.reset(seed=4)
    assert not vector.valid_transition.any()
    ended = np.zeros(3, dtype=bool)
    for _ in range(20):
        obs, rewards, terminated, truncated, _ = vector.step(np.zeros(3, dtype=np.int64))
        expected = ~ended if mode == "NextStep" else np.ones(3, dtype=bool)
        assert_same(vector.valid_transition, expected)
        assert not rewards[~vector.valid_transition].any()
        ended = terminated | truncated
        same_rows = ~ended if mode == "SameStep" else np.ones(3, dtype=bool)
        assert_same(vector.final_obs[same_rows], obs[same_rows])
        if mode == "Disabled" and ended.any():
            vector.reset(options={"reset_mask": ended})


def test_final_observations_are_the_environments_own_in_every_mode():
    finals = {}
    for mode in MODES:
        vector = make_vector(OURS, "box", 2, autoreset_mode=mode)
        vector.reset(seed=9)
        finals[mode] = []
        while len(finals[mode]) < 1:
            _, _, terminated, truncated, _ = vector.step(np.zeros(2, dtype=np.int64))
            if terminated[0] or truncated[0]:
                finals[mode].append(vector.final_obs[0])
            if mode == "Disabled" and (terminated | truncated).any():
                vector.reset(options={"reset_mask": terminated | truncated})
    assert_same(finals["NextStep"], finals["SameStep"])
    assert_same(finals["NextStep"], finals["Disabled"])


class OneBuffer(OURS.Env):
    """An environment that writes all its observations into one array."""

    observation_space = OURS.spaces.Box(0.0, 100.0, (1,), np.float64)
    action_space = OURS.spaces.Discrete(2)

    def __init__(self):
        self.buffer = np.zeros(1)

    def reset(self, *, seed=None, options=None):
        self.buffer[0] = 0.0
        return self.buffer, {"seen": self.buffer}

    def step(self, action):
        self.buffer[0] += 1.0
        return self.buffer, 0.0, self.buffer[0] >= 2.0, False, {"seen": self.buffer}


def test_environments_may_reuse_their_arrays():
    vector = OURS.vector.SyncVectorEnv([OneBuffer] * 2, autoreset_mode="SameStep")
    start, _ = vector.reset()
    first = vector.step([0, 0])[0]
    second, _, _, _, infos = vector.step([0, 0])
    assert start.tolist() == [[0.0], [0.0]]
    assert first.tolist() == [[1.0], [1.0]]
    assert second.tolist() == [[0.0], [0.0]]
    assert [obs.tolist() for obs in infos["final_obs"]] == [[2.0], [2.0]]
    assert infos["final_info"]["seen"].tolist() == [[2.0], [2.0]]
    assert infos["seen"].tolist() == [[0.0], [0.0]]
    assert vector.final_obs.tolist() == [[2.0], [2.0]]
    second[:] = 50.0
    assert vector.final_obs.tolist() == [[2.0], [2.0]]
    assert vector.envs[0].buffer.tolist() == [0.0]
