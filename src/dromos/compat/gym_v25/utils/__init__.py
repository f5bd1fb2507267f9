"""Tools of the dialect for writers of environments."""

from dromos.compat.gym_v25.utils import seeding
from dromos.utils import EzPickle, colorize

__all__ = ["EzPickle", "colorize", "seeding"]
