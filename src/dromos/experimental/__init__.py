"""What may still change: environments as functions."""

from dromos.experimental import functional

__all__ = ["functional"]
