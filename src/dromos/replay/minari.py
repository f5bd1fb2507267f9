"""Recorded episodes as datasets of Minari, and back.

A dataset keeps the seed and options of an episode, not the state it started from: an episode that
its seed begins comes back whole, another one can be read but not played.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from dromos.error import Error
from dromos.replay.episode import EpisodeNotes, RecordedEpisode
from dromos.replay.files import load
from dromos.replay.playing import play
from dromos.rollout.minari import dataset_of
from dromos.spaces import Dict, Space, Tuple

__all__ = ["from_minari", "to_minari"]


def to_minari(
    episodes: Iterable[RecordedEpisode | str | os.PathLike[str]],
    dataset_id: str,
    *,
    env: Any = None,
    trust: bool = False,
    **metadata: Any,
) -> Any:
    """Make a Minari dataset of episodes, on this machine's disk. They are played for it.

    Args:
        episodes: Episodes or their files, all of one environment.
        dataset_id: Its name, as ``"cartpole/replays-v0"``.
        env: What to play them in (see `play`); None to make it as each says.
        trust: As for `play`.
        **metadata: Further arguments of ``minari.create_dataset_from_buffers``.

    Returns:
        The ``minari.MinariDataset``.

    Raises:
        DependencyNotInstalled: If Minari is not installed.
        Error: If an episode departs from what was recorded, or has no steps.
    """
    known = [one if isinstance(one, RecordedEpisode) else load(one) for one in episodes]
    buffers = [_buffer(number, one, env, trust) for number, one in enumerate(known)]
    if known and "env" not in metadata and known[0].env_id is not None:
        metadata["env"] = known[0].env_id
    return dataset_of(buffers, dataset_id, metadata)


def _buffer(number: int, episode: RecordedEpisode, env: Any, trust: bool) -> dict[str, Any]:
    replay = play(episode, env, trust=trust, keep=True)
    if replay.departure is not None:
        raise Error(f"Episode {number}: {replay}")
    if not episode.steps:
        raise Error(f"Episode {number}: {episode} has no steps, which Minari has no place for")
    steps = episode.steps
    return {
        "id": number,
        "seed": episode.seed,
        "options": episode.options,
        "observations": _stacked(replay.observations),
        "actions": _stacked([step.action for step in steps]),
        "rewards": np.array([step.reward for step in steps]),
        "terminations": np.array([step.terminated for step in steps]),
        "truncations": np.array([step.truncated for step in steps]),
    }


def _stacked(values: list[Any]) -> Any:
    """Return elements of a space as arrays with a leading axis, in their structure."""
    first = values[0]
    if isinstance(first, dict):
        return {name: _stacked([value[name] for value in values]) for name in first}
    if isinstance(first, tuple):
        return tuple(_stacked(list(parts)) for parts in zip(*values, strict=True))
    if isinstance(first, str):
        return list(values)
    return np.stack(list(map(np.asarray, values)))


def from_minari(dataset: Any) -> Iterator[RecordedEpisode]:
    """Yield the episodes of a Minari dataset as recorded episodes.

    Args:
        dataset: A ``minari.MinariDataset``. Its specification should be that of the environment
            the steps were made in, without wrappers that Minari does not tell of.
    """
    spec = getattr(dataset.spec, "env_spec", None)
    tree = None if spec is None else json.loads(spec.to_json())
    env_id = None if spec is None else spec.id
    for stored in dataset.iterate_episodes():
        (facts,) = dataset.storage.get_episode_metadata([stored.id])
        seed = facts.get("seed")
        episode = RecordedEpisode(
            env_id,
            tree,
            "",
            seed=None if seed is None else int(seed),
            options=facts.get("options") or None,
            remark=None if seed is not None else "the dataset does not tell the episode's seed",
        )
        yield _noted(dataset.observation_space, dataset.action_space, stored, episode)


def _noted(
    seen: Space[Any], done: Space[Any], stored: Any, episode: RecordedEpisode
) -> RecordedEpisode:
    notes = EpisodeNotes(seen, episode, _element(seen, stored.observations, 0))
    for step in range(len(stored.rewards)):
        notes.step(
            _element(done, stored.actions, step),
            _element(seen, stored.observations, step + 1),
            stored.rewards[step],
            stored.terminations[step],
            stored.truncations[step],
        )
    return notes.finish()


def _element(space: Any, columns: Any, row: int) -> Any:
    """Return one element of a space out of columns of many."""
    if isinstance(columns, dict):
        named = space.spaces if isinstance(space, Dict) else dict.fromkeys(columns)
        return {name: _element(named[name], columns[name], row) for name in named}
    if isinstance(columns, tuple):
        parts = space.spaces if isinstance(space, Tuple) else [None] * len(columns)
        return tuple(_element(part, own, row) for part, own in zip(parts, columns, strict=True))
    return columns[row]
