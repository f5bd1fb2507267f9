"""The environment of a recorded episode, made again from what its file says.

A file comes from anywhere, and a specification names what to import and call. So unless it is
trusted, only what is registered here and wrappers of this library are made, with arguments that are
plain data. Wrappers that write files get a folder that is thrown away.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from dromos import plain
from dromos.error import Error
from dromos.homes import load
from dromos.plain import Record, Reference
from dromos.replay.episode import RecordedEpisode
from dromos.wrapper import Wrapper

__all__ = ["UntrustedFile", "environment_of"]

# Registration is a room further up.
_SPEC_FROM_JSON = "dromos.registration:EnvSpec.from_json"
_SPEC_OF_ID = "dromos.registration:spec"
_MAKE = "dromos.envs.registration:make"
_MAKE_VEC = "dromos.envs.registration:make_vec"

_OWN = ("dromos", "gymnasium")  # what our classes call their home
_PEER = "gymnasium."
#: The argument of each wrapper that says where it writes.
_WRITERS = {"RecordVideo": "video_folder", "RecordEpisodes": "folder", "CsvMonitor": "filename"}


class UntrustedFile(Error):
    """Playing a file would import or call something that is neither registered nor ours."""


def environment_of(
    episode: RecordedEpisode, folder: str, *, trust: bool, render_mode: str | None
) -> Any:
    """Make the environment of an episode; of a lane, a vector of one.

    Args:
        episode: The episode.
        folder: Where wrappers that write files may write.
        trust: Whether to import and call whatever the specification names.
        render_mode: What to make it with; None for what it was made with, without a window.

    Raises:
        Error: If the episode does not tell its environment.
        UnregisteredEnv: If its id is not registered; the message names near ones.
        UntrustedFile: If the file names other code, and is not trusted.
    """
    if episode.spec is None:
        raise Error(
            f"The file does not say how to make its environment ({episode.remark or 'no spec'}). "
            "Make it yourself and play it there: dromos.replay.play(path, env)"
        )
    spec = load(_SPEC_FROM_JSON)(json.dumps(episode.spec))
    used = "entry_point" if episode.lane is None else "vector_entry_point"
    theirs = getattr(spec, used)
    if theirs is not None and theirs.startswith(_PEER):  # a dataset of Gymnasium's steps
        setattr(spec, used, theirs.replace(_PEER, "dromos.", 1))
    if not trust:
        _require_known(spec, ("entry_point", used))
    spec.additional_wrappers = tuple(
        _writing_to(layer, folder) for layer in spec.additional_wrappers
    )
    kwargs: dict[str, Any] = {}
    if render_mode is not None:
        kwargs["render_mode"] = render_mode
    elif spec.kwargs.get("render_mode") == "human":
        kwargs["render_mode"] = None
    return load(_MAKE if episode.lane is None else _MAKE_VEC)(spec, **kwargs)


def _require_known(spec: Any, used: tuple[str, ...]) -> None:
    """Raise unless everything that making the environment would call is known here."""
    if ":" in spec.id:
        raise _untrusted(f"the module in the id {spec.id!r}")
    known = load(_SPEC_OF_ID)(spec.id)
    for name in used:
        theirs, ours = getattr(spec, name), _path(getattr(known, name))
        if theirs is not None and theirs != ours:
            raise _untrusted(
                f"the {name} {theirs!r:.100} of {spec.id} (registered here is {ours!r})"
            )
    _require_plain(spec.kwargs, spec.id)
    for layer in spec.additional_wrappers:
        module, _, name = layer.entry_point.partition(":")
        if not _is_wrapper(module) or not name.isidentifier():
            raise _untrusted(f"the wrapper {layer.entry_point!r:.100}")
        _require_plain(layer.kwargs or {}, layer.name)


def _path(entry_point: Any) -> Any:
    if entry_point is None or isinstance(entry_point, str):
        return entry_point
    reference = plain.reference_to(entry_point)
    return None if reference is None else reference.path


def _is_wrapper(module: str) -> bool:
    root, *rooms = module.split(".")
    return root in _OWN and rooms[:1] == ["wrappers"] and all(map(str.isidentifier, rooms))


def _require_plain(kwargs: Mapping[str, Any], owner: str) -> None:
    for found in _named_in(kwargs):
        if not _is_own_choice(found):
            raise _untrusted(f"{found.path!r:.100}, an argument of {owner}")


def _named_in(value: Any) -> Iterator[Any]:
    """Yield what in a value stands for something that would have to be imported."""
    if isinstance(value, (Reference, Record)):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _named_in(part)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from _named_in(part)


def _is_own_choice(found: Any) -> bool:
    """Return whether a reference is to an enum's member, or a wrapper, of this library."""
    if not isinstance(found, Reference):
        return False
    module = found.path.partition(":")[0]
    if found.member is None and not _is_wrapper(module):
        return False
    if module.partition(".")[0] not in _OWN:
        return False
    try:
        value = plain.resolve(found)
    except Error:
        return False
    return isinstance(value, Enum) or (isinstance(value, type) and issubclass(value, Wrapper))


def _untrusted(what: str) -> UntrustedFile:
    return UntrustedFile(
        f"Playing this file would import and call {what}. If you know where the file is from and "
        "trust it, say play(..., trust=True) or dromos replay --trust."
    )


def _writing_to(layer: Any, folder: str) -> Any:
    """Return the spec of a wrapper; if it writes files, to another folder."""
    argument = _WRITERS.get(layer.name)
    if argument is None or not layer.kwargs or layer.kwargs.get(argument) is None:
        return layer
    own = os.path.join(folder, layer.name)
    return type(layer)(layer.name, layer.entry_point, {**layer.kwargs, argument: own})
