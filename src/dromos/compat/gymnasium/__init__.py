"""Gymnasium's name, and both ways between its environments and ours.

`install` makes ``import gymnasium`` this library, for programs written for Gymnasium; ``dromos
run`` does it from outside. Programs that use both libraries convert environments with
`to_gymnasium` and `from_gymnasium` instead.
"""

from dromos.compat.gymnasium.adapters import from_gymnasium, made_by_gymnasium, to_gymnasium
from dromos.compat.gymnasium.alias import install

__all__ = ["from_gymnasium", "install", "made_by_gymnasium", "to_gymnasium"]
