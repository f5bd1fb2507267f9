"""Snapshots: everything a caller can see next of an environment, as plain data.

`Env.snapshot`, `Env.restore` and their like on wrappers and vectors are made of these. What a
state is, each class says itself: ``snapshot_fields`` declares attributes with the rules they obey
(`dromos.snapshot.rules`); whose state lives elsewhere defines ``snapshot_state`` (returns it as a
dict of plain data) and ``judge_state`` (looks at such a dict and returns what is to be done to
take it over). Nothing is written before everything has been judged.
"""

from __future__ import annotations

from dromos.plain.errors import MisfitError
from dromos.snapshot.fields import StatePart, attributes_state, judge_attributes, undeclared
from dromos.snapshot.hook import (
    ByHand,
    Writes,
    at,
    judge,
    making,
    one_restore,
    require_names,
    restore_now,
    restoring,
    write,
)
from dromos.snapshot.parts import NODES, take, taking
from dromos.snapshot.records import (
    Written,
    copy_state,
    read_state,
    refuse_names,
    types_of,
    with_types,
    write_state,
    written_arrays,
)
from dromos.snapshot.snapshot import Snapshot, restore_into, snapshot_of

__all__ = [
    "NODES",
    "ByHand",
    "MisfitError",
    "Snapshot",
    "StatePart",
    "Writes",
    "Written",
    "at",
    "attributes_state",
    "copy_state",
    "judge",
    "judge_attributes",
    "making",
    "one_restore",
    "read_state",
    "refuse_names",
    "require_names",
    "restore_into",
    "restore_now",
    "restoring",
    "snapshot_of",
    "take",
    "taking",
    "types_of",
    "undeclared",
    "with_types",
    "write",
    "write_state",
    "written_arrays",
]
