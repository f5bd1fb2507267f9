"""One cluster of two nodes for all of these tests; what they leave behind is looked for."""

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
#: Where environments of the tests are, here and in the actors.
PATHS = [str(HERE), str(HERE.parent / "vector_workers"), str(HERE.parent / "vector")]
sys.path[:0] = [*PATHS[1:], str(HERE.parent / "vector_engines")]

from ray_in_process import in_process, reused_actors  # noqa: E402

#: A node that is gone is noticed within about two seconds, instead of fifteen.
PATIENCE = {
    "health_check_initial_delay_ms": 1000,
    "health_check_period_ms": 500,
    "health_check_timeout_ms": 1000,
    "health_check_failure_threshold": 3,
}


@pytest.fixture(scope="session")
def nodes():
    """A cluster of two nodes with four processors each, which this process has joined."""
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    patch = pytest.MonkeyPatch()
    patch.setenv("PYTHONPATH", os.pathsep.join(PATHS))
    cluster = Cluster()
    cluster.add_node(num_cpus=4, include_dashboard=False, _system_config=PATIENCE)
    cluster.add_node(num_cpus=4)
    ray.init(address=cluster.address, logging_level="error", log_to_driver=False)
    yield cluster
    ray.shutdown()
    cluster.shutdown()
    patch.undo()


@pytest.fixture(scope="module")
def actors(request, pytestconfig):
    """Actors in this process; with ``--long``, those of the cluster, used again and again."""
    if pytestconfig.getoption("--long"):
        request.getfixturevalue("nodes")
    with reused_actors() if pytestconfig.getoption("--long") else in_process():
        yield


@pytest.fixture
def long_only(pytestconfig):
    """Starts several processes, which is for ``--long``."""
    if not pytestconfig.getoption("--long"):
        pytest.skip("starts many processes; run with --long")
