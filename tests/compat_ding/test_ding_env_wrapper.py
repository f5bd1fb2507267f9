"""`DingEnvWrapper`: environments in the form DI-engine uses."""

import copy

import numpy as np
import pytest
from ding_fakes import AtariEnv, CountingEnv, NoisyEnv, TwoFramesEnv

import dromos as gym
from dromos import spaces
from dromos.compat import ding
from dromos.error import Error

ATARI_STACK = {
    "env_wrapper": [
        lambda env: ding.MaxAndSkipWrapper(env, skip=4),
        lambda env: ding.ScaledFloatFrameWrapper(env),
    ]
}


class Config(dict):
    """A dict whose entries are attributes too, as DI-engine's configurations."""

    def __getattr__(self, name):
        if name not in self:
            raise AttributeError(name)
        return self[name]


# Composition


def test_wrapping_by_hand():
    env = ding.NoopResetEnv(AtariEnv(), noop_max=30)
    env = ding.MaxAndSkipEnv(env, skip=4)
    env.reset(seed=0)
    assert env.step(2)[1] == 28


def test_the_first_of_the_list_is_the_innermost():
    env = ding.DingEnvWrapper(AtariEnv(), cfg=ATARI_STACK)
    assert type(env.env) is ding.ScaledFloatFrameWrapper
    assert type(env.env.env) is ding.MaxAndSkipWrapper
    assert env.env.unwrapped.ale.lives() == 0
    assert env.reset().dtype == np.float32


def test_dicts_names_and_callables_in_one_list():
    stack = [
        {"type": "max_and_skip", "kwargs": {"skip": 2}},
        "WarpFrame",
        ding.FrameStackWrapper,
        {"type": "dromos.wrappers.common:TimeLimit", "kwargs": {"max_episode_steps": 3}},
    ]
    cfg = {"env_wrapper": stack}
    before = copy.copy(stack)
    env = ding.DingEnvWrapper(AtariEnv(life=1000), cfg)
    assert str(env.env).startswith("<TimeLimit<FrameStackWrapper<WarpFrameWrapper<MaxAndSkip")
    assert env.reset().shape == (4, 84, 84)
    assert (cfg, stack) == ({"env_wrapper": stack}, before)


def test_default_stack_and_caller():
    cfg = Config(env_wrapper="atari_default", env_id="PongNoFrameskip-v4")
    collector = ding.DingEnvWrapper(AtariEnv(), cfg)
    evaluator = ding.DingEnvWrapper(AtariEnv(), cfg, caller="evaluator")
    assert "ClipReward" in str(collector.env)
    assert "ClipReward" not in str(evaluator.env)
    assert "FireReset" in str(evaluator.env)
    assert collector.reward_space == spaces.Box(-1, 1, (1,), np.float32)
    assert evaluator.reward_space == spaces.Box(-np.inf, np.inf, (1,), np.float32)


# Construction


def test_an_environment_is_made_with_the_first_reset():
    env = ding.DingEnvWrapper(cfg={"env_id": "CartPole-v1"})
    assert env.observation_space is env.action_space is env.reward_space is None
    assert repr(env) == "DI-engine Env(CartPole-v1)"
    with pytest.raises(Error, match=r"call reset\(\) first"):
        _ = env.env
    with pytest.raises(Error, match=r"call reset\(\) first"):
        env.random_action()
    env.close()
    assert env.reset().shape == (4,)
    assert env.action_space == spaces.Discrete(2)
    assert "EvalEpisodeReturnWrapper" in repr(env)
    env.close()


def test_there_must_be_an_environment():
    with pytest.raises(Error, match="an environment, or its id"):
        ding.DingEnvWrapper(cfg={"act_scale": True})


# Seeds


def infos_of_resets(env, count):
    seeds = []
    for _ in range(count):
        env.reset()
        seeds.append(env.env.unwrapped.np_random_seed)
    return seeds


def test_dynamic_seeds_differ_from_episode_to_episode():
    runs = []
    for _ in range(2):
        env = ding.DingEnvWrapper(CountingEnv())
        env.seed(7)
        runs.append(infos_of_resets(env, 5))
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 5
    assert all((seed - 7) % 100 == 0 and 100 <= seed - 7 < 100_000 for seed in runs[0])


def test_a_fixed_seed_is_every_episodes():
    env = ding.DingEnvWrapper(CountingEnv())
    env.seed(7, dynamic_seed=False)
    assert infos_of_resets(env, 3) == [7, 7, 7]


def test_without_the_seed_api_nothing_is_seeded():
    env = ding.DingEnvWrapper(CountingEnv(), seed_api=False)
    env.seed(7, dynamic_seed=False)
    env.reset()
    assert env.env.unwrapped.np_random_seed != 7


def test_numpys_global_generator_is_left_alone():
    state = np.random.get_state()[1].copy()
    env = ding.DingEnvWrapper(CountingEnv())
    env.seed(7)
    env.reset()
    np.testing.assert_array_equal(np.random.get_state()[1], state)


# Steps


