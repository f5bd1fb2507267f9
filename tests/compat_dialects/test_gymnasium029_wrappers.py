"""Gymnasium 0.29: the names and arguments of its wrappers."""

import copy
import pickle

import numpy as np
import pytest
from dialect_cases import QUIET, Corridor

import dromos
from dromos.compat import gymnasium_v029 as gym
from dromos.error import Error
from dromos.spaces import Box, Dict, Discrete

pytestmark = pytest.mark.filterwarnings(QUIET)


class Photo(dromos.Env):
    """Colour images as observations."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012
    observation_space = Box(0, 255, (12, 10, 3), np.uint8)
    action_space = Discrete(2)

    def __init__(self, render_mode=None):
        self.render_mode = render_mode
        self.count = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.count = 0
        return self._image(), {}

    def step(self, action):
        self.count += 1
        return self._image(), 2.0, self.count == 5, False, {}

    def _image(self):
        return np.full((12, 10, 3), 10 * self.count, np.uint8)

    def render(self):
        return self._image()


def photo(**kwargs):
    return gym.wrappers.ResizeObservation(Photo(**kwargs), 6)


def test_images_in_the_manner_of_atari_scripts():
    env = gym.wrappers.GrayScaleObservation(photo())
    env = gym.wrappers.FrameStack(env, 4)
    assert env.observation_space == Box(0, 255, (4, 6, 6), np.uint8)
    first, _ = env.reset()
    assert isinstance(first, gym.wrappers.LazyFrames)
    second = env.step(0)[0]
    np.testing.assert_array_equal(np.asarray(second)[:3], np.asarray(first)[1:])
    assert np.asarray(second)[3].tolist() == [[10] * 6] * 6
    envs = gym.vector.SyncVectorEnv(
        [lambda: gym.wrappers.FrameStack(gym.wrappers.GrayScaleObservation(photo()), 4)] * 2
    )
    assert envs.reset()[0].shape == (2, 4, 6, 6)


def test_what_is_drawn_as_observation():
    env = gym.wrappers.PixelObservationWrapper(Photo(render_mode="rgb_array"))
    assert env.observation_space == Dict(pixels=Photo.observation_space)
    assert env.reset()[0]["pixels"].shape == (12, 10, 3)
    both_kinds = gym.wrappers.PixelObservationWrapper(
        Photo(render_mode="rgb_array"), pixels_only=False, pixel_keys=("view",)
    )
    assert both_kinds.reset()[0].keys() == {"state", "view"}
    assert both_kinds.step(0)[0] in both_kinds.observation_space
    with pytest.raises(Error, match="takes one pixel key and no render_kwargs"):
        gym.wrappers.PixelObservationWrapper(Photo(render_mode="rgb_array"), pixel_keys=("a", "b"))


def test_statistics_have_arrays_of_one_element():
    env = gym.wrappers.RecordEpisodeStatistics(Photo(), deque_size=2)
    for _ in range(3):
        env.reset()
        for _ in range(5):
            info = env.step(0)[-1]
    assert {key: (v.dtype, v.shape) for key, v in info["episode"].items()} == {
        "r": (np.float32, (1,)),
        "l": (np.int32, (1,)),
        "t": (np.float32, (1,)),
    }
    assert list(env.return_queue) == [10.0, 10.0]
    assert list(env.length_queue) == [5, 5]


@pytest.mark.parametrize(
    "wrap",
    [
        gym.wrappers.RecordEpisodeStatistics,
        gym.wrappers.NormalizeObservation,
        gym.wrappers.NormalizeReward,
    ],
)
def test_some_wrappers_take_vectors_too(wrap):
    envs = wrap(gym.make_vec("CartPole-v1", 2, "custom"))
    assert isinstance(envs, gym.vector.VectorEnv)
    envs.reset(seed=0)
    ended = 0
    for _ in range(60):
        *_, infos = envs.step(envs.action_space.sample())
        ended += infos.get("_final_info", np.zeros(2)).sum()
        if wrap is gym.wrappers.RecordEpisodeStatistics and "_episode" in infos:
            np.testing.assert_array_equal(infos["_episode"], infos["_final_info"])
    assert ended > 0
    assert not isinstance(wrap(gym.make("CartPole-v1")), gym.vector.VectorEnv)


def test_infos_as_a_list():
    envs = gym.wrappers.VectorListInfo(gym.vector.SyncVectorEnv([Corridor] * 2))
    assert envs.reset(options={"position": 1})[1] == [{"start": 1}, {"start": 1}]


def test_steps_of_four_and_five_values():
    four = gym.wrappers.StepAPICompatibility(Photo(), output_truncation_bool=False)
    four.reset()
    assert len(four.step(0)) == 4
    assert len(gym.wrappers.StepAPICompatibility(four).step(0)) == 5
    vector = gym.wrappers.StepAPICompatibility
    assert vector(Photo()).is_vector_env is False


def test_time_is_appended():
    env = gym.wrappers.TimeAwareObservation(gym.make("CartPole-v1"))
    first = env.reset(seed=0)[0]
    assert (first.shape, first[-1]) == ((5,), 0)
    assert env.step(0)[0][-1] == 1
    assert env.observation_space.shape == (5,)
    assert env.reset()[0][-1] == 0
    with pytest.raises(Error, match="expected a Box of one axis as observation space"):
        gym.wrappers.TimeAwareObservation(Photo())


def test_entries_are_filtered_or_all_kept():
    parts = Dict(a=Discrete(2), b=Discrete(3))

    def env():
        return gym.wrappers.LambdaObservation(Photo(), lambda _: {"a": 1, "b": 2}, parts)

    assert gym.wrappers.FilterObservation(env()).reset()[0] == {"a": 1, "b": 2}
    assert gym.wrappers.FilterObservation(env(), ["b"]).reset()[0] == {"b": 2}


def test_videos_with_the_old_arguments(tmp_path, capsys):
    env = gym.wrappers.RecordVideo(
        Photo(render_mode="rgb_array"),
        str(tmp_path / "films"),
        lambda _: True,
        None,
        0,
        "film",
        False,
    )
    env.reset()
    for _ in range(5):
        env.step(0)
    env.close()
    assert [path.name for path in (tmp_path / "films").iterdir()] == ["film-episode-0.mp4"]
    assert "film-episode-0.mp4" in capsys.readouterr().out


def test_a_recorder_of_videos_is_made_again_from_its_spec(tmp_path):
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    env = gym.wrappers.RecordVideo(env, str(tmp_path / "films"), None, bool, 3)
    with pytest.warns(UserWarning, match="Overwriting existing videos at"):
        again = gym.make(env.spec)
    assert str(again) == str(env)
    assert (again.video_length, again.step_trigger) == (3, bool)


W = gym.wrappers

each_wrapper = pytest.mark.parametrize(
    "wrap",
    [
        W.AutoResetWrapper,
        lambda env: W.FrameStack(env, 3),
        W.NormalizeObservation,
        W.NormalizeReward,
        lambda env: W.RecordEpisodeStatistics(env, deque_size=7),
        lambda env: W.StepAPICompatibility(env, output_truncation_bool=True),
        W.TimeAwareObservation,
        lambda env: W.TransformObservation(env, np.tanh),
        lambda env: W.LambdaObservation(env, np.tanh, None),
    ],
)


@each_wrapper
@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_copies_of_wrappers_go_on_alike(wrap, duplicate):
    env = wrap(gym.make("CartPole-v1"))
    env.reset(seed=3)
    env.step(1)
    twin = duplicate(env)
    assert str(twin) == str(env)
    for action in (0, 1, 1):
        mine, other = env.step(action), twin.step(action)
        np.testing.assert_array_equal(np.asarray(mine[0]), np.asarray(other[0]))
        assert mine[1:4] == other[1:4]


@each_wrapper
def test_wrappers_are_made_again_from_their_spec(wrap):
    env = wrap(gym.make("CartPole-v1"))
    again = dromos.make(env.spec)
    assert str(again) == str(env)
    first, second = env.reset(seed=3)[0], again.reset(seed=3)[0]
    np.testing.assert_array_equal(np.asarray(first), np.asarray(second))


@pytest.mark.parametrize(
    "wrap",
    [W.GrayScaleObservation, lambda env: W.ResizeObservation(env, 6), W.PixelObservationWrapper],
)
def test_wrappers_of_images_are_made_again_from_their_spec(wrap):
    dromos.register("Photo029-v0", Photo)
    env = wrap(dromos.make("Photo029-v0", render_mode="rgb_array"))
    again = dromos.make(env.spec)
    assert str(again) == str(env)
    assert again.observation_space == env.observation_space
