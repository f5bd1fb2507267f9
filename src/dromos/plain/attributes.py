"""The attributes an object holds itself, read and written without running any of its code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType, MemberDescriptorType
from typing import Any
from weakref import WeakKeyDictionary

__all__ = ["attributes_of", "remove_attribute", "set_attribute", "slots_of"]


_slots: WeakKeyDictionary[type, Mapping[str, Any]] = WeakKeyDictionary()


def slots_of(cls: type) -> Mapping[str, Any]:
    """Return the descriptors of the slots of `cls` and its bases by name."""
    known = _slots.get(cls)
    if known is None:
        known = _slots[cls] = MappingProxyType(_find_slots(cls))
    return known


def _find_slots(cls: type) -> dict[str, Any]:
    return {
        name: member
        for base in cls.__mro__[-2::-1]
        if "__slots__" in vars(base)
        for name, member in vars(base).items()
        if type(member) is MemberDescriptorType
    }


def attributes_of(value: Any) -> dict[str, Any]:
    """Return a new dict of an object's attributes: those in slots, then its ``__dict__``."""
    found: dict[str, Any] = {}
    for name, member in slots_of(type(value)).items():
        try:
            found[name] = member.__get__(value)
        except AttributeError:  # a slot nobody has filled
            continue
    found.update(getattr(value, "__dict__", ()))
    return found


def set_attribute(value: Any, name: str, item: Any) -> None:
    """Put an attribute into its slot, or else into the object's ``__dict__``.

    Unlike ``setattr``, it calls no property and no ``__setattr__``, and frozen objects allow it.

    Raises:
        AttributeError: If the object has neither.
    """
    slot = slots_of(type(value)).get(name)
    if slot is None:
        value.__dict__[name] = item
    else:
        slot.__set__(value, item)


def remove_attribute(value: Any, name: str) -> None:
    """Take an attribute that `attributes_of` lists out of the object."""
    slot = slots_of(type(value)).get(name)
    if slot is None:
        del value.__dict__[name]
    else:
        slot.__delete__(value)
