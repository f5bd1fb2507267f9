"""Two equal stacks side by side: one's arrays are scribbled over, those of the other are kept."""

import copy

import numpy as np

import dromos as gym
from dromos.wrappers.rules.lazy_frames import LazyFrames


class Drawing(gym.Env):
    """Draws its observations and rewards; its infos tell what it was given."""

    def __init__(self, observations, actions):
        self.observation_space = copy.deepcopy(observations)
        self.action_space = copy.deepcopy(actions)
        self.steps = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.observation_space.seed(int(self.np_random.integers(1 << 30)))
        self.steps = 0
        return self.observation_space.sample(), {"start": np.zeros(1)}

    def step(self, action):
        self.steps += 1
        info = {"action": copy.deepcopy(action), "step": np.array([self.steps])}
        reward = float(self.np_random.normal())
        return self.observation_space.sample(), reward, self.steps == 3, False, info


def scribble(value):
    """Write over every array and container in `value`."""
    if isinstance(value, LazyFrames):
        scribble(np.asarray(value))
    elif isinstance(value, np.ndarray):
        if value.dtype == object:
            for part in value.ravel():
                scribble(part)
        if value.flags.writeable:
            value[...] = None if value.dtype == object else 77
    elif isinstance(value, dict):
        for part in value.values():
            scribble(part)
        value.clear()
    elif isinstance(value, (list, tuple)):
        for part in value:
            scribble(part)
        if isinstance(value, list):
            value.clear()
    elif type(value).__module__ == "torch":
        value.fill_(1)


def plain(value):
    """Return a copy of `value` that shares nothing with it."""
    if isinstance(value, LazyFrames):
        return np.array(value)
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, np.ndarray) and value.dtype == object:
        return [plain(part) for part in value.ravel()]
    return copy.deepcopy(value)


def assert_equal(left, right):
    if isinstance(right, dict):
        assert left.keys() == right.keys()
        for key in right:
            if key not in ("t", "_t"):  # wall times
                assert_equal(left[key], right[key])
    elif isinstance(right, list):
        assert len(left) == len(right)
        for own, other in zip(left, right, strict=True):
            assert_equal(own, other)
    else:
        np.testing.assert_array_equal(left, right)


def run_side_by_side(scribbled, kept, results_of, calls):
    """Make calls on both stacks and compare."""
    held = []
    for call in calls:
        ours = results_of(scribbled, copy.deepcopy(call), scribble)
        others = results_of(kept, copy.deepcopy(call), lambda given: None)
        now = plain(others)
        assert_equal(plain(ours), now)
        scribble(ours)
        held.append((others, now))
    for others, now in held:
        assert_equal(plain(others), now)


def call_single(env, call, spoil):
    """Return what a call hands out, having spoiled what was passed in."""
    kind, given = call
    if kind == "render":
        return [env.render()]
    if kind == "reset":
        options = {"mark": np.zeros(2)}
        result = env.reset(seed=given, options=options)
        spoil(options)
        return [*result]
    result = env.step(given)
    spoil(given)
    return [*result]


def call_vector(envs, call, spoil):
    kind, given = call
    if kind == "reset":
        seeds = [3 + lane for lane in range(envs.num_envs)]
        results = [*envs.reset(seed=seeds)]
        spoil(seeds)
    elif kind == "mask":
        options = {"reset_mask": given}
        results = [*envs.reset(options=options)]
        spoil(given)
    else:
        results = [*envs.step(given)]
        spoil(given)
    return [*results, envs.final_obs, envs.valid_transition, envs.final_obs]
