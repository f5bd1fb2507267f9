"""Running moments, and what they normalise.

The state is three arrays of float64 of the caller's, C-contiguous and writable, which are updated
in place: `mean` and `var` (population variance) of one shape, and `count` of shape (). A batch is
one row of that shape, or rows along a first axis (k, *shape); any real dtype and memory layout.
Arrays that do not fit are a TypeError (dtype, layout) or a ValueError (shape), and change nothing.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

_State = NDArray[np.float64]

def update_moments(
    mean: _State,
    var: _State,
    count: _State,
    batch: ArrayLike,
    mask: NDArray[np.bool_] | None = None,
    /,
) -> None:
    """Take rows into the moments (Chan et al., 1979); with a `mask` (k,), those it has True for."""

def normalize(
    mean: _State,
    var: _State,
    batch: ArrayLike,
    epsilon: float,
    out: NDArray[np.float32] | None = None,
    /,
) -> NDArray[np.float32]:
    """Return (batch - mean) / sqrt(var + epsilon) in `out` or a new array, of the batch's shape.

    Within 2 units in the last place of what float64 throughout would round to, for deviations
    that float32 can hold. `out` may be the batch itself.
    """

def update_and_normalize(
    mean: _State,
    var: _State,
    count: _State,
    batch: ArrayLike,
    epsilon: float,
    mask: NDArray[np.bool_] | None = None,
    out: NDArray[np.float32] | None = None,
    /,
) -> NDArray[np.float32]:
    """Do `update_moments`, then `normalize`: all rows, whatever the mask."""
