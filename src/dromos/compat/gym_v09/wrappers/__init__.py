"""Wrappers of the dialect."""

from dromos.compat.gym_v09.wrappers.monitor import Monitor
from dromos.compat.gym_v09.wrappers.skip import SkipWrapper
from dromos.compat.gym_v09.wrappers.time_limit import TimeLimit
from dromos.compat.gym_v21.wrappers import monitoring

__all__ = ["Monitor", "SkipWrapper", "TimeLimit", "monitoring"]
