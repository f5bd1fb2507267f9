"""The names and paths of the wrappers."""

import pytest

import dromos.wrappers
from dromos.wrappers import common, rendering


def test_public_paths():
    for module in (common, rendering):
        for name in module.__all__:
            wrapper = getattr(dromos.wrappers, name)
            assert getattr(module, name) is wrapper
            assert wrapper.__module__ == module.__name__
    assert {*common.__all__, *rendering.__all__} <= set(dromos.wrappers.__all__)


def test_an_old_name_gets_the_new_one():
    with pytest.raises(AttributeError, match=r"'AutoResetWrapper' .* `wrappers\.Autoreset`"):
        dromos.wrappers.AutoResetWrapper  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute 'Absent'"):
        dromos.wrappers.Absent  # noqa: B018
