"""`SyncVectorEnv` gives what Gymnasium's gives, element by element."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vector_cases import KINDS, MODES, OURS, PEER, assert_same, make_vector

STEPS = 40


def reset_ended(vector, ended):
    """Reset the lanes that ended, as a user does when autoreset is disabled."""
    return vector.reset(options={"reset_mask": ended.copy()})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", MODES)
def test_trajectories_are_equal(kind, mode):
    ours, peer = (make_vector(lib, kind, autoreset_mode=mode) for lib in (OURS, PEER))
    assert_same(ours.reset(seed=[7, 8, 9]), peer.reset(seed=[7, 8, 9]))
    peer.action_space.seed(3)
    for _ in range(STEPS):
        actions = peer.action_space.sample()
        result, expected = ours.step(actions), peer.step(actions)
        assert_same(result, expected)
        ended = result[2] | result[3]
        if mode == "Disabled" and ended.any():
            assert_same(reset_ended(ours, ended), reset_ended(peer, ended))


@settings(deadline=None, max_examples=40)
@given(
    mode=st.sampled_from(MODES),
    kind=st.sampled_from(sorted(KINDS)),
    calls=st.lists(
        st.none() | st.tuples(st.lists(st.booleans(), min_size=3, max_size=3), st.integers(0, 99)),
        max_size=20,
    ),
)
def test_steps_and_masked_resets_in_any_order_are_equal(mode, kind, calls):
    ours, peer = (make_vector(lib, kind, autoreset_mode=mode) for lib in (OURS, PEER))
    assert_same(ours.reset(seed=0), peer.reset(seed=0))
    actions = peer.action_space.sample()
    ended = np.zeros(3, dtype=bool)
    for call in calls:
        mask, seed = (ended, None) if call is None else (ended | np.array(call[0]), call[1])
        if call is not None or (mode == "Disabled" and ended.any()):
            mask = mask if mask.any() else np.ones(3, dtype=bool)
            left, right = (
                v.reset(seed=seed, options={"reset_mask": mask.copy()}) for v in (ours, peer)
            )
            assert_same(left, right)
        result, expected = ours.step(actions), peer.step(actions)
        assert_same(result, expected)
        ended = result[2] | result[3]


@pytest.mark.parametrize("mode", MODES)
def test_one_buffer_is_reused_without_copy(mode):
    ours, peer = (make_vector(lib, "box", autoreset_mode=mode, copy=False) for lib in (OURS, PEER))
    first, _ = ours.reset(seed=1)
    peer.reset(seed=1)
    actions = ours.action_space.sample()
    second = ours.step(actions)[0]
    assert second is first
    assert_same(second, peer.step(actions)[0])


@pytest.mark.parametrize("mode", MODES)
def test_a_reset_in_mid_episode_clears_what_was_pending(mode):
    ours, peer = (make_vector(lib, "box", 4, autoreset_mode=mode) for lib in (OURS, PEER))
    for vector in (ours, peer):
        vector.reset(seed=5)
    actions = peer.action_space.sample()
    for _ in range(5):
        if mode == "Disabled":
            break
        assert_same(ours.step(actions), peer.step(actions))
    mask = np.array([True, False, True, False])
    assert_same(
        ours.reset(seed=[1, None, 3, None], options={"reset_mask": mask.copy()}),
        peer.reset(seed=[1, None, 3, None], options={"reset_mask": mask.copy()}),
    )
    assert_same(ours.step(actions), peer.step(actions))
    assert_same(ours.reset(seed=11), peer.reset(seed=11))
    assert_same(ours.step(actions), peer.step(actions))


@pytest.mark.parametrize("kind", KINDS)
def test_attributes_are_equal(kind):
    ours, peer = (make_vector(lib, kind) for lib in (OURS, PEER))
    assert repr(ours) == repr(peer) == "SyncVectorEnv(num_envs=3)"
    assert ours.num_envs == peer.num_envs == 3
    assert ours.render_mode is None
    assert ours.spec is None
    assert ours.closed is False
    if kind != "custom":
        for name in ("observation_space", "action_space"):
            assert repr(getattr(ours, name)) == repr(getattr(peer, name))
            assert repr(getattr(ours, f"single_{name}")) == repr(getattr(peer, f"single_{name}"))
    ours.reset(seed=2)
    peer.reset(seed=2)
    assert ours.np_random_seed == peer.np_random_seed == (2, 3, 4)
    assert [g.random() for g in ours.np_random] == [g.random() for g in peer.np_random]
    assert ours.metadata["render_modes"] == peer.metadata["render_modes"]
    assert ours.metadata["autoreset_mode"].value == peer.metadata["autoreset_mode"].value
    assert ours.metadata["autoreset_mode"] is OURS.vector.AutoresetMode.NEXT_STEP
