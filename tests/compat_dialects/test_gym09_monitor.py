"""Rows B15, B17, B19, B20 and B22: `Monitor`."""

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from dialect_cases import QUIET, Corridor09, Corridor21, play

from dromos import legacy as gym
from dromos.compat import gym_v25
from dromos.error import Error, ResetNeeded
from dromos.render import read_video

Monitor = gym.wrappers.Monitor
pytestmark = [
    pytest.mark.filterwarnings(QUIET),
    pytest.mark.filterwarnings("ignore:.*no 'spec' set"),
]


def recorded(directory, ending):
    return sorted(path.name for path in directory.iterdir() if path.name.endswith(ending))


def read(path):
    return json.loads(Path(path).read_text())


def stats_of(monitor):
    return read(monitor.stats_recorder.path)


def test_b15_every_episode_is_recorded_if_asked(tmp_path):
    env = Monitor(Corridor09(), tmp_path, video_callable=lambda episode: True, force=True)
    lengths = [play(env) for _ in range(3)]
    env.close()
    videos = recorded(tmp_path, ".mp4")
    infix = env.stats_recorder.path.split("episode_batch.")[1].removesuffix(".stats.json")
    assert infix.endswith(f".{os.getpid()}")
    assert videos == [f"openaigym.video.{infix}.video{i:06}.mp4" for i in range(3)]
    frames = [len(list(read_video(tmp_path / name))) for name in videos]
    assert frames == [length + 1 for length in lengths]


def test_b15_the_schedule_is_cubes_then_thousands(tmp_path):
    env = Monitor(Corridor09(length=2), tmp_path)
    for _ in range(10):
        play(env)
    env.close()
    assert [name[-10:-4] for name in recorded(tmp_path, ".mp4")] == ["000000", "000001", "000008"]


def test_b15_there_may_be_no_videos(tmp_path):
    env = Monitor(Corridor09(), tmp_path, video_callable=False)
    play(env)
    env.close()
    assert recorded(tmp_path, ".mp4") == []
    assert env.unwrapped.rendered == []


@pytest.mark.parametrize("schedule", [True, 3, "all"])
def test_b15_a_schedule_is_a_function(tmp_path, schedule):
    with pytest.raises(Error, match="You must provide a function, None, or False"):
        Monitor(Corridor09(), tmp_path, video_callable=schedule)


def test_b17_monitors_are_not_doubled_but_wrap_time_limits(tmp_path):
    env = Monitor(gym.make("CartPole-v0"), tmp_path / "1", video_callable=False)
    assert str(env) == "<Monitor<TimeLimit<CartPoleEnv<CartPole-v0>>>>"
    with pytest.raises(
        gym.error.DoubleWrapperError, match="Attempted to double wrap with Wrapper: Monitor"
    ):
        Monitor(env, tmp_path / "2")
    assert not (tmp_path / "2").exists()


def test_b19_statistics_of_each_episode(tmp_path):
    env = Monitor(Corridor09(length=3), tmp_path, video_callable=False)
    lengths = [play(env) for _ in range(2)]
    assert len(env.get_episode_rewards()) == 2
    assert env.get_episode_lengths() == lengths
    assert env.get_episode_rewards() == pytest.approx([1 - 0.1 * (n - 1) for n in lengths])
    env.reset()
    env.step(0)
    assert env.get_total_steps() == sum(lengths) + 1
    env.close()
    stats = stats_of(env)
    assert stats.keys() == {
        "initial_reset_timestamp",
        "timestamps",
        "episode_lengths",
        "episode_rewards",
        "episode_types",
    }
    assert stats["episode_lengths"] == lengths
    assert stats["episode_types"] == ["t", "t"]
    assert stats["initial_reset_timestamp"] <= stats["timestamps"][0] <= stats["timestamps"][1]


def test_b19_the_manifest_lists_the_files(tmp_path):
    env = Monitor(gym.make("CartPole-v0"), tmp_path)
    play(env)
    env.close()
    (name,) = recorded(tmp_path, ".manifest.json")
    assert name.startswith("openaigym.manifest.")
    manifest = json.loads((tmp_path / name).read_text())
    assert manifest["stats"] == os.path.basename(env.stats_recorder.path)
    assert [tuple(pair) for pair in manifest["videos"]] == list(
        zip(recorded(tmp_path, ".mp4"), recorded(tmp_path, ".meta.json"), strict=True)
    )
    assert manifest["env_info"] == {"env_id": "CartPole-v0"}
    description = json.loads((tmp_path / manifest["videos"][0][1]).read_text())
    assert description["episode_id"] == 0
    assert description["broken"] is False


