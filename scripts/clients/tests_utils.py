"""What `tests/utils.py` of Minigrid and Gymnasium-Robotics offers their tests.

Their source distributions leave that file out; `client_suites.py` lays this one in its place. It
holds our words for the three names that the tests import.
"""

import importlib
from pathlib import Path

import gymnasium as gym
import numpy as np

#: The packages beside the folder of tests, such as ``minigrid``.
_PACKAGES = {path.parent.name for path in Path(__file__).parents[1].glob("*/__init__.py")}
_PACKAGES.discard("tests")

for _package in sorted(_PACKAGES):
    gym.register_envs(importlib.import_module(_package))


def _is_tested(spec):
    """Tell whether a spec is the client's, and one that can be made without the old bindings."""
    point = str(spec.entry_point)
    return point.split(".")[0].split(":")[0] in _PACKAGES and "MujocoPy" not in point


all_testing_env_specs = [spec for _, spec in sorted(gym.registry.items()) if _is_tested(spec)]
minigrid_testing_env_specs = [
    spec for spec in all_testing_env_specs if spec.id.startswith("MiniGrid-")
]


def assert_equals(a, b, prefix=None):
    """Assert that two structures of dicts, sequences and arrays are equal."""
    assert type(a) is type(b), f"{prefix}: {type(a)} and {type(b)}"
    if isinstance(a, dict):
        assert list(a) == list(b), f"{prefix}: the keys {list(a)} and {list(b)}"
        for key in a:
            assert_equals(a[key], b[key], f"{prefix}[{key}]")
    elif isinstance(a, (tuple, list)):
        assert len(a) == len(b), f"{prefix}: the lengths {len(a)} and {len(b)}"
        for one, other in zip(a, b, strict=True):
            assert_equals(one, other, prefix)
    elif isinstance(a, np.ndarray):
        np.testing.assert_array_equal(a, b, err_msg=str(prefix))
    else:
        assert a == b, f"{prefix}: {a!r} and {b!r}"
