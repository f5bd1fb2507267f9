"""Which parts of dromos work on this machine, tried rather than guessed."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["Part", "examine"]


@dataclass(frozen=True)
class Part:
    """An optional part and whether it works here.

    Attributes:
        name: What it is for.
        works: Whether it did just now.
        found: Versions, or what went wrong.
        remedy: The command line that makes it work, where there is one.
    """

    name: str
    works: bool
    found: str
    remedy: str | None
