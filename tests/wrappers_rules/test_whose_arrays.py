"""What wrappers hand out is the caller's for ever, and what they are given stays the caller's.

Two equal stacks run side by side. Of the first, everything handed out and passed in is scribbled
over at once; of the second, everything is kept. Both must go on alike, and what was kept must be
as it was.
"""

import copy

import numpy as np
import pytest
from side_by_side import Drawing, call_single, call_vector, run_side_by_side, scribble

from dromos import wrappers
from dromos.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete
from dromos.vector import AutoresetMode, SyncVectorEnv
from dromos.wrappers import vector

ARRAYS = {
    "scalar": Box(-1, 1, (), np.float64),
    "one": Box(-1, 1, (1,), np.float32),
    "two": Box(-1, 1, (2,), np.float32),
    "ones": Box(-1, 1, (1, 1), np.float32),
    "image": Box(0, 255, (2, 1, 3), np.uint8),
}
KINDS = ARRAYS | {
    "empty": Box(-1, 1, (0,), np.float32),
    "number": Discrete(4),
    "numbers": MultiDiscrete([3, 4]),
    "bits": MultiBinary(1),
    "dict": Dict({"a": Box(-1, 1, (1,), np.float32), "b": MultiBinary(2)}),
}
IMAGES = {"image": ARRAYS["image"]}


def bounds(space):
    return np.full(space.shape, -0.5, np.float32), np.full(space.shape, 0.5, np.float32)


def half_bounds(prefix):
    return lambda space: dict(zip((f"min_{prefix}", f"max_{prefix}"), bounds(space), strict=True))


def own_padding(space):
    return {"stack_size": 2, "padding_type": space.sample()}


#: Name, arguments, the observations it is tried on.
OBSERVATIONS = [
    ("DelayObservation", {"delay": 0}, KINDS),
    ("DelayObservation", {"delay": 2}, KINDS),
    ("DiscretizeObservation", {"bins": 3, "multidiscrete": True}, ARRAYS),
    ("DtypeObservation", {"dtype": np.float64}, ARRAYS),
    ("FilterObservation", {"filter_keys": ["b"]}, {"dict": KINDS["dict"]}),
    ("FlattenObservation", {}, KINDS),
    ("FrameStackObservation", {"stack_size": 1}, KINDS),
    ("FrameStackObservation", {"stack_size": 3, "padding_type": "zero"}, KINDS),
    ("FrameStackObservation", own_padding, ARRAYS),
    ("FrameStackObservation", {"stack_size": 2, "lazy": True}, ARRAYS),
    ("GrayscaleObservation", {}, IMAGES),
    ("ResizeObservation", {"shape": (2, 1)}, IMAGES),
    ("NormalizeObservation", {}, ARRAYS),
    ("RescaleObservation", half_bounds("obs"), ARRAYS),
    ("ReshapeObservation", lambda space: {"shape": (1, *space.shape)}, ARRAYS),
    ("TimeAwareObservation", {"flatten": False, "normalize_time": True}, KINDS),
    ("TimeAwareObservation", {}, KINDS),
    ("TransformObservation", {"func": lambda obs: obs}, KINDS),
    ("MaxAndSkipObservation", {"skip": 2}, ARRAYS),
]
ACTIONS = [
    ("ClipAction", {}, ARRAYS),
    ("DiscretizeAction", {"bins": 3, "multidiscrete": True}, ARRAYS),
    ("RescaleAction", half_bounds("action"), ARRAYS),
    ("TransformAction", {"func": lambda action: action}, KINDS),
    ("StickyAction", {"repeat_action_probability": 0.6}, KINDS),
    ("RepeatAction", {"num_repeats": 2}, KINDS),
]
OTHERS = [
    ("ClipReward", lambda _: {"min_reward": np.array(-0.5), "max_reward": np.array(0.5)}, KINDS),
    ("NormalizeReward", {}, ARRAYS),
    ("TransformReward", {"func": lambda reward: reward}, ARRAYS),
    ("RecordEpisodeStatistics", {}, ARRAYS),
    ("DictInfoToList", {}, ARRAYS),
]
#: These show pictures, or arrays of other libraries.
ELSEWHERE = {"ArrayConversion", "HumanRendering", "JaxToNumpy", "JaxToTorch", "NumpyToTorch"}
ELSEWHERE |= {"RecordVideo", "RecordEpisodes"}
CASES = [
    pytest.param(name, kwargs, role, space, id=f"{name}-{i}-{kind}")
    for role, table in (("observation", OBSERVATIONS), ("action", ACTIONS), ("other", OTHERS))
    for i, (name, kwargs, spaces) in enumerate(table)
    for kind, space in spaces.items()
]


def stack(home, name, kwargs, role, space, base):
    """Return a wrapped `base`, with the arguments scribbled over if it shall be."""
    limited = wrappers.TimeLimit(
        Drawing(
            space if role != "action" else Box(-1, 1, (1,)),
            space if role == "action" else Discrete(2),
        ),
        9,
    )
    own = kwargs(copy.deepcopy(space)) if callable(kwargs) else copy.deepcopy(kwargs)
    return getattr(home, name)(base(limited), **own), own


@pytest.mark.parametrize(("name", "kwargs", "role", "space"), CASES)
def test_single(name, kwargs, role, space):
    if not hasattr(wrappers, name):
        assert hasattr(vector, name)
        return
    np.random.seed(0)
    space.seed(0)
    envs = []
    for _ in range(2):
        space.seed(5)
        env, own = stack(wrappers, name, kwargs, role, space, lambda env: env)
        envs.append(env)
        if not envs[1:] and callable(kwargs):
            scribble(own)
    envs[1].action_space.seed(1)
    actions = [("step", envs[1].action_space.sample()) for _ in range(6)]
    calls = [("reset", 4), *actions[:3], ("reset", None), *actions[3:]]
    run_side_by_side(*envs, call_single, calls)


LANES = {
    AutoresetMode.NEXT_STEP: (1,),
    AutoresetMode.SAME_STEP: (1, 2),
    AutoresetMode.DISABLED: (2,),
}


@pytest.mark.parametrize("mode", LANES)
@pytest.mark.parametrize(("name", "kwargs", "role", "space"), CASES)
def test_vector(name, kwargs, role, space, mode):
    if not hasattr(vector, name):
        assert hasattr(wrappers, name)
        return
    for lanes in LANES[mode]:
        envs = []
        for _ in range(2):
            space.seed(5)
            env, own = stack(
                vector,
                name,
                kwargs,
                role,
                space,
                lambda one, count=lanes: SyncVectorEnv(
                    [lambda: copy.deepcopy(one)] * count,
                    autoreset_mode=mode,
                ),
            )
            envs.append(env)
            if not envs[1:] and callable(kwargs):
                scribble(own)
        envs[1].action_space.seed(1)
        calls = [("step", envs[1].action_space.sample()) for _ in range(5)]
        if mode is AutoresetMode.DISABLED:
            calls.insert(3, ("mask", np.ones(lanes, bool)))
            calls.insert(1, ("mask", np.arange(lanes) == 0))
        run_side_by_side(*envs, call_vector, [("reset", None), *calls])


def test_every_vector_wrapper_is_here():
    rows = {case.values[0] for case in CASES} | ELSEWHERE
    generic = {name for name in vector.__all__ if name.startswith("VectorizeTransform")}
    assert set(vector.__all__) - generic <= rows
