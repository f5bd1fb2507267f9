"""`AddRenderObservation`: frames as observations."""

import copy

import numpy as np
import pytest

import dromos as gym
from dromos import spaces
from dromos.core import Env
from dromos.wrappers.render_observation import AddRenderObservation


def cartpole(**options):
    return gym.make("CartPole-v1", render_mode="rgb_array", **options)


class Chest(Env):
    """Observes a dict, whose keys may be out of order."""

    render_mode = "rgb_array"
    action_space = spaces.Discrete(2)

    def __init__(self, sort_keys):
        self.observation_space = spaces.Dict(
            {"b": spaces.Discrete(3), "a": spaces.Discrete(2)}, sort_keys=sort_keys
        )

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return {"b": 2, "a": 1}, {}

    def step(self, action):
        return {"b": 0, "a": 0}, 1.0, False, False, {}

    def render(self):
        return np.full((2, 3, 3), 9, np.uint8)


def test_the_frame_alone():
    env = AddRenderObservation(cartpole())
    assert env.observation_space == spaces.Box(0, 255, (400, 600, 3), np.uint8)
    frames = []
    for move in (lambda: env.reset(seed=0), lambda: env.step(1)):
        frames.append(move()[0])
        assert frames[-1] in env.observation_space
        assert (frames[-1] == env.render()).all()
    assert (frames[0] != frames[1]).any()


def test_the_frame_beside_the_observation():
    env = AddRenderObservation(cartpole(), render_only=False, render_key="eye", obs_key="body")
    plain = gym.make("CartPole-v1")
    assert list(env.observation_space) == ["body", "eye"]
    assert env.observation_space["body"] == plain.observation_space
    steps = [(env.reset(seed=3)[0], plain.reset(seed=3)[0]), (env.step(1)[0], plain.step(1)[0])]
    for obs, own in steps:
        assert obs in env.observation_space
        assert (obs["body"] == own).all()
        assert obs["eye"].shape == (400, 600, 3)
    assert (obs["eye"] == env.render()).all()


@pytest.mark.parametrize(
    ("sort_keys", "keys"), [(True, ["a", "b", "pixels"]), (False, ["pixels", "b", "a"])]
)
def test_the_frame_in_the_dict_of_the_environment(sort_keys, keys):
    env = AddRenderObservation(Chest(sort_keys), render_only=False)
    assert list(env.observation_space) == keys
    obs, _ = env.reset()
    assert obs in env.observation_space
    assert (obs["a"], obs["b"], obs["pixels"][0, 0, 0]) == (1, 2, 9)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: AddRenderObservation(Chest(True), render_only=False, render_key="a"),
        lambda: AddRenderObservation(cartpole(), render_only=False, render_key="state"),
    ],
)
def test_a_key_that_is_taken(wrong):
    with pytest.raises(ValueError, match=r"has the key '.*' already.*Give another render_key"):
        wrong()


@pytest.mark.parametrize("mode", [None, "human"])
def test_environments_that_return_no_frames(mode):
    env = Chest(True)
    env.render_mode = mode
    with pytest.raises(ValueError, match=r'make it with render_mode="rgb_array"'):
        AddRenderObservation(env)


@pytest.mark.parametrize(
    ("frame", "found"), [("text", "<class 'str'>"), ([], "list"), (np.zeros((2, 2)), "float64")]
)
def test_what_is_no_frame(frame, found):
    env = Chest(True)
    env.render = lambda: frame
    with pytest.raises(TypeError, match=rf"array of dtype uint8, found .*{found}"):
        AddRenderObservation(env)


def test_snapshots_and_copies():
    env = AddRenderObservation(cartpole())
    env.reset(seed=0)
    saved, twin = env.snapshot(), copy.deepcopy(env)
    expected = env.step(1)[0]
    assert (twin.step(1)[0] == expected).all()
    env.restore(saved)
    assert (env.step(1)[0] == expected).all()


def test_arguments_are_recorded():
    env = AddRenderObservation(Chest(True), render_only=False, render_key="x", obs_key="y")
    assert env._saved_kwargs == {"render_only": False, "render_key": "x", "obs_key": "y"}
    assert type(env).__module__ == "dromos.wrappers.transform_observation"
