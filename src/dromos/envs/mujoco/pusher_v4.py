"""Pusher in version 4, which no MuJoCo that dromos can use simulates."""

from __future__ import annotations

from typing import Any

from dromos.envs.mujoco.pusher_v5 import DEFAULT_CAMERA_CONFIG

__all__ = ["DEFAULT_CAMERA_CONFIG", "PusherEnv"]


class PusherEnv:
    """`Pusher-v4`, which cannot be made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Raise.

        Raises:
            ImportError: Always.
        """
        raise ImportError(
            "`Pusher-v4` is only supported on `mujoco<3`, and dromos needs mujoco >= 3.17. Use "
            "`Pusher-v5`"
        )
