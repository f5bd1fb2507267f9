"""`RenderCollection`: which frames a call of ``render`` returns."""

import copy
from types import SimpleNamespace

import gymnasium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wrapper_fakes import CountingEnv, counting_class

from dromos.wrappers import RenderCollection


def test_frames_since_the_last_render():
    env = RenderCollection(CountingEnv(render_mode="rgb_array"))
    assert env.render_mode == "rgb_array_list"
    env.reset()
    for _ in range(5):
        env.step(0)
    frames = env.render()
    assert [frame[0, 0, 0] for frame in frames] == [0, 1, 2, 3, 4, 5]
    assert env.render() == []
    env.step(0)
    env.reset()
    assert len(env.render()) == 1


def test_frames_may_be_kept():
    env = RenderCollection(CountingEnv(render_mode="ansi"), pop_frames=False, reset_clean=False)
    for _ in range(2):
        env.reset()
        env.step(0)
    assert env.render() == env.render() == ["0", "1", "0", "1"]
    env.render().clear()  # the caller's own list
    assert len(env.render()) == 4


def test_metadata_declare_the_mode_and_the_environments_stay():
    env = RenderCollection(CountingEnv(render_mode="ansi"))
    assert env.metadata["render_modes"] == ["rgb_array", "ansi", "ansi_list"]
    assert CountingEnv.metadata["render_modes"] == ["rgb_array", "ansi"]


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        (None, r"Expected env.render_mode to be not None.*\['rgb_array', 'ansi'\]"),
        ("ansi_list", r"to not end with '_list', got 'ansi_list'.*'ansi'"),
    ],
)
def test_modes_without_single_frames(mode, text):
    with pytest.raises(ValueError, match=text):
        RenderCollection(CountingEnv(render_mode=mode))


def test_spec_names_the_public_path():
    env = CountingEnv(render_mode="ansi")
    env.spec = SimpleNamespace(id="Counting-v0", additional_wrappers=())
    (spec,) = RenderCollection(env, reset_clean=False).spec.additional_wrappers
    assert spec.entry_point == "dromos.wrappers.rendering:RenderCollection"
    assert spec.kwargs == {"pop_frames": True, "reset_clean": False}


calls = st.lists(st.sampled_from(["reset", "step", "render", "copy", "snapshot"]), max_size=20)


@given(pop=st.booleans(), clean=st.booleans(), calls=calls)
def test_any_sequence_agrees_with_the_peer(pop, clean, calls):
    ours = RenderCollection(CountingEnv(render_mode="ansi"), pop, clean)
    peer = gymnasium.wrappers.RenderCollection(
        counting_class(gymnasium)(render_mode="ansi"), pop, clean
    )
    for call in calls:
        if call == "copy":
            ours = copy.deepcopy(ours)
        elif call == "snapshot":
            state = ours.snapshot()
            ours.step(0)
            ours.render()
            ours.restore(state)
        elif call == "render":
            assert ours.render() == peer.render()
        elif call == "step":
            assert ours.step(0) == peer.step(0)
        else:
            assert ours.reset() == peer.reset()
        assert ours.frame_list == peer.frame_list
