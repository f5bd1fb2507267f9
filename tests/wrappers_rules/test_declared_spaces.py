"""What wrappers show lies in the space they declare, and what they pass on in the environment's.

For every dtype of `Box`, the bounds themselves included, single and vector.
"""

import copy

import numpy as np
import pytest

import dromos as gym
from dromos import wrappers
from dromos.spaces import Box, Discrete, MultiBinary, MultiDiscrete
from dromos.vector import AutoresetMode, SyncVectorEnv
from dromos.wrappers import vector

pytestmark = pytest.mark.filterwarnings("ignore:.*precision lowered.*:UserWarning")

DTYPES = [bool, *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))]
DTYPES += ["float16", "float32", "float64"]
OBSERVATIONS = [
    ("DelayObservation", {"delay": 1}),
    ("DiscretizeObservation", {"bins": 4}),
    ("DiscretizeObservation", {"bins": 4, "multidiscrete": True}),
    *(("DtypeObservation", {"dtype": np.dtype(name)}) for name in DTYPES),
    ("FlattenObservation", {}),
    ("FrameStackObservation", {"stack_size": 2, "padding_type": "zero"}),
    ("MaxAndSkipObservation", {"skip": 2}),
    ("NormalizeObservation", {}),
    ("RescaleObservation", {"min_obs": 0, "max_obs": 1}),
    ("RescaleObservation", {"min_obs": -0.1, "max_obs": 0.7}),
    ("ReshapeObservation", None),
    ("TimeAwareObservation", {}),
    ("TimeAwareObservation", {"flatten": False, "normalize_time": True}),
]
ACTIONS = [
    ("ClipAction", {}),
    ("DiscretizeAction", {"bins": 3}),
    ("DiscretizeAction", {"bins": 3, "multidiscrete": True}),
    ("RescaleAction", {"min_action": 0, "max_action": 1}),
    ("RescaleAction", {"min_action": -0.1, "max_action": 0.7}),
    ("RepeatAction", {"num_repeats": 2}),
    ("StickyAction", {"repeat_action_probability": 0.5}),
]


def boxes(dtype):
    """Boxes of a dtype: usual, as wide as it gets, and unbounded."""
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        ranges = [(0, 1)]
    elif dtype.kind == "f":
        largest = float(np.finfo(dtype).max)
        ranges = [(-3.3, 7.7), (-largest, largest), (0, np.inf)]
    else:
        limits = np.iinfo(dtype)
        ranges = [(0, 10), (int(limits.min), int(limits.max))]
    return [Box(*bounds, shape, dtype) for bounds in ranges for shape in ((), (1,), (0,), (2, 2))]


class AtTheEdge(gym.Env):
    """Shows the bounds of its space in turn, and remembers actions that are none."""

    def __init__(self, observations, actions):
        self.observation_space = copy.deepcopy(observations)
        self.action_space = copy.deepcopy(actions)
        self.steps = 0
        self.misfits = []

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        return self.show(), {}

    def step(self, action):
        self.steps += 1
        if action not in self.action_space:
            self.misfits.append(action)
        return self.show(), 1.0, self.steps == 4, False, {}

    def show(self):
        space = self.observation_space
        if isinstance(space, Box) and self.steps % 3 < 2:
            bound = space.high if self.steps % 3 else space.low
            return np.array(np.where(np.isfinite(bound), bound, 1), space.dtype)
        return space.sample()


def wrapped(home, name, kwargs, observations, actions):
    """Return a wrapped environment or vector and the environments in it; None if refused."""
    if kwargs is None:
        kwargs = {"shape": (1, *observations.shape)}

    def make():
        return wrappers.TimeLimit(AtTheEdge(observations, actions), 9)

    same_step = AutoresetMode.SAME_STEP
    base = make() if home is wrappers else SyncVectorEnv([make] * 2, autoreset_mode=same_step)
    try:
        env = getattr(home, name)(base, **kwargs)
    except (ValueError, TypeError):  # there are no bins in unbounded boxes, no -0.1 in unsigned
        return None
    return env, [one.unwrapped for one in getattr(base, "envs", [base])]


def assert_all_fits(env, inside):
    """Step over the end of an episode with the bounds of the actions, and look at everything."""
    shown = [env.reset(seed=1)[0]]
    env.action_space.seed(1)
    actions = [env.action_space.sample() for _ in range(4)]
    if isinstance(env.action_space, Box):
        actions[:2] = env.action_space.low, env.action_space.high
    for action in actions:
        obs, _, *ended, _ = env.step(action)
        shown.append(obs)
        if len(inside) > 1:
            shown.append(env.final_obs)
        elif any(ended):
            shown.append(env.reset()[0])
    for obs in shown:
        assert obs in env.observation_space, (env.observation_space, obs)
    for one in inside:
        assert not one.misfits, (one.action_space, one.misfits)


@pytest.mark.parametrize("home", [wrappers, vector], ids=["single", "vector"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype(home, dtype):
    number, tried = Discrete(3), set()
    for box in boxes(dtype):
        for name, kwargs in OBSERVATIONS + ACTIONS:
            huge = box.dtype == np.float64 and np.any((box.high > 1e150) & np.isfinite(box.high))
            if name == "NormalizeObservation" and huge:
                continue  # no float holds the variance
            spaces = (box, number) if name.endswith("Observation") else (number, box)
            made = wrapped(home, name, kwargs, *spaces) if hasattr(home, name) else None
            if made is not None:
                assert_all_fits(*made)
                tried.add(name)
    assert tried == {name for name, _ in OBSERVATIONS + ACTIONS if hasattr(home, name)}


@pytest.mark.parametrize("home", [wrappers, vector], ids=["single", "vector"])
@pytest.mark.parametrize("space", [Discrete(4, start=-1), MultiDiscrete([3, 4]), MultiBinary(2)])
def test_numbers_are_normalised(home, space):
    env, inside = wrapped(home, "NormalizeObservation", {}, space, Discrete(2))
    assert_all_fits(env, inside)


def test_images_become_floats():
    env, _ = wrapped(
        wrappers,
        "RescaleObservation",
        {"min_obs": 0, "max_obs": 1},
        Box(0, 255, (2, 2), np.uint8),
        Discrete(2),
    )
    assert env.observation_space == Box(0, 1, (2, 2), np.float32)
    env.reset(seed=1)
    assert env.step(0)[0].tolist() == [[1, 1], [1, 1]]


def test_clipped_rewards_stay_floats():
    env = wrappers.ClipReward(gym.make("CartPole-v1"), -1, 1)
    assert [type(env.reward(value)) for value in (3.0, -3.0, 0.5)] == [float] * 3


def test_both_faces_find_the_limit_in_the_same_place():
    def make():
        return wrappers.TimeLimit(AtTheEdge(Box(0, 1, (2,)), Discrete(2)), 7)

    assert wrappers.TimeAwareObservation(make()).max_timesteps == 7
    assert vector.TimeAwareObservation(SyncVectorEnv([make] * 2)).max_timesteps == 7
