"""Nobody can tell a restored, cloned, deep-copied or unpickled stack from the original."""

import copy
import pickle

import numpy as np
import pytest
from fuzz_stacks import MODES, VECTOR, play, stacks

import dromos as gym
from dromos.snapshot import Snapshot
from dromos.wrappers import vector as vector_wrappers

STACKS = {name: build for name, build in stacks().items() if "user" not in name}
MOMENTS = [0, 1, 12, 31]
#: Attributes that lead to other objects or run with the clock, and those of the class alone.
NOT_COMPARED = {
    "close_called",
    "has_sound_spaces",
    "env",
    "envs",
    "unwrapped",
    "core",
    "spec",
    "env_fns",
    "draws",
    "template",
    "P",
}
CLOCKS = {"episode_start_time", "episode_start_times", "time_queue"}


def shown(value):
    """Return a value as something that can be compared, to the last bit."""
    if isinstance(value, np.random.Generator):
        return repr(value.bit_generator.state)
    if isinstance(value, np.ndarray) and value.dtype != object:
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, gym.spaces.Space):
        return repr(value), shown(value.np_random)
    if isinstance(value, dict):
        return {key: shown(part) for key, part in value.items() if key not in ("t", "episode")}
    if isinstance(value, (list, tuple, np.ndarray)) or type(value).__name__ == "deque":
        return type(value).__name__, [shown(part) for part in value]
    if type(value).__name__ == "LazyFrames":
        return "lazy", shown(np.asarray(value))
    if isinstance(value, float):
        return value.hex()
    return repr(value).split(" at 0x")[0]


def visible(env, hidden=frozenset()):
    """Return every public attribute of every layer."""
    found = {}
    depth = 0
    while True:
        names = {*dir(type(env)), *getattr(env, "__dict__", ())}
        for name in sorted(names - NOT_COMPARED - CLOCKS - hidden):
            if name.startswith("_") or callable(getattr(type(env), name, None)):
                continue
            try:
                value = getattr(env, name)
            except Exception as reason:
                value = type(reason)
            if not callable(value):
                found[depth, name] = shown(value)
        if env.unwrapped is env:
            return found
        env, depth = env.env, depth + 1


def future(env, steps=50):
    """Return what an environment or a vector says in its next steps."""
    said = []
    env.action_space.seed(7)
    for _ in range(steps):
        try:
            result = env.step(env.action_space.sample())
        except gym.error.ResetNeeded as reason:
            said.append(type(reason).__name__)
            result = env.reset()
        said.append(shown(result))
        if len(result) == 5 and np.ndim(result[2]) == 0 and (result[2] or result[3]):
            said.append(shown(env.reset()))
    return said


def at_moment(build, steps):
    env = build()
    if steps:
        env.reset(seed=steps)
        env.action_space.seed(steps)
        play(env, steps)
    return env


def assert_same(one, other, hidden=frozenset()):
    mine, others = visible(one, hidden), visible(other, hidden)
    both = mine.keys() & others.keys()
    assert mine.keys() == others.keys() or type(one) is not type(other)
    assert [name for name in both if mine[name] != others[name]] == []
    assert future(one) == future(other)


WAYS = {
    "clone": lambda env, _: env.clone(),
    "deepcopy": lambda env, _: copy.deepcopy(env),
    "pickle": lambda env, _: pickle.loads(pickle.dumps(env)),
    "fresh": lambda env, build: restored(build(), env),
    "used": lambda env, build: restored(at_moment(build, 7), env),
}


def restored(other, env):
    other.restore(Snapshot.from_bytes(env.snapshot().to_bytes()))
    return other


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", STACKS)
def test_no_public_attribute_tells(name, way):
    for moment in MOMENTS:
        env = at_moment(STACKS[name], moment)
        env.snapshot()  # seeds what nobody has seeded: till then it has no future to compare
        other = WAYS[way](env, STACKS[name])
        assert_same(env, other)
        env.close()
        other.close()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["vector_entry_point", "sync"])
@pytest.mark.parametrize("wrap", ["none", *VECTOR])
def test_lanes_carry_what_is_their_own(wrap, kind, mode):
    def build():
        envs = gym.make_vec(
            "CartPole-v1", 4, vectorization_mode=kind, vector_kwargs={"autoreset_mode": mode}
        )
        return VECTOR.get(wrap, lambda same: same)(envs)

    one, other = at_moment(build, 12), at_moment(build, 31)
    lane = Snapshot.from_bytes(one.snapshot(lanes=[1]).to_bytes())
    kept = shown_lanes(other)
    other.restore(lane, lanes=[3])
    now = shown_lanes(other)
    assert now[:3] == kept[:3]
    assert now[3] == shown_lanes(one)[1]


def shown_lanes(envs):
    """Return what a vector last reported of each lane."""
    final, valid = np.asarray(envs.final_obs), envs.valid_transition
    return [(shown(final[lane]), bool(valid[lane])) for lane in range(envs.num_envs)]


def test_limits_are_of_lanes():
    short = gym.make_vec("CartPole-v1", 3, max_episode_steps=10)
    long = gym.make_vec("CartPole-v1", 3, max_episode_steps=200)
    short.reset(seed=1)
    long.reset(seed=1)
    long.restore(short.snapshot(lanes=[0]))
    truncated = np.zeros(3, bool)
    for step in range(12):
        truncated |= long.step(np.full(3, step % 2))[3]
    assert truncated.tolist() == [True, False, False]


def test_statistics_are_of_the_vector():
    one, other = (
        vector_wrappers.NormalizeObservation(gym.make_vec("CartPole-v1", 2)) for _ in range(2)
    )
    one.reset(seed=1)
    other.reset(seed=2)
    before = other.obs_rms.mean.copy()
    other.restore(one.snapshot(lanes=[0]))
    assert (other.obs_rms.mean == before).all()
    other.restore(one.snapshot())
    assert (other.obs_rms.mean == one.obs_rms.mean).all()
