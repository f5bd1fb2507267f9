"""What is not plain data is refused with its place, its type and a remedy."""

import threading

import numpy as np
import pytest
from plain_cases import Robot, nested

from dromos import error, plain
from dromos.plain import NotPlainError

WAYS = pytest.mark.parametrize("way", [plain.to_tree, plain.to_bytes, plain.copy])


class Local(dict):
    pass


class Handle:
    pass


@WAYS
@pytest.mark.parametrize(
    ("value", "place", "found"),
    [
        (threading.Lock(), "value is", "_thread.lock"),
        ({"k": [1, Handle()]}, 'value["k"][1] is', "Handle"),
        (Robot((), [{3: Handle()}]), "value.cargo[0][3] is", "Handle"),
        ({(1, Handle()): 2}, "value[a tuple of 2][1] is", "Handle"),
        ([lambda: 0], "value[0] is", "<lambda>"),
        ((x for x in ()), "value is", "generator"),
        (np.array([None]), "value is", "object"),
        ([np.zeros(1, [("a", "u1")])[0]], "value[0] is", "numpy.void"),
        (np.ma.masked_array([1]), "value is", "MaskedArray"),
        (np.zeros(2).view(np.recarray), "value is", "recarray"),
        (Local(), "value is", "Local"),
        (np.random, "value is", "module"),
        ([1].append, "value is", "list.append"),
        (Handle().__init__, "value is", "__init__"),
        (np.dtype(object), "value is", "object"),
    ],
    ids=lambda case: type(case).__name__,
)
def test_the_error_names_place_and_type(way, value, place, found):
    with pytest.raises(NotPlainError) as caught:
        way(value)
    assert isinstance(caught.value, error.SnapshotError)
    message = str(caught.value)
    assert message.startswith(place)
    assert found in message
    assert "Convert it to plain data first" in message


@WAYS
def test_classes_and_functions_must_be_importable(way):
    def inner():
        pass

    class Inner(Robot):
        pass

    for value in (inner, Inner, Inner((), [])):
        with pytest.raises(NotPlainError, match="at the top of a module"):
            way(value)


@WAYS
def test_values_nested_too_deep_are_refused(way):
    with pytest.raises(NotPlainError, match="64 containers deep"):
        way(nested(70))


@WAYS
def test_a_failure_leaves_the_value_alone(way):
    value = {"a": [1, 2], "b": Handle()}
    with pytest.raises(NotPlainError):
        way(value)
    assert list(value) == ["a", "b"]
    assert value["a"] == [1, 2]


def test_resolving_what_does_not_exist_says_so():
    for path, member in [("no_such_module:x", None), ("math:no_such", None), ("math:pi", "X")]:
        with pytest.raises(error.Error, match=path):
            plain.Reference(path, member).resolve()
    with pytest.raises(plain.MalformedError, match="module:qualname"):
        plain.Reference("not a path")
