"""Presets: the stacks that papers and well-known programs use, told and applied."""

import importlib
import inspect
import json

import numpy as np
import pytest
from preset_games import BreakoutLikeEnv

import dromos as gym
from dromos import presets, spaces
from dromos.error import Error
from dromos.registration import load_env_creator

ATARI = ("baselines", "dqn-nature", "machado2018")


@pytest.fixture
def game():
    gym.register("tests/Game-v0", "preset_games:BreakoutLikeEnv")
    yield "tests/Game-v0"
    gym.registry.pop("tests/Game-v0")


def wrappers_of(env):
    names = []
    while env is not env.unwrapped:
        names.append(type(env).__name__)
        env = env.env
    return names[::-1]


def test_the_names():
    assert sorted(presets.PRESETS) == ["baselines", "dqn-nature", "machado2018", "mujoco-ppo"]
    assert sorted(presets.__all__) == sorted(
        ["PRESETS", "ClipObservation", "Layer", "Preset", "apply_preset", "make", "manifest"]
    )


# Manifests


@pytest.mark.parametrize("name", presets.PRESETS)
def test_a_manifest_tells_every_wrapper_and_every_argument(name):
    manifest = presets.manifest(name)
    assert manifest["name"] == name
    assert manifest["sources"]
    for layer in manifest["layers"]:
        wrapper = load_env_creator(layer["entry_point"])
        assert issubclass(wrapper, gym.Wrapper)
        arguments = list(inspect.signature(wrapper.__init__).parameters)[2:]  # self, env
        assert sorted(layer["kwargs"]) == sorted(arguments), layer["entry_point"]


@pytest.mark.parametrize("name", presets.PRESETS)
def test_manifests_go_through_json(name, game):
    manifest = presets.manifest(name)
    again = json.loads(json.dumps(manifest))
    assert again == manifest
    assert presets.Preset.from_manifest(again) == presets.PRESETS[name]
    env_id = "Pendulum-v1" if name == "mujoco-ppo" else game
    assert str(presets.make(env_id, again)) == str(presets.make(env_id, name))


def test_a_manifest_can_be_changed():
    manifest = presets.manifest("mujoco-ppo")
    manifest["layers"][5]["kwargs"]["gamma"] = 0.5
    env = presets.apply_preset(manifest, gym.make("Pendulum-v1"))
    assert env.get_wrapper_attr("gamma") == 0.5
    assert presets.manifest("mujoco-ppo")["layers"][5]["kwargs"]["gamma"] == 0.99


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"form": 2}, "a manifest of the form 1, found the form 2"),
        ({"form": None}, "found the form None"),
        ({"wrappers": []}, r"A manifest has the keys \['description'.*found.*'wrappers'"),
        ({"layers": [{"entry_point": "a:b"}]}, r"A layer of a manifest has the keys"),
    ],
)
def test_what_is_no_manifest(change, message):
    with pytest.raises(Error, match=message):
        presets.manifest({**presets.manifest("baselines"), **change})


def test_presets_that_are_not():
    with pytest.raises(Error, match=r"no preset 'dqn'; there are: baselines, dqn-nature"):
        presets.make("CartPole-v1", "dqn")


# Atari


@pytest.mark.parametrize("name", ATARI)
def test_observations_are_four_gray_screens(name, game):
    env = presets.make(game, name)
    assert env.observation_space == spaces.Box(0, 255, (4, 84, 84), np.uint8)
    obs, _ = env.reset(seed=1)
    for _ in range(60):
        assert obs in env.observation_space
        obs, _, terminated, truncated, _ = env.step(env.action_space.sample())
        if terminated or truncated:
            obs, _ = env.reset()


@pytest.mark.parametrize(
    ("name", "skip", "sticky", "full", "noops"),
    [
        ("dqn-nature", 4, 0.0, False, range(1, 31)),
        ("machado2018", 5, 0.25, True, range(1)),
        ("baselines", 4, 0.0, False, range(1, 31)),
    ],
)
def test_the_numbers(name, skip, sticky, full, noops, game):
    env = presets.make(game, name)
    inner = env.unwrapped
    assert inner.arguments == {
        "frameskip": 1,
        "repeat_action_probability": sticky,
        "full_action_space": full,
    }
    counts = set()
    for seed in range(80):
        env.reset(seed=seed)
        counts.add(sum(action == 0 for action in inner.actions))
        before = len(inner.actions)
        env.step(3)
        assert inner.actions[before:] == [3] * skip
    assert counts <= set(noops)
    assert max(counts) == max(noops)


@pytest.mark.parametrize(
    ("name", "paid"), [("dqn-nature", 1), ("baselines", 1), ("machado2018", 35)]
)
def test_rewards(name, paid, game):
    env = presets.make(game, name)
    env.reset(seed=0)
    assert env.step(3)[1] == paid  # 7 a frame


@pytest.mark.parametrize(
    ("name", "by_lives"), [("dqn-nature", True), ("baselines", True), ("machado2018", False)]
)
def test_lives(name, by_lives, game):
    env = presets.make(game, name)
    env.reset(seed=0)
    ends, resets = 0, env.unwrapped.resets
    while env.unwrapped.ale.lives():
        terminated = env.step(3)[2]
        ends += terminated
        if terminated and env.unwrapped.ale.lives():
            env.reset()
            assert env.unwrapped.resets == resets  # the game goes on
    assert ends == (3 if by_lives else 1)


