"""Videos: what goes in comes out, and nothing recorded is lost when something goes wrong."""

import os
import signal
import stat

import numpy as np
import pytest

from dromos.error import Error
from dromos.render import VideoWriter, read_video


def flat(colour, width=64, height=48):
    frame = np.empty((height, width, 3), np.uint8)
    frame[:] = colour
    return frame


def record(path, frames, fps=30, **options):
    with VideoWriter(path, fps, **options) as writer:
        for frame in frames:
            writer.write(frame)
    return list(read_video(path))


def test_every_frame_comes_back_in_order(tmp_path):
    frames = [flat(20 + 2 * i) for i in range(100)]
    again = record(tmp_path / "video.mp4", frames)
    assert len(again) == 100
    for frame, copy in zip(frames, again, strict=True):
        assert copy.shape == frame.shape
        assert abs(copy.astype(int) - frame).max() <= 3


COLOURS = [(255, 255, 255), (0, 0, 0), (222, 92, 78), (51, 65, 92), (240, 160, 75), (0, 0, 255)]


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_are_kept(tmp_path, colour):
    (frame,) = record(tmp_path / "video.mp4", [flat(colour)])
    assert abs(frame.astype(int) - colour).max() <= 4


@pytest.mark.parametrize(("width", "height"), [(63, 47), (1, 1), (64, 33), (601, 2)])
def test_odd_sizes_are_widened_by_their_last_pixels(tmp_path, width, height):
    frames = [flat((180, 120, 60), width, height)] * 3
    again = record(tmp_path / "video.mp4", frames)
    assert [frame.shape for frame in again] == [(height + height % 2, width + width % 2, 3)] * 3
    assert abs(again[0].astype(int) - (180, 120, 60)).max() <= 4


@pytest.mark.parametrize("fps", [30, 15.0, 29.97, np.float32(12.5), 0.5, 1000])
def test_frame_rates(tmp_path, fps):
    import av

    path = tmp_path / "video.mp4"
    record(path, [flat(i) for i in range(20)], fps=fps)
    with av.open(str(path)) as container:
        assert float(container.streams.video[0].average_rate) == pytest.approx(float(fps), rel=1e-3)


def test_players_find_the_format_they_know(tmp_path):
    import av

    path = tmp_path / "video.mp4"
    record(path, [flat(i) for i in range(20)])
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert stream.frames == 20
        assert container.duration / 1e6 == pytest.approx(20 / 30, abs=0.05)


def test_an_exception_in_the_block_passes_and_the_video_is_whole(tmp_path):
    path = tmp_path / "video.mp4"

    def frames():
        for i in range(50):
            yield flat(i)
        raise KeyError

    with pytest.raises(KeyError):
        record(path, frames())
    assert len(list(read_video(path))) == 50


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (flat(1, 66), "frames of width x height 64 x 48, found one of 66 x 48"),
        (flat(1).astype(np.float32), "dtype uint8 .* found dtype float32"),
        (flat(1)[..., :1], r"found dtype uint8 and shape \(48, 64, 1\)"),
        (None, "found NoneType"),
    ],
)
def test_a_wrong_frame_is_left_out_and_recording_goes_on(tmp_path, wrong, message):
    path = tmp_path / "video.mp4"
    with VideoWriter(path, 30) as writer:
        for i in range(10):
            writer.write(flat(i))
        with pytest.raises(Error, match=message):
            writer.write(wrong)
        writer.write(flat(10))
        assert writer.frame_count == 11
    assert len(list(read_video(path))) == 11


def test_a_size_that_was_told_is_held(tmp_path):
    with (
        VideoWriter(tmp_path / "video.mp4", 30, size=(32, 24)) as writer,
        pytest.raises(Error, match="width x height 32 x 24, found one of 64 x 48"),
    ):
        writer.write(flat(1))


def test_no_frames_leave_no_file(tmp_path):
    path = tmp_path / "video.mp4"
    with VideoWriter(path, 30):
        assert path.exists()
    assert not path.exists()


def test_closing_is_final_and_may_be_repeated(tmp_path):
    writer = VideoWriter(tmp_path / "video.mp4", 30)
    writer.write(flat(1))
    writer.close()
    writer.close()
    with pytest.raises(Error, match="has been closed; make a new VideoWriter"):
        writer.write(flat(1))


@pytest.mark.parametrize("fps", [0, -1, float("nan"), float("inf"), 1001])
def test_impossible_frame_rates(tmp_path, fps):
    with pytest.raises(Error, match=r"fps must be from 0\.01 to 1000\.0, found"):
        VideoWriter(tmp_path / "video.mp4", fps)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_written_is_said_at_once(tmp_path):
    with pytest.raises(
        Error, match=r"cannot write the video .*missing.* No such file or directory"
    ):
        VideoWriter(tmp_path / "missing" / "video.mp4", 30)
    with pytest.raises(Error, match="Is a directory"):
        VideoWriter(tmp_path, 30)


def test_a_full_device_is_an_error_and_stays_a_device():
    with pytest.raises(Error, match="No space left on device"), VideoWriter("/dev/full", 30) as w:
        w.write(flat(1))
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


RECORD = """
    import os, resource, signal, sys
    import numpy as np
    from dromos.error import Error
    from dromos.render import VideoWriter
    random = np.random.default_rng(0)
    writer = VideoWriter(os.environ["VIDEO"], 30)
    limit = int(os.environ["BYTES"])
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        with writer:
            for _ in range(200):
                writer.write(random.integers(0, 255, (48, 64, 3), np.uint8))
            if not limit:
                os.kill(os.getpid(), signal.SIGKILL)
    except Error as error:
        sys.exit(str(error))
"""


# The whole video has about 390 kB, a second of it 56 kB.
@pytest.mark.parametrize(
    ("limit", "frames"), [(70_000, 25), (200_000, 80), (300_000, 140), (380_000, 170)]
)
def test_when_the_disk_is_full_what_was_recorded_can_be_played(
    tmp_path, run_program, limit, frames
):
    path = tmp_path / "video.mp4"
    done = run_program(RECORD, VIDEO=str(path), BYTES=str(limit))
    assert "File too large. Is its folder there and writable" in done.stderr
    assert done.returncode == 1
    assert path.stat().st_size <= limit
    assert len(list(read_video(path))) >= frames


def test_when_there_is_no_room_for_a_picture_there_is_no_file(tmp_path, run_program):
    path = tmp_path / "video.mp4"
    assert run_program(RECORD, VIDEO=str(path), BYTES="2000").returncode == 1
    assert not path.exists()


def test_when_the_process_is_killed_what_was_recorded_can_be_played(tmp_path, run_program):
    path = tmp_path / "video.mp4"
    done = run_program(RECORD, VIDEO=str(path), BYTES="0")
    assert done.returncode == -signal.SIGKILL
    assert len(list(read_video(path))) >= 100


def test_what_is_no_video_is_named(tmp_path):
    path = tmp_path / "video.mp4"
    path.write_bytes(b"not a video")
    with pytest.raises(Error, match="cannot read the video"):
        list(read_video(path))
    with pytest.raises(Error, match="No such file"):
        list(read_video(tmp_path / "missing.mp4"))
