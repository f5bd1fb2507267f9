"""`KindOf`: a class that counts the instances of others as its own."""

from __future__ import annotations

from abc import ABCMeta
from typing import Any

__all__ = ["KindOf"]


class KindOf(ABCMeta):
    """The class of such classes; those others are in the attribute ``counts_too``.

    Old programs ask ``isinstance(env, gym.Env)`` of environments that are today's, or of vectors.
    It is abstract classes' own class, so that users can combine theirs with both.
    """

    def __instancecheck__(cls, instance: Any) -> bool:
        return super().__instancecheck__(instance) or isinstance(instance, _counted(cls))

    def __subclasscheck__(cls, subclass: type) -> bool:
        return super().__subclasscheck__(subclass) or issubclass(subclass, _counted(cls))


def _counted(cls: type) -> tuple[type, ...]:
    counted: tuple[type, ...] = cls.__dict__.get("counts_too", ())  # a subclass counts its own
    return counted
