"""What the package exports: each name there, sorted, and as Gymnasium's where it has it."""

import ast
import importlib
import re
import subprocess
import sys
import warnings
from pathlib import Path

import gymnasium
import pytest

import dromos as gym

ROOT = Path(__file__).parents[1]
PACKAGES = ["", ".core", ".envs", ".envs.registration", ".registration", ".spaces", ".utils"]
PACKAGES += [".bench", ".notebook", ".replay"]
PACKAGES += [".rollout", ".compat.gymnasium", ".vector", ".wrappers", ".testing", ".play"]
PACKAGES += [".viewer"]
_OF_HEADERS = {"get_cmake_dir", "get_include", "get_pkgconfig_dir"}


@pytest.mark.parametrize("package", PACKAGES)
def test_exported_names_are_sorted_and_exist(package):
    module = importlib.import_module(f"dromos{package}")
    assert list(module.__all__) == sorted(module.__all__)
    assert len(set(module.__all__)) == len(module.__all__)
    for name in module.__all__:
        assert hasattr(module, name), name


def test_the_top_level_is_gymnasiums():
    assert set(gymnasium.__all__) <= set(gym.__all__)
    assert set(gym.__all__) - set(gymnasium.__all__) == _OF_HEADERS | {"view"}


@pytest.mark.parametrize(
    ("path", "absent"),
    [
        ("core", set()),
        ("envs", set()),
        ("envs.registration", set()),
        ("error", set()),
        ("logger", set()),
        ("spaces", set()),
        ("utils", set()),
        ("utils.colorize", set()),
        ("utils.env_checker", set()),
        ("utils.env_match", set()),
        ("utils.ezpickle", set()),
        ("utils.passive_env_checker", set()),
        ("utils.performance", set()),
        ("utils.play", set()),
        ("utils.record_constructor", set()),
        ("utils.seeding", set()),
        ("utils.step_api_compatibility", set()),
        ("vector", set()),
        ("vector.async_vector_env", set()),
    ],
)
def test_public_paths_have_gymnasiums_names(path, absent):
    ours = importlib.import_module(f"dromos.{path}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns if a plotting backend was chosen before
        theirs = importlib.import_module(f"gymnasium.{path}")
    names = getattr(theirs, "__all__", None) or [
        name
        for name, value in vars(theirs).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == theirs.__name__
    ]
    assert {name for name in names if not hasattr(ours, name)} <= absent


def test_names_are_loaded_when_used():
    code = (
        "import sys, dromos\n"
        "assert not [m for m in sys.modules if m.startswith('dromos.')]\n"
        "assert 'numpy' not in sys.modules\n"
        "assert dromos.Env is dromos.core.Env and 'Env' in vars(dromos)\n"
        "assert dromos.spaces.Box and dromos.utils.seeding.np_random\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_an_interpreter_that_may_not_have_its_lock_is_refused():
    code = (
        "import sys, types\n"
        "flags = {name: getattr(sys.flags, name) for name in dir(sys.flags) if name[0] != '_'}\n"
        "sys.flags = types.SimpleNamespace(**{**flags, 'gil': 0})\n"  # as PYTHON_GIL=0 sets it
        "try:\n    import dromos\n"
        "except ImportError as refused:\n    assert 'PYTHON_GIL=0' in str(refused)\n"
        "else:\n    sys.exit('was imported')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_import_star():
    names = {}
    exec("from dromos import *", names)
    assert set(gym.__all__) <= set(names)


def test_an_unknown_name_is_an_attribute_error():
    for room in ("render", "testing", "presets", "compat", "snapshot", "play"):
        assert getattr(gym, room) is importlib.import_module(f"dromos.{room}")
    for name, room in (
        ("Snapshot", "snapshot"),
        ("check_env", "testing"),
        ("Discrete", "spaces"),
        ("RecordVideo", "wrappers"),
        ("AsyncVectorEnv", "vector"),
        ("EnvSpec", "envs.registration"),
        ("ObsType", "core"),
        ("FuncEnv", "experimental.functional"),
        ("MujocoEnv", "envs.mujoco"),
    ):
        hint = f"`from dromos.{room} import {name}`"
        with pytest.raises(AttributeError, match=f"no attribute '{name}'. Did you mean: {hint}"):
            getattr(gym, name)
    with pytest.raises(AttributeError, match="module 'dromos' has no attribute 'Environment'"):
        _ = gym.Environment
    for name, hint in (
        ("wrapers", "wrappers"),
        ("make_vectr", "make_vec"),
        ("Rewardwrapper", "RewardWrapper"),
        ("RecordVideos", "from dromos.wrappers import RecordVideo"),
    ):
        with pytest.raises(AttributeError, match=f"Did you mean: `{hint}`"):
            getattr(gym, name)
    with pytest.raises(AttributeError, match=r"module 'dromos.utils' has no attribute 'nothing'"):
        _ = gym.utils.nothing
    assert set(gym.__all__) <= set(dir(gym))


def test_type_checkers_see_every_name():
    tree = ast.parse((ROOT / "src" / "dromos" / "__init__.py").read_text())
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imported = {alias.name for node in block.body for alias in node.names}
    rooms = {"compat", "core", "play", "presets", "render", "snapshot", "testing"}
    assert imported - rooms == set(gym.__all__) - _OF_HEADERS


def test_the_version_is_that_of_the_distribution():
    text = (ROOT / "pyproject.toml").read_text()
    assert gym.__version__ == re.search(r'^version = "(.+)"$', text, re.M)[1]


def test_the_headers_and_what_finds_them_are_where_the_package_says():
    assert (Path(gym.get_include()) / "dromos" / "batch.hpp").is_file()
    assert (Path(gym.get_cmake_dir()) / "dromosConfig.cmake").is_file()
    assert (Path(gym.get_pkgconfig_dir()) / "dromos.pc").is_file()
