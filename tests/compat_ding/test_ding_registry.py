"""Wrappers by name, DI-engine's default stacks, and shapes told without an environment."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from ding_fakes import AtariEnv, CountingEnv, MissionEnv, RamEnv

import dromos as gym
from dromos import spaces
from dromos.compat import ding


def stack_of(env):
    names = []
    while env is not env.unwrapped:
        names.append(type(env).__name__)
        env = env.env
    return names[::-1]


@pytest.mark.parametrize(
    ("name", "kwargs", "cls"),
    [
        ("max_and_skip", {"skip": 2}, ding.MaxAndSkipWrapper),
        ("MaxAndSkipEnv", {"skip": 2}, ding.MaxAndSkipWrapper),
        ("MaxAndSkipWrapper", {}, ding.MaxAndSkipWrapper),
        ("TimeLimitWrapper", {"max_limit": 3}, ding.TimeLimitWrapper),
        ("dromos.wrappers.common:TimeLimit", {"max_episode_steps": 3}, gym.wrappers.TimeLimit),
    ],
)
def test_wrappers_by_name(name, kwargs, cls):
    cfg = {"type": name, "kwargs": kwargs}
    written = json.dumps(cfg)
    env = ding.create_env_wrapper(AtariEnv(), json.loads(written))
    assert type(env) is cls
    assert json.dumps(cfg) == written
    if not kwargs:
        assert type(ding.create_env_wrapper(AtariEnv(), name)) is cls


def test_unknown_wrappers():
    with pytest.raises(KeyError, match=r"No wrapper is called 'warp'.*warp_frame"):
        ding.create_env_wrapper(AtariEnv(), {"type": "warp"})
    with pytest.raises(KeyError, match="needs a 'type'"):
        ding.create_env_wrapper(AtariEnv(), {"kwargs": {}})


def test_wrappers_of_ones_own(tmp_path, monkeypatch):
    (tmp_path / "ding_user_wrappers.py").write_text(
        "import dromos\n"
        "from dromos.compat.ding import ENV_WRAPPER_REGISTRY\n"
        "@ENV_WRAPPER_REGISTRY.register('of_a_user')\n"
        "class Mine(dromos.Wrapper):\n"
        "    pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    cfg = {"type": "of_a_user", "import_names": ["ding_user_wrappers"]}
    env = ding.create_env_wrapper(CountingEnv(), cfg)
    assert type(env).__name__ == "Mine"
    assert "of_a_user" in ding.ENV_WRAPPER_REGISTRY
    with pytest.raises(TypeError, match="'of_a_user' does not tell shapes"):
        ding.update_shape((2,), (1,), (1,), ["of_a_user"])


def test_a_name_is_one_class():
    registry = ding.WrapperRegistry({})
    registry.register("mine")(ding.WarpFrameWrapper)
    registry.register("mine")(ding.WarpFrameWrapper)
    with pytest.raises(KeyError, match="force_overwrite"):
        registry.register("mine")(ding.RamWrapper)
    registry.register("mine", force_overwrite=True)(ding.RamWrapper)
    assert registry.get("mine") is ding.RamWrapper
    assert list(registry) == ["mine"]
    assert type(registry.build("mine", RamEnv())) is ding.RamWrapper


def test_default_stacks():
    names = {
        name: [entry["type"] for entry in ding.get_default_wrappers(name)]
        for name in ("default", "mujoco_default", "gym_hybrid_default")
    }
    assert names == {
        "default": ["eval_episode_return"],
        "mujoco_default": ["eval_episode_return"],
        "gym_hybrid_default": ["gym_hybrid_dict_action", "eval_episode_return"],
    }


ATARI = ["noop_reset", "max_and_skip", "episodic_life", "warp_frame", "scaled_float_frame"]
ATARI += ["frame_stack", "eval_episode_return"]


@pytest.mark.parametrize("caller", ["collector", "evaluator"])
@pytest.mark.parametrize("env_id", ["PongNoFrameskip-v4", "BreakoutNoFrameskip-v4", None])
def test_the_atari_stack(env_id, caller):
    entries = ding.get_default_wrappers("atari_default", env_id, caller)
    names = [entry["type"] for entry in entries]
    assert ("fire_reset" in names) is ("Pong" in (env_id or ""))
    assert ("clip_reward" in names) is (caller == "collector")
    assert [name for name in names if name not in ("fire_reset", "clip_reward")] == ATARI
    env = AtariEnv()
    for entry in entries:
        env = ding.create_env_wrapper(env, entry)
    obs, _ = env.reset(seed=0)
    assert obs.shape == (4, 84, 84)
    assert obs in env.observation_space
    assert stack_of(env)[0] == "NoopResetWrapper"
    assert stack_of(env)[-1] == "EvalEpisodeReturnWrapper"


def test_stacks_that_are_not():
    with pytest.raises(NotImplementedError, match=r"no stack 'atari'.*atari_default"):
        ding.get_default_wrappers("atari")
    with pytest.raises(ValueError, match="caller to be 'collector' or 'evaluator', found 'actor'"):
        ding.get_default_wrappers("default", caller="actor")


# Shapes

FRAME = (210, 160, 3)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["WarpFrame"], (84, 84)),
        (["warp_frame", "frame_stack"], (4, 84, 84)),
        ([{"type": "WarpFrameWrapper", "kwargs": {"size": 42}}, "FrameStack"], (4, 42, 42)),
        (["ObsTransposeWrapper"], (3, 210, 160)),
        (["obs_transpose", "WarpFrame"], (3, 84, 84)),
        ([{"type": "FrameStack", "kwargs": {"n_frames": 2}}], (2, *FRAME)),
        (["NoopResetEnv", "MaxAndSkipEnv", "ClipRewardEnv", "ObsNormEnv"], FRAME),
        ([], FRAME),
    ],
)
def test_update_shape(names, expected):
    assert ding.update_shape(FRAME, (6,), (1,), names) == (expected, (6,), (1,))


SHAPED = [
    (AtariEnv, "warp_frame", {"size": 30}),
    (AtariEnv, "frame_stack", {"n_frames": 3}),
    (AtariEnv, "obs_transpose", {}),
    (AtariEnv, "scaled_float_frame", {}),
    (RamEnv, "ram", {}),
    (lambda: CountingEnv(actions=spaces.Discrete(3)), "obs_plus_prev_action_reward", {}),
    (CountingEnv, "reward_in_obs", {}),
    (CountingEnv, "reward_norm", {"reward_discount": 0.9}),
]


@pytest.mark.parametrize(("make", "name", "kwargs"), SHAPED, ids=[row[1] for row in SHAPED])
def test_shapes_are_those_of_the_wrapped_environment(make, name, kwargs):
    entry = {"type": name, "kwargs": kwargs}
    env = make()
    wrapped = ding.create_env_wrapper(env, entry)
    inside = env.observation_space.shape, env.action_space.shape, (1,)
    told = ding.update_shape(*inside, [entry])
    space = wrapped.observation_space
    if isinstance(space, spaces.Dict):
        assert told[0] == {key: part.shape for key, part in space.spaces.items()}
    else:
        assert told[0] == space.shape
    assert told[1:] == inside[1:]


def test_shapes_of_hybrid_actions_and_missions():
    told = ding.update_shape((8,), (2,), (1,), ["gym_hybrid_dict_action"])
    assert told[1] == {"type": (), "mask": (2,), "args": (2,)}
    env = ding.FlatObsWrapper(MissionEnv(), maxStrLen=30)
    entry = {"type": "FlatObsWrapper", "kwargs": {"maxStrLen": 30}}
    assert ding.update_shape((3, 3, 3), (), (1,), [entry])[0] == env.observation_space.shape


def test_unknown_names_are_not_passed_over():
    with pytest.raises(KeyError, match="Wrap"):
        ding.update_shape(FRAME, (6,), (1,), ["Wrap"])


def test_a_wrapper_of_ones_own_tells_its_shape():
    @ding.ENV_WRAPPER_REGISTRY.register("halved", force_overwrite=True)
    class Halved(gym.Wrapper, ding.KeepsShapes):
        @classmethod
        def new_shape(cls, obs_shape, act_shape, rew_shape, **arguments):
            return tuple(np.array(obs_shape) // 2), act_shape, rew_shape

    assert ding.update_shape((4, 6), (), (1,), ["halved"])[0] == (2, 3)


def test_the_guide_tells_every_wrapper():
    guide = (Path(__file__).parents[2] / "docs" / "di-engine.md").read_text()
    told = set(re.findall(r"^\| `(\w+)` \| `(\w+)\(", guide, re.MULTILINE))
    built_in = {
        (name, ding.ENV_WRAPPER_REGISTRY.get(name).__name__)
        for name in ding.ENV_WRAPPER_REGISTRY
        if ding.ENV_WRAPPER_REGISTRY.get(name).__module__.startswith("dromos.compat.ding.")
    }
    assert told == built_in
