"""Spaces: the sets that actions and observations are elements of."""

from dromos.spaces.box import Box
from dromos.spaces.dict import Dict
from dromos.spaces.discrete import Discrete
from dromos.spaces.graph import Graph, GraphInstance
from dromos.spaces.multi_binary import MultiBinary
from dromos.spaces.multi_discrete import MultiDiscrete
from dromos.spaces.oneof import OneOf
from dromos.spaces.sequence import Sequence
from dromos.spaces.space import Space
from dromos.spaces.text import Text
from dromos.spaces.tuple import Tuple
from dromos.spaces.utils import flatdim, flatten, flatten_space, unflatten

__all__ = [
    "Box",
    "Dict",
    "Discrete",
    "Graph",
    "GraphInstance",
    "MultiBinary",
    "MultiDiscrete",
    "OneOf",
    "Sequence",
    "Space",
    "Text",
    "Tuple",
    "flatdim",
    "flatten",
    "flatten_space",
    "unflatten",
]
