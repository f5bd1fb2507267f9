"""Running environments with actions that a seed fixes, and comparing what they return."""

import numpy as np

from dromos.spaces import Discrete


def action_of(space, rng):
    """An action that depends on `rng` only, whatever random generator the space has."""
    if isinstance(space, Discrete):
        return int(space.start + rng.integers(space.n))
    low, high = np.maximum(space.low, -10), np.minimum(space.high, 10)
    return rng.uniform(low, high).astype(space.dtype)


def actions_of(space, rng, steps):
    return [action_of(space, rng) for _ in range(steps)]


def rollout(env, actions, *, seed=None, options=None):
    """Reset, step through `actions`, reset at each episode's end; a list of what came back."""
    seen = [env.reset(seed=seed, options=options)]
    for action in actions:
        result = env.step(action)
        seen.append(result)
        if result[2] or result[3]:
            seen.append(env.reset())
    return seen


def steps_only(env, actions):
    """Step through `actions`, resetting at each episode's end."""
    seen = []
    for action in actions:
        result = env.step(action)
        seen.append(result)
        if result[2] or result[3]:
            seen.append(env.reset())
    return seen


def assert_same(left, right):
    """Equal bit for bit: nested tuples, dicts and arrays."""
    assert type(left) is type(right), (left, right)
    if isinstance(left, (tuple, list)):
        assert len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            assert_same(one, other)
    elif isinstance(left, dict):
        assert left.keys() == right.keys()
        for key in left:
            assert_same(left[key], right[key])
    elif isinstance(left, np.ndarray):
        assert left.dtype == right.dtype
        assert left.shape == right.shape
        if left.dtype == object:
            assert_same(left.tolist(), right.tolist())
        else:
            assert left.tobytes() == right.tobytes()
    else:
        assert left == right or (left != left and right != right), (left, right)
