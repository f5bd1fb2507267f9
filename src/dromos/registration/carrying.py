"""What was registered in one process, registered in another."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial

from dromos.process_state import captures
from dromos.registration.plugins import load_plugins
from dromos.registration.registry import registry
from dromos.registration.spec import EnvSpec

__all__: list[str] = []


def _capture() -> Callable[[], None]:
    """Return what registers, in a fresh process, the ids it would not have by itself.

    Specifications that cannot be pickled are left out: asked for, they are missing there.
    """
    from dromos.vector.utils.misc import cloud_dumps

    pickled = []
    for spec in registry.entered():
        if not _is_own(spec):
            with contextlib.suppress(Exception):
                pickled.append(cloud_dumps(spec))
    return partial(_register_missing, pickled)


def _is_own(spec: EnvSpec) -> bool:
    points = spec.entry_point, spec.vector_entry_point
    return all(point is None or str(point).startswith("dromos.") for point in points)


def _register_missing(pickled: list[bytes]) -> None:
    import pickle

    if not pickled:
        return
    load_plugins()
    for data in pickled:
        with contextlib.suppress(Exception):
            spec: EnvSpec = pickle.loads(data)
            if spec.id not in registry:
                registry.add(spec)


captures.append(_capture)
