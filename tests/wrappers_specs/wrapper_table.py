"""A row for each wrapper that `dromos.wrappers` exports: what it wraps, and all its arguments."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import dromos as gym
from dromos.registration import EnvSpec
from dromos.spaces import Box, Dict, Discrete


class Screens:
    """An emulator whose screens tell their number."""

    def __init__(self, game):
        self.game = game

    def getScreenDims(self):
        return 8, 6

    def getScreen(self, out):
        out[...] = self.game.frame % 256

    def getScreenRGB(self):
        return np.full((8, 6, 3), self.game.frame % 256, np.uint8)

    def getScreenGrayscale(self):
        return np.full((8, 6), self.game.frame % 256, np.uint8)

    def lives(self):
        return 3


class Game(gym.Env):
    """A game with pictures, as Atari's are; its emulator has little to do."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}  # noqa: RUF012
    snapshot_exclude = frozenset({"ale"})
    _frameskip = 1

    def __init__(self, render_mode=None):
        self.render_mode = render_mode
        self.frame = 0
        self.ale = Screens(self)
        self.observation_space = Box(0, 255, (8, 6, 3), np.uint8)
        self.action_space = Discrete(4)

    def get_action_meanings(self):
        return ["NOOP", "FIRE", "LEFT", "RIGHT"]

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.frame = int(self.np_random.integers(100))
        return self.render(), {}

    def step(self, action):
        self.frame += 1 + int(action)
        return self.render(), float(action), False, False, {}

    def render(self):
        return self.ale.getScreenRGB()


class Parts(gym.Env):
    """Its observations are dicts."""

    observation_space = Dict(a=Box(-1, 1, (2,), np.float32), b=Discrete(3))
    action_space = Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.observe(), {}

    def step(self, action):
        return self.observe(), 1.0, False, False, {}

    def observe(self):
        a = self.np_random.uniform(-1, 1, 2).astype(np.float32)
        return {"a": a, "b": np.int64(self.np_random.integers(3))}


def game(**kwargs):
    return gym.make(EnvSpec("Game-v0", "wrapper_table:Game", max_episode_steps=20), **kwargs)


def parts():
    return gym.make(EnvSpec("Parts-v0", "wrapper_table:Parts"))


def cart(**kwargs):
    return gym.make("CartPole-v1", **kwargs)


def car():
    return gym.make("MountainCarContinuous-v0")


def mountain():
    return gym.make("MountainCar-v0")


def seen_cart():
    return cart(render_mode="rgb_array")


def heard_game():
    return gym.make("ALE/Pong-v5", render_mode="rgb_array", sound_obs=True)


def bare():
    return gym.make("CartPole-v1", disable_env_checker=True).unwrapped


def double(value):
    return value * 2


def every_second(number):
    return number % 2 == 0


class Row(NamedTuple):
    """How a wrapper is built.

    Attributes:
        env: Makes the environment it is put around.
        kwargs: Every argument of its constructor, none of them with its default value.
        keeps: Whether it keeps something across resets that changes observations or rewards.
        steps: Whether its data are arrays that the checks can compare.
    """

    env: Callable[[], gym.Env]
    kwargs: dict[str, Any] = {}  # noqa: RUF012
    keeps: bool = False
    steps: bool = True


HALF = np.full(1, 0.5, np.float32)

