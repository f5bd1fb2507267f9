"""`OrderEnforcing`: what may not come before the first reset."""

import re
from types import SimpleNamespace

import gymnasium
import pytest
from wrapper_fakes import CountingEnv, counting_class

from dromos.error import ResetNeeded
from dromos.wrappers import OrderEnforcing

STEP = "Cannot call env.step() before calling env.reset()"
RENDER = (
    "Cannot call `env.render()` before calling `env.reset()`, if this is an intended action, set "
    "`disable_render_order_enforcing=True` on the OrderEnforcer wrapper."
)


def test_step_before_reset():
    env = OrderEnforcing(CountingEnv())
    with pytest.raises(ResetNeeded, match=f"^{re.escape(STEP)}$"):
        env.step(0)
    assert not env.has_reset
    env.reset()
    assert env.has_reset
    assert env.step(0)[0] == 1


def test_render_before_reset():
    env = OrderEnforcing(CountingEnv(render_mode="ansi"))
    with pytest.raises(ResetNeeded, match=f"^{re.escape(RENDER)}$"):
        env.render()
    env.reset()
    assert env.render() == "0"


def test_rendering_first_may_be_allowed():
    env = OrderEnforcing(CountingEnv(render_mode="ansi"), disable_render_order_enforcing=True)
    assert env._disable_render_order_enforcing is True
    assert env.render() == "0"
    with pytest.raises(ResetNeeded):
        env.step(0)
    env.get_wrapper_attr("_disable_render_order_enforcing")
    env.set_wrapper_attr("_disable_render_order_enforcing", False)
    with pytest.raises(ResetNeeded):
        env.render()


def test_a_failed_reset_is_no_reset():
    env = OrderEnforcing(CountingEnv())
    with pytest.raises(Exception, match=r"[Ss]eed"):
        env.reset(seed="x")
    with pytest.raises(ResetNeeded):
        env.step(0)


def test_texts_are_the_peers():
    peer = gymnasium.wrappers.OrderEnforcing(counting_class(gymnasium)(render_mode="ansi"))
    ours = OrderEnforcing(CountingEnv(render_mode="ansi"))
    for call in (lambda env: env.step(0), lambda env: env.render()):
        with pytest.raises(gymnasium.error.ResetNeeded) as theirs:
            call(peer)
        with pytest.raises(ResetNeeded, match=f"^{re.escape(str(theirs.value))}$"):
            call(ours)


def test_render_takes_no_mode():
    env = OrderEnforcing(CountingEnv(render_mode="ansi"))
    env.reset()
    with pytest.raises(TypeError, match=r"takes no arguments, got mode='rgb_array'"):
        env.render(mode="rgb_array")


def test_spec_says_that_the_order_is_enforced():
    env = CountingEnv()
    env.spec = SimpleNamespace(id="Counting-v0", order_enforce=False)
    assert OrderEnforcing(env).spec.order_enforce is True
    assert env.spec.order_enforce is False


def test_snapshot_holds_whether_a_reset_has_been():
    env = OrderEnforcing(CountingEnv())
    before = env.snapshot()
    env.reset()
    after = env.snapshot()
    env.restore(before)
    with pytest.raises(ResetNeeded):
        env.step(0)
    other = OrderEnforcing(CountingEnv())
    other.restore(after)
    assert other.has_reset
    assert other.step(0)[0] == 1
