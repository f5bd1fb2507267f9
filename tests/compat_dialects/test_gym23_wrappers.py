"""Wrappers of Gym 0.21 to 0.25, over today's."""

import numpy as np
import pytest
from dialect_cases import QUIET, Corridor21

from dromos.compat import gym_v23 as gym
from dromos.render import read_video
from dromos.spaces import Box, Dict, Discrete

W = gym.wrappers
pytestmark = pytest.mark.filterwarnings(QUIET)


class Photo21(gym.Env):
    """Colour images as observations; `reset` as in 0.21."""

    metadata = {"render.modes": ["rgb_array"]}  # noqa: RUF012
    observation_space = Box(0, 255, (12, 10, 3), np.uint8)
    action_space = Discrete(2)

    def reset(self):
        self.count = 0
        return np.zeros((12, 10, 3), np.uint8)

    def step(self, action):
        self.count += 1
        return np.full((12, 10, 3), 10 * self.count, np.uint8), 2.0, self.count == 3, {}

    def render(self, mode="human"):
        return np.full((16, 16, 3), 10 * self.count, np.uint8)


def test_a_loop_in_the_manner_of_single_file_scripts():
    def make_env(seed):
        def thunk():
            env = gym.make("Pendulum-v1")
            env = W.RecordEpisodeStatistics(env)
            env = W.ClipAction(env)
            env = W.NormalizeObservation(env)
            env = W.TransformObservation(env, lambda obs: np.clip(obs, -10, 10))
            env = W.NormalizeReward(env)
            env = W.TransformReward(env, lambda reward: np.clip(reward, -10, 10))
            env.seed(seed)
            env.action_space.seed(seed)
            env.observation_space.seed(seed)
            return env

        return thunk

    envs = gym.vector.SyncVectorEnv([make_env(seed) for seed in range(2)])
    assert isinstance(envs.single_action_space, Box)
    assert isinstance(envs.envs[0], W.TransformReward)
    observations = envs.reset()
    episodes = []
    for _ in range(200):
        actions = np.full((2, 1), 5.0, np.float32)
        observations, rewards, _, infos = envs.step(actions)
        episodes += [info["episode"] for info in infos if "episode" in info]
        assert np.abs(rewards).max() <= 10
    assert observations.shape == (2, 3)
    assert [episode["l"] for episode in episodes] == [200, 200]
    assert all(episode["r"] < 0 for episode in episodes)


def test_images_in_the_manner_of_atari_scripts():
    env = W.FrameStack(W.ResizeObservation(W.GrayScaleObservation(Photo21()), (6, 5)), 4)
    assert env.observation_space == Box(0, 255, (4, 6, 5), np.uint8)
    assert np.asarray(env.reset()).shape == (4, 6, 5)
    assert np.asarray(env.step(0)[0])[3, 0, 0] == 10
    assert str(env) == "<FrameStack<ResizeObservation<GrayScaleObservation<Photo21 instance>>>>"


def test_videos_need_no_render_mode(tmp_path):
    env = W.RecordVideo(Photo21(), str(tmp_path / "videos"), episode_trigger=lambda _: True)
    env.reset()
    while not env.step(0)[2]:
        pass
    env.close()
    (video,) = (tmp_path / "videos").iterdir()
    assert len(list(read_video(video))) == 4


def test_statistics():
    env = W.RecordEpisodeStatistics(Corridor21(start=2), deque_size=1)
    assert env.reset(seed=1, return_info=True) == (2.0, {"drawn": 1})
    _, _, done, info = env.step(1)
    assert done is True
    assert (info["episode"]["r"], info["episode"]["l"]) == (1.0, 1)
    assert info["TimeLimit.truncated"] is False
    assert list(env.return_queue) == [1.0]
    assert env.length == 4  # of the environment
    with pytest.raises(AttributeError):
        _ = env.no_such_attribute


@pytest.mark.parametrize(
    ("wrap", "shape"),
    [
        (W.FlattenObservation, (360,)),
        (lambda env: W.TimeAwareObservation(W.FlattenObservation(env)), (361,)),
        (lambda env: W.TransformObservation(env, np.sum), (12, 10, 3)),
    ],
)
def test_observations_in_other_forms(wrap, shape):
    env = wrap(Photo21())
    assert env.observation_space.shape == shape
    env.reset()
    assert env.step(1)[1:] == (2.0, False, {})


class Emulator:
    """Grey screens that tell their number."""

    frame = 0

    def getScreenDims(self):
        return 8, 8

    def getScreen(self, out):
        out[...] = self.frame

    def getScreenGrayscale(self):
        return np.full((8, 8), 5 * self.frame, np.uint8)

    def getScreenRGB(self):
        return np.full((8, 8, 3), 5 * self.frame, np.uint8)

    def lives(self):
        return 3


class Atari21(gym.Env):
    """An Atari environment of 0.21 in what its preprocessing asks for."""

    observation_space = Box(0, 255, (8, 8, 3), np.uint8)
    action_space = Discrete(2)

    def __init__(self):
        self.ale = Emulator()
        self._frameskip = 1

    def get_action_meanings(self):
        return ["NOOP", "FIRE"]

    def reset(self):
        self.ale.frame = 0
        return np.zeros((8, 8, 3), np.uint8)

    def step(self, action):
        self.ale.frame += 1
        return np.zeros((8, 8, 3), np.uint8), 1.0, False, {}


def test_preprocessing_of_atari():
    env = W.AtariPreprocessing(Atari21(), noop_max=0, frame_skip=4, screen_size=6)
    assert env.observation_space == Box(0, 255, (6, 6), np.uint8)
    env.reset()
    observation, reward, done, _ = env.step(1)
    assert (observation.max(), reward, done) == (20, 4.0, False)


def test_entries_are_filtered():
    class Parts(Corridor21):
        def __init__(self):
            super().__init__()
            self.observation_space = Dict(a=self.observation_space, b=Discrete(2))

        def _observation(self):
            return {"a": super()._observation(), "b": 1}

    assert W.FilterObservation(Parts(), ["b"]).reset() == {"b": 1}
    assert W.FilterObservation(Parts()).reset().keys() == {"a", "b"}


def test_actions_between_other_bounds():
    env = W.RescaleAction(gym.make("Pendulum-v1"), -1.0, 1.0)
    assert env.action_space.high == 1.0
    plain = gym.make("Pendulum-v1")
    np.testing.assert_array_equal(env.reset(seed=1), plain.reset(seed=1))
    rescaled = env.step(np.array([1.0], np.float32))[0]
    np.testing.assert_allclose(rescaled, plain.step(np.array([2.0], np.float32))[0])
