"""Promise 1: the same seed and actions give the same trajectory, however it is run."""

import numpy as np
import pytest
from rollouts import actions_of, assert_same, rollout

import dromos as gym
from dromos.vector import AutoresetMode

STEPS, LIMIT = 100, 40  # some episodes of every environment, truncated ones included
LANES = 5
#: Lanes and steps that several threads share, by family: a robot's step costs a thousand carts'.
CROWDS = {"mujoco": (64, 6), "box2d": (128, 10)}


def single_lane_stream(env_id, seed, actions):
    """What lane `i` of a vector must see: one environment, reset again and again."""
    with gym.make(env_id, max_episode_steps=LIMIT) as env:
        yield env.reset(seed=seed)[0]
        for action in actions:
            result = env.step(action)
            yield result
            if result[2] or result[3]:
                yield env.reset()[0]


def columns(env, seed=11):
    rng = np.random.default_rng(seed)
    return [actions_of(env.action_space, rng, STEPS) for _ in range(LANES)]


def test_single_repeats(env, env_id):
    actions = actions_of(env.action_space, np.random.default_rng(0), STEPS)
    first = rollout(env, actions, seed=3)
    again = rollout(env, actions, seed=3)
    with gym.make(env_id) as other:
        elsewhere = rollout(other, actions, seed=3)
    assert_same(first, again)
    assert_same(first, elsewhere)


def row(batch, lane):
    return tuple(leaf[lane] for leaf in batch) if isinstance(batch, tuple) else batch[lane]


def assert_row(batch, lane, expected):
    if not np.array_equal(row(batch, lane), expected):  # which is fast, and tells nothing
        np.testing.assert_array_equal(row(batch, lane), expected, strict=False)


@pytest.mark.parametrize("mode", ["vector_entry_point", "sync"])
def test_next_step_lanes_are_single_environments(env, env_id, mode):
    per_lane = columns(env)
    vector = gym.make_vec(env_id, LANES, mode, max_episode_steps=LIMIT)
    streams = [iter(single_lane_stream(env_id, 20 + lane, per_lane[lane])) for lane in range(LANES)]
    observations, _ = vector.reset(seed=20)
    for lane in range(LANES):
        assert_row(observations, lane, next(streams[lane]))
    ended = [False] * LANES
    taken = [0] * LANES
    for _ in range(STEPS):
        actions = np.array([per_lane[lane][taken[lane]] for lane in range(LANES)])
        observations, rewards, terminated, truncated, _ = vector.step(actions)
        assert vector.valid_transition.tolist() == [not over for over in ended]
        for lane in range(LANES):
            expected = next(streams[lane])
            if ended[lane]:
                assert_row(observations, lane, expected)
                assert (rewards[lane], terminated[lane], truncated[lane]) == (0, False, False)
            else:
                taken[lane] += 1
                assert_row(observations, lane, expected[0])
                assert_row(vector.final_obs, lane, expected[0])
                assert (rewards[lane], terminated[lane], truncated[lane]) == expected[1:4]
            ended[lane] = bool(terminated[lane] or truncated[lane])
        if max(taken) == STEPS:
            break
    vector.close()


@pytest.mark.parametrize("mode", ["vector_entry_point", "sync"])
def test_same_step_lanes_are_single_environments(env, env_id, mode):
    per_lane = columns(env)
    vector = gym.make_vec(
        env_id,
        LANES,
        mode,
        max_episode_steps=LIMIT,
        vector_kwargs={"autoreset_mode": AutoresetMode.SAME_STEP},
    )
    streams = [iter(single_lane_stream(env_id, 20 + lane, per_lane[lane])) for lane in range(LANES)]
    observations, _ = vector.reset(seed=20)
    for lane in range(LANES):
        assert_row(observations, lane, next(streams[lane]))
    for step in range(STEPS):
        actions = np.array([per_lane[lane][step] for lane in range(LANES)])
        observations, rewards, terminated, truncated, infos = vector.step(actions)
        assert vector.valid_transition.all()
        for lane in range(LANES):
            expected = next(streams[lane])
            assert (rewards[lane], terminated[lane], truncated[lane]) == expected[1:4]
            assert_row(vector.final_obs, lane, expected[0])
            if terminated[lane] or truncated[lane]:
                np.testing.assert_array_equal(infos["final_obs"][lane], expected[0])
                assert infos["_final_obs"][lane]
                assert_row(observations, lane, next(streams[lane]))
            else:
                assert_row(observations, lane, expected[0])
                assert "final_obs" not in infos or infos["final_obs"][lane] is None
    vector.close()


@pytest.mark.parametrize("mode", ["vector_entry_point", "sync"])
def test_disabled_lanes_wait_for_their_reset(env, env_id, mode):
    per_lane = columns(env)
    vector = gym.make_vec(
        env_id,
        LANES,
        mode,
        max_episode_steps=LIMIT,
        vector_kwargs={"autoreset_mode": AutoresetMode.DISABLED},
    )
    streams = [iter(single_lane_stream(env_id, 20 + lane, per_lane[lane])) for lane in range(LANES)]
    vector.reset(seed=20)
    for stream in streams:
        next(stream)
    for step in range(STEPS):
        actions = np.array([per_lane[lane][step] for lane in range(LANES)])
        observations, _, terminated, truncated, _ = vector.step(actions)
        for lane in range(LANES):
            assert_row(observations, lane, next(streams[lane])[0])
        ended = terminated | truncated
        if ended.any():
            with pytest.raises(gym.error.ResetNeeded, match=str(int(np.flatnonzero(ended)[0]))):
                vector.step(actions)
            options = {"reset_mask": ended}
            observations, _ = vector.reset(options=options)
            assert options == {"reset_mask": ended}
            for lane in np.flatnonzero(ended).tolist():
                assert_row(observations, lane, next(streams[lane]))
    vector.close()


def test_threads_and_instruction_sets_change_nothing(env, env_id):
    family = env.spec.entry_point.split(".")[2]
    lanes, steps = CROWDS.get(family, (50_000, 25))
    results = []
    rng = np.random.default_rng(1)
    some = [actions_of(env.action_space, rng, 100) for _ in range(steps)]
    actions = [np.array((batch * (lanes // 100 + 1))[:lanes]) for batch in some]
    for threads in (1, 2, 3):
        vector = gym.make_vec(env_id, lanes, num_threads=threads)
        observations, _ = vector.reset(seed=5)
        seen = [observations]
        for batch in actions:
            seen.extend(vector.step(batch)[:4])
        results.append(seen)
    assert_same(results[0], results[1])
    assert_same(results[0], results[2])
