"""Today's wrappers that had the same arguments; they take vectors and forward attributes."""

from __future__ import annotations

from typing import Any

from dromos import wrappers
from dromos.compat.gymnasium_v029.core import Wrapper

__all__ = [
    "AtariPreprocessing",
    "ClipAction",
    "FlattenObservation",
    "HumanRendering",
    "LambdaObservation",
    "OrderEnforcing",
    "PassiveEnvChecker",
    "RenderCollection",
    "RescaleAction",
    "TimeLimit",
    "TransformReward",
    "forwarding",
]


class AtariPreprocessing(wrappers.AtariPreprocessing, Wrapper):
    """Skip frames, resize them, make them gray."""


class ClipAction(wrappers.ClipAction, Wrapper):
    """Clip actions to the bounds of the action space."""


class FlattenObservation(wrappers.FlattenObservation, Wrapper):
    """Make every observation an array of one axis."""


class HumanRendering(wrappers.HumanRendering, Wrapper):
    """Show what an environment renders in a window."""


class LambdaObservation(wrappers.TransformObservation, Wrapper):
    """Pass every observation through a function."""


class OrderEnforcing(wrappers.OrderEnforcing, Wrapper):
    """Refuse a step before the first reset."""


class PassiveEnvChecker(wrappers.PassiveEnvChecker, Wrapper):
    """Look whether an environment keeps the interface."""


class RenderCollection(wrappers.RenderCollection, Wrapper):
    """Keep what every step renders, until it is asked for."""


class RescaleAction(wrappers.RescaleAction, Wrapper):
    """Take actions between other bounds."""


class TimeLimit(wrappers.TimeLimit, Wrapper):
    """Truncate an episode after a number of steps."""


class TransformReward(wrappers.TransformReward, Wrapper):
    """Pass every reward through a function."""


_OF_MAKE = {
    todays: own
    for own in (HumanRendering, OrderEnforcing, PassiveEnvChecker, RenderCollection, TimeLimit)
    for todays in own.__bases__[:1]
}


def forwarding(env: Any) -> Any:
    """Return a stack that today's `make` has built, its layers those of this module."""
    layer = env
    while isinstance(layer, Wrapper):
        if (own := _OF_MAKE.get(type(layer))) is not None:
            layer.__class__ = own  # adds methods only
        layer = layer.env
    return env
