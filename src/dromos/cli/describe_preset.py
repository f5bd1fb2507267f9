"""What a preset makes of an environment, as plain data."""

from __future__ import annotations

from typing import Any

from dromos import presets
from dromos.registration import spec

__all__ = ["preset_details"]


def preset_details(env_id: str, name: str) -> dict[str, Any]:
    """Return the manifest of a preset, and what an environment is in it; this makes it.

    The layers are those this environment gets. The further keys are ``id``, ``observation_space``
    and ``action_space``.

    Args:
        env_id: A registered id; without a version, the newest is meant.
        name: The preset.

    Raises:
        UnregisteredEnv: If there is no such id.
        Error: If there is no such preset, or it does not fit the environment.
    """
    found = spec(env_id)
    env = presets.make(found, name)
    try:
        return {
            "id": found.id,
            **presets.manifest(name, env),
            "observation_space": str(env.observation_space),
            "action_space": str(env.action_space),
        }
    finally:
        env.close()
