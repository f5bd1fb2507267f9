"""Whatever rebuilds observations keeps them elements of the space, of the space's own kind."""

import copy
import pickle

import numpy as np
import pytest

import dromos as gym
from dromos.snapshot import Snapshot
from dromos.spaces import (
    Box,
    Dict,
    Discrete,
    Graph,
    MultiBinary,
    MultiDiscrete,
    OneOf,
    Sequence,
    Text,
    Tuple,
)
from dromos.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv
from dromos.wrappers import (
    Autoreset,
    DelayObservation,
    FilterObservation,
    FrameStackObservation,
    TimeAwareObservation,
    TransformObservation,
)
from dromos.wrappers import vector as vector_wrappers
from dromos.wrappers.utils import create_zero_array

LEAVES = {
    "box": Box(-1, 1, (2,), np.float32),
    "number": Box(-1, 1, (), np.float64),
    "discrete": Discrete(4, start=-1),
    "multi_discrete": MultiDiscrete([3, 4]),
    "multi_binary": MultiBinary(3),
    "text": Text(4),
    "graph": Graph(Box(-1, 1, (2,)), Discrete(3)),
    "graph_without_edges": Graph(Discrete(3), None),
    "sequence": Sequence(Box(-1, 1, (2,))),
    "stacked_sequence": Sequence(Box(-1, 1, (2,)), stack=True),
    "one_of": OneOf([Box(-1, 1, (2,)), Discrete(3)]),
}
NESTED = {
    "dict": lambda space: Dict({"a": space, "b": Box(0, 1, (2,))}),
    "tuple": lambda space: Tuple([space, Discrete(2)]),
    "sequence": Sequence,
    "stacked": lambda space: Sequence(space, stack=True),
    "one_of": lambda space: OneOf([space, space]),
    "graph_of": lambda space: Graph(space, space),
    "deep": lambda space: Dict({"x": Tuple([Dict({"y": Sequence(space)}), space])}),
}
SPACES = LEAVES | {
    f"{outer}-{inner}": nest(leaf)
    for outer, nest in NESTED.items()
    for inner, leaf in LEAVES.items()
    if inner in ("number", "discrete")
    or (inner in ("text", "graph", "stacked_sequence") and outer != "graph_of")
}
#: Batches of them are arrays or tuples, which is what lanes need.
IN_VECTORS = {
    name: space for name, space in SPACES.items() if not name.startswith(("graph_of", "deep"))
}


class Sampling(gym.Env):
    """Its observations are samples, and its episodes have three steps."""

    action_space = Discrete(2)

    def __init__(self, space):
        self.observation_space = copy.deepcopy(space)
        self.steps = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if seed is not None:
            self.observation_space.seed(seed)
        self.steps = 0
        return self.observation_space.sample(), {"seen": self.observation_space.sample()}

    def step(self, action):
        self.steps += 1
        return self.observation_space.sample(), 1.0, self.steps == 3, False, {}


