"""Specifications as JSON: what survives, what is refused, and that reading runs nothing."""

import enum
import json
import subprocess
import sys

import gymnasium.envs.registration as peer
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_envs import Halved, Line, Scaled, make_line

import dromos as gym
from dromos import error
from dromos.envs.registration import EnvSpec, WrapperSpec, register


class Colour(enum.Enum):
    RED = "r"


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc", min_size=1), inner),
    max_leaves=8,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "entry_point": st.sampled_from(["module:Class", "a.b:c"]),
        "reward_threshold": st.floats(-1e9, 1e9),
        "nondeterministic": st.booleans(),
        "max_episode_steps": st.integers(1, 10**6),
        "order_enforce": st.booleans(),
        "disable_env_checker": st.booleans(),
        "kwargs": st.dictionaries(st.sampled_from("abc"), JSON_VALUES),
        "vector_entry_point": st.just("module:Vector"),
    },
)


@given(FIELDS)
def test_plain_specifications_are_the_peers_text(fields):
    ours = EnvSpec("ns/A-v1", **fields)
    theirs = peer.EnvSpec("ns/A-v1", **fields)
    ours.additional_wrappers = (WrapperSpec("W", "m:W", {"x": 1}), WrapperSpec("V", "m:V", None))
    theirs.additional_wrappers = (
        peer.WrapperSpec("W", "m:W", {"x": 1}),
        peer.WrapperSpec("V", "m:V", None),
    )
    assert json.loads(ours.to_json()) == json.loads(theirs.to_json())
    assert EnvSpec.from_json(ours.to_json()) == ours
    assert EnvSpec.from_json(theirs.to_json()) == ours


ARGUMENTS = [
    {"places": np.array([[1.5, 2], [3, np.inf]])},
    {"places": np.arange(4, dtype=np.uint8)},
    {"places": (1, (2, "x")), "length": 10**30},
    {"places": {1: "one", (2, 3): {4}}},
    {"places": [Colour.RED, b"bytes", float("inf"), 1j]},
    {"places": {"make": make_line, "cls": Line}},
]


@pytest.mark.parametrize("kwargs", ARGUMENTS)
def test_arguments_beyond_json_survive(kwargs):
    register("Line-v0", Line, max_episode_steps=3)
    env = gym.make("Line-v0", **kwargs)
    again = gym.make(EnvSpec.from_json(env.spec.to_json()))
    assert str(again) == str(env)
    for name, value in kwargs.items():
        np.testing.assert_equal(getattr(again.unwrapped, name), value)
        assert type(getattr(again.unwrapped, name)) is type(value)


def test_wrappers_keep_their_arguments():
    register("Line-v0", Line)
    env = Halved(Scaled(gym.make("Line-v0"), 3.0, table=np.eye(2)))
    spec = EnvSpec.from_json(env.spec.to_json())
    assert spec.additional_wrappers == env.spec.additional_wrappers
    again = gym.make(spec)
    assert str(again) == str(env)
    assert (again.env._saved_kwargs["table"] == np.eye(2)).all()


@pytest.mark.parametrize("entry_point", [Line, make_line])
def test_importable_entry_points_become_their_name(entry_point):
    spec = EnvSpec("Line-v0", entry_point)
    again = EnvSpec.from_json(spec.to_json())
    assert again.entry_point == f"sample_envs:{entry_point.__name__}"
    assert type(gym.make(again).unwrapped) is Line


def local_function():
    return lambda: None


@pytest.mark.parametrize(
    ("spec", "owner", "field"),
    [
        (EnvSpec("Foo-v0", local_function()), "Foo-v0", "entry_point"),
        (EnvSpec("Foo-v0", vector_entry_point=local_function()), "Foo-v0", "vector_entry_point"),
        (EnvSpec("Foo-v0", "m:A", kwargs={"f": local_function()}), "Foo-v0", "f"),
        (
            EnvSpec(
                "Foo-v0",
                "m:A",
                additional_wrappers=(WrapperSpec("W", "m:W", {"g": local_function()}),),
            ),
            "W",
            "g",
        ),
    ],
)
def test_a_callable_that_no_import_finds_is_named(spec, owner, field):
    with pytest.raises(
        ValueError, match=f"^Callable found in {owner} for {field} attribute with value=<function"
    ):
        spec.to_json()


def test_what_is_not_plain_is_named():
    with pytest.raises(ValueError, match=r"of Foo-v0, kwargs\[.outer.\]\[.inner.\] is .*iterator"):
        EnvSpec("Foo-v0", "m:A", kwargs={"outer": {"inner": iter([])}}).to_json()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", r"Expected the JSON object of an EnvSpec, found \[\]"),
        ("{}", "an EnvSpec needs the field 'id', found {}"),
        ('{"id": 3}', "Expected str for the field 'id' of an EnvSpec, found 3"),
        ('{"id": "A-v0", "colour": 1}', r"an EnvSpec has no fields \['colour'\]"),
        ('{"id": "A-v0", "kwargs": []}', "Expected dict for the field 'kwargs'"),
        ('{"id": "A-v0", "max_episode_steps": true}', "Expected int or null for the field 'max_ep"),
        ('{"id": "A-v0", "order_enforce": 1}', "Expected bool for the field 'order_enforce'"),
        ('{"id": "A-v0", "additional_wrappers": [1]}', "JSON object of a WrapperSpec, found 1"),
        ('{"id": "A-v0", "additional_wrappers": [{"name": "W"}]}', "needs the field 'entry_point'"),
    ],
)
def test_malformed_texts_are_named(text, complaint):
    with pytest.raises(error.InvalidJson, match=complaint):
        EnvSpec.from_json(text)


def test_a_malformed_id_is_named():
    with pytest.raises(error.Error, match="Malformed environment ID: a b"):
        EnvSpec.from_json('{"id": "a b"}')


def test_left_out_fields_have_their_defaults():
    assert EnvSpec.from_json('{"id": "A-v0"}') == EnvSpec("A-v0")


def test_reading_imports_nothing_and_runs_nothing(tmp_path):
    (tmp_path / "explosive.py").write_text("raise SystemExit('imported')\ndef boom(): pass\n")
    text = EnvSpec("A-v0", "explosive:boom", kwargs={"f": make_line, "c": Colour.RED}).to_json()
    for name in (f"{__name__}:Colour", "sample_envs:make_line"):
        text = text.replace(name, "explosive:boom")
    code = (
        "import sys; from dromos.envs.registration import EnvSpec\n"
        "spec = EnvSpec.from_json(sys.argv[1]); repr(spec); spec.pprint(); spec.to_json()\n"
        "assert 'explosive' not in sys.modules and 'sample_envs' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", code, text], check=True, cwd=tmp_path, capture_output=True
    )


def test_a_reference_that_leads_nowhere_is_named_by_make():
    text = EnvSpec("A-v0", Line, kwargs={"places": make_line}).to_json()
    spec = EnvSpec.from_json(text.replace("sample_envs:make_line", "sample_envs:gone"))
    with pytest.raises(error.Error, match="sample_envs:gone"):
        gym.make(spec)