def test_b19_results_are_loaded_again(tmp_path):
    for uid in ("first", "second"):
        env = Monitor(Corridor09(), tmp_path, resume=True, uid=uid)
        play(env)
        env.close()
    results = gym.wrappers.monitoring.load_results(tmp_path)
    assert len(results["episode_lengths"]) == len(results["videos"]) == 2
    assert all(os.path.exists(path) for pair in results["videos"] for path in pair)
    assert results["timestamps"] == sorted(results["timestamps"])
    assert results["initial_reset_timestamp"] <= results["timestamps"][0]
    (tmp_path / recorded(tmp_path, "first.stats.json")[0]).write_text("{")
    with pytest.raises(Error, match="cannot read the monitor file"):
        gym.wrappers.monitoring.load_results(tmp_path)


def test_b19_a_directory_without_monitors_has_no_results(tmp_path):
    with pytest.warns(UserWarning, match="No manifests found in training directory"):
        assert gym.wrappers.monitoring.load_results(tmp_path) is None


def test_b20_a_frame_for_each_reset_and_step_of_a_recorded_episode(tmp_path):
    env = Monitor(Corridor09(length=9), tmp_path, video_callable=lambda episode: episode == 1)
    play(env)
    assert env.unwrapped.rendered == []
    assert env.video_recorder.functional is False
    steps = play(env)
    assert env.unwrapped.rendered == ["rgb_array"] * (steps + 1)
    env.video_recorder.capture_frame()
    assert len(env.unwrapped.rendered) == steps + 2
    play(env)
    assert len(env.unwrapped.rendered) == steps + 2


def test_b20_no_step_outside_an_episode(tmp_path):
    env = Monitor(Corridor09(), tmp_path, video_callable=False)
    with pytest.raises(ResetNeeded, match="Trying to step an environment before reset"):
        env.step(0)
    play(env)
    with pytest.raises(ResetNeeded, match="Trying to step environment which is currently done"):
        env.step(0)


def test_b20_no_reset_within_an_episode(tmp_path):
    env = Monitor(Corridor09(length=9), tmp_path, video_callable=False)
    env.reset()
    env.reset()  # nothing has happened yet
    env.step(0)
    with pytest.raises(Error, match="Tried to reset environment which is not done"):
        env.reset()


