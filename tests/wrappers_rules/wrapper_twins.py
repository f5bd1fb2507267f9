"""The same small environments over dromos and over Gymnasium, and wrappers' arguments for them."""

from types import SimpleNamespace

import gymnasium
import gymnasium.wrappers.vector
import numpy as np

import dromos
import dromos.wrappers.vector

OURS = SimpleNamespace(gym=dromos, spaces=dromos.spaces, wrappers=dromos.wrappers)
PEER = SimpleNamespace(gym=gymnasium, spaces=gymnasium.spaces, wrappers=gymnasium.wrappers)


def arrays(lib):
    return lib.spaces.Box(np.array([-1, -2, 0], np.float32), np.array([1, 5, 3], np.float32))


def images(lib):
    return lib.spaces.Box(0, 255, (8, 10, 3), np.uint8)


def half_bounded(lib):
    low = np.array([-np.inf, -2.0, 0.0], np.float32)
    return lib.spaces.Box(low, np.array([np.inf, np.inf, 3.0], np.float32))


def dicts(lib):
    parts = {"a": arrays(lib), "b": lib.spaces.Discrete(4), "c": lib.spaces.MultiBinary(2)}
    return lib.spaces.Dict(parts)


def tuples(lib):
    return lib.spaces.Tuple((arrays(lib), lib.spaces.Discrete(3), lib.spaces.Discrete(2)))


def texts(lib):
    return lib.spaces.Text(4, charset="ab")


def numbers(lib):
    return lib.spaces.Discrete(5, start=-1)


def counts(lib):
    return lib.spaces.Discrete(5)


def several_numbers(lib):
    return lib.spaces.MultiDiscrete([3, 4])


def make_twin(lib, observations, actions=arrays):
    """Return an environment of `lib` that draws its observations, rewards and ends."""

    class Twin(lib.gym.Env):
        metadata = {"render_modes": []}  # noqa: RUF012

        def __init__(self):
            self.observation_space = observations(lib)
            self.action_space = actions(lib)
            self.taken = []

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            if seed is not None:
                self.observation_space.seed(seed)
            return self.observation_space.sample(), {}

        def step(self, action):
            self.taken.append(action)
            reward = float(self.np_random.normal(2.0, 3.0))
            ended = bool(self.np_random.random() < 0.2)
            return self.observation_space.sample(), reward, ended, False, {}

    return Twin()


#: Wrapper, its arguments, the observations of the environment, whether results are exact.
OBSERVATIONS = [
    ("DelayObservation", {"delay": 3}, arrays),
    ("DelayObservation", {"delay": 2}, counts),
    ("DelayObservation", {"delay": 1}, dicts),
    ("DiscretizeObservation", {"bins": 4}, arrays),
    ("DiscretizeObservation", {"bins": (2, 3, 4), "multidiscrete": True}, arrays),
    ("DtypeObservation", {"dtype": np.float64}, arrays),
    ("DtypeObservation", {"dtype": np.int32}, numbers),
    ("DtypeObservation", {"dtype": np.int32}, several_numbers),
    ("FilterObservation", {"filter_keys": ["c", "a"]}, dicts),
    ("FilterObservation", {"filter_keys": [2, 0]}, tuples),
    ("FlattenObservation", {}, arrays),
    ("FlattenObservation", {}, dicts),
    ("FlattenObservation", {}, numbers),
    ("FlattenObservation", {}, texts),
    ("FlattenObservation", {}, tuples),
    ("FrameStackObservation", {"stack_size": 3}, arrays),
    ("FrameStackObservation", {"stack_size": 3}, dicts),
    ("FrameStackObservation", {"stack_size": 2}, texts),
    ("FrameStackObservation", {"stack_size": 4, "padding_type": "zero"}, arrays),
    ("FrameStackObservation", {"stack_size": 4, "padding_type": "zero"}, tuples),
    ("GrayscaleObservation", {}, images),
    ("GrayscaleObservation", {"keep_dim": True}, images),
    ("NormalizeObservation", {}, arrays),
    ("NormalizeObservation", {"epsilon": 0.1}, images),
    ("RescaleObservation", {"min_obs": -3.0, "max_obs": 2.0}, arrays),
    (
        "RescaleObservation",
        {
            "min_obs": np.array([-np.inf, -1.0, 1.0], np.float32),
            "max_obs": np.array([np.inf, np.inf, 2.0], np.float32),
        },
        half_bounded,
    ),
    ("ReshapeObservation", {"shape": (1, 3, 1)}, arrays),
    ("ReshapeObservation", {"shape": (30, 8)}, images),
    ("ResizeObservation", {"shape": (4, 7)}, images),
]
ACTIONS = [
    ("ClipAction", {}, arrays),
    ("DiscretizeAction", {"bins": 5}, arrays),
    ("DiscretizeAction", {"bins": (2, 3, 4), "multidiscrete": True}, arrays),
    ("RepeatAction", {"num_repeats": 3}, arrays),
    ("RescaleAction", {"min_action": -1.0, "max_action": 1.0}, arrays),
    ("StickyAction", {"repeat_action_probability": 0.4}, arrays),
    (
        "StickyAction",
        {"repeat_action_probability": 0.4, "repeat_action_duration": (2, 4)},
        arrays,
    ),
]
#: Gymnasium's vectors have these too.
VECTOR_OBSERVATIONS = [
    case
    for case in OBSERVATIONS
    if case[2] is not texts and hasattr(gymnasium.wrappers.vector, case[0])
]
