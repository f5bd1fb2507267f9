"""`Autoreset`: the step after the end is a reset."""

import gymnasium
from hypothesis import given
from hypothesis import strategies as st
from wrapper_fakes import CountingEnv, counting_class

from dromos.wrappers import Autoreset, TimeLimit


def test_the_step_after_the_end_resets():
    env = Autoreset(CountingEnv(end=2))
    env.reset()
    assert env.step(1)[1:4] == (1.0, False, False)
    assert env.step(1)[1:4] == (1.0, True, False)
    obs, *rest = env.step(1)
    assert (obs, rest) == (0, [0.0, False, False, {"resets": True}])
    assert env.step(1)[0] == 1


def test_truncation_resets_as_well():
    env = Autoreset(TimeLimit(CountingEnv(), 1))
    env.reset()
    assert [env.step(0)[3] for _ in range(4)] == [True, False, True, False]


def test_a_reset_by_hand_clears_the_pending_one():
    env = Autoreset(CountingEnv(end=1))
    env.reset()
    env.step(0)
    assert env.autoreset
    env.reset()
    assert not env.autoreset
    assert env.step(0)[0] == 1


def test_snapshots_keep_the_pending_reset():
    env = Autoreset(CountingEnv(end=1))
    env.reset()
    env.step(0)
    state = env.snapshot()
    env.step(0)
    env.restore(state)
    assert env.step(0)[0] == 0


@given(end=st.integers(1, 4), calls=st.lists(st.booleans(), max_size=15))
def test_any_sequence_agrees_with_the_peer(end, calls):
    ours = Autoreset(CountingEnv(end))
    peer = gymnasium.wrappers.Autoreset(counting_class(gymnasium)(end))
    ours.reset()
    peer.reset()
    for is_step in calls:
        if is_step:
            assert ours.step(1) == peer.step(1)
        else:
            assert ours.reset() == peer.reset()
