"""`play`: an episode once more, and where it goes another way."""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dromos.env import Env
from dromos.error import Error
from dromos.replay.actions import batch_of_one, row_of
from dromos.replay.building import environment_of
from dromos.replay.episode import RecordedEpisode, StepNoted
from dromos.replay.files import load
from dromos.replay.hashing import EpisodeHash, as_numpy_tree
from dromos.snapshot import Snapshot
from dromos.vector.base import VectorEnv

__all__ = ["Departure", "Replay", "play"]

Watcher = Callable[[Any, int], object]


@dataclass(frozen=True)
class Departure:
    """Where an episode that is played again first differs from the one recorded.

    Attributes:
        step: The step, counted from 1; 0 for the reset; None if only the hash at the end differs,
            in a file that notes no checks.
        found: What differs, ``"observation"``, ``"reward"``, ``"terminated"``, ``"truncated"`` or
            ``"error"``, and the two values: recorded and played. Of observations, the checks.
    """

    step: int | None
    found: dict[str, tuple[Any, Any]]

    def __str__(self) -> str:
        if self.step is None:
            ends = " and ".join(map(repr, self.found["hash"]))
            return f"departs somewhere, the file has no checks to tell where; the hashes are {ends}"
        where = f"step {self.step}" if self.step else "the reset"
        if "error" in self.found:
            return f"departs at {where}, which fails: {self.found['error'][1]}"
        what = (f"{name} was {was!r}, is {now!r}" for name, (was, now) in self.found.items())
        return f"departs at {where}: {', '.join(what)}"


