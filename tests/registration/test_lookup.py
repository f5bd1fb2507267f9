"""From an id to its specification, or to the error that helps; the peer's texts."""

import sys
import warnings

import gymnasium
import pytest
from sample_envs import Line, Peer

import dromos as gym
from dromos import error
from dromos.envs.registration import register, registry

pytestmark = pytest.mark.usefixtures("no_rows")

IDS = ["CartPole-v0", "CartPole-v1", "Taxi-v4", "phys2d/CartPole-v1", "tab/Jack-v2", "Plain"]


@pytest.fixture
def rows(no_rows):
    for env_id in IDS:
        register(env_id, Line)
        gymnasium.register(env_id, Peer.Line)


def outcome(lib, function, env_id):
    """Return what asking for an id comes to: its warnings, then the result or the error."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = str(function(env_id))
        except lib.error.Error as refused:
            result = (type(refused).__name__, str(refused))
    return [(w.category.__name__, str(w.message)) for w in caught], result


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    "env_id",
    [
        *IDS,
        "CartPole",
        "CartPol",
        "CartPol-v1",
        "CartPole-v9",
        "Taxi-v3",
        "Taxi-v5",
        "Plain-v1",
        "Unheard",
        "phys2/CartPole-v1",
        "zzz/CartPole-v1",
        "phys2d/CartPol",
        "phys2d/Unheard-v0",
        "tab/Jack-v1",
        "tab/Jack",
        "tab/Jack-v3",
        "not an id",
        "a/b/c",
    ],
)
def test_make_answers_as_the_peer(env_id):
    assert outcome(gym, gym.make, env_id) == outcome(gymnasium, gymnasium.make, env_id)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("env_id", "kind", "text"),
    [
        (
            "CartPol",
            error.NameNotFound,
            "Environment `CartPol` doesn't exist. Did you mean: `CartPole`?",
        ),
        (
            "phys2/A",
            error.NamespaceNotFound,
            "Namespace phys2 not found. Did you mean: `phys2d`?",
        ),
        (
            "zzz/A",
            error.NamespaceNotFound,
            "Namespace zzz not found. Have you installed the proper package for zzz?",
        ),
        (
            "CartPole-v9",
            error.VersionNotFound,
            "Environment version `v9` for environment `CartPole` doesn't exist. "
            "It provides versioned environments: [ `v0`, `v1` ].",
        ),
    ],
)
def test_the_texts(env_id, kind, text):
    with pytest.raises(kind) as raised:
        gym.make(env_id)
    assert type(raised.value) is kind
    assert str(raised.value) == text


@pytest.mark.usefixtures("rows")
def test_a_renamed_environment_is_named_after_a_warning():
    out_of_date = pytest.warns(DeprecationWarning, match=r"Taxi-v3 is out of date.*`v4`")
    with out_of_date, pytest.raises(error.DeprecatedEnv, match=r"Please use `Taxi-v4` instead"):
        gym.make("Taxi-v3")


@pytest.mark.usefixtures("rows")
def test_spec_returns_the_registered_object():
    assert gym.spec("CartPole-v0") is registry["CartPole-v0"]
    assert gym.spec("Plain") is registry["Plain"]
    with pytest.raises(error.NameNotFound, match=r"`CartPol` doesn't exist"):
        gym.spec("CartPol-v0")


@pytest.mark.usefixtures("rows")
def test_spec_of_an_unversioned_id_is_what_make_takes():
    with pytest.warns(UserWarning, match=r"Using the latest versioned environment `CartPole-v1`"):
        assert gym.spec("CartPole") is registry["CartPole-v1"]


def test_make_of_a_specification():
    register("Line-v0", Line, max_episode_steps=3)
    env = gym.spec("Line-v0").make(length=4)
    assert env.spec.id == "Line-v0"
    assert env.unwrapped.length == 4


@pytest.fixture
def registering_module(tmp_path, monkeypatch):
    (tmp_path / "registers_far.py").write_text(
        "from dromos.envs.registration import register\n"
        "register('Far-v0', 'sample_envs:Line')\n"
        "register('far/Away-v1', 'sample_envs:Line')\n"
    )
    (tmp_path / "needs_more.py").write_text("import not_installed_anywhere\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in ("registers_far", "needs_more"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("registering_module")
@pytest.mark.parametrize("env_id", ["registers_far:Far-v0", "registers_far:far/Away-v1"])
def test_an_id_may_name_the_module_that_registers_it(env_id):
    assert gym.make(env_id).spec.id == env_id.partition(":")[2]


@pytest.mark.usefixtures("registering_module")
@pytest.mark.parametrize(
    ("env_id", "module", "missing"),
    [
        ("no_such_module:A-v0", "no_such_module", "no_such_module"),
        ("needs_more:A-v0", "needs_more", "not_installed_anywhere"),
    ],
)
def test_a_module_that_cannot_be_imported_is_named(env_id, module, missing):
    with pytest.raises(ModuleNotFoundError) as raised:
        gym.make(env_id)
    assert str(raised.value) == (
        f"No module named '{missing}'. Environment registration via importing a module failed. "
        f"Check whether '{module}' contains env registration and can be imported."
    )
    assert raised.value.name == missing


def test_ids_may_hold_colons():
    register("a:b/C-v0", Line)
    assert gym.make("a:b/C-v0").spec.id == "a:b/C-v0"
    with pytest.raises(error.NameNotFound):
        gym.make(":C-v0")


@pytest.mark.parametrize("wrong", [None, 3, Line()])
def test_what_make_takes(wrong):
    with pytest.raises(TypeError, match="Expected id to be a string or EnvSpec, got"):
        gym.make(wrong)


def test_a_name_entered_by_hand_without_its_unversioned_id():
    registry["elsewhere"] = gym.envs.registration.EnvSpec("Odd", Line)
    with pytest.raises(error.UnregisteredEnv, match="No registered env with id: Odd"):
        gym.make("Odd")
