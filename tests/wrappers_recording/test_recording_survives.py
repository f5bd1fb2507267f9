"""What was recorded can be played whatever happens, and copies and snapshots leave it alone."""

import copy
import gc
import pickle
import signal

import pytest
from recording_fakes import Film, counts_in, names_in, play

import dromos as gym
from dromos.error import Error
from dromos.render import Recorder, read_video
from dromos.wrappers import RecordVideo


def never(_):
    return False


class Fails(Film):
    def step(self, action):
        if self.count == 5:
            raise ArithmeticError
        return super().step(action)


def test_an_exception_of_the_environment(folder):
    with RecordVideo(Fails(), folder) as env, pytest.raises(ArithmeticError):
        play(env)
    assert counts_in(folder / "rl-video-episode-0.mp4") == [0, 1, 2, 3, 4, 5]


def test_an_environment_that_fails_to_close(folder):
    env = RecordVideo(Film(), folder)
    env.unwrapped.close = lambda: 1 / 0
    play(env, steps=2)
    with pytest.raises(ZeroDivisionError):
        env.close()
    assert counts_in(folder / "rl-video-episode-0.mp4") == [0, 1, 2]


def test_nobody_closes_it(folder):
    env = RecordVideo(Film(), folder)
    play(env, steps=4)
    del env
    gc.collect()
    assert counts_in(folder / "rl-video-episode-0.mp4") == [0, 1, 2, 3, 4]


PROGRAM = """
    import os, signal, sys
    from recording_fakes import Film, play
    from dromos.wrappers import RecordVideo
    env = RecordVideo(Film(), os.environ["FOLDER"])
    env.reset()
    for _ in range(30):
        env.step(0)
"""


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("", 0),
        ("sys.exit(3)", 3),
        ("1 / 0", 1),
        ("signal.raise_signal(signal.SIGINT)", -signal.SIGINT),
    ],
    ids=["end", "exit", "exception", "ctrl-c"],
)
def test_the_program_ends_without_closing(folder, run_program, end, code):
    done = run_program(PROGRAM + "    " + end, FOLDER=str(folder))
    assert done.returncode == code, done.stderr
    assert counts_in(folder / "rl-video-episode-0.mp4") == list(range(31))


def test_the_process_is_killed(folder, run_program):
    text = PROGRAM.replace("range(30)", "range(200)") + "    os.kill(os.getpid(), signal.SIGKILL)"
    done = run_program(text.replace("Film()", "Film(end=50)"), FOLDER=str(folder))
    assert done.returncode == -signal.SIGKILL, done.stderr
    shown = counts_in(folder / "rl-video-episode-0.mp4")
    assert len(shown) >= 100  # of 201: the encoder looks ahead, and a fragment is a second
    assert shown == [count % 64 for count in range(len(shown))]  # a shade is a byte


def test_a_fork_leaves_the_file_to_its_parent(folder, run_program):
    text = """
        if os.fork() == 0:
            del env
            sys.exit(0)
        os.wait()
        for _ in range(10):
            env.step(0)
    """
    done = run_program(PROGRAM + text.replace("\n    ", "\n"), FOLDER=str(folder))
    assert done.returncode == 0, done.stderr
    assert counts_in(folder / "rl-video-episode-0.mp4") == list(range(41))


FULL = """
    import os, resource, signal
    import numpy as np
    from dromos.error import Error
    from recording_fakes import Film
    from dromos.wrappers import RecordVideo
    class Noise(Film):
        def render(self):
            return self.np_random.integers(0, 256, (48, 64, 3), np.uint8)
    env = RecordVideo(Noise(), os.environ["FOLDER"], step_trigger=lambda step: step == 350)
    env.start_recording("full")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
    env.reset(seed=0)
    failures = []
    for _ in range(400):
        try:
            env.step(0)
        except Error as error:
            failures.append((env.unwrapped.count, str(error)))
            assert not env.recording
    print(failures)
    env.close()
"""


