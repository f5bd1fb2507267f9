"""``dromos view``: a page in the browser that runs an environment."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from dromos.cli.targets import made, named
from dromos.registration import make, make_vec
from dromos.viewer import Viewer
from dromos.viewer.subject import subject_of

__all__ = ["viewed"]


@contextlib.contextmanager
def viewed(env_id: str, lanes: int | None, seed: int | None, host: str, port: int) -> Iterator[str]:
    """Show an environment, or a vector, until the block ends; it acts at random or by the keys.

    Args:
        env_id: An id, or ``"module:Class"``.
        lanes: The lanes of the vector; None for a single environment.
        seed: Seeds the first episode; None draws one.
        host: The address to serve at.
        port: The port; 0 for any that is free.

    Yields:
        Where the page is.

    Raises:
        DependencyNotInstalled: If websockets is missing.
        Error: If there is no such id, or the page cannot be served there.
    """
    with (
        _made(env_id, lanes) as env,
        Viewer(subject_of(env), host, port).drive(seed=seed) as viewer,
    ):
        yield viewer.url


def _made(env_id: str, lanes: int | None) -> Any:
    """Return the environment or the vector, with pictures if it draws any."""
    found = named(env_id)
    with made(env_id, partial(make, found)) as env:
        draws = "rgb_array" in env.metadata.get("render_modes", ())
    drawn = {"render_mode": "rgb_array"} if draws else {}
    maker: Any = partial(make, found) if lanes is None else partial(make_vec, found, lanes)
    return made(env_id, partial(maker, **drawn))
