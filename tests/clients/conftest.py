"""The tests here run where Gymnasium is not installed; what they import as it is dromos."""

import importlib.util

import torch

from dromos.compat.gymnasium import install

assert importlib.util.find_spec("gymnasium") is None, "run these tests by `make test-clients`"
install()
torch.set_num_threads(1)  # the tests run side by side