#: Recordings go to the current folder.
TABLE = {
    # observations
    "DelayObservation": Row(cart, {"delay": 2}),
    "DiscretizeObservation": Row(mountain, {"bins": (5, 6), "multidiscrete": True}),
    "DtypeObservation": Row(cart, {"dtype": np.float64}),
    "FilterObservation": Row(parts, {"filter_keys": ["b"]}),
    "FlattenObservation": Row(parts),
    "FrameStackObservation": Row(
        cart, {"stack_size": 3, "padding_type": "zero", "lazy": True}, steps=False
    ),
    "GrayscaleObservation": Row(game, {"keep_dim": True}),
    "MaxAndSkipObservation": Row(cart, {"skip": 3}),
    "NormalizeObservation": Row(cart, {"epsilon": 1e-3}, keeps=True),
    "RescaleObservation": Row(
        mountain, {"min_obs": np.float32(-0.5), "max_obs": np.full(2, 0.5, np.float32)}
    ),
    "ReshapeObservation": Row(cart, {"shape": (2, 2)}),
    "ResizeObservation": Row(game, {"shape": (4, 3)}),
    "TimeAwareObservation": Row(
        cart, {"flatten": False, "normalize_time": True, "dict_time_key": "clock"}
    ),
    "TransformObservation": Row(
        cart, {"func": double, "observation_space": Box(-np.inf, np.inf, (4,), np.float32)}
    ),
    # actions and rewards
    "ClipAction": Row(car),
    "ClipReward": Row(cart, {"min_reward": -0.5, "max_reward": np.array(0.5)}),
    "DiscretizeAction": Row(car, {"bins": (5,), "multidiscrete": True}),
    "NormalizeReward": Row(cart, {"gamma": 0.9, "epsilon": 1e-3}, keeps=True),
    "RepeatAction": Row(cart, {"num_repeats": 2}),
    "RescaleAction": Row(car, {"min_action": -HALF, "max_action": HALF}),
    "StickyAction": Row(cart, {"repeat_action_probability": 0.4, "repeat_action_duration": (1, 3)}),
    "TransformAction": Row(
        car, {"func": double, "action_space": Box(-HALF, HALF, dtype=np.float32)}
    ),
    "TransformReward": Row(cart, {"func": double}),
    # episodes
    "Autoreset": Row(cart),
    "CsvMonitor": Row(
        cart,
        {
            "filename": "run",
            "allow_early_resets": True,
            "reset_keywords": (),
            "info_keywords": (),
            "override_existing": False,
        },
        keeps=True,
    ),
    "OrderEnforcing": Row(bare, {"disable_render_order_enforcing": True}),
    "PassiveEnvChecker": Row(bare),
    "RecordEpisodes": Row(
        cart,
        {"folder": "episodes", "episode_trigger": every_second, "name_prefix": "run"},
        steps=False,
    ),
    "RecordEpisodeStatistics": Row(cart, {"buffer_length": 7, "stats_key": "stats"}),
    "TimeLimit": Row(bare, {"max_episode_steps": 9}),
    # pictures
    "AddRenderObservation": Row(
        seen_cart, {"render_only": False, "render_key": "frame", "obs_key": "numbers"}
    ),
    "AddWhiteNoise": Row(
        seen_cart, {"probability_of_noise_per_pixel": 0.3, "is_noise_grayscale": True}
    ),
    "AtariPreprocessing": Row(
        game,
        {
            "noop_max": 3,
            "frame_skip": 2,
            "screen_size": (4, 5),
            "terminal_on_life_loss": True,
            "grayscale_obs": False,
            "grayscale_newaxis": True,
            "scale_obs": True,
            "maxpool": False,
        },
        keeps=True,
    ),
    "HumanRendering": Row(seen_cart, steps=False),
    "ObstructView": Row(
        seen_cart,
        {"obstructed_pixels_ratio": 0.3, "obstruction_width": 5, "is_noise_grayscale": True},
    ),
    "RecordVideo": Row(
        heard_game,
        {
            "video_folder": "films",
            "episode_trigger": every_second,
            "step_trigger": every_second,
            "video_length": 3,
            "name_prefix": "film",
            "fps": 20,
            "disable_logger": False,
            "gc_trigger": every_second,
            "sound": True,
        },
        steps=False,
    ),
    "RenderCollection": Row(seen_cart, {"pop_frames": False, "reset_clean": False}),
    # arrays of other libraries
    "ArrayConversion": Row(
        cart,
        {"env_xp": "numpy", "target_xp": "torch", "env_device": "cpu", "target_device": "cpu"},
        steps=False,
    ),
    "JaxToNumpy": Row(cart, steps=False),
    "JaxToTorch": Row(cart, {"device": "cpu"}, steps=False),
    "NumpyToTorch": Row(cart, {"device": "cpu"}, steps=False),
}
