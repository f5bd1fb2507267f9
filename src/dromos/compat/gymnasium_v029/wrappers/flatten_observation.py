"""Public path of `FlattenObservation`."""

from dromos.wrappers.transform_observation import FlattenObservation

__all__ = ["FlattenObservation"]
