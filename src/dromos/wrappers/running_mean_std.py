"""Running means and variances, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from typing_extensions import Self

from dromos._core import statistics
from dromos.snapshot import StatePart, rules

__all__ = ["RunningMeanStd", "update_mean_var_count_from_moments"]

_Floats = npt.NDArray[np.float64]


class RunningMeanStd(StatePart):
    """The mean and the variance of every number in arrays of one shape, over all seen so far.

    They start at 0 and 1 with the weight `epsilon`, and are kept in float64 whatever comes in, so
    that small variances far from zero survive. Several wrappers may share one object: what any of
    them sees counts for all.

    Attributes:
        shape: The shape of one row.
        dtype: The dtype in which `mean` and `var` are shown.
        training: Whether `update` takes anything in; see `train` and `eval`.
    """

    snapshot_fields = {  # noqa: RUF012
        "_mean": rules.Array(),
        "_var": rules.Array(low=0),
        "_count": rules.Array(low=0),
        "training": rules.Flag(),
    }

    __module__ = "dromos.wrappers.utils"  # the public path, which pickles name

    def __init__(
        self,
        epsilon: float = 1e-4,
        shape: tuple[int, ...] = (),
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        """Start with nothing seen.

        Args:
            epsilon: The weight, in rows, of the mean 0 and the variance 1 at the start.
            shape: The shape of one row.
            dtype: The dtype in which `mean` and `var` are shown.

        Raises:
            ValueError: If `epsilon` is negative.
        """
        if not epsilon >= 0:
            raise ValueError(f"Expected epsilon to be at least 0, found {epsilon!r}")
        self._mean: _Floats = np.zeros(shape)
        self._var: _Floats = np.ones(shape)
        self._count: _Floats = np.array(epsilon, np.float64)
        self.dtype = np.dtype(dtype)
        self.training = True

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one row."""
        return self._mean.shape

    @property
    def mean(self) -> npt.NDArray[Any]:
        """The mean: a read-only copy; what is assigned is copied too."""
        return self._shown(self._mean)

    @mean.setter
    def mean(self, value: npt.ArrayLike) -> None:
        self._mean = self._fitting("mean", value)

    @property
    def var(self) -> npt.NDArray[Any]:
        """The population variance: a read-only copy; what is assigned is copied too."""
        return self._shown(self._var)

    @var.setter
    def var(self, value: npt.ArrayLike) -> None:
        self._var = self._fitting("var", value)

    @property
    def count(self) -> float:
        """The number of rows seen, and the weight of the start."""
        return float(self._count)

    @count.setter
    def count(self, value: float) -> None:
        self._count = np.array(value, np.float64)

    def update(self, x: npt.ArrayLike, mask: npt.NDArray[np.bool_] | None = None) -> None:
        """Take rows in; nothing while `training` is False.

        Args:
            x: Rows ``(k, *shape)``, or one row of `shape`; any real dtype.
            mask: Which rows to take, bool (k,); None for all.

        Raises:
            ValueError: If the shape does not fit.
            TypeError: If the numbers are not real.
        """
        if self.training:
            statistics.update_moments(self._mean, self._var, self._count, x, mask)

    def update_from_moments(
        self, batch_mean: npt.ArrayLike, batch_var: npt.ArrayLike, batch_count: float
    ) -> None:
        """Take in a batch of which only the moments are known; nothing unless `training`.

        Args:
            batch_mean: Its mean, of `shape`.
            batch_var: Its population variance, of `shape`.
            batch_count: Its number of rows.
        """
        if self.training:
            self.mean, self.var, self.count = update_mean_var_count_from_moments(
                self._mean, self._var, self.count, batch_mean, batch_var, batch_count
            )

    def normalize(
        self, x: npt.ArrayLike, epsilon: float = 1e-8, out: npt.NDArray[np.float32] | None = None
    ) -> npt.NDArray[np.float32]:
        """Return ``(x - mean) / sqrt(var + epsilon)``.

        Args:
            x: Rows ``(k, *shape)``, or one row of `shape`.
            epsilon: What is added to the variance.
            out: Where to put the result: float32 of the shape of `x`, C-contiguous; may be `x`.

        Returns:
            `out`, or a new array; float32 of the shape of `x`.
        """
        return statistics.normalize(self._mean, self._var, x, epsilon, out)

    def update_and_normalize(
        self,
        x: npt.ArrayLike,
        epsilon: float = 1e-8,
        mask: npt.NDArray[np.bool_] | None = None,
        out: npt.NDArray[np.float32] | None = None,
    ) -> npt.NDArray[np.float32]:
        """Do `update`, then `normalize` all rows of `x`; faster than one after the other."""
        if not self.training:
            return self.normalize(x, epsilon, out)
        return statistics.update_and_normalize(
            self._mean, self._var, self._count, x, epsilon, mask, out
        )

    def deviation(self, epsilon: float = 1e-8) -> npt.NDArray[np.float64]:
        """Return ``sqrt(var + epsilon)``, of `shape`."""
        return np.sqrt(self._var + epsilon)

    def train(self, mode: bool = True) -> Self:
        """Take in what `update` is given from now on, or, if `mode` is False, not; return self."""
        self.training = bool(mode)
        return self

    def eval(self) -> Self:
        """Keep the moments as they are from now on; return self."""
        return self.train(False)

    def state_dict(self) -> dict[str, _Floats]:
        """Return copies of the moments: ``mean``, ``var`` and ``count``, float64 arrays."""
        return {"mean": self._mean.copy(), "var": self._var.copy(), "count": self._count.copy()}

    def load_state_dict(self, state: Mapping[str, npt.ArrayLike]) -> None:
        """Take over the moments that `state_dict` returned.

        Raises:
            KeyError: If one is missing.
            ValueError: If one is of another shape, or no number.
        """
        missing = sorted({"mean", "var", "count"} - set(state))
        if missing:
            raise KeyError(f"Expected mean, var and count in the state, found no {missing}")
        mean, var = self._fitting("mean", state["mean"]), self._fitting("var", state["var"])
        self.count = _as_floats("count", state["count"], ()).item()
        self._mean, self._var = mean, var

    def __repr__(self) -> str:
        return f"RunningMeanStd(shape={self.shape}, count={self.count:g})"

    def _shown(self, moment: _Floats) -> npt.NDArray[Any]:
        shown = moment.astype(self.dtype)
        # A number written to a copy would be lost without a word.
        shown.flags.writeable = False
        return shown

    def _fitting(self, name: str, value: npt.ArrayLike) -> _Floats:
        return _as_floats(name, value, self.shape)


def _as_floats(name: str, value: npt.ArrayLike, shape: tuple[int, ...]) -> _Floats:
    """Return a copy of `value` as a float64 array of `shape`."""
    array = np.array(value, np.float64, order="C")
    if array.shape != shape:
        raise ValueError(f"Expected {name} of shape {shape}, found shape {array.shape}")
    return array


def update_mean_var_count_from_moments(
    mean: Any, var: Any, count: float, batch_mean: Any, batch_var: Any, batch_count: float
) -> tuple[Any, Any, float]:
    """Return the moments of two sets of rows together, given those of each.

    The formula is that of Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm
    for computing sample variances" (1979).

    Args:
        mean: The mean of the first set.
        var: Its population variance.
        count: Its number of rows.
        batch_mean: The mean of the second set.
        batch_var: Its population variance.
        batch_count: Its number of rows.

    Returns:
        Mean, population variance and number of rows of both sets.
    """
    total = count + batch_count
    difference = batch_mean - mean
    share = batch_count / total
    squares = var * count + batch_var * batch_count + np.square(difference) * count * share
    return mean + difference * share, squares / total, total