def test_a_step():
    env = ding.DingEnvWrapper(CountingEnv(terminate_at=2))
    env.reset()
    timestep = env.step(np.array([2.5], np.float32))
    assert type(timestep) is ding.BaseEnvTimestep
    assert timestep.obs.tolist() == [1, 10]
    assert (timestep.reward.tolist(), timestep.reward.dtype) == ([2.5], np.float32)
    assert timestep.done is False
    *_, done, info = env.step(np.array([1.0]))
    assert done is True
    assert info["eval_episode_return"].tolist() == [3.5]
    assert "TimeLimit.truncated" not in info


def test_truncation_is_told_in_the_info():
    env = ding.DingEnvWrapper(CountingEnv(truncate_at=1))
    env.reset()
    timestep = env.step(np.ones(1))
    assert timestep.done is True
    assert timestep.info["TimeLimit.truncated"] is True


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (3, 3),
        (np.int64(3), 3),
        (np.array(3), 3),
        (np.array(0.5), 0.5),
        (np.array([3]), 3),
        ({"a": np.array([3]), "b": {"c": np.int64(1)}}, {"a": 3, "b": {"c": 1}}),
    ],
)
def test_forms_of_actions(given, taken):
    env = ding.DingEnvWrapper(Recording(), {"env_wrapper": []})
    env.reset()
    untouched = copy.deepcopy(given)
    env.step(given)
    assert env.env.taken == taken
    assert type(env.env.taken) is type(taken)
    assert given == untouched  # DI-engine writes into the dict


class Recording(CountingEnv):
    def step(self, action):
        self.taken = action
        return super().step(0)


@pytest.mark.parametrize("array", [np.array([3.0]), np.array([3], np.int32), np.ones((2, 2))])
def test_other_arrays_stay(array):
    env = ding.DingEnvWrapper(Recording(), {"env_wrapper": []})
    env.reset()
    env.step(array)
    assert env.env.taken is array


def test_other_actions_are_refused():
    env = ding.DingEnvWrapper(CountingEnv())
    env.reset()
    with pytest.raises(TypeError, match=r"an int, a NumPy array or a dict.*'up'"):
        env.step("up")


def test_scaled_actions():
    low, high = np.array([-2, 0], np.float32), np.array([2, 10], np.float32)
    inner = Recording(actions=spaces.Box(low, high))
    env = ding.DingEnvWrapper(inner, {"act_scale": True, "env_wrapper": []})
    assert env.action_space == spaces.Box(-1, 1, (2,), np.float32)
    env.reset()
    for given, taken in (([-1, -1], [-2, 0]), ([0, 0], [0, 5]), ([1, 7], [2, 10])):
        env.step(np.array(given, np.float32))
        assert inner.taken.tolist() == taken
    assert env.random_action() in env.action_space
    with pytest.raises(Error, match="act_scale needs a bounded Box"):
        ding.DingEnvWrapper(gym.make("CartPole-v1"), {"act_scale": True})


def test_clipped_rewards():
    env = ding.DingEnvWrapper(CountingEnv(), {"rew_clip": True})
    env.reset()
    assert env.step(-50).reward.tolist() == [-10]
    assert env.step(50).reward.tolist() == [50]
    assert env.reward_space.low.tolist() == [-10]


# Spaces


def test_float64_is_shown_as_float32():
    inner = NoisyEnv()
    env = ding.DingEnvWrapper(inner)
    assert env.observation_space.dtype == env.observation_space.low.dtype == np.float32
    assert env.reset() in env.observation_space
    assert env.step(0).obs in env.observation_space
    assert inner.observation_space.dtype == np.float64  # DI-engine changes it


def test_spaces_of_several_arrays():
    wide = spaces.Box(-1, 1, (2,), np.float64)
    parts = {"b": spaces.Tuple([wide, spaces.Discrete(2)]), "a": wide}
    inner = CountingEnv(space=spaces.Dict(parts, sort_keys=False))
    inner.observe = lambda: {"a": np.zeros(2), "b": (np.ones(2), 1)}
    env = ding.DingEnvWrapper(inner, {"env_wrapper": []})
    assert env.reset() in env.observation_space
    assert env.observation_space["b"][0].dtype == np.float32
    assert list(env.observation_space) == list(inner.observation_space) == ["b", "a"]
    frames = ding.DingEnvWrapper(TwoFramesEnv(), {"env_wrapper": []})
    assert frames.reset() in frames.observation_space


def test_random_actions():
    env = ding.DingEnvWrapper(gym.make("CartPole-v1"))
    action = env.random_action()
    assert (action.shape, action.dtype) == ((1,), np.int64)
    twin = ding.DingEnvWrapper(gym.make("CartPole-v1"))
    draws = [[int(each.random_action()[0]) for _ in range(20)] for each in (env, twin)]
    assert draws[0][:-1] == draws[1][1:]  # one was drawn before; both spaces are seeded with 0
    mixed = spaces.Dict({"a": spaces.Discrete(2), "b": spaces.Box(0, 1, (2,))})
    drawn = ding.DingEnvWrapper(CountingEnv(actions=mixed)).random_action()
    assert drawn["a"].shape == (1,)
    assert drawn["b"].shape == (2,)