def test_b22_files_of_an_earlier_monitor_are_not_mixed_in(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    first = Monitor(Corridor09(), tmp_path)
    play(first)  # it is not closed: what a crashed run leaves counts as well
    with pytest.raises(Error, match=r"with existing monitor files: .*manifest\.json"):
        Monitor(Corridor09(), tmp_path)
    beside = Monitor(Corridor09(), tmp_path, resume=True)
    play(beside)
    beside.close()
    first.close()
    assert len(recorded(tmp_path, ".stats.json")) == 2
    last = Monitor(Corridor09(), tmp_path, force=True, video_callable=False)
    assert len(recorded(tmp_path, ".stats.json")) == 1
    assert (tmp_path / "mine.txt").read_text() == "mine"
    last.close()


def test_b22_episodes_are_of_training_or_evaluation(tmp_path):
    env = Monitor(Corridor09(), tmp_path, None, False, False, True, "mine", "evaluation")
    play(env)
    env.set_mode("training")
    play(env)
    assert stats_of(env)["episode_types"][0] == "e"
    env.close()
    assert stats_of(env)["episode_types"] == ["e", "t"]
    assert env.stats_recorder.path.endswith(".mine.stats.json")
    with pytest.raises(Error, match="Invalid mode 'test': must be 'training' or 'evaluation'"):
        Monitor(Corridor09(), tmp_path, resume=True, mode="test")


def test_b22_the_directory_is_made_or_what_is_wrong_with_it_told(tmp_path):
    Monitor(Corridor09(), tmp_path / "a" / "b", video_callable=False).close()
    assert recorded(tmp_path / "a" / "b", ".stats.json")
    (tmp_path / "file").write_text("")
    with pytest.raises(Error, match="cannot make the monitor directory"):
        Monitor(Corridor09(), tmp_path / "file")


def test_an_environment_without_a_spec_is_warned_of(tmp_path):
    with pytest.warns(UserWarning, match="Trying to monitor an environment which has no 'spec'"):
        Monitor(Corridor09(), tmp_path)


def test_statistics_are_there_while_it_records(tmp_path):
    env = Monitor(Corridor09(), tmp_path, video_callable=False)
    assert stats_of(env)["episode_lengths"] == []
    length = play(env)
    env.stats_recorder.flush()
    assert stats_of(env)["episode_lengths"] == [length]
    assert recorded(tmp_path, ".new") == []


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from dialect_cases import Corridor09, play
from dromos import legacy as gym
env = gym.wrappers.Monitor(Corridor09(), sys.argv[1], video_callable=lambda _: True)
for _ in range(4):
    play(env)
env.reset()
env.step(0)
if sys.argv[3] == "exception":
    raise RuntimeError("enough")
os.kill(os.getpid(), signal.SIGINT if sys.argv[3] == "interrupt" else signal.SIGKILL)
"""


@pytest.mark.parametrize("end", ["exception", "interrupt"])
def test_nothing_is_lost_when_a_program_ends(tmp_path, end):
    command = [sys.executable, "-c", KILLED, str(tmp_path), os.path.dirname(__file__), end]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in (1, -signal.SIGINT)
    results = gym.wrappers.monitoring.load_results(tmp_path)
    frames = [len(list(read_video(video))) for video, _ in results["videos"]]
    assert frames == [*(length + 1 for length in results["episode_lengths"]), 2]
    assert len(results["episode_lengths"]) == 4


def test_a_killed_program_leaves_whole_files(tmp_path):
    command = [sys.executable, "-c", KILLED, str(tmp_path), os.path.dirname(__file__), "kill"]
    assert subprocess.run(command, capture_output=True).returncode == -signal.SIGKILL
    results = gym.wrappers.monitoring.load_results(tmp_path)
    assert len(results["videos"]) == 5
    assert len(results["episode_lengths"]) >= 1


def test_a_monitor_that_is_forgotten_has_written(tmp_path):
    env = Monitor(Corridor09(), tmp_path, video_callable=False)
    lengths = [play(env) for _ in range(40)]
    path = env.stats_recorder.path
    del env
    assert read(path)["episode_lengths"] == lengths


def test_after_close_the_environment_goes_on_unrecorded(tmp_path):
    env = Monitor(gym_v25.make("CartPole-v1"), tmp_path, video_callable=False)
    play(env)
    env.close()
    env.close()
    env.reset()
    env.step(0)
    env.reset()
    assert len(stats_of(env)["episode_lengths"]) == 1


def test_a_frame_that_fails_ends_the_video_not_the_episode(tmp_path):
    class Shrinking(Corridor09):
        def _render(self, mode="human", close=False):
            return None if close else np.zeros((16 - 2 * self.position, 16, 3), np.uint8)

    env = Monitor(Shrinking(length=6), tmp_path, video_callable=lambda _: True)
    env.unwrapped.np_random = np.random.RandomState(0)
    with pytest.warns(UserWarning, match=r"The video .* ends here: "):
        play(env)
    env.close()
    ((_, description),) = env.videos
    assert read(description)["broken"] is True
    assert len(env.get_episode_lengths()) == 1


def test_a_video_without_a_frame_leaves_nothing(tmp_path):
    class Blind(Corridor09):
        def _render(self, mode="human", close=False):
            return None

    env = Monitor(Blind(), tmp_path, video_callable=lambda _: True)
    with pytest.warns(UserWarning, match=r"render\(mode='rgb_array'\) returned None"):
        play(env)
    env.close()
    assert env.videos == []
    assert recorded(tmp_path, ".mp4") == recorded(tmp_path, ".meta.json") == []


def test_an_environment_without_pictures_is_not_filmed(tmp_path):
    class Textual(Corridor09):
        metadata = {"render.modes": ["ansi"]}  # noqa: RUF012

    with pytest.warns(UserWarning, match="Disabling video recorder because .* no render mode"):
        play(Monitor(Textual(), tmp_path))
    assert recorded(tmp_path, ".mp4") == []


def test_a_video_recorder_by_itself(tmp_path):
    recorder = gym.wrappers.monitoring.VideoRecorder
    env = Corridor09()
    env.reset()
    with closing(recorder(env, str(tmp_path / "a.mp4"), {"who": "me"})) as video:
        video.capture_frame()
    assert len(list(read_video(tmp_path / "a.mp4"))) == 1
    assert json.loads((tmp_path / "a.meta.json").read_text())["who"] == "me"
    with pytest.raises(Error, match=r"must have file extension \.mp4"):
        recorder(env, str(tmp_path / "a.avi"))
    with pytest.raises(Error, match="Pass one of path and base_path"):
        recorder(env)


def test_an_environment_that_resets_itself(tmp_path):
    class Endless(Corridor09):
        metadata = {**Corridor09.metadata, "semantics.autoreset": True}  # noqa: RUF012

        def _step(self, action):
            observation, reward, done, info = super()._step(action)
            return self._reset() if done else observation, reward, done, info

    env = Monitor(Endless(), tmp_path, video_callable=lambda _: True)
    env.reset()
    ends = sum(env.step(1)[2] for _ in range(12))
    assert len(env.get_episode_lengths()) == ends > 0
    env.close()
    assert len(recorded(tmp_path, ".mp4")) == ends + 1


def test_the_newer_dialect_has_it_too(tmp_path):
    env = gym_v25.wrappers.Monitor(Corridor21(), tmp_path, video_callable=lambda _: True)
    assert env.reset(return_info=True)[1].keys() == {"drawn"}
    while not env.step(1)[2]:
        pass
    env.close()
    assert len(recorded(tmp_path, ".mp4")) == 1
