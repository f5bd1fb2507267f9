"""`Monitor` in the dialect, where it cannot be in one stack twice."""

from __future__ import annotations

from dromos.compat.gym_v09.core import Wrapper
from dromos.compat.gym_v25.wrappers import monitor

__all__ = ["Monitor"]


class Monitor(monitor.Monitor, Wrapper[object, object]):
    """Record the statistics of all episodes and videos of some."""

    __doc__ = monitor.Monitor.__doc__