def test_the_environments_own_space_is_not_seeded():
    inner = gym.make("CartPole-v1")
    inner.action_space.seed(5)
    expected = copy.deepcopy(inner.action_space).sample()
    ding.DingEnvWrapper(inner).random_action()
    assert inner.action_space.sample() == expected


# Configurations


@pytest.mark.parametrize(
    ("create", "count", "is_train"),
    [
        (ding.create_collector_env_cfg, "collector_env_num", True),
        (ding.create_evaluator_env_cfg, "evaluator_env_num", False),
    ],
)
def test_each_environment_gets_a_configuration_of_its_own(create, count, is_train):
    cfg = Config({count: 3, "nested": {"x": 1}})
    configs = create(cfg)
    assert cfg == {count: 3, "nested": {"x": 1}}
    assert configs == [{"nested": {"x": 1}, "is_train": is_train}] * 3
    configs[0]["nested"]["x"] = 2
    assert configs[1].nested["x"] == 1
    assert type(configs[0]) is Config
    assert getattr(ding.DingEnvWrapper, create.__name__)(cfg) == configs[1:] + configs[1:2]
    with pytest.raises(KeyError, match=count):
        create({})


# Copies


def test_a_clone_goes_its_own_way():
    env = ding.DingEnvWrapper(NoisyEnv(), {"env_wrapper": []})
    env.seed(3)
    env.reset()
    env.step(0)
    twin = env.clone()
    np.testing.assert_array_equal(twin.step(0).obs, env.step(0).obs)
    assert twin.env.unwrapped is not env.env.unwrapped
    np.testing.assert_array_equal(twin.reset(), env.reset())


def test_a_clone_for_the_evaluator_does_not_clip_rewards():
    env = ding.DingEnvWrapper(AtariEnv(), {"env_wrapper": "atari_default"})
    assert "ClipReward" not in str(env.clone("evaluator").env)
    assert "ClipReward" in str(env.clone().env)


def test_a_clone_of_an_environment_yet_to_be_made():
    env = ding.DingEnvWrapper(cfg={"env_id": "CartPole-v1"})
    env.seed(1)
    np.testing.assert_array_equal(env.clone().reset(), env.reset())


# Videos


def test_every_episode_is_recorded(tmp_path):
    env = ding.DingEnvWrapper(cfg={"env_id": "CartPole-v1"})
    folder = tmp_path / "videos"
    env.enable_save_replay(str(folder))
    for _ in range(2):
        env.reset()
        while not env.step(env.random_action()).done:
            pass
    env.close()
    assert sorted(path.name for path in folder.glob("*.mp4")) == [
        "rl-video-CartPole-v1-episode-0.mp4",
        "rl-video-CartPole-v1-episode-1.mp4",
    ]


# Checks (`ding.envs.env.env_implementation_check`)


@pytest.mark.parametrize("env_id", ["CartPole-v1", "Pendulum-v1"])
def test_environments_pass_the_checks(env_id):
    ding.checks.check_all(ding.DingEnvWrapper(cfg={"env_id": env_id}))


def checked(env, check, **cfg):
    check(ding.DingEnvWrapper(env, cfg))


def test_faults_are_found():
    class Reusing(CountingEnv):
        def observe(self):
            self.memory = getattr(self, "memory", np.zeros(2, np.float32))
            self.memory[:] = self.count
            return self.memory

    class Outside(CountingEnv):
        def observe(self):
            return np.full(2, 99, np.float32)

    with pytest.raises(Error, match="share their memory"):
        checked(Reusing(), ding.checks.check_obs_deepcopy)
    small = spaces.Box(0, 1, (2,), np.float32)
    with pytest.raises(Error, match=r"reset\(\): expected an element of Box"):
        checked(Outside(space=small), ding.checks.check_reset)
    with pytest.raises(Error, match=r"step\(\)\.info: expected 'eval_episode_return'"):
        checked(CountingEnv(terminate_at=3), ding.checks.check_step, env_wrapper=[])
    half = spaces.Dict({"a": spaces.Box(0, 1, (2,), np.float16)})
    with pytest.raises(Error, match=r"observation_space\['a'\]: expected the dtype"):
        checked(CountingEnv(space=half), ding.checks.check_space_dtype)


def test_elements_of_spaces():
    check = ding.checks.check_array_space
    space = spaces.Dict({"a": spaces.Discrete(2), "b": spaces.Tuple([spaces.Box(0, 1, (1,))])})
    check({"a": np.array([1]), "b": (np.zeros(1, np.float32),)}, space, "obs")
    with pytest.raises(Error, match=r"obs\['b'\]\[0\]: expected"):
        check({"a": np.array([1]), "b": (np.full(1, 2, np.float32),)}, space, "obs")
    with pytest.raises(Error, match="obs: expected a dict with the keys"):
        check({"a": 1}, space, "obs")


def test_memory_in_dicts():
    array = np.zeros(3)
    ding.checks.check_different_memory({"a": (array,)}, {"a": (array.copy(),)}, 1)
    with pytest.raises(Error, match=r"obs\['a'\]\[0\]: the observations 2 steps apart"):
        ding.checks.check_different_memory({"a": (array,)}, {"a": (array,)}, 2)
