"""The names and paths of the wrappers."""

import ast
import importlib
from pathlib import Path

import pytest

import dromos.wrappers
import dromos.wrappers.vector
from dromos.wrappers import common, rendering


def test_public_paths():
    for module in (common, rendering):
        for name in module.__all__:
            wrapper = getattr(dromos.wrappers, name)
            assert getattr(module, name) is wrapper
            assert wrapper.__module__ == module.__name__
    assert {*common.__all__, *rendering.__all__} <= set(dromos.wrappers.__all__)


@pytest.mark.parametrize("package", [dromos.wrappers, dromos.wrappers.vector])
def test_every_name_is_loaded_from_the_module_that_type_checkers_are_told(package):
    tree = ast.parse(Path(package.__file__).with_suffix(".pyi").read_text())
    told = {
        alias.asname: node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(told) == set(package.__all__)
    for name, module in told.items():
        expected = getattr(importlib.import_module(module), name, None)
        assert getattr(package, name) is (expected or importlib.import_module(f"{module}.{name}"))


def test_an_old_name_gets_the_new_one():
    with pytest.raises(AttributeError, match=r"'AutoResetWrapper' .* `wrappers\.Autoreset`"):
        dromos.wrappers.AutoResetWrapper  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute 'Absent'"):
        dromos.wrappers.Absent  # noqa: B018
