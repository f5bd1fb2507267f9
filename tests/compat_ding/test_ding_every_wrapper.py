"""What every one of DI-engine's wrappers does: seeds, spaces, states, the environment inside."""

import copy

import numpy as np
import pytest
from ding_fakes import AtariEnv, CountingEnv, MissionEnv, NoisyEnv, RamEnv

import dromos as gym
from dromos.compat import ding
from dromos.snapshot import Snapshot

STACKS = {
    "noop_reset": lambda: ding.NoopResetWrapper(AtariEnv()),
    "max_and_skip": lambda: ding.MaxAndSkipWrapper(AtariEnv(), skip=2),
    "warp_frame": lambda: ding.WarpFrameWrapper(AtariEnv(), size=20),
    "scaled_float_frame": lambda: ding.ScaledFloatFrameWrapper(AtariEnv()),
    "clip_reward": lambda: ding.ClipRewardWrapper(AtariEnv()),
    "action_repeat": lambda: ding.ActionRepeatWrapper(AtariEnv(), 2),
    "delay_reward": lambda: ding.DelayRewardWrapper(AtariEnv(), 3),
    "eval_episode_return": lambda: ding.EvalEpisodeReturnWrapper(AtariEnv()),
    "frame_stack": lambda: ding.FrameStackWrapper(AtariEnv(), 2),
    "obs_transpose": lambda: ding.ObsTransposeWrapper(AtariEnv()),
    "obs_norm": lambda: ding.ObsNormWrapper(NoisyEnv()),
    "static_obs_norm": lambda: ding.StaticObsNormWrapper(NoisyEnv(), np.ones(4), 2.0),
    "reward_norm": lambda: ding.RewardNormWrapper(NoisyEnv(), 0.9),
    "ram": lambda: ding.RamWrapper(RamEnv()),
    "episodic_life": lambda: ding.EpisodicLifeWrapper(AtariEnv()),
    "fire_reset": lambda: ding.FireResetWrapper(AtariEnv()),
    "obs_plus": lambda: ding.ObsPlusPrevActRewWrapper(NoisyEnv()),
    "time_limit": lambda: ding.TimeLimitWrapper(NoisyEnv(), 40),
    "flat_obs": lambda: ding.FlatObsWrapper(MissionEnv()),
    "gym_to_gymnasium": lambda: ding.GymToGymnasiumWrapper(NoisyEnv()),
    "reward_in_obs": lambda: ding.AllinObsWrapper(NoisyEnv()),
}


@pytest.fixture(params=STACKS, name="stack")
def stack_fixture(request):
    return STACKS[request.param]


def steps_of(env, count):
    """Return what some steps show, without the infos."""
    env.action_space.seed(3)
    return [env.step(env.action_space.sample())[:4] for _ in range(count)]


def assert_same(left, right):
    assert len(left) == len(right)
    for ours, theirs in zip(left, right, strict=True):
        np.testing.assert_equal(ours, theirs)


def test_resets_take_seeds_and_options(stack):
    env = stack()
    obs, info = env.reset(seed=3, options={"x": 1})
    assert isinstance(info, dict)
    assert obs in env.observation_space
    twin = stack()
    assert_same([obs], [twin.reset(seed=3, options={"x": 1})[0]])
    assert_same(steps_of(env, 12), steps_of(twin, 12))


def test_observations_are_in_the_space(stack):
    env = stack()
    env.reset(seed=0)
    for _ in range(45):
        obs, _, terminated, truncated, _ = env.step(env.action_space.sample())
        assert obs in env.observation_space
        if terminated or truncated:
            obs, _ = env.reset()
            assert obs in env.observation_space


def test_states_travel(stack):
    env = stack()
    env.reset(seed=1)
    steps_of(env, 3)
    saved, twin = env.snapshot(), copy.deepcopy(env)
    future = steps_of(env, 8)
    assert_same(steps_of(twin, 8), future)
    env.restore(saved)
    assert_same(steps_of(env, 8), future)
    other = stack()
    other.reset(seed=9)
    other.restore(Snapshot.from_bytes(saved.to_bytes()))
    assert_same(steps_of(other, 8), future)


def test_the_environment_inside_is_reachable(stack):
    env = stack()
    assert env.unwrapped is env.env
    assert env.get_wrapper_attr("observe" if hasattr(env.env, "observe") else "ale") is not None
    assert str(env).startswith(f"<{type(env).__name__}<{type(env.env).__name__}")


def test_a_wrapper_of_ones_own_overrides_step_and_reset():
    class Doubled(gym.Wrapper):
        def reset(self, **kwargs):
            obs, info = self.env.reset(**kwargs)
            return 2 * obs, {**info, "doubled": True}

        def step(self, action):
            obs, *rest = self.env.step(action)
            return 2 * obs, *rest

    env = Doubled(ding.ClipRewardWrapper(CountingEnv()))
    assert env.reset()[1]["doubled"]
    obs, reward, *_ = env.step(5)
    assert (obs.tolist(), reward) == ([2, 20], 1)
