"""Carrying functions to workers."""

import os
import pickle
import sys

import pytest

from dromos.error import DependencyNotInstalled
from dromos.vector.utils import CloudpickleWrapper, clear_mpi_env_vars


def test_lambdas_travel():
    number = 3
    wrapper = pickle.loads(pickle.dumps(CloudpickleWrapper(lambda: number + 1)))
    assert wrapper() == 4
    assert CloudpickleWrapper(dict)() == {}


def test_without_cloudpickle_plain_functions_travel(monkeypatch):
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    assert pickle.loads(pickle.dumps(CloudpickleWrapper(dict)))() == {}
    with pytest.raises(DependencyNotInstalled, match="pip install cloudpickle"):
        pickle.dumps(CloudpickleWrapper(lambda: 3))


def test_mpi_variables_are_hidden_and_put_back(monkeypatch):
    monkeypatch.setenv("OMPI_COMM", "1")
    monkeypatch.setenv("PMI_RANK", "2")
    monkeypatch.setenv("COMPILER", "3")
    with clear_mpi_env_vars():
        assert os.environ["COMPILER"] == "3"
        assert not {"OMPI_COMM", "PMI_RANK"} & os.environ.keys()
    assert (os.environ["OMPI_COMM"], os.environ["PMI_RANK"]) == ("1", "2")


def test_mpi_variables_come_back_after_an_error(monkeypatch):
    monkeypatch.setenv("PMI_RANK", "2")
    with pytest.raises(ZeroDivisionError), clear_mpi_env_vars():
        1 / 0  # noqa: B018
    assert os.environ["PMI_RANK"] == "2"
