"""`pprint_registry` and `EnvSpec.pprint`, text for text the peer's."""

import itertools

import gymnasium
import gymnasium.envs.registration as peer
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_envs import Line

import dromos as gym
from dromos.envs.registration import EnvSpec, WrapperSpec, register

ENTRY_POINTS = [
    "lib.envs.classic_control.cartpole:CartPoleEnv",
    "lib.envs.mujoco:AntEnv",
    "shimmy.atari:Env",
    "alone:Env",
    Line,
]


@given(
    st.lists(st.tuples(st.sampled_from(["", "a/", "b/"]), st.sampled_from(ENTRY_POINTS))),
    st.integers(1, 5),
    st.sets(st.sampled_from(["a", "classic_control", "atari"])),
)
def test_the_registry_is_printed_as_by_the_peer(rows, num_cols, excluded):
    ours, theirs = {}, {}
    for number, (prefix, entry_point) in enumerate(rows):
        env_id = f"{prefix}{'Name' * (number % 3 + 1)}{number}-v{number % 4}"
        ours[env_id] = EnvSpec(env_id, entry_point)
        theirs[env_id] = peer.EnvSpec(env_id, entry_point)
    options = {
        "num_cols": num_cols,
        "exclude_namespaces": list(excluded) or None,
        "disable_print": True,
    }
    assert gym.pprint_registry(ours, **options) == gymnasium.pprint_registry(theirs, **options)


@pytest.mark.usefixtures("no_rows")
def test_the_registry_is_printed_unless_told_otherwise(capsys):
    register("A-v0", Line)
    assert gym.pprint_registry() is None
    printed = capsys.readouterr().out
    assert printed == "===== None =====\nA-v0\n"
    assert gym.pprint_registry(disable_print=True) + "\n" == printed


SPECS = [
    {},
    {"entry_point": "module:Class"},
    {"reward_threshold": 1.5, "nondeterministic": True, "max_episode_steps": 9},
    {"order_enforce": False, "disable_env_checker": True, "kwargs": {"a": 1}},
]
WRAPPERS = [
    (),
    (("A", "module:A", {"x": 1}),),
    (("A", "module:A", None), ("B", "module:B", {})),
]


@pytest.mark.parametrize("fields", SPECS)
@pytest.mark.parametrize("wrappers", WRAPPERS)
def test_a_specification_is_printed_as_by_the_peer(fields, wrappers, capsys):
    ours = EnvSpec("ns/A-v3", **fields)
    theirs = peer.EnvSpec("ns/A-v3", **fields)
    ours.additional_wrappers = tuple(WrapperSpec(*w) for w in wrappers)
    theirs.additional_wrappers = tuple(peer.WrapperSpec(*w) for w in wrappers)
    assert repr(ours) == repr(theirs)
    for entry_points, everything in itertools.product([False, True], repeat=2):
        text = ours.pprint(True, entry_points, everything)
        assert text == theirs.pprint(True, entry_points, everything)
    assert ours.pprint() is None
    assert capsys.readouterr().out == ours.pprint(disable_print=True) + "\n"
