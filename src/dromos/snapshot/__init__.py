"""Snapshots: everything that decides the future of an environment, as plain data.

`Env.snapshot`, `Env.restore` and their like on wrappers and vectors are made of these. An object
takes part through two methods, its hooks: ``snapshot_state()`` returns its state as a dict of
plain data (`dromos.plain`), and ``restore_state(state)`` takes such a dict over. The hooks of
`Env` and `Wrapper` are `default_state` and `restore_default_state`: every attribute that is not
excluded.
"""

from __future__ import annotations

from dromos.snapshot.capture import default_state, snapshot_of
from dromos.snapshot.restore import restore_default_state, restore_into
from dromos.snapshot.snapshot import Snapshot

__all__ = ["Snapshot", "default_state", "restore_default_state", "restore_into", "snapshot_of"]
