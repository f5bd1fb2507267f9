"""Wrappers of the dialect.

Any wrapper of `dromos.wrappers` fits as well, between two conversions:
``from_new(wrappers.ClipReward(to_new(env), -1, 1))``.
"""

from dromos.compat.gym_v21.wrappers.monitor import Monitor
from dromos.compat.gym_v21.wrappers.order_enforcing import OrderEnforcing
from dromos.compat.gym_v21.wrappers.time_limit import TimeLimit

__all__ = ["Monitor", "OrderEnforcing", "TimeLimit"]
