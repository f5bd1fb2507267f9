"""A fork of whatever has threads or writes files leaves those to its parent, however it ends."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

#: Runs a function in a fork that ends as programs do, not by `os._exit`, and waits for it.
PRELUDE = """
import os, sys, tempfile
import numpy as np
import dromos as gym

folder = tempfile.mkdtemp()

def in_fork(act):
    if (child := os.fork()) == 0:
        act()
        sys.exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""


def run(program: str) -> None:
    """Run a program; CPython from 3.12 on warns of forks in processes with threads."""
    warns = ["-W", "ignore:This process:DeprecationWarning"]
    done = subprocess.run(
        [sys.executable, *warns, "-c", PRELUDE + textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "act",
    [
        "lambda: None",
        "lambda: globals().pop('env')",
        "lambda: env.close()",
        "lambda: [env.step(0) for _ in range(9)]",
        "lambda: [env.reset(), env.step(0), env.start_recording('own'), env.step(0), env.close()]",
    ],
    ids=["nothing", "forgotten", "closed", "stepped", "its own"],
)
def test_the_video_that_is_being_recorded(act: str) -> None:
    run(f"""
        from dromos.render import read_video
        from dromos.wrappers import RecordVideo
        env = RecordVideo(gym.make("CartPole-v1", render_mode="rgb_array"), folder + "/videos")
        env.reset(seed=0)
        steps = [env.step(step % 2) for step in range(3)]
        in_fork({act})
        assert env.recording
        steps += [env.step(1) for _ in range(3)]
        env.close()
        assert len(list(read_video(folder + "/videos/rl-video-episode-0.mp4"))) == 1 + len(steps)
    """)


def test_a_video_without_a_frame_yet() -> None:
    run("""
        from dromos.error import Error
        from dromos.render import VideoWriter, read_video
        writer, frame = VideoWriter(folder + "/film.mp4", 30), np.zeros((48, 64, 3), np.uint8)
        def act():
            try:
                writer.write(frame)
            except Error as refused:
                assert "forked" in str(refused)
                writer.close()
                return
            sys.exit(1)
        in_fork(act)
        writer.write(frame)
        writer.close()
        assert len(list(read_video(writer.path))) == 1
    """)


@pytest.mark.parametrize("made", ["make('CartPole-v1')", "make_vec('CartPole-v1', 2)"])
def test_the_episodes_that_are_being_recorded(made: str) -> None:
    run(f"""
        from dromos import replay
        from dromos.wrappers import RecordEpisodes
        from dromos.wrappers.vector import RecordEpisodes as RecordLanes
        env = gym.{made}
        env = (RecordLanes if hasattr(env, "num_envs") else RecordEpisodes)(env, folder)
        env.reset(seed=0)
        action = env.action_space.sample() * 0
        for _ in range(3):
            env.step(action)
        in_fork(lambda: [env.step(action), env.close()])
        assert os.listdir(folder) == []
        env.step(action)
        env.close()
        for name in os.listdir(folder):
            assert replay.load(os.path.join(folder, name)).total == 4
    """)


def test_rows_of_a_monitor_are_whole_from_whichever_process() -> None:
    run("""
        from dromos.wrappers import CsvMonitor
        from dromos.wrappers.csv_monitor import load_results
        env = CsvMonitor(gym.make("CartPole-v1", max_episode_steps=1), folder)
        def play():
            for _ in range(200):
                env.reset()
                env.step(0)
        children = []
        for _ in range(2):
            if (child := os.fork()) == 0:
                play()
                sys.exit(0)
            children.append(child)
        play()
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
        assert load_results(folder)["l"].tolist() == [1] * 600
    """)


def test_the_files_of_the_old_monitor() -> None:
    run("""
        from dromos.compat import gym_v25 as old
        from dromos.render import read_video
        env = old.wrappers.Monitor(old.make("CartPole-v1"), folder + "/monitor")
        env.reset()
        env.step(0)
        def files():
            return {one.name: one.stat().st_mtime_ns for one in os.scandir(folder + "/monitor")}
        before = files()
        in_fork(lambda: [env.step(0), env.close()])
        assert files() == before
        env.step(0)
        env.close()
        assert env.stats_recorder.total_steps == 2
        assert len(list(read_video(env.videos[0][0]))) == 3
    """)


def test_a_page_that_holds_up_its_parent() -> None:
    run("""
        import json, threading
        from urllib.request import urlopen
        from websockets.sync.client import connect
        env = gym.view(gym.make("CartPole-v1", render_mode="rgb_array"))
        driven = gym.view(gym.make("CartPole-v1"), policy="random")
        env.reset(seed=0)
        watch = env._watch
        with connect(env.url.replace("http", "ws") + "socket") as page:
            while not watch.eyes:
                pass
            page.send(json.dumps({"do": "pause"}))
            while not watch._asked:
                pass
            def act():
                assert (watch.eyes, env.viewer.closed, driven.closed) == (False, True, True)
                for _ in range(3):
                    env.step(0)
                env.close()
                driven.close()
            with watch._bell:  # as if the server's thread had it when the process forks
                in_fork(act)
            assert urlopen(env.url).status == 200
            assert not driven.closed
        env.close()
        driven.close()
    """)


@pytest.mark.parametrize("daemon", [True, False])
def test_workers(daemon: bool) -> None:
    run(f"""
        from dromos.vector import AsyncVectorEnv
        envs = AsyncVectorEnv([lambda: gym.make("CartPole-v1")] * 2, daemon={daemon})
        envs.reset(seed=0)
        in_fork(lambda: None)
        in_fork(lambda: globals().pop("envs"))
        in_fork(lambda: envs.close())
        assert envs.step(np.zeros(2, int))[1].tolist() == [1.0, 1.0]
        envs.close()
    """)


@pytest.mark.parametrize(
    "made",
    [
        "make_vec('CarRacing-v3', 4, num_threads=2)",
        "make_vec('Hopper-v5', 4, num_threads=2)",
        "make('Hopper-v5')",
        "make_vec('CartPole-v1', 4, 'sync')",
    ],
)
def test_the_threads_of_native_environments(made: str) -> None:
    run(f"""
        env = gym.{made}
        env.reset(seed=0)
        action = env.action_space.sample() * 0
        env.step(action)
        in_fork(lambda: [env.step(action), env.reset(), env.close()])
        in_fork(lambda: globals().pop("env"))
        env.step(action)
        env.close()
    """)


def test_a_video_that_is_being_read() -> None:
    run("""
        from dromos.render import VideoWriter, read_video
        with VideoWriter(folder + "/film.mp4", 30) as writer:
            for shade in range(100):
                writer.write(np.full((48, 64, 3), shade, np.uint8))
        frames = read_video(writer.path)
        next(frames)
        in_fork(lambda: None)
        in_fork(lambda: frames.close())
        assert len(list(frames)) == 99
    """)


def test_locks_that_another_thread_holds() -> None:
    run("""
        import signal, threading
        from dromos.homes import importing
        from dromos.native import load, modules

        held, over = threading.Event(), threading.Event()

        def hold():
            with importing(), gym.registry._entering.held(), modules._loading.held():
                held.set()
                over.wait()

        def act():
            signal.alarm(9)  # before anybody gives up waiting for another's import
            gym.make("Taxi-v4").reset(seed=0)
            assert "CartPole-v1" in list(gym.registry)
            try:
                load(library)
            except ImportError:
                signal.alarm(0)

        library = folder + "/none.so"
        open(library, "w").close()
        thread = threading.Thread(target=hold)
        thread.start()
        held.wait()
        in_fork(act)
        over.set()
        thread.join()
    """)
