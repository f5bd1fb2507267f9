"""Wrappers of the dialect."""

from dromos.compat.gym_v09.wrappers import monitoring
from dromos.compat.gym_v09.wrappers.monitor import Monitor
from dromos.compat.gym_v09.wrappers.skip import SkipWrapper
from dromos.compat.gym_v09.wrappers.time_limit import TimeLimit

__all__ = ["Monitor", "SkipWrapper", "TimeLimit", "monitoring"]
