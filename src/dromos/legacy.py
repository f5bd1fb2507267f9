"""The oldest dialect, under a short name: ``from dromos import legacy as gym``.

It is `dromos.compat.gym_v09`, and its ``vector`` that of `dromos.compat.gym_v25`.
"""

from dromos.compat.gym_v09 import *  # noqa: F403
from dromos.compat.gym_v09 import __all__ as __all__
from dromos.compat.gym_v09 import __version__ as __version__
