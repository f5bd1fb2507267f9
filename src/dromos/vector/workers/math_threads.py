"""One thread for mathematics in each worker: the workers themselves fill the processors."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

__all__ = ["limit_math_threads", "one_math_thread_for_children"]

#: What the libraries read when they are loaded; ours too.
_VARIABLES = (
    "DROMOS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def limit_math_threads() -> None:
    """Let libraries that this process has loaded, or will load, use one thread each.

    Of those loaded, with threadpoolctl if it is installed; a variable the user has set stays.
    """
    for name in _VARIABLES:
        os.environ.setdefault(name, "1")
    with contextlib.suppress(ImportError):
        import threadpoolctl  # type: ignore[import-not-found]

        threadpoolctl.threadpool_limits(1)
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(1)


@contextlib.contextmanager
def one_math_thread_for_children() -> Iterator[None]:
    """Let processes that are started meanwhile find the variables set when they load libraries."""
    added = [name for name in _VARIABLES if name not in os.environ]
    os.environ.update(dict.fromkeys(added, "1"))
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)
