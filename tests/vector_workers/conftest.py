"""No test of workers may hang, or leave a process, a descriptor or a file behind."""

import faulthandler
import gc
import multiprocessing

import pytest
from open_files import open_files

#: Seconds a test may take before the whole run is ended with the stacks of all threads.
LIMIT = 180


@pytest.fixture
def hard_limit():
    faulthandler.dump_traceback_later(LIMIT, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


def count_shared_memory():
    gc.collect()
    return sum("dromos-vector" in name for name in open_files())


@pytest.fixture
def nothing_left_behind():
    before = count_shared_memory(), len(multiprocessing.active_children())
    yield
    assert (count_shared_memory(), len(multiprocessing.active_children())) == before
