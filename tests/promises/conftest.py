"""The promises every environment of the catalogue keeps, one file a promise.

A new environment adds its row to the catalogue and inherits the tests of this folder.
"""

import pytest

import dromos as gym
from dromos.envs.registration import registry

BUILT_IN = sorted(
    spec.id for spec in registry.values() if str(spec.entry_point).startswith("dromos.")
)


def pytest_generate_tests(metafunc):
    if "env_id" in metafunc.fixturenames:
        # That an older version is out of date is told on purpose, here and by the peer.
        old = pytest.mark.filterwarnings("ignore:.* is out of date:DeprecationWarning")
        metafunc.parametrize("env_id", [pytest.param(env_id, marks=old) for env_id in BUILT_IN])


@pytest.fixture
def env(env_id):
    with gym.make(env_id) as env:
        yield env