@dataclass
class Replay:
    """What came of playing an episode again.

    Attributes:
        episode: The episode as recorded.
        hash: That of what was played, as far as it was.
        steps: The steps played.
        departure: Where it departed; None if it is equal, bit for bit.
        seed_begins_it: Whether a reset with the recorded seed alone shows the same first
            observation; None if that was not tried. False is usual where wrappers had learned
            something before.
        observations: What was observed, the reset's first, if it was asked for.
    """

    episode: RecordedEpisode
    hash: str = ""
    steps: int = 0
    departure: Departure | None = None
    seed_begins_it: bool | None = None
    observations: list[Any] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether it is the recorded episode, bit for bit."""
        return self.departure is None

    def __str__(self) -> str:
        if self.departure is None:
            return f"{self.episode}: played again, bit for bit, {self.steps} steps"
        text = f"{self.episode}: {self.departure}"
        remark = self.episode.remark
        return text if remark is None else f"{text}. When it was recorded: {remark}"


def play(
    episode: RecordedEpisode | str | os.PathLike[str],
    env: Env[Any, Any] | VectorEnv[Any, Any, Any] | None = None,
    *,
    trust: bool = False,
    render_mode: str | None = None,
    watch: Watcher | None = None,
    keep: bool = False,
) -> Replay:
    """Play an episode again, up to its end or to where it departs from the recorded one.

    Args:
        episode: The episode, or its file.
        env: What to play it in, which stays open: the stack it was recorded in, or, for a lane, a
            vector of one lane; None to make it as the file says.
        trust: Whether a file may name code to import that is neither registered nor of this
            library.
        render_mode: What to make the environment with, as ``"rgb_array"``.
        watch: Called with the environment and the number of steps done, after the start and
            after each step.
        keep: Whether to keep all observations.

    Raises:
        DamagedFile: If the file is damaged.
        Error: If the file does not say how to make its environment; one that is not registered
            is an `UnregisteredEnv`, code that is not trusted an `UntrustedFile`.
        SnapshotError: If the state it starts from does not fit the environment.
    """
    recorded = episode if isinstance(episode, RecordedEpisode) else load(episode)
    with tempfile.TemporaryDirectory(prefix="dromos-replay-") as folder:
        made = env
        if made is None:
            made = environment_of(recorded, folder, trust=trust, render_mode=render_mode)
        try:
            return _Player(made, recorded, watch, keep).play()
        finally:
            if env is None:
                made.close()


class _Player:
    """Plays one episode in one environment, or in a vector of one lane."""

    def __init__(self, env: Any, episode: RecordedEpisode, watch: Watcher | None, keep: bool):
        self._is_lane = isinstance(env, VectorEnv)
        if self._is_lane and env.num_envs != 1:
            raise Error(f"Expected a vector of one lane to play in, found {env.num_envs} lanes")
        self._env, self._episode, self._watch, self._keep = env, episode, watch, keep
        self._space = env.single_observation_space if self._is_lane else env.observation_space
        self._hash = EpisodeHash(self._space)
        self._replay = Replay(episode)

    def play(self) -> Replay:
        replay, episode = self._replay, self._episode
        replay.departure = self._begin()
        for number, noted in enumerate(episode.steps, 1):
            if replay.departure is not None:
                break
            replay.departure = self._step(number, noted)
        replay.hash = self._hash.hexdigest()
        if replay.departure is None and replay.hash != episode.hash:
            replay.departure = Departure(None, {"hash": (episode.hash, replay.hash)})
        return replay

    def _begin(self) -> Departure | None:
        episode, shown = self._episode, None
        if episode.start is None or episode.seed is not None:
            options = episode.options
            shown = self._first(self._env.reset(seed=episode.seed, options=options)[0])
        if episode.start is not None:
            if shown is not None and episode.check is not None:
                own = EpisodeHash(self._space).reset(as_numpy_tree(shown))
                self._replay.seed_begins_it = own == episode.check
            snapshot = Snapshot.from_bytes(episode.start)
            if self._is_lane:
                self._env.restore(snapshot, lanes=[0])
            else:
                self._env.restore(snapshot)
            shown = episode.observation
        return self._compare(0, self._hash.reset(self._seen(shown)), episode.check, {})

    def _step(self, number: int, noted: StepNoted) -> Departure | None:
        try:
            observation, *numbers = self._moved(noted.action)
        except Exception as reason:  # whatever stops it is where it departs
            found = f"{type(reason).__name__}: {reason}"
            return Departure(number, {"error": (None, found)})
        reward, terminated, truncated = float(numbers[0]), bool(numbers[1]), bool(numbers[2])
        check = self._hash.step(self._seen(observation), reward, terminated, truncated)
        self._replay.steps = number
        differing: dict[str, tuple[Any, Any]] = {}
        if struct.pack("<d", reward) != struct.pack("<d", noted.reward):
            differing["reward"] = (noted.reward, reward)
        if terminated != noted.terminated:
            differing["terminated"] = (noted.terminated, terminated)
        if truncated != noted.truncated:
            differing["truncated"] = (noted.truncated, truncated)
        return self._compare(number, check, noted.check, differing)

    def _compare(
        self, step: int, check: str, noted: str | None, differing: dict[str, tuple[Any, Any]]
    ) -> Departure | None:
        if self._watch is not None:
            self._watch(self._env, step)
        if not differing and noted is not None and check != noted:
            differing = {"observation": (f"check {noted}", f"check {check}")}
        return Departure(step, differing) if differing else None

    def _moved(self, action: Any) -> tuple[Any, Any, Any, Any]:
        if not self._is_lane:
            observation, reward, terminated, truncated, _ = self._env.step(action)
            return observation, reward, terminated, truncated
        batch = batch_of_one(self._env.single_action_space, action)
        _, rewards, terminated, truncated, _ = self._env.step(batch)
        return self._first(self._env.final_obs), rewards[0], terminated[0], truncated[0]

    def _first(self, observations: Any) -> Any:
        if not self._is_lane:
            return observations
        return row_of(self._env.single_observation_space, observations, 0)

    def _seen(self, observation: Any) -> Any:
        seen = as_numpy_tree(observation)
        if self._keep:
            self._replay.observations.append(seen)
        return seen
