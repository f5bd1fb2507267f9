"""What stands behind the families over Ray: messages in this process, or Ray with ``--long``."""

from pathlib import Path

import pytest
from ray_in_process import in_process, reused_actors


@pytest.fixture(scope="module")
def ray_actors(pytestconfig):
    """Actors; those of a small cluster on this machine with ``--long``."""
    if not pytestconfig.getoption("--long"):
        with in_process():
            yield
        return
    ray = pytest.importorskip("ray")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))  # environments of the tests
        quiet = {"logging_level": "error", "log_to_driver": False, "include_dashboard": False}
        ray.init("local", num_cpus=8, **quiet)
        with reused_actors():
            yield
        ray.shutdown()


@pytest.fixture(autouse=True)
def _actors_for_their_families(request):
    call = getattr(request.node, "callspec", None)
    if call is not None and "ray" in str(call.params.get("family", "")):
        request.getfixturevalue("ray_actors")
