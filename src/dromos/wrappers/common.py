"""Public path of the wrappers that change nothing but when an episode ends and what is known."""

from dromos.wrappers.autoreset import Autoreset
from dromos.wrappers.episode_statistics import RecordEpisodeStatistics
from dromos.wrappers.order_enforcing import OrderEnforcing
from dromos.wrappers.passive_env_checker import PassiveEnvChecker
from dromos.wrappers.time_limit import TimeLimit

__all__ = [
    "Autoreset",
    "OrderEnforcing",
    "PassiveEnvChecker",
    "RecordEpisodeStatistics",
    "TimeLimit",
]
