"""Every test here leaves the registries, today's and those of the dialects, as they were."""

import pytest

from dromos import legacy
from dromos.compat import gym_v21, gym_v23, gym_v25
from dromos.envs.registration import registry


@pytest.fixture(autouse=True)
def _restored_registries():
    own = [
        dialect.envs.registration.registry._own for dialect in (legacy, gym_v21, gym_v23, gym_v25)
    ]
    before = [(one, dict(one)) for one in (registry, *own)]
    yield
    for one, entries in before:
        one.clear()
        one.update(entries)
