"""NumPy's random streams, reproduced: the numbers of `numpy.random.Generator`, draw by draw."""

from typing import Any, Literal, final

import numpy as np
from numpy.random import BitGenerator
from numpy.typing import NDArray

_Integer = Literal["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]

def seed_words(seed: int, /) -> NDArray[np.uint64]:
    """Return ``SeedSequence(entropy).generate_state(4, uint64)``, entropy as 32-bit words."""

class _Draws:
    """Each method makes `n` draws and returns them as an array of shape (n,)."""

    def next64(self, n: int) -> NDArray[np.uint64]: ...
    def next32(self, n: int) -> NDArray[np.uint32]: ...
    def random(self, n: int) -> NDArray[np.float64]: ...
    def uniform(self, low: float, high: float, n: int) -> NDArray[np.float64]: ...
    def integers(
        self, low: int, last: int, n: int, dtype: _Integer = "int64"
    ) -> NDArray[np.integer[Any]]:
        """Draw from [low, last], both included."""

    def permutation(self, n: int) -> NDArray[np.int64]: ...
    def choice(self, p: NDArray[np.float64], n: int) -> NDArray[np.uint64]: ...
    def categorical(self, p: NDArray[np.float64], n: int) -> NDArray[np.uint64]: ...
    def standard_normal(self, n: int) -> NDArray[np.float64]: ...
    def normal(self, mean: float, deviation: float, n: int) -> NDArray[np.float64]: ...
    def standard_exponential(self, n: int) -> NDArray[np.float64]: ...
    def geometric(self, p: float, n: int) -> NDArray[np.int64]: ...

@final
class Pcg64(_Draws):
    """The generator `numpy.random.PCG64(seed)`."""

    state: dict[str, Any]  # as `numpy.random.PCG64.state`
    def __init__(self, seed: int) -> None: ...

@final
class NumpyBits(_Draws):
    """Draws that take their random bits from a live NumPy bit generator, under its lock."""

    def __init__(self, bit_generator: BitGenerator) -> None: ...
