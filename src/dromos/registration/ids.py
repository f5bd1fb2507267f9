"""Environment ids: ``[namespace/]name[-v(version)]``."""

from __future__ import annotations

import functools
import re

from dromos import error

__all__ = ["ENV_ID_RE", "get_env_id", "parse_env_id"]

ENV_ID_RE = re.compile(
    r"^(?:(?P<namespace>[\w:-]+)\/)?(?:(?P<name>[\w:.-]+?))(?:-v(?P<version>\d+))?$"
)


@functools.lru_cache(maxsize=4096)
def parse_env_id(env_id: str) -> tuple[str | None, str, int | None]:
    """Split an id into its namespace, name and version.

    Raises:
        TypeError: If the id is not a string.
        Error: If the string is not an id.
    """
    if not isinstance(env_id, str):
        raise TypeError(f"Expected the environment id to be a string, got {env_id!r}")
    match = ENV_ID_RE.fullmatch(env_id)
    if match is None:
        raise error.Error(
            f"Malformed environment ID: {env_id}. (Currently all IDs must be of the form "
            "[namespace/](env-name)-v(version). (namespace is optional))"
        )
    namespace, name, version = match.group("namespace", "name", "version")
    return namespace, name, None if version is None else int(version)


def get_env_id(ns: str | None, name: str, version: int | None) -> str:
    """Return the id of these parts: the inverse of `parse_env_id`."""
    prefix = "" if ns is None else f"{ns}/"
    suffix = "" if version is None else f"-v{version}"
    return f"{prefix}{name}{suffix}"
