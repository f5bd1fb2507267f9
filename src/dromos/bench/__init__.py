"""``dromos bench``: steps a second on this machine, beside Gymnasium and EnvPool."""

from dromos.bench.measuring import Cell, Report, measure
from dromos.bench.picture import draw
from dromos.bench.timing import best_microseconds, machine

__all__ = ["Cell", "Report", "best_microseconds", "draw", "machine", "measure"]
