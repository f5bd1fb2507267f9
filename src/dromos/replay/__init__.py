"""Episodes in files: written as they happen, and played again bit for bit.

`dromos.wrappers.RecordEpisodes` and its form for vectors write them, ``dromos replay FILE`` and
`play` play them. Reading a file runs nothing; playing it makes registered environments only, unless
it is trusted. ``docs/replays.md`` describes the format.
"""

from dromos.replay.episode import EpisodeNotes, RecordedEpisode
from dromos.replay.files import load, save
from dromos.replay.minari import from_minari, to_minari
from dromos.replay.playing import Departure, Replay, play

__all__ = [
    "Departure",
    "EpisodeNotes",
    "RecordedEpisode",
    "Replay",
    "from_minari",
    "load",
    "play",
    "save",
    "to_minari",
]
