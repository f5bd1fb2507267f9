"""The promises every environment of the catalogue keeps, one file a promise.

A new environment adds its row to the catalogue and inherits the tests of this folder. The games of
the Atari 2600 are some 950 ids of one class: tests/envs/atari holds each game to the promises.
"""

import pytest
from built_in import BUILT_IN

import dromos as gym


def pytest_generate_tests(metafunc):
    if "env_id" in metafunc.fixturenames:
        # That an older version is out of date is told on purpose, here and by the peer.
        old = pytest.mark.filterwarnings("ignore:.* is out of date:DeprecationWarning")
        metafunc.parametrize("env_id", [pytest.param(env_id, marks=old) for env_id in BUILT_IN])


@pytest.fixture
def env(env_id):
    with gym.make(env_id) as env:
        yield env
