"""Wrappers of the dialect."""

from dromos.compat import old_errors as error
from dromos.compat.gym_v09.wrappers import monitoring
from dromos.compat.gym_v09.wrappers.monitor import Monitor
from dromos.compat.gym_v09.wrappers.skip import SkipWrapper
from dromos.compat.gym_v09.wrappers.time_limit import TimeLimit
from dromos.compat.gym_v25.wrappers.early import FlattenDictWrapper

__all__ = ["FlattenDictWrapper", "Monitor", "SkipWrapper", "TimeLimit", "error", "monitoring"]