def kinds(value):
    """Return the kinds of a value and of all that is in it."""
    if isinstance(value, dict):
        return {key: kinds(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return (type(value).__name__, *map(kinds, value))
    return type(value)


def every_space(spaces=SPACES):
    return pytest.mark.parametrize("space", spaces.values(), ids=spaces.keys())


WRAPPERS = {
    "delay": lambda env: DelayObservation(env, 2),
    "stack-zero": lambda env: FrameStackObservation(env, 3, padding_type="zero"),
    "stack-own": lambda env: FrameStackObservation(
        env, 2, padding_type=env.observation_space.sample()
    ),
    "time": lambda env: TimeAwareObservation(gym.wrappers.TimeLimit(env, 9), flatten=False),
    "same": lambda env: TransformObservation(env, lambda obs: obs, None),
    "twice": lambda env: DelayObservation(FrameStackObservation(env, 2), 1),
}


@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS.keys())
@every_space()
def test_wrappers(space, wrap):
    env = wrap(Autoreset(Sampling(space)))
    env.action_space.seed(0)
    obs, _ = env.reset(seed=1)
    assert obs in env.observation_space
    for _ in range(6):
        obs = env.step(0)[0]
        assert obs in env.observation_space


@every_space()
def test_late_observations_are_the_observations(space):
    env, late = Sampling(space), DelayObservation(Sampling(space), 2)
    seen = [kinds(env.reset(seed=1)[0]), *(kinds(env.step(0)[0]) for _ in range(3))]
    late.reset(seed=1)
    shown = [kinds(late.step(0)[0]) for _ in range(3)]
    assert shown[1:] == seen[:2]


@every_space()
def test_zero_elements(space):
    assert create_zero_array(space) in space


@every_space({name: s for name, s in SPACES.items() if isinstance(s, (Dict, Tuple))})
def test_filters(space):
    key = ["a"] if isinstance(space, Dict) and "a" in space.spaces else [0]
    key = ["x"] if isinstance(space, Dict) and "x" in space.spaces else key
    env = FilterObservation(Sampling(space), key)
    assert env.reset(seed=1)[0] in env.observation_space


@every_space()
def test_snapshots_and_copies(space):
    env = DelayObservation(FrameStackObservation(Sampling(space), 2), 1)
    env.reset(seed=1)
    saved = Snapshot.from_bytes(env.snapshot().to_bytes())
    future = env.step(0)[0]
    copies = [env.clone, lambda: copy.deepcopy(env), lambda: pickle.loads(pickle.dumps(env))]
    env.restore(saved)
    for other in [env, *(make() for make in copies)][::-1]:
        obs = other.step(0)[0]
        assert obs in env.observation_space
        assert kinds(obs) == kinds(future)


MODES = [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP, AutoresetMode.DISABLED]


def check_vector(envs, mode):
    """Step over the end of an episode and look at all observations."""
    single = envs.single_observation_space
    obs, infos = envs.reset(seed=3)
    assert obs in envs.observation_space
    for lane in range(envs.num_envs):
        if envs.spec is None and isinstance(infos.get("seen"), np.ndarray):
            assert infos["seen"].dtype != object or infos["seen"][lane] is not None
    for step in range(4):
        if mode is AutoresetMode.DISABLED and step == 3:
            mask = np.array([True] * envs.num_envs)
            obs, infos = envs.reset(options={"reset_mask": mask})
        else:
            obs, *_, infos = envs.step(envs.action_space.sample())
        assert obs in envs.observation_space
        assert envs.final_obs in envs.observation_space
        for final in infos.get("final_obs", ()):
            assert final is None or final in single
    saved = Snapshot.from_bytes(envs.snapshot().to_bytes())
    future = envs.step(envs.action_space.sample())[0] if mode is not MODES[2] else None
    envs.restore(saved)
    if future is not None:
        assert kinds(envs.step(envs.action_space.sample())[0]) == kinds(future)


@pytest.mark.parametrize("mode", MODES)
@every_space(IN_VECTORS)
def test_lanes(space, mode):
    envs = SyncVectorEnv([lambda: Sampling(space)] * 2, autoreset_mode=mode)
    check_vector(envs, mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("wrapper", ["DelayObservation", "FrameStackObservation"])
@every_space({name: space for name, space in LEAVES.items() if space.shape is not None})
def test_vector_wrappers(space, wrapper, mode):
    nested = Dict({"a": Tuple([space, space]), "b": space})
    envs = SyncVectorEnv([lambda: Sampling(nested)] * 2, autoreset_mode=mode)
    check_vector(getattr(vector_wrappers, wrapper)(envs, 2), mode)


@every_space({name: space for name, space in IN_VECTORS.items() if "graph" in name})
@pytest.mark.parametrize("stack", [False, True])
def test_graphs_from_workers(space, stack):
    def make():
        env = Sampling(space)
        return FrameStackObservation(env, 2) if stack else DelayObservation(env, 1)

    mode = AutoresetMode.SAME_STEP
    envs = AsyncVectorEnv([make] * 2, shared_memory=False, autoreset_mode=mode)
    try:
        check_vector(envs, mode)
    finally:
        envs.close()
