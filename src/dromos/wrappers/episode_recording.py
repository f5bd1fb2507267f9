"""When `RecordEpisodes` records, and where to: the same for an environment and for a vector."""

from __future__ import annotations

import os
from collections.abc import Mapping

from dromos.forks import is_of_this_process
from dromos.render.recorder import make_writable
from dromos.replay import EpisodeNotes, RecordedEpisode, save
from dromos.snapshot import rules
from dromos.wrappers.video_recording import Trigger, checked_trigger

__all__ = ["EpisodeRecording"]


class EpisodeRecording:
    """Base of the wrappers `RecordEpisodes`.

    Attributes:
        episode_trigger: Whether to record the episode of this number, from 0; None for none.
        name_prefix: What the names of the files begin with.
        folder: The absolute path of the folder of the files.
        episode_id: The number of the episode that began last; -1 before the first.
        last_file: The path of the file written last, or None.
    """

    snapshot_fields: Mapping[str, rules.Rule] = {"episode_id": rules.Later(-1, 2**63 - 1)}

    def _set_up(
        self,
        folder: str | os.PathLike[str],
        episode_trigger: Trigger | None,
        name_prefix: str,
    ) -> None:
        """Set the attributes and make the folder.

        Raises:
            TypeError: If the trigger is not callable.
            Error: If nothing can be written to the folder.
        """
        self.episode_trigger = checked_trigger("episode_trigger", episode_trigger or _every)
        self.name_prefix = name_prefix
        self.folder = os.path.abspath(folder)
        self.episode_id = -1
        self.last_file: str | None = None
        make_writable(self.folder, "episodes")
        is_of_this_process(self)

    def _leave_to_parent(self) -> None:
        """Drop the running episodes, whose files the parent writes."""
        raise NotImplementedError

    def _wants_next(self) -> bool:
        """Count an episode that begins, and return whether it is to be recorded."""
        self.episode_id += 1
        return self.episode_trigger is not None and bool(self.episode_trigger(self.episode_id))

    def _write(self, notes: EpisodeNotes, number: int) -> RecordedEpisode | None:
        """Write the file of an episode, unless it has no step."""
        if not len(notes):
            return None
        episode = notes.finish()
        lane = "" if episode.lane is None else f"-lane-{episode.lane}"
        path = os.path.join(self.folder, f"{self.name_prefix}-{number}{lane}.jsonl")
        save(episode, path)
        self.last_file = path
        return episode


def _every(_: int) -> bool:
    return True
