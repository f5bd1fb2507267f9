"""Wrappers: environments around environments."""

from dromos.wrappers.common import (
    Autoreset,
    OrderEnforcing,
    PassiveEnvChecker,
    RecordEpisodeStatistics,
    TimeLimit,
)
from dromos.wrappers.csv_monitor import CsvMonitor
from dromos.wrappers.rendering import (
    AddWhiteNoise,
    HumanRendering,
    ObstructView,
    RecordVideo,
    RenderCollection,
)

__all__ = [
    "AddWhiteNoise",
    "Autoreset",
    "CsvMonitor",
    "HumanRendering",
    "ObstructView",
    "OrderEnforcing",
    "PassiveEnvChecker",
    "RecordEpisodeStatistics",
    "RecordVideo",
    "RenderCollection",
    "TimeLimit",
]

#: Names a wrapper had in Gymnasium before 1.0.
_RENAMED = {"AutoResetWrapper": "Autoreset"}


def __getattr__(name: str) -> object:
    if name in _RENAMED:
        raise AttributeError(f"{name!r} has been renamed with `wrappers.{_RENAMED[name]}`")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
