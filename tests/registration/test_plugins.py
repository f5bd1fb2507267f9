"""Environments that installed packages bring along."""

import subprocess
import sys

import pytest

import dromos as gym
from dromos import error
from dromos.envs.registration import namespace, registry
from dromos.registration import load_plugins, plugins

MODULES = {
    "plug_module": "from dromos import register\nregister('Plug-v0', 'sample_envs:Line')\n",
    "plug_function": (
        "from dromos import register\n"
        "def register_all():\n"
        "    register('plug/Function-v0', 'sample_envs:Line')\n"
    ),
    "plug_broken": "raise RuntimeError('no such robot')\n",
}

ENTRY_POINTS = """\
[dromos.envs]
a-broken = plug_broken
a-function = plug_function:register_all
a-missing = plug_that_is_not_there
a-module = plug_module
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Four plug-ins, of which two work, as installers leave them."""
    for name, source in MODULES.items():
        (tmp_path / f"{name}.py").write_text(source)
    metadata = tmp_path / "plug-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: plug\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(plugins, "_loaded", set())
    yield
    for name in MODULES:
        sys.modules.pop(name, None)


WARNINGS = [
    "The plug-in `a-broken` (plug_broken) could not be loaded, its environments are missing: "
    "RuntimeError: no such robot",
    "The plug-in `a-missing` (plug_that_is_not_there) could not be loaded, its environments are "
    "missing: ModuleNotFoundError: No module named 'plug_that_is_not_there'",
]


def assert_warned(caught):
    assert [str(w.message)[len("\x1b[33mWARN: ") : -len("\x1b[0m")] for w in caught] == WARNINGS


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("env_id", ["Plug-v0", "plug/Function-v0"])
def test_an_unknown_id_asks_the_plugins(env_id):
    registry["Known-v0"] = gym.envs.registration.EnvSpec("Known-v0", "sample_envs:Line")
    gym.make("Known-v0")
    assert "Plug-v0" not in registry
    with pytest.warns(UserWarning, match="could not be loaded") as caught:
        env = gym.make(env_id)
    assert_warned(caught)
    assert env.spec.id == env_id


@pytest.mark.usefixtures("installed")
def test_plugins_are_loaded_once():
    with pytest.warns(UserWarning, match="could not be loaded") as caught:
        load_plugins()
    assert_warned(caught)
    load_plugins()
    with pytest.raises(error.NameNotFound, match=r"Did you mean: `Plug`"):
        gym.make("Plugg-v0")


@pytest.mark.usefixtures("installed")
def test_a_namespace_is_not_for_what_plugins_register():
    with (
        pytest.warns(UserWarning, match="could not be loaded"),
        namespace("mine"),
        pytest.raises(error.NameNotFound),
    ):
        gym.make("Absent-v0")
    assert {"Plug-v0", "plug/Function-v0"} <= set(registry)


@pytest.mark.usefixtures("installed")
def test_listing_the_registry_lists_the_plugins():
    with pytest.warns(UserWarning, match="could not be loaded") as caught:
        text = gym.pprint_registry(disable_print=True)
    assert_warned(caught)
    assert "Plug-v0" in text
    assert "===== plug =====\nplug/Function-v0" in text


@pytest.mark.usefixtures("installed")
def test_listing_another_registry_loads_nothing():
    assert gym.pprint_registry({}, disable_print=True) == ""
    assert "Plug-v0" not in registry


def test_the_catalogue_is_there_however_the_registry_is_reached():
    code = "from dromos.registration import make; print(make('CartPole-v1').spec.id)"
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "CartPole-v1\n"
