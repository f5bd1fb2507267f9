"""Whole trajectories: the value `Rollout`, and what vectors and environments record into it."""

from dromos.rollout.value import Episode, Rollout

__all__ = ["Episode", "Rollout"]
