"""Observations of any space, nested at random, through vectors, workers and snapshots."""

import random

import gymnasium
import numpy as np
import pytest

import dromos
from dromos.snapshot import Snapshot

pytestmark = pytest.mark.filterwarnings("ignore:(?s).*have no place in shared memory:UserWarning")

LEAVES = ["box", "bytes", "discrete", "multi", "binary", "text"]
INNER = ["tuple", "dict", "graph", "sequence", "stacked", "oneof"]


def random_space(library, rng, depth=2):
    """Return a space of either library, the same for the same numbers."""
    spaces = library.spaces
    kind = rng.choice([*LEAVES, *INNER, *INNER] if depth else LEAVES)

    def parts():
        return [random_space(library, rng, depth - 1) for _ in range(rng.choice([1, 2]))]

    make = {
        "box": lambda: spaces.Box(-1, 1, rng.choice([(), (0,), (2,), (1, 3)]), np.float32),
        "bytes": lambda: spaces.Box(0, 7, (2,), rng.choice([np.uint8, np.int64])),
        "discrete": lambda: spaces.Discrete(rng.choice([1, 3]), start=rng.choice([-2, 0])),
        "multi": lambda: spaces.MultiDiscrete(rng.choice([[2, 3], [[2, 3], [1, 4]]])),
        "binary": lambda: spaces.MultiBinary(rng.choice([3, [2, 2]])),
        "text": lambda: spaces.Text(4),
        "tuple": lambda: spaces.Tuple(parts()),
        "dict": lambda: spaces.Dict(dict(zip("ab", parts(), strict=False))),
        "graph": lambda: spaces.Graph(
            spaces.Box(0, 1, (2,)), rng.choice([None, spaces.Discrete(3)])
        ),
        "sequence": lambda: spaces.Sequence(parts()[0]),
        "stacked": lambda: spaces.Sequence(spaces.Box(0, 1, (2,)), stack=True),
        "oneof": lambda: spaces.OneOf(parts()),
    }
    return make[kind]()


def class_of(library, seed, length):
    class Sampling(library.Env):
        action_space = library.spaces.Discrete(2)

        def __init__(self):
            self.observation_space = random_space(library, random.Random(seed))
            self.count = 0

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            if seed is not None:
                self.observation_space.seed(seed)
            self.count = 0
            return self.observation_space.sample(), {}

        def step(self, action):
            self.count += 1
            return self.observation_space.sample(), 1.0, self.count >= length, False, {}

    return Sampling


def assert_alike(ours, theirs):
    """Both have the same kinds and numbers, down to graphs in tuples in dicts."""
    if hasattr(theirs, "nodes"):
        assert type(ours).__name__ == type(theirs).__name__
    if isinstance(theirs, dict):
        assert ours.keys() == theirs.keys()
        for key in theirs:
            assert_alike(ours[key], theirs[key])
    elif isinstance(theirs, tuple):
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert_alike(one, other)
    else:
        assert getattr(ours, "dtype", None) == getattr(theirs, "dtype", None)
        np.testing.assert_array_equal(ours, theirs)


def rollout(envs, seed):
    seen = [envs.reset(seed=seed)[0]]
    for _ in range(5):
        obs, _, terminations, *_ = envs.step(np.zeros(envs.num_envs, np.int64))
        seen.append(obs)
        if terminations.any() and envs.metadata["autoreset_mode"].name == "DISABLED":
            seen.append(envs.reset(options={"reset_mask": terminations})[0])
    return seen


@pytest.mark.parametrize("seed", range(24))
def test_any_space_goes_through(seed):
    rng = random.Random(seed + 1000)
    lanes, length = rng.choice([1, 2, 3]), rng.choice([1, 2, 3])
    mode = rng.choice(["NEXT_STEP", "SAME_STEP", "DISABLED"])
    ours, peers = (class_of(library, seed, length) for library in (dromos, gymnasium))

    def vector(library, kind, cls, **kwargs):
        kind = getattr(library.vector, kind)
        return kind([cls] * lanes, autoreset_mode=library.vector.AutoresetMode[mode], **kwargs)

    envs = vector(dromos, "SyncVectorEnv", ours)
    seen = rollout(envs, seed)
    assert all(obs in envs.observation_space for obs in seen)
    try:
        expected = rollout(vector(gymnasium, "SyncVectorEnv", peers), seed)
    except Exception:  # there are spaces that the peer cannot batch
        expected = seen
    for one, other in zip(seen, expected, strict=True):
        assert_alike(one, other)
    if seed % 4 == 0:
        for kwargs in ({"shared_memory": True}, {"shared_memory": False}):
            workers = vector(dromos, "AsyncVectorEnv", ours, num_workers=1, **kwargs)
            for one, other in zip(rollout(workers, seed), seen, strict=True):
                assert_alike(one, other)
            workers.close()
    saved = Snapshot.from_bytes(envs.snapshot().to_bytes())
    after = rollout(envs, None)
    envs.restore(saved)
    for one, other in zip(rollout(envs, None), after, strict=True):
        assert_alike(one, other)
    fresh = vector(dromos, "SyncVectorEnv", ours)
    fresh.restore(saved)
    for one, other in zip(rollout(fresh, None), after, strict=True):
        assert_alike(one, other)
