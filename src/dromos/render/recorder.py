"""Videos in a folder, one after another: what every recording wrapper records with."""

from __future__ import annotations

import os
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dromos.error import Error
from dromos.forks import is_of_this_process
from dromos.render.video import VideoWriter, checked_fps, imported_av

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Recorder", "make_writable"]


class Recorder:
    """Writes frames to mp4 files in a folder, one file at a time, in bounded memory.

    The file appears with the first frame. It is finished by `stop`, when the recorder is
    forgotten, and when the program ends, be it by an exception or Ctrl-C. If the process is killed
    or the disk is full, what `VideoWriter` says holds.

    A copy has the same folder and rate and records nothing yet; nor does a fork, which leaves the
    file that is being written to its parent.

    Args:
        folder: Where the files go; made if it is not there.
        fps: Frames per second, 0.01 to 1000.
        sound_rate: Samples a second of the videos' sound; None for videos without.

    Attributes:
        folder: The absolute path of the folder.
        fps: Frames per second.
        sound_rate: Samples a second, or None.
        name: The file being recorded, without folder and ending, or None.
        last_file: The path of the file finished last, or None.

    Raises:
        DependencyNotInstalled: If PyAV is missing.
        Error: If `fps` is out of range or nothing can be written to the folder.
    """

    def __init__(
        self, folder: str | os.PathLike[str], fps: float, sound_rate: int | None = None
    ) -> None:
        imported_av()
        checked_fps(fps)
        self.folder = os.path.abspath(os.fspath(folder))
        self.fps = fps
        self.sound_rate = sound_rate
        self.name: str | None = None
        self.last_file: str | None = None
        self._writer: VideoWriter | None = None
        self._finisher: Any = None
        make_writable(self.folder, "videos")

    @property
    def recording(self) -> bool:
        """Whether frames are taken."""
        return self.name is not None

    @property
    def frame_count(self) -> int:
        """How many frames the file being recorded has."""
        return 0 if self._writer is None else self._writer.frame_count

    @property
    def path(self) -> str | None:
        """The path of the file being recorded, or None."""
        return None if self.name is None else os.path.join(self.folder, f"{self.name}.mp4")

    def start(self, name: str) -> None:
        """Record to the file ``name.mp4``, replacing it; stop the recording that runs.

        Raises:
            Error: If the recording that runs cannot be finished.
        """
        self.stop()
        self.name = name
        is_of_this_process(self)

    def write(self, frame: NDArray[np.uint8], sound: NDArray[np.uint8] | None = None) -> None:
        """Append a frame; if that fails, stop, with the frames so far in the file.

        Args:
            frame: uint8 of shape (height, width, 3), the same for all frames of a file.
            sound: What is heard while it is shown, as for `VideoWriter.write`.

        Raises:
            Error: If no recording runs, the frame is no picture or of another size than the
                first, or the file cannot be written.
        """
        if self.path is None:
            raise Error("Recorder.write(): no recording runs, call start(name) first")
        try:
            if self._writer is None:
                self._writer = writer = VideoWriter(self.path, self.fps, sound_rate=self.sound_rate)
                # The finaliser holds the writer, not the recorder, which can so be forgotten.
                self._finisher = weakref.finalize(self, writer.close)
            self._writer.write(frame, sound)
        except Error:
            with suppress(Error):  # the first error says more
                self.stop()
            raise

    def stop(self) -> str | None:
        """Finish the file.

        Returns:
            The path of the file, or None if there is none because no frame was written.

        Raises:
            Error: If the file cannot be written; what came before can be played.
        """
        path, writer, finisher = self.path, self._writer, self._finisher
        self.name = self._writer = self._finisher = None
        if writer is None:
            return None
        finisher.detach()
        writer.close()
        self.last_file = path
        return path

    def _leave_to_parent(self) -> None:
        self.name = self._writer = None
        if self._finisher is not None:
            self._finisher.detach()
            self._finisher = None

    def _repr_html_(self) -> str:
        """Return how a notebook shows the recorder: a player with its last file."""
        from dromos.homes import load

        html: str = load("dromos.notebook:recorder_html")(self)
        return html

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "name": None, "_writer": None, "_finisher": None}


def make_writable(folder: str, what: str) -> None:
    """Make a folder, if it is not there, and try to write to it.

    Raises:
        Error: If nothing can be written to it; the message says what should have been.
    """
    import tempfile

    try:
        os.makedirs(folder, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as reason:
        raise Error(
            f"cannot write {what} to the folder {folder}: {reason.strerror or reason}. Name a "
            "folder that can be made and written to."
        ) from reason
