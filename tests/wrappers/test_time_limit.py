"""`TimeLimit`: counting in Python and in the core, and limits that change."""

import copy
import pickle
from types import SimpleNamespace

import gymnasium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wrapper_fakes import CountingEnv, LimitedStep, NativeCountingEnv, counting_class

import dromos as gym
from dromos._core import batch as core
from dromos.core import Wrapper
from dromos.error import ResetNeeded
from dromos.wrappers import OrderEnforcing, PassiveEnvChecker, TimeLimit

ENVS = pytest.mark.parametrize("make", [CountingEnv, NativeCountingEnv])


def truncations(env, steps):
    return [env.step(0)[3] for _ in range(steps)]


@ENVS
def test_truncates_at_the_limit_and_after_it(make):
    env = TimeLimit(make(), 3)
    for _ in range(2):
        env.reset()
        assert truncations(env, 5) == [False, False, True, True, True]


@ENVS
def test_terminated_is_left_alone(make):
    env = TimeLimit(make(end=2), 2)
    env.reset()
    assert env.step(0)[2:4] == (False, False)
    assert env.step(0)[2:4] == (True, True)


@ENVS
def test_elapsed_steps_are_readable_and_writable(make):
    env = TimeLimit(make(), 5)
    assert env._elapsed_steps is None
    env.reset()
    for n in range(4):
        assert env._elapsed_steps == n
        env.step(0)
    env._elapsed_steps = 1
    assert truncations(env, 4) == [False, False, False, True]


@ENVS
def test_limit_changes_on_a_live_env(make):
    env = TimeLimit(make(), 100)
    env.reset()
    assert truncations(env, 3) == [False] * 3
    env._max_episode_steps = 5
    assert truncations(env, 2) == [False, True]
    env.set_max_episode_steps(np.int64(7))
    assert env._max_episode_steps == 7
    assert truncations(env, 2) == [False, True]
    env.reset()
    assert truncations(env, 7) == [False] * 6 + [True]


@ENVS
def test_limit_changes_through_outer_wrappers(make):
    env = Wrapper(TimeLimit(make(), 100))
    env.reset()
    env.step(0)
    env.set_wrapper_attr("_max_episode_steps", 2)
    assert env.step(0)[3]
    env.get_wrapper_attr("set_max_episode_steps")(4)
    assert truncations(env, 2) == [False, True]


@ENVS
def test_limit_beyond_the_native_clock(make):
    env = TimeLimit(make(), 2**40)
    env.reset()
    assert truncations(env, 3) == [False] * 3
    env._max_episode_steps = 4
    assert truncations(env, 1) == [True]
    env._max_episode_steps = 2**50
    assert truncations(env, 2) == [False] * 2
    assert env._elapsed_steps == 6


@pytest.mark.parametrize("bad", [0, -3])
def test_limit_must_be_positive(bad):
    text = f"Expect the `max_episode_steps` to be positive, actually: {bad}"
    with pytest.raises(ValueError, match=text):
        TimeLimit(CountingEnv(), bad)
    env = TimeLimit(CountingEnv(), 2)
    with pytest.raises(ValueError, match=text):
        env._max_episode_steps = bad
    assert env._max_episode_steps == 2


@pytest.mark.parametrize("bad", [1.0, "3", None, float("inf")])
def test_limit_must_be_an_integer(bad):
    with pytest.raises(TypeError, match=r"to be an integer, actually: <class .*max_episode_steps"):
        TimeLimit(CountingEnv(), bad)


@ENVS
def test_step_before_reset(make):
    env = TimeLimit(make(), 2)
    with pytest.raises(ResetNeeded, match="Cannot call env"):
        env.step(0)
    assert env.unwrapped.count == 0
    env.reset()
    assert truncations(env, 2) == [False, True]


@ENVS
def test_a_reset_that_fails_leaves_the_episode_running(make):
    class Refusing(make):
        def reset(self, *, seed=None, options=None):
            if options:
                raise ValueError("unknown option")
            return super().reset(seed=seed)

    env = TimeLimit(Refusing(), 3)
    env.reset()
    truncations(env, 2)
    with pytest.raises(ValueError, match="unknown option"):
        env.reset(options={"x": 1})
    assert env._elapsed_steps == 2
    assert truncations(env, 1) == [True]


@ENVS
def test_a_method_kept_from_before_the_first_step_still_counts(make):
    env = TimeLimit(make(), 3)
    kept = env.step
    env.reset()
    assert [kept(0)[3] for _ in range(3)] == [False, False, True]
    assert env._elapsed_steps == 3


