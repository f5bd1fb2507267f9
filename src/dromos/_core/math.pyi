"""The native elementary functions over arrays, for comparison with libm's."""

import numpy as np
from numpy.typing import NDArray

_Array = NDArray[np.float64]  # shape (n,)

SINCOS_EXACT: float  # radians up to which sincos is within 1 ulp
SINCOS_LIMIT: float  # radians beyond which an angle counts as 0

def sincos(x: _Array) -> tuple[_Array, _Array]: ...
def wrap_angle(x: _Array) -> _Array: ...
