"""A refused snapshot leaves everything exactly as it was: objects, parts not made yet, flags."""

import contextlib
import random

import numpy as np
import pytest
from fuzz import places_in, sealed, taken_apart
from fuzz_stacks import stacks

import dromos as gym
from dromos.error import SnapshotError
from dromos.snapshot import Snapshot

STACKS = stacks()
PLACES = 12


def census(root):
    """Return what every object under `root` holds, down to the identity of each part."""
    found, kept, waiting = {}, [], [("", root)]
    seen = set()
    while waiting:
        path, value = waiting.pop()
        kept.append(value)
        if isinstance(value, np.ndarray):
            found[path] = id(value), value.dtype.str, value.tobytes()
            continue
        if isinstance(value, np.random.Generator):
            found[path] = id(value), repr(value.bit_generator.state)
            continue
        if isinstance(value, (type(None), bool, int, float, str, bytes)):
            found[path] = value
            continue
        found[path] = id(value), type(value)
        if id(value) in seen or isinstance(value, type) or callable(value):
            continue
        seen.add(id(value))
        if isinstance(value, dict):
            waiting += [(f"{path}[{key!r}]", part) for key, part in value.items()]
        elif isinstance(value, (list, tuple)) or type(value).__name__ == "deque":
            waiting += [(f"{path}[{place}]", part) for place, part in enumerate(value)]
        elif type(value).__module__.split(".")[0] in ("dromos", "snapshot_envs"):
            waiting += [(f"{path}.{name}", part) for name, part in attributes(value).items()]
    return found, kept


def attributes(value):
    slots = (name for cls in type(value).__mro__ for name in vars(cls).get("__slots__", ()))
    found = {name: getattr(value, name) for name in slots if hasattr(value, name)}
    return {**found, **getattr(value, "__dict__", {})}


def broken(data, rng):
    """Return a snapshot that is refused somewhere, as late as its place is judged."""
    head, blobs = taken_apart(data)
    parent, key = rng.choice(places_in(head["tree"]["state"]))
    parent[key] = {"$complex": [1.0, 2.0]}
    return sealed(head, blobs)


def refused(env, data):
    try:
        env.restore(Snapshot.from_bytes(data))
    except SnapshotError:
        return True
    return False


def build_workers():
    return gym.make_vec("Pendulum-v1", 2, vectorization_mode="async")


@pytest.mark.parametrize("name", [*STACKS, "workers"])
def test_a_refused_snapshot_makes_nothing_and_moves_nothing(name):
    build = STACKS.get(name, build_workers)
    with contextlib.closing(build()) as other:
        other.reset(seed=4)
        data = other.snapshot().to_bytes()
    rng = random.Random(name)
    env = build()
    before, kept = census(env)
    count = 0
    for _ in range(PLACES):
        if not refused(env, broken(data, rng)):
            env.close()
            env = build()
            before, kept = census(env)
            continue
        count += 1
        after, also_kept = census(env)
        changed = {path for path in before | after if before.get(path) != after.get(path)}
        # Workers were asked, and have answered.
        changed = {path for path in changed if not path.startswith("._lanes.pool.")}
        assert not changed, sorted(changed)[:9]
        del also_kept
    assert count > PLACES / 3
    del kept
    env.close()
