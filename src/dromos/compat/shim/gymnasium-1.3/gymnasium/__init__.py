"""``import gymnasium`` where this directory is on the path: see `dromos.compat.gymnasium`."""

from dromos.compat.gymnasium.alias import answer

answer(__name__, "1.3")
