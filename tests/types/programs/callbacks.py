"""Functions handed to recorders."""

import os
import tempfile
from pathlib import Path

import dromos as gym
from dromos.utils.save_video import capped_cubic_video_schedule
from dromos.wrappers import CsvMonitor, RecordEpisodes, RecordEpisodeStatistics, RecordVideo


def every_other(episode: int) -> bool:
    return episode % 2 == 0


with tempfile.TemporaryDirectory() as folder:
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    env = RecordEpisodeStatistics(env, buffer_length=10)
    env = CsvMonitor(env, os.path.join(folder, "monitor.csv"), info_keywords=())
    env = RecordEpisodes(env, Path(folder) / "episodes", episode_trigger=every_other)
    env = RecordVideo(
        env,
        os.path.join(folder, "films"),
        episode_trigger=lambda episode: False,
        name_prefix="agent",
    )
    env = RecordVideo(
        env, os.path.join(folder, "steps"), step_trigger=lambda step: False, video_length=10
    )
    print(capped_cubic_video_schedule(8))
    env.reset(seed=0)
    while True:
        *_, terminated, truncated, info = env.step(0)
        if terminated or truncated:
            break
    print(info["episode"]["l"])
    env.close()
