"""Wrappers whose work is done leave the call path, and nothing else changes."""

import copy
import pickle
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wrapper_fakes import CountingEnv, LaneStep, LimitedStep, NativeCountingEnv

from dromos.core import Wrapper
from dromos.error import ResetNeeded
from dromos.wrappers import Autoreset, OrderEnforcing, PassiveEnvChecker, TimeLimit


def stack(env, limit=10):
    return TimeLimit(OrderEnforcing(PassiveEnvChecker(env)), limit)


def started(env, steps=2):
    env.reset()
    for _ in range(steps):
        env.step(0)
    return env


def test_native_step_is_the_cores_after_one_step():
    env = stack(NativeCountingEnv())
    for _ in range(2):
        started(env, 1)
        assert type(env.step) is LimitedStep
        assert env.step.inner is env.unwrapped.step
        assert env.env.step is env.env.env.step is env.unwrapped.step


def test_later_episodes_are_short_from_their_first_step():
    env = started(stack(NativeCountingEnv(), limit=2))
    path = env.step
    env.reset()
    assert env.step is path
    assert path.elapsed == env._elapsed_steps == 0
    assert [env.step(0)[3] for _ in range(2)] == [False, True]


def test_python_step_is_the_environments_after_two_steps():
    env = stack(CountingEnv())
    started(env, 2)
    assert env.env.step == env.env.env.step == env.unwrapped.step
    started(env, 1)  # nothing is left to check, so later episodes need one step
    assert env.env.step == env.env.env.step == env.unwrapped.step


@pytest.mark.parametrize("make", [CountingEnv, NativeCountingEnv])
def test_the_stack_still_shows(make):
    env = started(stack(make()))
    name = make.__name__
    assert str(env) == repr(env)
    assert str(env) == f"<TimeLimit<OrderEnforcing<PassiveEnvChecker<{name} instance>>>>"
    assert env.has_wrapper_attr("has_reset")
    assert env.get_wrapper_attr("_disable_render_order_enforcing") is False
    assert env.get_wrapper_attr("checked_step") is True
    assert not env.has_wrapper_attr("absent")


@pytest.mark.parametrize("make", [CountingEnv, NativeCountingEnv])
def test_copies_find_their_own_path(make):
    env = started(stack(make()), 3)
    for other in (copy.deepcopy(env), pickle.loads(pickle.dumps(env)), env.clone()):
        for layer in (other, other.env, other.env.env):
            assert "step" not in layer.__dict__
        assert other.step(0)[0] == 4
        assert env.unwrapped.count == 3


@pytest.mark.parametrize("make", [CountingEnv, NativeCountingEnv])
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_subclass_that_overrides_step_is_never_bypassed(make, depth):
    seen = []
    classes = [PassiveEnvChecker, OrderEnforcing, TimeLimit]
    base = classes[depth]

    class Spy(base):
        def step(self, action):
            seen.append(action)
            return super().step(action)

    classes[depth] = Spy
    env = classes[2](classes[1](classes[0](make())), 6)
    for _ in range(2):
        env.reset()
        assert [env.step(i)[3] for i in range(6)] == [False] * 5 + [True]
    assert seen == [*range(6), *range(6)]


def test_a_subclass_that_only_overrides_reset_is_short():
    class Other(OrderEnforcing):
        def reset(self, *, seed=None, options=None):
            return super().reset(seed=seed, options=options)

    env = started(Other(CountingEnv()), 1)
    assert env.step == env.unwrapped.step


@pytest.mark.parametrize("make", [CountingEnv, NativeCountingEnv])
def test_an_inner_step_replaced_before_a_reset_is_seen(make):
    env = started(stack(make(), limit=3))
    env.unwrapped.step = lambda action: ("replaced", 0.0, False, False, {})
    env.reset()
    assert [env.step(0)[0] for _ in range(3)] == ["replaced"] * 3
    assert env._elapsed_steps == 3
    del env.unwrapped.step
    env.reset()
    assert env.step(0)[0] == 1


def test_a_mock_may_stand_in_for_the_inner_step():
    env = stack(CountingEnv(), limit=2)
    env.reset()
    env.unwrapped.step = mock.MagicMock(
        side_effect=lambda action: (np.zeros(1, np.float32), 0.0, False, False, {})
    )
    assert [env.step(0)[3] for _ in range(2)] == [False, True]