def test_baselines_press_fire_where_there_is_one(game):
    env = presets.make(game, "baselines")
    env.reset(seed=0)
    assert env.unwrapped.actions[-8:] == [1] * 4 + [2] * 4  # each of them skips frames too
    told = presets.manifest("baselines", env)
    assert "dromos.compat.ding:FireResetWrapper" in [each["entry_point"] for each in told["layers"]]
    silent = presets.make(game, "baselines", meanings=["NOOP", "UP", "DOWN"])
    silent.reset(seed=0)
    assert set(silent.unwrapped.actions) == {0}
    told = presets.manifest("baselines", silent)
    assert [each["entry_point"].split(":")[1] for each in told["layers"]] == [
        name for name in wrappers_of(env)[2:] if name != "FireResetWrapper"
    ]


def test_the_order_of_the_wrappers(game):
    stacks = {name: wrappers_of(presets.make(game, name))[2:] for name in ATARI}
    assert stacks == {
        "dqn-nature": [
            "AtariPreprocessing",
            "EpisodicLifeWrapper",
            "ClipReward",
            "FrameStackObservation",
        ],
        "machado2018": ["AtariPreprocessing", "FrameStackObservation"],
        "baselines": [
            "NoopResetWrapper",
            "MaxAndSkipWrapper",
            "EpisodicLifeWrapper",
            "FireResetWrapper",
            "WarpFrameWrapper",
            "ClipRewardWrapper",
            "FrameStackWrapper",
        ],
    }


# Continuous control


def test_mujoco_ppo():
    env = presets.make("Pendulum-v1", "mujoco-ppo")
    assert wrappers_of(env)[3:] == [
        "FlattenObservation",
        "RecordEpisodeStatistics",
        "ClipAction",
        "NormalizeObservation",
        "ClipObservation",
        "NormalizeReward",
        "ClipReward",
    ]
    obs, _ = env.reset(seed=0)
    for _ in range(200):
        obs, reward, _, truncated, info = env.step(np.float32([99]))
        assert obs in env.observation_space
        assert abs(reward) <= 10
    assert truncated
    assert info["episode"]["l"] == 200
    assert env.observation_space.high.max() == 10


def test_arguments_of_ones_own_win():
    env = presets.make("Pendulum-v1", "mujoco-ppo", max_episode_steps=5, g=3.0)
    assert env.spec.max_episode_steps == 5
    assert env.unwrapped.g == 3.0


def test_presets_that_do_not_fit():
    with pytest.raises(Error, match=r"'dqn-nature' does not fit CartPole-v1: .*'frameskip'"):
        presets.make("CartPole-v1", "dqn-nature")
    with pytest.raises(Error, match=r"'mujoco-ppo' does not fit .*CartPole.* Box action space"):
        presets.make("CartPole-v1", "mujoco-ppo")
    with pytest.raises(Error, match=r"'baselines' does not fit .*'NOOP'"):
        presets.apply_preset("baselines", gym.make("CartPole-v1"))


# What the other promises of an environment say


@pytest.mark.parametrize("name", presets.PRESETS)
def test_specs_rebuild_the_stack(name, game):
    env = presets.make("Pendulum-v1" if name == "mujoco-ppo" else game, name)
    spec = type(env.spec).from_json(env.spec.to_json())
    twin = gym.make(spec)
    assert str(twin) == str(env)
    np.testing.assert_array_equal(twin.reset(seed=3)[0], env.reset(seed=3)[0])


@pytest.mark.parametrize("name", presets.PRESETS)
def test_snapshots_go_through_the_stack(name, game):
    env = presets.make("Pendulum-v1" if name == "mujoco-ppo" else game, name)
    env.reset(seed=3)
    env.action_space.seed(3)
    actions = [env.action_space.sample() for _ in range(6)]
    env.step(actions[0])
    saved = env.snapshot()
    future = [env.step(action)[:2] for action in actions]
    env.restore(saved)
    for action, expected in zip(actions, future, strict=True):
        np.testing.assert_equal(env.step(action)[:2], expected)


def test_vectors_take_a_preset_as_a_wrapper(game):
    envs = gym.make_vec(
        game,
        2,
        vectorization_mode="sync",
        wrappers=[lambda env: presets.apply_preset("machado2018", env)],
        **presets.manifest("machado2018")["env_kwargs"],
    )
    assert envs.reset(seed=0)[0].shape == (2, 4, 84, 84)


# The wrapper of observations that Gymnasium lacks


def test_clip_observation():
    inner = BreakoutLikeEnv()
    inner.observation_space = spaces.Box(-5, np.inf, (2,), np.float32)
    env = presets.ClipObservation(inner, low=-10, high=3)
    assert env.observation_space == spaces.Box(-5, 3, (2,), np.float32)
    clipped = env.observation(np.float32([-20, 20]))
    assert (clipped.tolist(), clipped.dtype) == ([-10, 3], np.float32)
    assert type(env).__module__ == "dromos.presets"
    assert importlib.import_module("dromos.presets").ClipObservation is type(env)
    with pytest.raises(ValueError, match="low to be at most high"):
        presets.ClipObservation(inner, 1, 0)
    with pytest.raises(TypeError, match="in a Box, found Discrete"):
        presets.ClipObservation(gym.make("FrozenLake-v1"), 0, 1)
