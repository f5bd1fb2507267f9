"""A rollout is as many steps: of every environment, in lanes, in random stacks of wrappers."""

import zlib

import numpy as np
import pytest
from rollouts import actions_of

import dromos as gym
from dromos import wrappers
from dromos.vector import AutoresetMode

LANES, STEPS = 3, 10

#: Ids whose steps are slow.
SLOW = ("CarRacing", "Humanoid", "BipedalWalkerHardcore")


def stacked(env, rng):
    """Put up to three wrappers that fit around an environment."""
    box = isinstance(env.observation_space, gym.spaces.Box)
    continuous = isinstance(env.action_space, gym.spaces.Box)
    small = box and np.prod(env.observation_space.shape) < 1000
    choices = [
        (True, wrappers.RecordEpisodeStatistics),
        (True, lambda env: wrappers.ClipReward(env, -0.5, 0.5)),
        (True, lambda env: wrappers.FrameStackObservation(env, 2)),
        (small, wrappers.NormalizeObservation),
        (box, lambda env: wrappers.DtypeObservation(env, np.float64)),
        (box, wrappers.FlattenObservation),
        (continuous, wrappers.ClipAction),
        (continuous, lambda env: wrappers.RescaleAction(env, -0.5, 0.75)),
        (True, wrappers.NormalizeReward),
    ]
    fitting = [wrap for fits, wrap in choices if fits]
    for index in rng.permutation(len(fitting))[: rng.integers(1, 4)]:
        env = fitting[index](env)
    return env


def rng_of(env_id):
    return np.random.default_rng(zlib.crc32(env_id.encode()))


def steps_of(env_id):
    return 3 if env_id.startswith(SLOW) else STEPS


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_lanes(env_id, mode):
    kwargs = {"autoreset_mode": mode}
    limit = 4
    vector, twin = (
        gym.make_vec(env_id, LANES, vector_kwargs=kwargs, max_episode_steps=limit) for _ in range(2)
    )
    shown = [one.reset(seed=1)[0] for one in (vector, twin)][1]
    rows = actions_of(vector.single_action_space, rng_of(env_id), steps_of(env_id) * LANES)
    actions = np.reshape(rows, (-1, LANES, *vector.single_action_space.shape))
    rollout = vector.rollout(actions)
    taken = [shown]
    for step, row in enumerate(actions):
        shown, *results, _ = twin.step(row)
        taken.append(shown)
        found = rollout.rewards[step], rollout.terminated[step], rollout.truncated[step]
        for one, other in zip(found, results, strict=True):
            assert one.tobytes() == np.asarray(other).tobytes()
        assert (rollout.valid[step] == twin.valid_transition).all()
        assert _equal(_row(rollout.final_observations, step), twin.final_obs)
    for step, shown in enumerate(taken):
        assert _equal(_row(rollout.observations, step), shown)
    again = np.array(actions[:1])
    assert _equal(vector.step(again[0])[0], twin.step(again[0])[0])
    vector.close()
    twin.close()


def test_futures_in_a_random_stack(env_id):
    rng = rng_of(env_id)
    limit = int(rng.integers(3, 8))
    env = stacked(gym.make(env_id, max_episode_steps=limit), rng)
    env.reset(seed=3)
    rows = actions_of(env.action_space, rng, 2 * steps_of(env_id))
    actions = np.reshape(rows, (2, -1, *env.action_space.shape))
    if any(env.step(rows[0])[2:4]):
        env.reset()
    before = env.unwrapped.snapshot().to_bytes()  # a wrapper may have a clock
    rollout = env.rollout(actions)
    assert env.unwrapped.snapshot().to_bytes() == before
    for future in range(2):
        twin = env.clone()
        layer = twin
        while layer is not twin.unwrapped:
            if hasattr(layer, "update_running_mean"):
                layer.update_running_mean = False
            layer = layer.env
        over = False
        for step, action in enumerate(actions[future]):
            assert rollout.valid[future, step] == (not over)
            if over:
                continue
            obs, reward, terminated, truncated, _ = twin.step(action)
            assert _equal(_row(rollout.observations, (future, step)), obs)
            found = (
                rollout.rewards[future, step],
                *(flags[future, step] for flags in (rollout.terminated, rollout.truncated)),
            )
            assert found == (float(reward), terminated, truncated)
            over = terminated or truncated
        twin.close()
    env.close()


def _row(tree, place):
    if isinstance(tree, tuple):
        return tuple(part[place] for part in tree)
    if isinstance(tree, dict):
        return {key: part[place] for key, part in tree.items()}
    return tree[place]


def _equal(left, right):
    if isinstance(left, tuple):
        return all(map(_equal, left, right))
    if isinstance(left, dict):
        return all(_equal(left[key], right[key]) for key in right)
    return np.asarray(left).tobytes() == np.asarray(right).tobytes()
