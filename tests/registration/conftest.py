"""Every test here finds and leaves the registries as they were."""

import gymnasium
import pytest

from dromos.envs.registration import registry
from dromos.registration import plugins


@pytest.fixture(autouse=True)
def _restored_registries():
    before = [(one, dict(one)) for one in (registry, gymnasium.registry)]
    yield
    for one, entries in before:
        one.clear()
        one.update(entries)


@pytest.fixture
def no_rows(monkeypatch):
    """Both registries empty, and nothing comes in by itself."""
    monkeypatch.setattr(plugins, "_loaded", set(plugins._groups))
    registry.clear()
    gymnasium.registry.clear()
