"""Frames to H.264 files and back. The only file that imports PyAV, and only when it is used.

The file is written in fragments while recording, one per second or so, and turned into an ordinary
one at the end. So what has been recorded can be played even if the process is killed or the disk
fills up.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.error import DependencyNotInstalled, Error
from dromos.forks import KeptInForks, is_of_this_process
from dromos.render.frames import checked_frame
from dromos.render.latching_file import LatchingFile
from dromos.render.sound import SoundTrack, checked_sound

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["VideoWriter", "checked_fps", "imported_av", "read_video"]

# Constant rate factor of x264: 18 is commonly held to look like the original.
_ENCODING = {"crf": "18", "preset": "veryfast"}
# The libavformat (FFmpeg 7.1) that can turn a fragmented file into an ordinary one at the end.
_HYBRID_SINCE = (61, 7)
_HYBRID = "hybrid_fragmented"
_FRAGMENTED = "frag_keyframe+empty_moov+default_base_moof"
# ITU-T H.273: BT.709 primaries, transfer and matrix; limited range. Players guess otherwise.
_BT709 = 1
_LIMITED_RANGE = 1
# What x264 encodes, in pixels.
_LONGEST_SIDE = 16384
_LEAST_FPS = 0.01
_MOST_FPS = 1000.0


class VideoWriter:
    """Writes frames to an mp4 file, one after another, in bounded memory.

    The file is H.264 with 4:2:0 colour. Frames of odd width or height are widened by repeating
    their last column or row. Used in a ``with`` block, the file is finished also when the block
    raises; a writer that got no frame leaves no file. In a fork, the writer is closed, and the
    file its parent's.

    With sound, one channel of AAC, a frame is shown for as long as its sound lasts.

    Args:
        path: The file, replaced if it is there; its folder must exist.
        fps: Frames per second, 0.01 to 1000.
        size: Width and height of the frames, or None to take the first frame's.
        sound_rate: Samples a second of the sound; None for a video without.

    Raises:
        DependencyNotInstalled: If PyAV is missing.
        Error: If `fps` or `size` is out of range, or the file cannot be written.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        fps: float,
        size: tuple[int, int] | None = None,
        sound_rate: int | None = None,
    ) -> None:
        self._av = imported_av()
        self.path = os.fspath(path)
        self.fps = checked_fps(fps)
        self.size = size
        self.sound_rate = sound_rate
        #: Frames taken so far.
        self.frame_count = 0
        self._container: Any = None
        self._stream: Any = None
        self._track: SoundTrack | None = None
        self._reformatter: Any = None
        self._kept: KeptInForks | None = None
        self._end = "has been closed"
        try:
            self._file: LatchingFile | None = LatchingFile(self.path)
        except OSError as reason:
            raise self._failed(reason) from reason
        is_of_this_process(self)

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exc_type is None:
            self.close()
        else:
            with suppress(Error):  # what the block raised says more
                self.close()

    def write(self, frame: NDArray[np.uint8], sound: NDArray[np.uint8] | None = None) -> None:
        """Append a frame.

        Args:
            frame: uint8 of shape (height, width, 3), the same for all frames.
            sound: What is heard while it is shown, samples uint8 (n,) around 128, if the video
                has sound; None or none for silence of ``1 / fps`` seconds.

        Raises:
            Error: If the frame is no picture or of another size, or the sound none, in which case
                it is left out and recording can go on; or if the writer is closed or the file
                cannot be written.
        """
        pixels = checked_frame(frame, "VideoWriter.write()")
        if sound is not None:
            sound = checked_sound(sound, "VideoWriter.write()")
        if self._file is None:
            raise Error(f"the video {self.path} {self._end}; make a new VideoWriter")
        height, width = pixels.shape[:2]
        if self.size is None:
            self.size = (width, height)
        if (width, height) != tuple(self.size):
            raise Error(
                f"the video {self.path} has frames of width x height {self.size[0]} x "
                f"{self.size[1]}, found one of {width} x {height}; make a new VideoWriter for it"
            )
        if self._container is None:
            self._start(width + width % 2, height + height % 2)
        if height % 2 or width % 2:
            pixels = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
        picture = self._reformatter.reformat(
            self._av.VideoFrame.from_ndarray(pixels, format="rgb24"),
            format="yuv420p",
            dst_colorspace="ITU709",
        )
        track = self._track
        picture.pts = self.frame_count if track is None else track.length
        self.frame_count += 1  # now: an interrupt in the next line must not repeat the time
        try:
            if track is not None:
                if sound is None or len(sound) == 0:
                    self._mux(track.silence(float(1 / self.fps)))
                else:
                    self._mux(track.packets(sound))
            self._mux(self._stream.encode(picture))
        except OSError as reason:
            raise self._failed(reason) from reason

    def close(self) -> None:
        """Finish the file; a second call does nothing.

        Raises:
            Error: If the file cannot be written; what came before can be played.
        """
        if self._file is None:
            return
        file = self._file
        try:
            if self._container is not None:
                try:
                    self._mux(self._stream.encode(None))
                    if self._track is not None:
                        self._mux(self._track.end())
                finally:
                    self._container.close()
                file.check()
        except OSError as reason:
            raise self._failed(reason) from reason
        finally:
            self._file = self._container = self._stream = self._track = None
            self._reformatter = self._kept = None
            file.finish()

    def _leave_to_parent(self) -> None:
        if self._file is not None:
            self._end = "is that of the process which this one was forked from"
        self._file = self._container = self._stream = self._track = None

    def _start(self, width: int, height: int) -> None:
        if max(width, height) > _LONGEST_SIDE:
            raise Error(
                f"a video has at most {_LONGEST_SIDE} pixels a side, found frames of width x "
                f"height {width} x {height} for {self.path}; draw smaller ones, or tile fewer "
                "in one"
            )
        hybrid = self._av.library_versions["libavformat"] >= _HYBRID_SINCE
        self._container = self._av.open(
            self._file,
            "w",
            format="mp4",
            options={"movflags": _HYBRID if hybrid else _FRAGMENTED, "flush_packets": "1"},
        )
        codec = "libx264" if "libx264" in self._av.codecs_available else "h264"
        self._stream = self._container.add_stream(codec, rate=self.fps, options=_ENCODING)
        context = self._stream.codec_context
        context.width, context.height, context.pix_fmt = width, height, "yuv420p"
        context.gop_size = max(1, round(self.fps))  # a second
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED_RANGE
        if self.sound_rate is not None:
            context.time_base = Fraction(1, self.sound_rate)
            context.max_b_frames = 0  # they delay the pictures, but not the sound
            self._track = SoundTrack(self._av, self._container, self.sound_rate)
        # PyAV's own, for all that it converts, would hang the end of a fork.
        self._reformatter = self._av.video.reformatter.VideoReformatter()
        self._kept = KeptInForks(self._container, self._stream, self._track, self._reformatter)

    def _mux(self, packets: Iterable[Any]) -> None:
        assert self._file is not None
        for packet in packets:
            self._container.mux(packet)
            self._file.check()
            self._file.mark()

    def _failed(self, reason: OSError) -> Error:
        return Error(
            f"cannot write the video {self.path}: {reason.strerror or reason}. "
            "Is its folder there and writable, and is there room on the disk?"
        )