@ENVS
@pytest.mark.parametrize("steps", [0, 1, 3])
@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env)), lambda env: env.clone()]
)
def test_copies_keep_the_clock_and_are_independent(make, steps, copied):
    env = TimeLimit(make(), 5)
    env.reset()
    truncations(env, steps)
    other = copied(env)
    assert other._elapsed_steps == steps
    assert truncations(other, 5 - steps) == [False] * (4 - steps) + [True]
    assert env._elapsed_steps == env.unwrapped.count == steps
    assert truncations(env, 5 - steps) == [False] * (4 - steps) + [True]


@ENVS
def test_snapshots_keep_the_clock(make):
    env = TimeLimit(make(), 5)
    env.reset()
    truncations(env, 2)
    state = env.snapshot()
    truncations(env, 3)
    env._max_episode_steps = 9
    env.restore(state)
    assert (env._elapsed_steps, env._max_episode_steps) == (2, 5)
    assert truncations(env, 3) == [False, False, True]
    other = TimeLimit(make(), 50)
    other.restore(state)
    assert truncations(other, 3) == [False, False, True]


def test_spec_holds_the_present_limit():
    env = CountingEnv()
    env.spec = SimpleNamespace(id="Counting-v0", max_episode_steps=None)
    limited = TimeLimit(env, 7)
    assert limited.spec.max_episode_steps == 7
    limited._max_episode_steps = 8
    assert limited.spec.max_episode_steps == 8
    assert env.spec.max_episode_steps is None
    assert str(limited) == "<TimeLimit<CountingEnv<Counting-v0>>>"


def test_public_path():
    assert TimeLimit.__module__ == "dromos.wrappers.common"
    assert TimeLimit(CountingEnv(), 3)._saved_kwargs == {"max_episode_steps": 3}


calls = st.one_of(
    st.just(("reset",)),
    st.tuples(st.just("step"), st.integers(1, 4)),
    st.tuples(st.just("limit"), st.integers(1, 8)),
    st.tuples(st.just("elapsed"), st.integers(0, 8)),
    st.just(("copy",)),
    st.just(("snapshot",)),
)


@ENVS
@given(limit=st.integers(1, 6), end=st.integers(1, 9), sequence=st.lists(calls, max_size=12))
def test_any_sequence_agrees_with_the_peer(make, limit, end, sequence):
    peer = gymnasium.wrappers.TimeLimit(counting_class(gymnasium)(end), limit)
    ours = TimeLimit(OrderEnforcing(PassiveEnvChecker(make(end))), limit)
    peer.reset()
    ours.reset()
    for name, *value in sequence:
        if name == "reset":
            peer.reset()
            ours.reset()
        elif name == "step":
            for _ in range(value[0]):
                assert ours.step(1)[1:4] == peer.step(1)[1:4]
        elif name == "limit":
            ours._max_episode_steps = peer._max_episode_steps = value[0]
        elif name == "elapsed":
            ours._elapsed_steps = peer._elapsed_steps = value[0]
        elif name == "copy":
            ours = copy.deepcopy(ours)
        else:
            state = ours.snapshot()
            ours.step(0)
            ours.restore(state)
        assert ours._elapsed_steps == peer._elapsed_steps


def test_the_core_keeps_the_clock():
    env = TimeLimit(NativeCountingEnv(), 4)
    env.reset()
    env.step(0)
    assert type(env.step) is LimitedStep
    assert (env.step.elapsed, env.step.limit) == (1, 4)


def test_the_lane_counts_its_own_steps_too():
    env = gym.make("CartPole-v1", max_episode_steps=4)
    lane = env.unwrapped.core.episodes
    for _ in range(2):
        env.reset(seed=1)
        for n in range(1, 5):
            assert env.step(n % 2)[3] == (n == 4)
            assert lane.elapsed[0] == env._elapsed_steps == n
            assert lane.status[0] == 1  # a limit is outside of the environment
    env.reset()
    assert lane.elapsed[0] == env._elapsed_steps == 0
    env.unwrapped.state = (10, 0, 0, 0)
    assert env.step(0)[2]
    assert lane.status[0] == 2


def test_wrong_limits_of_the_core_are_told():
    for bad in (0, -1, 2**31):
        with pytest.raises(ValueError, match="expected a limit from 1 to 2147483647"):
            core.LimitedStep(None, bad)
    with pytest.raises(TypeError, match="no step of its own"):
        core.LimitedStep(None, 1)(0)
    with pytest.raises(ValueError, match="5 values, found 2"):
        core.LimitedStep(None, 1).count((1, 2))
