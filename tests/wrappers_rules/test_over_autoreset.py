"""What belongs to an episode ends with it, also where the environment inside resets itself."""

import itertools

import numpy as np
import pytest

import dromos as gym
from dromos.spaces import Box, Discrete
from dromos.vector import AutoresetMode, SyncVectorEnv
from dromos.wrappers import (
    Autoreset,
    CsvMonitor,
    DelayObservation,
    FrameStackObservation,
    MaxAndSkipObservation,
    NormalizeObservation,
    NormalizeReward,
    RecordEpisodeStatistics,
    RecordVideo,
    RenderCollection,
    RepeatAction,
    StickyAction,
    TimeAwareObservation,
    TimeLimit,
)
from dromos.wrappers import vector as vector_wrappers


class Ten(gym.Env):
    """Rewards of 1; episodes of some steps, every second one truncated."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012
    observation_space = Box(0, 1e6, (1,), np.float64)
    action_space = Discrete(100)
    render_mode = "rgb_array"

    def __init__(self, length=10):
        self.length = length
        self.total = self.steps = self.episodes = 0
        self.taken = []

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        self.episodes += 1
        return self.observe(), {}

    def step(self, action):
        self.steps += 1
        self.taken.append(int(action))
        over = self.steps == self.length
        truncated = over and self.episodes % 2 == 0
        return self.observe(), 1.0, over and not truncated, truncated, {}

    def observe(self):
        return np.array([self.episodes * 100.0 + self.steps])

    def render(self):
        return np.full((16, 16, 3), (self.episodes * 20 + self.steps) % 256, np.uint8)


WRAPPERS = {
    "delay": lambda env: DelayObservation(env, 2),
    "stack": lambda env: FrameStackObservation(env, 3),
    "zero-stack": lambda env: FrameStackObservation(env, 3, padding_type="zero"),
    "lazy-stack": lambda env: FrameStackObservation(env, 3, lazy=True),
    "time": lambda env: TimeAwareObservation(TimeLimit(env, 50), flatten=False),
    "max-and-skip": lambda env: MaxAndSkipObservation(env, 4),
    "repeat": lambda env: RepeatAction(env, 4),
    "sticky": lambda env: StickyAction(env, 0.5, (1, 3)),
    "statistics": RecordEpisodeStatistics,
    "monitor": lambda env: CsvMonitor(env, None),
    "frames": RenderCollection,
    "normal-observation": NormalizeObservation,
    "normal-reward": NormalizeReward,
    "limit": lambda env: TimeLimit(env, 11),
}


def comparable(value):
    if isinstance(value, dict):
        return {key: comparable(part) for key, part in value.items() if key != "t"}
    return np.asarray(value).tolist() if hasattr(value, "__array__") else value


def played(env, resets_at=()):
    """Return all that 40 steps report, with a reset after some of them."""
    told = [comparable(env.reset(seed=5)[0])]
    for step in range(40):
        if step in resets_at:
            told.append(comparable(env.reset()[0]))
        result = env.step(step % 7)
        told.append([comparable(part) for part in result])
        if env.render_mode == "rgb_array_list":
            told.append(comparable(np.array(env.render())))
    return told, env.unwrapped.taken


@pytest.mark.parametrize("length", [1, 10])
@pytest.mark.parametrize("resets_at", [(), (4, 15, 30)], ids=["whole", "reset-in-mid-episode"])
@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS.keys())
def test_outside_as_inside(wrap, resets_at, length):
    outside = played(wrap(Autoreset(Ten(length))), resets_at)
    assert outside == played(Autoreset(wrap(Ten(length))), resets_at)


#: Those that cannot or should not be around one another.
MISFITS = {
    ("time", "max-and-skip"),
    ("time", "normal-observation"),
    ("statistics", "limit"),
    ("monitor", "limit"),
}
PAIRS = [pair for pair in itertools.combinations(WRAPPERS, 2) if pair not in MISFITS]


@pytest.mark.parametrize("names", PAIRS, ids=["+".join(pair) for pair in PAIRS])
def test_two_outside_as_two_inside(names):
    inner, outer = (WRAPPERS[name] for name in names)
    outside = played(outer(inner(Autoreset(Ten()))), (4,))
    assert outside == played(Autoreset(outer(inner(Ten()))), (4,))


def test_the_variance_of_rewards_settles():
    outside, inside = NormalizeReward(Autoreset(Ten())), NormalizeReward(Ten())
    for env in (outside, Autoreset(inside)):
        env.reset(seed=0)
        for _ in range(110):
            env.step(0)
    assert outside.return_rms.var == inside.return_rms.var
    assert 7 < float(outside.return_rms.var) < 9


def test_videos_are_of_single_episodes(tmp_path):
    folder = tmp_path / "films"
    env = RecordVideo(Autoreset(Ten(3)), folder, episode_trigger=lambda episode: True)
    env.reset()
    for _ in range(11):
        env.step(0)
    env.close()
    assert env.episode_id == 2
    assert sorted(path.name for path in folder.iterdir()) == [
        f"rl-video-episode-{i}.mp4" for i in range(3)
    ]


MODES = [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP, AutoresetMode.DISABLED]


@pytest.mark.parametrize("length", [1, 10])
@pytest.mark.parametrize("mode", MODES)
def test_rewards_of_lanes_as_those_of_one(mode, length):
    """A vector of one lane in any mode keeps the statistics of a single environment."""
    single = NormalizeReward(Ten(length))
    envs = SyncVectorEnv([lambda: Ten(length)], autoreset_mode=mode)
    envs = vector_wrappers.NormalizeReward(envs)
    envs.reset()
    single.reset()
    earned = []
    for _ in range(60):
        _, reward, terminated, truncated, _ = single.step(0)
        while True:
            _, rewards, terminations, truncations, _ = envs.step(np.array([0]))
            if envs.valid_transition[0]:
                break
        earned.append((reward, float(rewards[0])))
        assert (terminated, truncated) == (terminations[0], truncations[0])
        if terminated or truncated:
            single.reset()
            if mode is AutoresetMode.DISABLED:
                envs.reset(options={"reset_mask": np.array([True])})
    np.testing.assert_allclose(*zip(*earned, strict=True), rtol=1e-12)
    of_lanes, of_one = envs.return_rms.state_dict(), single.return_rms.state_dict()
    for name, value in of_one.items():
        np.testing.assert_allclose(of_lanes[name], value, rtol=1e-9)


@pytest.mark.parametrize("mode", MODES)
def test_a_reset_of_some_lanes_in_mid_episode(mode):
    envs = SyncVectorEnv([Ten] * 2, autoreset_mode=mode)
    envs = vector_wrappers.RecordEpisodeStatistics(vector_wrappers.NormalizeReward(envs))
    envs.reset()
    for _ in range(4):
        envs.step(np.array([0, 0]))
    envs.reset(options={"reset_mask": np.array([True, False])})
    assert envs.env._rule.returns[0] == 0
    assert envs.env._rule.returns[1] > 0
    assert envs.episode_lengths.tolist() == [0, 4]
