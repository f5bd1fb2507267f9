"""The names and paths of the wrappers."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

import dromos.wrappers
import dromos.wrappers.vector
from dromos.wrappers import common, rendering

SHARED = set(dromos.wrappers.vector.__all__) & set(dromos.wrappers.__all__)


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
        name: node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        for name in names_told(node.module, alias)
    }
    assert set(told) == set(package.__all__)
    for name, module in told.items():
        expected = getattr(importlib.import_module(module), name, None)
        assert getattr(package, name) is (expected or importlib.import_module(f"{module}.{name}"))


def names_told(module, alias):
    """Return the names that an import in a stub hands on."""
    return importlib.import_module(module).__all__ if alias.name == "*" else [alias.asname]


@pytest.mark.parametrize("name", sorted(SHARED))
def test_a_vector_wrapper_tells_of_every_argument_and_no_other(name):
    constructor = getattr(dromos.wrappers.vector, name).__init__
    _, _, rest = inspect.getdoc(constructor).partition("Args:\n")
    told = re.findall(r"^    (?:\*\*)?(\w+): ", rest.partition("\n\n")[0], re.MULTILINE)
    assert told == list(inspect.signature(constructor).parameters)[1:]


@pytest.mark.parametrize("name", sorted(SHARED))
def test_a_vector_wrapper_tells_of_the_errors_that_the_single_one_tells(name):
    single, vector = (
        inspect.getdoc(getattr(package, name).__init__)
        for package in (dromos.wrappers, dromos.wrappers.vector)
    )
    errors = re.findall(r"^    ([A-Z][\w, ]*): ", single.partition("Raises:\n")[2], re.MULTILINE)
    assert all(f"\n    {error}: " in vector for error in errors)


def test_an_old_name_gets_the_new_one():
    with pytest.raises(AttributeError, match=r"'AutoResetWrapper' .* `wrappers\.Autoreset`"):
        dromos.wrappers.AutoResetWrapper  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute 'Absent'"):
        dromos.wrappers.Absent  # noqa: B018
