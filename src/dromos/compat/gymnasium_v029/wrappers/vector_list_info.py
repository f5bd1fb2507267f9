"""`VectorListInfo`: infos of a vector as a list of one dict a lane."""

from __future__ import annotations

from typing import Any

from dromos.wrappers.vector import DictInfoToList

__all__ = ["VectorListInfo"]


class VectorListInfo(DictInfoToList[Any, Any, Any]):
    """Return the infos of a vector as a list of one dict a lane."""