def test_the_disk_is_full(folder, run_program):
    done = run_program(FULL, FOLDER=str(folder))
    assert done.returncode == 0, done.stderr
    ((step, message),) = eval(done.stdout)  # the second recording fits
    assert "full.mp4: File too large. Is its folder there and writable, and is there" in message
    frames = len(list(read_video(folder / "full.mp4")))
    assert 40 <= frames < step
    assert len(list(read_video(folder / "rl-video-step-350.mp4"))) == 50


def test_a_folder_that_cannot_be_made_or_written_to(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "videos", "/proc/videos"):
        with pytest.raises(Error, match=r"cannot write videos to the folder .* Name a folder"):
            RecordVideo(Film(), folder)


def test_a_folder_that_goes_while_recording(folder):
    env = RecordVideo(Film(end=3), folder, episode_trigger=lambda _: True)
    play(env)
    env.close()
    (folder / "rl-video-episode-0.mp4").unlink()
    folder.rmdir()
    with pytest.raises(Error, match=r"cannot write the video .*No such file or directory"):
        env.reset()
    assert not env.recording
    play(RecordVideo(Film(end=3), folder))


# Copies and snapshots.


@pytest.mark.parametrize(
    "twin",
    [copy.deepcopy, lambda env: env.clone(), lambda env: pickle.loads(pickle.dumps(env))],
    ids=["deepcopy", "clone", "pickle"],
)
def test_a_copy_records_what_it_is_told_only(folder, twin):
    env = RecordVideo(Film(end=4), folder, name_prefix="own")
    env.reset()
    env.step(0)
    other = twin(env)
    assert other.unwrapped.count == 1
    assert (other.recording, other.episode_id, other.step_id) == (False, 0, 0)
    play(other, episodes=2)
    other.start_recording("copy")
    play(other)
    other.close()
    env.step(0)
    env.close()
    assert names_in(folder) == ["copy.mp4", "own-episode-0.mp4"]
    assert counts_in(folder / "own-episode-0.mp4") == [0, 1, 2]
    assert counts_in(folder / "copy.mp4") == [0, 1, 2, 3, 4]


def test_a_restore_shows_in_the_video_and_sets_no_number_back(folder):
    env = RecordVideo(Film(end=4), folder, episode_trigger=lambda _: True)
    play(env)
    saved = env.snapshot()
    env.reset()
    env.step(0)
    env.step(0)
    middle = env.snapshot()
    env.step(0)
    env.restore(middle)
    env.step(0)
    env.restore(saved)
    assert (env.episode_id, env.step_id) == (1, 7)
    play(env)
    env.close()
    assert names_in(folder) == [f"rl-video-episode-{n}.mp4" for n in range(3)]
    assert counts_in(folder / "rl-video-episode-1.mp4") == [0, 1, 2, 3, 3]


def test_another_process_goes_on_with_the_numbers(folder):
    env = RecordVideo(Film(end=4), folder)
    play(env, episodes=8)
    saved = env.snapshot()
    env.close()
    folder.rename(folder.parent / "before")
    again = RecordVideo(Film(end=4), folder)
    again.restore(saved)
    play(again)
    again.close()
    assert names_in(folder) == ["rl-video-episode-8.mp4"]


def test_snapshots_are_the_same_with_and_without_a_recording(folder):
    env = RecordVideo(gym.make("CartPole-v1", render_mode="rgb_array"), folder)
    env.reset(seed=1)
    running = env.snapshot()
    env.stop_recording()
    assert env.snapshot() == running
    assert type(running).from_bytes(running.to_bytes()) == running
    env.close()


# The recorder by itself.


def test_a_recorder_tells_its_files(folder):
    recorder = Recorder(folder, 20)
    assert (recorder.recording, recorder.path, recorder.frame_count) == (False, None, 0)
    assert recorder.stop() is None
    recorder.start("one")
    assert recorder.recording
    assert names_in(folder) == []
    recorder.write(Film().render())
    assert (recorder.path, recorder.frame_count) == (str(folder / "one.mp4"), 1)
    assert recorder.stop() == str(folder / "one.mp4")
    with pytest.raises(Error, match=r"no recording runs, call start\(name\) first"):
        recorder.write(Film().render())