@pytest.mark.parametrize("make", [CountingEnv, NativeCountingEnv])
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_step_the_user_puts_into_a_layer_stays(make, depth):
    env = started(stack(make(), limit=4))
    layer = env
    for _ in range(depth):
        layer = layer.env
    seen = []
    original = layer.step

    def spy(action):
        seen.append(action)
        return original(action)

    layer.step = spy
    env.reset()
    for n in range(1, 5):
        assert env.step(n)[3] == (n == 4)
    assert seen == [1, 2, 3, 4]
    assert layer.step is spy
    del layer.step
    env.reset()
    assert [env.step(0)[3] for _ in range(4)] == [False] * 3 + [True]
    assert len(seen) == 4


@pytest.mark.parametrize("make", [CountingEnv, NativeCountingEnv])
def test_patching_across_a_reset_leaves_no_stale_clock(make):
    env = started(stack(make(), limit=4), 3)
    with mock.patch.object(env, "step", wraps=env.step):
        env.reset()
        assert [env.step(0)[3] for _ in range(2)] == [False, False]
    assert [env.step(0)[3] for _ in range(2)] == [False, True]
    env.reset()
    assert [env.step(0)[3] for _ in range(4)] == [False] * 3 + [True]


def test_patching_a_class_reaches_the_next_episode(monkeypatch):
    env = started(stack(CountingEnv()))
    monkeypatch.setattr(OrderEnforcing, "step", lambda self, action: "patched")
    monkeypatch.setattr(TimeLimit, "step", lambda self, action: self.env.step(action))
    env.reset()
    assert env.step(0) == env.step(0) == "patched"


def test_wrappers_between_keep_their_say():
    class Double(Wrapper):
        def step(self, action):
            obs, reward, *rest = self.env.step(action)
            return obs, 2 * reward, *rest

    env = TimeLimit(Double(OrderEnforcing(PassiveEnvChecker(NativeCountingEnv()))), 3)
    env.reset()
    assert [env.step(1)[1] for _ in range(3)] == [2.0] * 3
    assert type(env.env.env.step) is LaneStep


def test_an_outer_layer_holds_the_clock_too():
    env = OrderEnforcing(TimeLimit(NativeCountingEnv(), 3))
    for _ in range(2):
        env.reset()
        assert [env.step(0)[3] for _ in range(3)] == [False, False, True]
        assert env.step is env.env.step
    env.env.reset()  # around the outer layer, which still has the old path
    assert [env.step(0)[3] for _ in range(3)] == [False, False, True]


def test_autoreset_outside_and_inside():
    for env in (
        Autoreset(stack(NativeCountingEnv(), limit=2)),
        OrderEnforcing(Autoreset(stack(NativeCountingEnv(), limit=2))),
    ):
        env.reset()
        assert [float(env.step(0)[0][0]) for _ in range(6)] == [1, 2, 0, 1, 2, 0]


def test_restore_takes_the_long_path_again():
    env = started(stack(NativeCountingEnv(), limit=5), 2)
    state = env.snapshot()
    env.restore(state)
    assert "step" not in env.__dict__
    assert [env.step(0)[3] for _ in range(3)] == [False, False, True]
    fresh = stack(NativeCountingEnv(), limit=5)
    fresh.restore(state)
    assert [env.step(0)[3] for _ in range(1)] == [True]
    assert [fresh.step(0)[3] for _ in range(3)] == [False, False, True]


def test_copies_of_every_pickle_protocol():
    env = started(stack(CountingEnv(), limit=4))
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        other = pickle.loads(pickle.dumps(env, protocol))
        assert [other.step(0)[3] for _ in range(2)] == [False, True]


@given(
    native=st.booleans(),
    order=st.permutations(["limit", "order", "check"]),
    episodes=st.lists(st.integers(0, 6), min_size=1, max_size=4),
)
def test_any_order_of_the_layers_gives_the_same_episodes(native, order, episodes):
    layers = {
        "limit": lambda env: TimeLimit(env, 4),
        "order": OrderEnforcing,
        "check": PassiveEnvChecker,
    }
    env = NativeCountingEnv() if native else CountingEnv()
    for name in order:
        env = layers[name](env)
    with pytest.raises(ResetNeeded):
        env.step(0)
    for steps in episodes:
        env.reset()
        got = [env.step(2) for _ in range(steps)]
        assert [float(step[0][0]) for step in got] == [*range(1, steps + 1)]
        assert [step[3] for step in got] == [n >= 4 for n in range(1, steps + 1)]