def read_video(path: str | os.PathLike[str]) -> Iterator[NDArray[np.uint8]]:
    """Iterate over the frames of a video file: uint8 of shape (height, width, 3).

    Raises:
        DependencyNotInstalled: If PyAV is missing.
        Error: If the file is not there or is no video.
    """
    av = imported_av()
    try:
        with av.open(os.fspath(path)) as container:
            stream = container.streams.video[0]
            if stream.codec_context is None:  # PyAV 17 would crash
                raise OSError("there is no decoder for what it holds")
            reformatter = av.video.reformatter.VideoReformatter()
            kept = KeptInForks(container, stream, reformatter)
            for frame in container.decode(stream):
                yield reformatter.reformat(frame, format="rgb24").to_ndarray()
            del kept
    except (OSError, av.FFmpegError, IndexError) as reason:
        raise Error(f"cannot read the video {os.fspath(path)}: {reason}") from reason


def imported_av() -> Any:
    """Return the module of PyAV.

    Raises:
        DependencyNotInstalled: If PyAV is missing.
    """
    try:
        import av
    except ImportError:
        raise DependencyNotInstalled(
            'videos need PyAV, which is not installed: pip install "dromos[video]"'
        ) from None
    return av


def checked_fps(fps: float) -> Fraction:
    """Return frames per second as the fraction that a file holds.

    Raises:
        Error: If a video cannot have this rate.
    """
    if not _LEAST_FPS <= fps <= _MOST_FPS:
        raise Error(f"a video's fps must be from {_LEAST_FPS} to {_MOST_FPS}, found {fps}")
    return Fraction(float(fps)).limit_denominator(1001)
