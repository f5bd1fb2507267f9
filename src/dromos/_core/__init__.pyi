"""The native half of dromos."""

from dromos._core import batch as batch
from dromos._core import episodes as episodes
from dromos._core import math as math
from dromos._core import mujoco as mujoco
from dromos._core import pixels as pixels
from dromos._core import plane as plane
from dromos._core import raster as raster
from dromos._core import rng as rng
from dromos._core import spaces as spaces
from dromos._core import statistics as statistics
from dromos._core import workers as workers

__version__: str

def thread_count(requested: int = 0) -> int:
    """Return how many threads to use.

    `requested` if not 0, else ``DROMOS_NUM_THREADS``, else the CPUs that the process's affinity and
    its cgroup's quota leave it; at most 256.
    """

def keep_for_ever(kept: object) -> None:
    """Never free an object; in a fork, its destructor may wait for threads that are not there."""

def thread_count_reason(requested: int = 0) -> str:
    """Return where `thread_count` comes from; names a ``DROMOS_NUM_THREADS`` that was ignored."""
