"""DI-engine's wrappers: what each does to episodes, actions, frames and rewards."""

import copy

import cv2
import numpy as np
import pytest
from ding_fakes import AtariEnv, CountingEnv, MissionEnv, NoisyEnv, RamEnv, TwoFramesEnv

import dromos as gym
from dromos import spaces
from dromos.compat import ding
from dromos.snapshot import Snapshot


def play(env, action, steps):
    return [env.step(action) for _ in range(steps)]


# Names (D01, D24)

PAIRS = [
    ("ClipRewardEnv", "ClipRewardWrapper"),
    ("EpisodicLifeEnv", "EpisodicLifeWrapper"),
    ("FireResetEnv", "FireResetWrapper"),
    ("FrameStack", "FrameStackWrapper"),
    ("MaxAndSkipEnv", "MaxAndSkipWrapper"),
    ("NoopResetEnv", "NoopResetWrapper"),
    ("ObsNormEnv", "ObsNormWrapper"),
    ("RewardNormEnv", "RewardNormWrapper"),
    ("ScaledFloatFrame", "ScaledFloatFrameWrapper"),
    ("TransposeWrapper", "ObsTransposeWrapper"),
    ("WarpFrame", "WarpFrameWrapper"),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_both_styles_of_names(old, new):
    assert getattr(ding, old) is getattr(ding, new)


def test_every_wrapper_is_a_wrapper():
    names = [name for name in ding.__all__ if name.endswith("Wrapper") and name[:4] != "Ding"]
    assert len(names) >= 22
    assert all(issubclass(getattr(ding, name), gym.Wrapper) for name in names)


# Episodes: no-ops, fire, lives, limits, returns (D02, D13, D14)


def test_noops_after_a_reset():
    env = ding.NoopResetEnv(AtariEnv(life=100), noop_max=30)
    counts = set()
    for seed in range(60):
        obs, info = env.reset(seed=seed)
        count = len(env.unwrapped.actions)
        assert set(env.unwrapped.actions) == {0}
        assert obs[0, 0, 0] == info["n"] == count
        counts.add(count)
    assert counts <= set(range(1, 31))
    assert len(counts) > 15


def test_noops_come_of_the_environments_generator_alone():
    first, second = (ding.NoopResetWrapper(AtariEnv(life=100)) for _ in range(2))
    first.reset(seed=4)
    np.random.seed(1)
    state = np.random.get_state()[1].copy()
    second.reset(seed=4)
    assert first.unwrapped.actions == second.unwrapped.actions
    np.testing.assert_array_equal(np.random.get_state()[1], state)


def test_an_episode_that_ends_during_noops_begins_again():
    env = ding.NoopResetWrapper(AtariEnv(lives=1, life=4), noop_max=30)
    for seed in range(5):
        obs, _ = env.reset(seed=seed)
        assert obs[0, 0, 0] == len(env.unwrapped.actions) < 4


def test_noops_need_their_action():
    with pytest.raises(ValueError, match=r"action 0 is 'NOOP'.*no `get_action_meanings`"):
        ding.NoopResetWrapper(CountingEnv())
    with pytest.raises(ValueError, match=r"found the actions \['FIRE', 'UP'\]"):
        ding.NoopResetWrapper(AtariEnv(meanings=["FIRE", "UP"]))
    with pytest.raises(ValueError, match="noop_max to be at least 1, found 0"):
        ding.NoopResetWrapper(AtariEnv(), noop_max=0)


def test_fire_after_a_reset():
    env = ding.FireResetEnv(AtariEnv())
    obs, info = env.reset(seed=1)
    assert env.unwrapped.actions == [1]
    assert obs[0, 0, 0] == info["n"] == 1


def test_an_episode_that_fire_ends_begins_again():
    env = ding.FireResetWrapper(AtariEnv(lives=1, life=1))
    obs, _ = env.reset()
    assert env.unwrapped.resets == 2
    assert obs[0, 0, 0] == 0


def test_more_actions_after_a_reset():
    env = ding.FireResetWrapper(AtariEnv(lives=1, life=2), actions=(1, 2))
    obs, _ = env.reset()
    assert env.unwrapped.resets == 2  # the second ended the episode
    assert obs[0, 0, 0] == 0
    env = ding.FireResetWrapper(AtariEnv(), actions=[1, 2])
    env.reset()
    assert env.unwrapped.actions == [1, 2]


def test_fire_needs_its_action():
    with pytest.raises(ValueError, match="action 1 is 'FIRE'"):
        ding.FireResetWrapper(AtariEnv(meanings=["NOOP", "UP", "DOWN"]))
    with pytest.raises(ValueError, match="at least 3 actions"):
        ding.FireResetWrapper(AtariEnv(meanings=["NOOP", "FIRE"]))


def test_a_life_is_an_episode():
    env = ding.EpisodicLifeEnv(AtariEnv(lives=3, life=5))
    env.reset()
    for life in range(3):
        steps = play(env, 2, 5 if life == 0 else 4)  # one no-op follows a life lost
        assert [step[2] for step in steps] == [False] * (len(steps) - 1) + [True]
        env.reset()
        expected_resets = 1 if life < 2 else 2
        assert env.unwrapped.resets == expected_resets
    assert env.unwrapped.actions == []


def test_a_reset_with_a_seed_resets_the_game():
    env = ding.EpisodicLifeWrapper(AtariEnv(lives=3, life=5))
    env.reset()
    play(env, 2, 5)
    _, info = env.reset(seed=8)
    assert info["seed"] == 8
    assert env.unwrapped.resets == 2


def test_a_game_that_the_no_op_ends_is_reset():
    env = ding.EpisodicLifeWrapper(AtariEnv(lives=2, life=1))
    env.reset()
    env.step(2)
    obs, _ = env.reset()
    assert env.unwrapped.resets == 2
    assert obs[0, 0, 0] == 0
    assert env.lives == 2


def test_a_truncated_game_is_reset():
    env = ding.EpisodicLifeWrapper(ding.TimeLimitWrapper(AtariEnv(), 2))
    env.reset()
    play(env, 2, 2)
    assert env.was_real_done
    env.reset()
    assert env.unwrapped.resets == 2


def test_time_limit():
    env = ding.TimeLimitWrapper(CountingEnv(), max_limit=2)
    env.reset()
    first, second = play(env, 0, 2)
    assert first[2:] == (False, False, {"time_limit": False, "time_count": 1})
    assert second[2:] == (False, True, {"time_limit": True, "time_count": 2})
    env.reset()
    assert env.step(0)[4]["time_count"] == 1


@pytest.mark.parametrize("end", ["terminate_at", "truncate_at"])
def test_eval_episode_return(end):
    env = ding.EvalEpisodeReturnWrapper(CountingEnv(**{end: 3}))
    for _ in range(2):
        env.reset()
        steps = play(env, 2, 3)
        assert all("eval_episode_return" not in step[4] for step in steps[:2])
        told = steps[2][4]["eval_episode_return"]
        assert (told.tolist(), told.dtype) == ([6.0], np.float32)


# Actions (D03)


def test_max_and_skip():
    env = ding.MaxAndSkipEnv(CountingEnv(), skip=4)
    env.reset()
    obs, reward, *_ = env.step(1)
    assert (obs.tolist(), reward) == ([4, 40], 4)


def test_the_maximum_is_of_the_last_two_frames():
    class Flickering(CountingEnv):
        def observe(self):
            return np.array([self.count, -self.count], np.float32)

    env = ding.MaxAndSkipWrapper(Flickering())
    env.reset()
    assert env.step(1)[0].tolist() == [4, -3]


@pytest.mark.parametrize(("end", "shown"), [(1, [1, 10]), (2, [2, 20])])
def test_an_early_end_shows_no_frame_of_before(end, shown):
    env = ding.MaxAndSkipWrapper(CountingEnv(terminate_at=end), skip=4)
    env.reset()
    obs, reward, terminated, *_ = env.step(1)
    assert (obs.tolist(), reward, terminated) == (shown, end, True)


def test_action_repeat():
    env = ding.ActionRepeatWrapper(CountingEnv(truncate_at=3), action_repeat=2)
    env.reset()
    obs, reward, terminated, truncated, _ = env.step(5)
    assert (obs.tolist(), reward, terminated, truncated) == ([2, 20], 10, False, False)
    obs, reward, terminated, truncated, _ = env.step(5)
    assert (obs.tolist(), reward, terminated, truncated) == ([3, 30], 5, False, True)


def test_a_reward_of_none_counts_nothing():
    class Unpaid(CountingEnv):
        def step(self, action):
            obs, _, *rest = super().step(action)
            return obs, None, *rest

    env = ding.ActionRepeatWrapper(Unpaid(), action_repeat=3)
    env.reset()
    assert env.step(5)[1] == 0


@pytest.mark.parametrize("wrapper", [ding.MaxAndSkipWrapper, ding.ActionRepeatWrapper])
def test_actions_are_done_at_least_once(wrapper):
    with pytest.raises(ValueError, match="at least 1, found 0"):
        wrapper(CountingEnv(), 0)


def test_hybrid_actions_as_dicts():
    pair = spaces.Tuple([spaces.Discrete(3), spaces.Box(np.float32([0, -1]), np.float32([1, 1]))])
    env = ding.GymHybridDictActionWrapper(CountingEnv(actions=pair))
    env.reset()
    assert env.action_space["type"] == spaces.Discrete(3)
    assert env.action_space["mask"] == spaces.Box(0, 1, (2,), np.int64)
    assert env.action_space["args"].low.tolist() == [0, -1]
    action = env.action_space.sample()
    env.step(action)
    kind, arguments = env.unwrapped.last_action
    assert kind == action["type"]
    assert arguments is action["args"]
    with pytest.raises(TypeError, match=r"Tuple\(Discrete, Box\), found Box"):
        ding.GymHybridDictActionWrapper(CountingEnv())


# Rewards (D06)


@pytest.mark.parametrize(("reward", "clipped"), [(7, 1), (0, 0), (-0.5, -1)])
def test_clip_reward(reward, clipped):
    env = ding.ClipRewardEnv(CountingEnv())
    env.reset()
    assert env.step(reward)[1] == clipped
    assert env.reward_range == (-1, 1)


@pytest.mark.parametrize(
    ("delay", "paid"), [(0, [1, 1, 1, 1, 1]), (2, [0, 2, 0, 2, 1]), (9, [0, 0, 0, 0, 5])]
)
def test_delay_reward(delay, paid):
    env = ding.DelayRewardWrapper(CountingEnv(truncate_at=5), delay)
    env.reset()
    env.step(100)
    env.reset()  # what was kept is gone
    assert [step[1] for step in play(env, 1, 5)] == paid


# Frames (D04, D05, D07, D08, D12)


def test_warp_frame_is_opencvs():
    env = ding.WarpFrame(AtariEnv())
    assert env.observation_space == spaces.Box(0, 255, (84, 84), np.uint8)
    frame = np.random.default_rng(0).integers(0, 256, (210, 160, 3), np.uint8)
    gray = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    expected = cv2.resize(gray, (84, 84), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(env.observation(frame), expected)
    assert env.reset()[0] in env.observation_space


@pytest.mark.parametrize(
    ("shape", "warped"), [((4, 210, 160), (4, 42, 42)), ((210, 160), (42, 42))]
)
def test_frames_with_channels_first_and_gray_frames(shape, warped):
    env = ding.WarpFrameWrapper(CountingEnv(space=spaces.Box(0, 255, shape, np.uint8)), size=42)
    assert env.observation_space.shape == warped  # DI-engine's is (42, 42) for all
    frame = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    small = env.observation(frame)
    assert small in env.observation_space
    first = frame[0] if len(shape) == 3 else frame
    expected = cv2.resize(first, (42, 42), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(small[0] if len(shape) == 3 else small, expected)


def test_tuples_of_frames():
    warped = ding.WarpFrameWrapper(TwoFramesEnv(), size=10)
    obs, _ = warped.reset()
    assert obs in warped.observation_space
    stacked = ding.FrameStackWrapper(warped, 3)
    obs, _ = stacked.reset()
    assert obs in stacked.observation_space
    assert obs[1].shape == (3, 10, 10)
    turned = ding.ObsTransposeWrapper(TwoFramesEnv())
    turned.reset()
    obs = turned.step(0)[0]
    assert obs in turned.observation_space
    assert obs.shape == (2, 3, 20, 30)


def test_frames_are_uint8():
    with pytest.raises(TypeError, match="frames of dtype uint8, found Box"):
        ding.WarpFrameWrapper(CountingEnv())


def test_scaled_float_frame():
    env = ding.ScaledFloatFrame(AtariEnv())
    frame = np.array([[[0, 51, 255]]], np.uint8)
    scaled = env.observation(frame)
    assert scaled.dtype == np.float32
    np.testing.assert_array_equal(scaled, np.float32([[[0, 0.2, 1]]]))
    assert env.reset()[0] in env.observation_space
    assert env.observation_space == spaces.Box(0, 1, (210, 160, 3), np.float32)
    with pytest.raises(TypeError, match="bounded Box"):
        ding.ScaledFloatFrameWrapper(CountingEnv())


def test_frame_stack():
    env = ding.FrameStack(CountingEnv(), 4)
    assert env.observation_space.shape == (4, 2)
    obs, _ = env.reset()
    assert obs.tolist() == [[0, 0]] * 4
    for _ in range(2):
        play(env, 0, 4)
        obs = env.step(0)[0]
        assert obs[:, 0].tolist() == [2, 3, 4, 5]
        assert env.reset()[0].tolist() == [[0, 0]] * 4


def test_obs_transpose():
    env = ding.ObsTransposeWrapper(AtariEnv())
    assert env.observation_space == spaces.Box(0, 255, (3, 210, 160), np.uint8)
    frame = np.random.default_rng(0).integers(0, 256, (210, 160, 3), np.uint8)
    np.testing.assert_array_equal(env.observation(frame), np.moveaxis(frame, 2, 0))
    with pytest.raises(TypeError, match=r"frames \(h, w, channels\)"):
        ding.ObsTransposeWrapper(CountingEnv())


def test_bounds_are_transposed_with_the_frame():
    low = np.arange(6, dtype=np.float32).reshape(1, 2, 3)
    env = ding.ObsTransposeWrapper(CountingEnv(space=spaces.Box(low, low + 1)))
    np.testing.assert_array_equal(env.observation_space.low, low.transpose(2, 0, 1))


def test_ram():
    env = ding.RamWrapper(RamEnv())
    obs, _ = env.reset()
    assert (obs.shape, obs.dtype) == ((128, 1, 1), np.float32)
    assert obs in env.observation_space
    assert env.observation_space.high.max() == 255


# Observations with more in them


@pytest.mark.parametrize(
    ("actions", "none"),
    [
        (spaces.Discrete(3), -1),
        (spaces.Discrete(3, start=5), -1),
        (spaces.MultiDiscrete([3, 4]), [-1, -1]),
        (spaces.Box(0, 1, (2,), np.float32), [-1, -1]),
    ],
)
def test_previous_action_and_reward(actions, none):
    env = ding.ObsPlusPrevActRewWrapper(CountingEnv(actions=actions))
    obs, _ = env.reset()
    assert np.asarray(obs["prev_action"]).tolist() == none
    assert obs["prev_reward_extrinsic"].tolist() == [0]
    assert obs in env.observation_space
    action = actions.sample()
    obs, reward, *_ = env.step(action)
    assert np.asarray(obs["prev_action"]).tolist() == none  # of before this step
    obs = env.step(actions.sample())[0]
    assert np.array_equal(obs["prev_action"], action)
    assert obs["prev_reward_extrinsic"] == np.float32(reward)
    assert obs in env.observation_space
    obs, _ = env.reset()  # DI-engine shows the episode before
    assert np.asarray(obs["prev_action"]).tolist() == none
    assert obs["prev_reward_extrinsic"].tolist() == [0]


def test_the_previous_action_is_a_copy():
    env = ding.ObsPlusPrevActRewWrapper(CountingEnv())
    env.reset()
    action = np.ones(1, np.float32)
    env.step(action)
    action[:] = 9
    assert env.step(action)[0]["prev_action"].tolist() == [1]


def test_what_a_reset_showed_stays_as_it_was():
    env = ding.ObsPlusPrevActRewWrapper(CountingEnv())
    first, _ = env.reset()
    second = env.step(np.ones(1, np.float32))[0]
    for key in ("prev_action", "prev_reward_extrinsic"):
        assert not np.shares_memory(first[key], second[key])


def test_previous_actions_of_other_spaces_are_refused():
    with pytest.raises(TypeError, match="needs Discrete, MultiDiscrete or Box"):
        ding.ObsPlusPrevActRewWrapper(CountingEnv(actions=spaces.MultiBinary(2)))


def test_reward_in_the_observation():
    env = ding.AllinObsWrapper(CountingEnv())
    obs, _ = env.reset()
    assert obs in env.observation_space
    assert obs["reward"].tolist() == [0]
    obs = env.step(3)[0]
    assert obs["reward"].tolist() == [3]
    assert obs in env.observation_space


def test_image_and_mission_as_one_array():
    env = ding.FlatObsWrapper(MissionEnv("Go a, z"), maxStrLen=9)
    obs, _ = env.reset()
    assert obs in env.observation_space
    np.testing.assert_array_equal(obs[:27], np.arange(27))
    letters = obs[27:].reshape(9, 28)
    assert letters[:7].argmax(axis=1).tolist() == [6, 14, 26, 0, 27, 26, 25]
    assert letters[:7].sum(axis=1).tolist() == [1] * 7
    assert not letters[7:].any()
    env.unwrapped.mission = "other"
    assert env.step(0)[0][27:].reshape(9, 28)[:5].argmax(axis=1).tolist() == [14, 19, 7, 4, 17]


def test_missions_that_do_not_fit():
    with pytest.raises(ValueError, match=r"has 5 letters, and there is room for 3"):
        ding.FlatObsWrapper(MissionEnv("right"), maxStrLen=3).reset()
    with pytest.raises(ValueError, match="has the letter '7'"):
        ding.FlatObsWrapper(MissionEnv("room 7")).reset()


# Seeds (8.17)


def test_a_seed_is_used_once():
    env = ding.GymToGymnasiumWrapper(CountingEnv())
    env.seed(5)
    assert env.reset()[1]["seed"] == 5
    assert env.reset()[1]["seed"] is None
    env.seed(6)
    assert env.reset(seed=7)[1]["seed"] == 7
    assert env.reset()[1]["seed"] is None


# All of them

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
