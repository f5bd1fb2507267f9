"""What a preset is: plain data that says how an environment is made and wrapped."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from dromos.error import Error

__all__ = ["Layer", "Preset"]

#: The form of manifests; a program that knows an older one refuses newer ones.
_MANIFEST_FORM = 1


@dataclass(frozen=True)
class Layer:
    """One wrapper of a preset.

    Attributes:
        entry_point: ``"module:Class"``.
        kwargs: All arguments of its constructor but the environment.
        only_with_action: The meaning of an action, as ``"FIRE"``, without which an environment
            does not get this wrapper; None if every environment gets it.
    """

    entry_point: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    only_with_action: str | None = None


@dataclass(frozen=True)
class Preset:
    """A way to make and wrap environments that a paper or a program has made known.

    Attributes:
        name: The name.
        version: Counts up when what it does changes.
        description: What it is, in one sentence.
        sources: What it follows.
        env_kwargs: Arguments for `make`.
        layers: The wrappers, innermost first.
    """

    name: str
    version: int
    description: str
    sources: tuple[str, ...]
    env_kwargs: dict[str, Any]
    layers: tuple[Layer, ...]

    def manifest(self) -> dict[str, Any]:
        """Return the preset as plain data for JSON, which `from_manifest` reads."""
        plain = copy.deepcopy(asdict(self))
        plain["sources"], plain["layers"] = list(plain["sources"]), list(plain["layers"])
        return {"form": _MANIFEST_FORM, **plain}

    @staticmethod
    def from_manifest(manifest: Mapping[str, Any]) -> Preset:
        """Return the preset that `manifest` made plain data of. Nothing is imported.

        Raises:
            Error: If the data do not describe a preset.
        """
        if not isinstance(manifest, Mapping):
            raise Error(f"Expected a manifest, a dict, found {manifest!r:.60}")
        if manifest.get("form") != _MANIFEST_FORM:
            raise Error(
                f"Expected a manifest of the form {_MANIFEST_FORM}, found the form "
                f"{manifest.get('form')!r:.60}; this version of dromos reads no other"
            )
        # What was played, which a manifest of an environment tells too, is no part of the preset.
        entries = {key: value for key, value in manifest.items() if key not in ("form", "game")}
        _check_entries("A manifest", entries, _ENTRIES)
        for layer in entries["layers"]:
            _check_entries("A layer of a manifest", layer, _LAYER_ENTRIES)
        entries["layers"] = tuple(Layer(**copy.deepcopy(layer)) for layer in entries["layers"])
        entries["sources"] = tuple(entries["sources"])
        return Preset(**entries)


#: What entries are, and their types.
_ENTRIES: dict[str, tuple[str, Any]] = {
    "name": ("a text", str),
    "version": ("an integer", int),
    "description": ("a text", str),
    "sources": ("a list", (list, tuple)),
    "env_kwargs": ("a dict", Mapping),
    "layers": ("a list", (list, tuple)),
}
_LAYER_ENTRIES: dict[str, tuple[str, Any]] = {
    "entry_point": ("a text", str),
    "kwargs": ("a dict", Mapping),
    "only_with_action": ("a text or None", (str, type(None))),
}


def _check_entries(what: str, found: Any, known: Mapping[str, tuple[str, Any]]) -> None:
    """Raise unless `found` has entries of these types and no others."""
    if not isinstance(found, Mapping) or set(found) != set(known):
        keys = sorted(map(str, found)) if isinstance(found, Mapping) else found
        raise Error(f"{what} has the keys {sorted(known)}, found {keys!r:.200}")
    for name, (expected, type_) in known.items():
        if not isinstance(found[name], type_):
            raise Error(f"{what} has {expected} as {name!r}, found {found[name]!r:.60}")
