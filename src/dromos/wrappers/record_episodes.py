"""`RecordEpisodes`: episodes as files that can be played again."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from dromos.core import ActType, Env, ObsType, Wrapper
from dromos.forks import is_of_this_process
from dromos.render.recorder import make_writable
from dromos.replay import save
from dromos.replay.episode import EpisodeNotes, start_of_env
from dromos.replay.hashing import as_numpy_tree
from dromos.snapshot import Writes, rules
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.autoreset import next_step_resets
from dromos.wrappers.order import InsideTimeLimit
from dromos.wrappers.video_recording import Trigger, checked_trigger

__all__ = ["EpisodeRecording", "RecordEpisodes"]


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
        """Set the attributes and make the folder."""
        self.episode_trigger = checked_trigger("episode_trigger", episode_trigger or _every)
        self.name_prefix = name_prefix
        self.folder = os.path.abspath(folder)
        self.episode_id = -1
        self.last_file: str | None = None
        #: The number and the notes of the running episodes, by lane; an environment is lane 0.
        self._notes: dict[int, tuple[int, EpisodeNotes]] = {}
        make_writable(self.folder, "episodes")
        is_of_this_process(self)

    def _count_episode(self, lane: int, notes: Callable[[], EpisodeNotes]) -> None:
        """Count an episode that begins in a lane; if it is to be recorded, begin `notes` of it."""
        self._finish(lane)
        self.episode_id += 1
        if self.episode_trigger is not None and self.episode_trigger(self.episode_id):
            self._notes[lane] = self.episode_id, notes()

    def _finish(self, lane: int) -> None:
        """Write the file of a lane's episode, unless it has no step."""
        if lane not in self._notes:
            return
        number, notes = self._notes.pop(lane)
        if len(notes):
            episode = notes.finish()
            label = "" if episode.lane is None else f"-lane-{episode.lane}"
            path = os.path.join(self.folder, f"{self.name_prefix}-{number}{label}.jsonl")
            save(episode, path)
            self.last_file = path

    def _finish_all(self) -> None:
        for lane in sorted(self._notes):
            self._finish(lane)

    def _leave_to_parent(self) -> None:
        """Drop the running episodes, whose files the parent writes."""
        self._notes = {}

    def __getstate__(self) -> dict[str, Any]:
        # A copy would write to the files of the original.
        return {**self.__dict__, "episode_trigger": None, "_notes": {}}


class RecordEpisodes(  # pyright: ignore[reportIncompatibleVariableOverride]
    EpisodeRecording, Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs
):
    """Record episodes to files that ``dromos replay`` and `dromos.replay.play` play again.

    A file holds what was inside this wrapper (the specification with its wrappers, and the state
    after the reset), seed, options, actions, rewards, flags, and a hash over all that was observed.
    It is written when its episode ends, when another begins, or in `close`:
    ``<name_prefix>-<N>.jsonl``. ``docs/replays.md`` describes it.

    Attributes that are changed in the midst of an episode are not recorded. `restore` drops the
    running episode, which goes on from elsewhere; the next is recorded again. A copy (``clone``,
    ``deepcopy``, pickle) records nothing, since it would write to the same files; a fork leaves the
    running episode to its parent.

    Example:
        >>> env = RecordEpisodes(make("CartPole-v1"), "episodes")
    """

    _inside_time_limit = InsideTimeLimit("records no end of those that the limit ends", True)

    snapshot_fields = {"_over": rules.Flag()}  # noqa: RUF012

    @recorded
    def __init__(
        self,
        env: Env[ObsType, ActType],
        folder: str | os.PathLike[str],
        episode_trigger: Trigger | None = None,
        name_prefix: str = "episode",
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            folder: Where the files go; made if it is not there. Files of the same name are
                replaced.
            episode_trigger: Whether to record the episode of this number, counted from 0; None for
                all.
            name_prefix: What the names of the files begin with.

        Raises:
            TypeError: If the trigger is not callable.
            Error: If nothing can be written to the folder.
        """
        Wrapper.__init__(self, env)
        self._set_up(folder, episode_trigger, name_prefix)
        self._over = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment; the running episode is written, another begins."""
        result = self.env.reset(seed=seed, options=options)
        self._begin(result[0], seed, options)
        return result

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and note it down; an episode that ends is written.

        Raises:
            OSError: If the file cannot be written.
        """
        is_reset = self._over and next_step_resets(self.env)
        if not self._notes and not is_reset:
            result = self.env.step(action)
            self._over = bool(result[2] or result[3])
            return result
        given = as_numpy_tree(action)  # the environment may change it
        result = self.env.step(action)
        if is_reset:
            self._begin(result[0], None, None)
        else:
            self._notes[0][1].step(given, *result[:4])
            self._over = bool(result[2] or result[3])
            if self._over:
                self._finish(0)
        return result

    def _begin(self, observation: Any, seed: int | None, options: dict[str, Any] | None) -> None:
        self._over = False
        env = self.env
        self._count_episode(
            0,
            lambda: EpisodeNotes(
                env.observation_space, start_of_env(env, seed, options), observation
            ),
        )

    def close(self) -> None:
        """Write the running episode and close the wrapped environment."""
        try:
            self._finish_all()
        finally:
            super().close()

    def judge_state(self, state: dict[str, Any]) -> Writes:
        """Return what puts every layer into a state; the running episode is dropped with it."""
        return [*super().judge_state(state), self._notes.clear]


def _every(_: int) -> bool:
    return True
