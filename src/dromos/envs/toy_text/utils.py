"""Draws of the toy texts, for programs that use them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["categorical_sample"]


def categorical_sample(prob_n: npt.ArrayLike, np_random: np.random.Generator) -> np.intp:
    """Return an index drawn with the given probabilities.

    Args:
        prob_n: How likely each index is; (n,), summing to 1.
        np_random: Draws one uniform number.
    """
    sums: npt.NDArray[Any] = np.cumsum(prob_n)
    return np.argmax(sums > np_random.random())
