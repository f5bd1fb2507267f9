"""No test of workers may hang, or leave a process, a descriptor or a file behind."""

import faulthandler
import gc
import multiprocessing

import pytest
from fault_envs import HELD
from open_files import open_files

#: Seconds a test may take before the whole run is ended with the stacks of all threads: many more
#: than it takes on a machine that is busy with something else.
LIMIT = 1200


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
    after = count_shared_memory(), len(multiprocessing.active_children())
    assert all(now <= then for now, then in zip(after, before, strict=True)), (before, after)


@pytest.fixture
def held(tmp_path, monkeypatch):
    """A file: until it is unlinked, lanes that take action 5 or a nap are busy."""
    path = tmp_path / "held"
    path.touch()
    monkeypatch.setenv(HELD, str(path))
    yield path
    path.unlink(missing_ok=True)
