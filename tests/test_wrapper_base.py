"""`Wrapper` and its three forms: what is passed on, what is kept, what copies carry."""

import copy
import pickle

import gymnasium
import numpy as np
import pytest

from dromos.core import (
    ActionWrapper,
    Env,
    ObservationWrapper,
    RewardWrapper,
    Wrapper,
    WrapperActType,
    WrapperObsType,
)
from dromos.registration import EnvSpec, WrapperSpec
from dromos.spaces import Box, Discrete
from dromos.utils import RecordConstructorArgs


class Counter(Env[int, int]):
    """Counts its steps; the reward is the action."""

    metadata = {"render_modes": ["ansi"], "render_fps": 4}  # noqa: RUF012

    def __init__(self, render_mode=None):
        self.render_mode = render_mode
        self.observation_space = Discrete(1000)
        self.action_space = Discrete(5)
        self.closed = False
        self.count = 0
        self.limit = 9

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.count = 0
        return self.count, {"options": options}

    def step(self, action):
        self.count += 1
        return self.count, action, False, False, {}

    def render(self):
        return str(self.count)

    def close(self):
        self.closed = True


class Doubled(ObservationWrapper):
    def observation(self, observation):
        return 2 * observation


class Negated(RewardWrapper):
    def reward(self, reward):
        return -reward


class Shifted(ActionWrapper):
    def action(self, action):
        return action + 1


class Scaled(RewardWrapper, RecordConstructorArgs):
    def __init__(self, env, factor=1.0):
        RecordConstructorArgs.__init__(self, factor=factor)
        super().__init__(env)
        self.factor = factor

    def reward(self, reward):
        return reward * self.factor


class GymnasiumCounter(gymnasium.Env):
    """The same environment on the peer's base class, to compare with."""

    metadata = Counter.metadata
    __init__ = Counter.__init__

    def reset(self, *, seed=None, options=None):
        return 0, {}


def test_calls_are_passed_on():
    env = Wrapper(Counter("ansi"))
    assert env.reset(seed=2, options={"a": 1}) == (0, {"options": {"a": 1}})
    assert env.step(3) == (1, 3, False, False, {})
    assert env.render() == "1"
    assert env.np_random_seed == 2
    assert env.np_random is env.unwrapped.np_random
    assert env.render_mode == "ansi"
    env.close()
    assert env.unwrapped.closed


def test_the_three_forms():
    env = Shifted(Negated(Doubled(Counter())))
    assert env.reset()[0] == 0
    assert env.step(1) == (2, -2, False, False, {})


@pytest.mark.parametrize("form", [ObservationWrapper, RewardWrapper, ActionWrapper])
def test_the_forms_leave_their_method_to_subclasses(form):
    with pytest.raises(NotImplementedError):
        form(Counter()).step(0)


def test_only_environments_are_wrapped():
    for wrong in (None, Counter, [Counter()]):
        with pytest.raises(TypeError) as ours:
            Wrapper(wrong)
        with pytest.raises(TypeError) as theirs:
            gymnasium.Wrapper(wrong)
        assert str(ours.value) == str(theirs.value)


def test_strings_are_gymnasiums():
    ours = Wrapper(Doubled(Counter()))
    assert str(ours) == repr(ours) == "<Wrapper<Doubled<Counter instance>>>"
    ours.unwrapped.spec = EnvSpec("ns/Counter-v2", Counter)
    assert str(ours) == "<Wrapper<Doubled<Counter<ns/Counter-v2>>>>"
    assert Doubled.class_name() == "Doubled"


def test_spaces_and_metadata_are_read_through_until_assigned():
    env = Wrapper(Counter())
    assert env.action_space is env.env.action_space
    assert env.observation_space is env.env.observation_space
    assert env.metadata is env.env.metadata
    env.action_space = Discrete(2)
    env.observation_space = Box(0, 1)
    env.metadata = {"render_modes": []}
    assert env.action_space == Discrete(2)
    assert env._action_space is env.action_space
    assert env.observation_space == Box(0, 1)
    assert env.metadata == {"render_modes": []}
    assert env.env.action_space == Discrete(5)
    assert env.env.metadata["render_fps"] == 4


def test_attributes_of_the_environment_are_not_forwarded():
    env = Wrapper(Counter())
    with pytest.raises(AttributeError, match=r"^'Wrapper' object has no attribute 'limit'$"):
        _ = env.limit
    with pytest.raises(AttributeError, match=r"Can't access `_np_random` of a wrapper, use"):
        _ = env._np_random
    with pytest.raises(AttributeError):
        env._np_random = np.random.default_rng()


def test_attributes_are_found_from_the_outermost_layer():
    env = Doubled(Scaled(Counter(), 2.0))
    assert env.has_wrapper_attr("factor")
    assert not env.has_wrapper_attr("speed")
    assert env.get_wrapper_attr("factor") == 2.0
    assert env.get_wrapper_attr("limit") == 9
    env.limit = 3
    assert env.get_wrapper_attr("limit") == 3
    with pytest.raises(AttributeError, match=r"^wrapper Doubled has no attribute 'speed'$"):
        env.get_wrapper_attr("speed")


def test_attributes_are_set_where_they_are():
    env = Doubled(Scaled(Counter(), 2.0))
    assert env.set_wrapper_attr("factor", 3.0)
    assert env.env.factor == 3.0
    assert env.set_wrapper_attr("limit", 1, force=False)
    assert env.unwrapped.limit == 1
    assert env.set_wrapper_attr("speed", 5, force=False) is False
    assert not env.has_wrapper_attr("speed")
    assert env.set_wrapper_attr("speed", 5) is True
    assert env.__dict__["speed"] == 5
    assert not hasattr(env.env, "speed")


def test_the_generator_can_be_replaced_through_wrappers():
    env = Doubled(Wrapper(Counter()))
    generator = np.random.default_rng(0)
    env.np_random = generator
    assert env.unwrapped.np_random is generator
    assert env.np_random_seed == -1


def test_generic_parameters():
    for generic, arity in [(Wrapper, 4), (ObservationWrapper, 3), (ActionWrapper, 3)]:
        assert generic[(int,) * arity]
        assert generic[int]
    assert RewardWrapper[int, int]
    assert WrapperObsType.__name__ == "WrapperObsType"
    assert WrapperActType.__name__ == "WrapperActType"


def test_the_spec_tells_the_stack():
    env = Doubled(Scaled(Counter(), 2.0))
    assert env.spec is None
    env.unwrapped.spec = EnvSpec("Counter-v0", Counter)
    recorded = WrapperSpec("Scaled", f"{__name__}:Scaled", {"factor": 2.0})
    unrecorded = WrapperSpec("Doubled", f"{__name__}:Doubled", None)
    assert env.spec.additional_wrappers == (recorded, unrecorded)
    assert env.spec is env.spec
    assert env.env.spec.additional_wrappers == (recorded,)
    assert env.unwrapped.spec.additional_wrappers == ()
    assert Scaled.wrapper_spec(factor=2.0) == recorded


def test_the_spec_shares_nothing_with_the_wrapper():
    factors = {"a": [1]}
    env = Scaled(Counter(), factors)
    env.unwrapped.spec = EnvSpec("Counter-v0", Counter, kwargs={"render_mode": None})
    env.spec.additional_wrappers[0].kwargs["factor"]["a"].append(2)
    env.spec.kwargs["render_mode"] = "ansi"
    assert env._saved_kwargs == {"factor": {"a": [1]}}
    assert env.unwrapped.spec.kwargs == {"render_mode": None}


def test_a_spec_that_cannot_be_copied_gives_a_warning():
    class Uncopyable:
        def __deepcopy__(self, memo):
            raise RuntimeError("one of a kind")

    env = Wrapper(Counter())
    env.unwrapped.spec = EnvSpec("Counter-v0", Counter, kwargs={"thing": Uncopyable()})
    with pytest.warns(UserWarning, match=r"one of a kind.* while copying the environment spec"):
        assert env.spec is None


COPIES = [copy.copy, copy.deepcopy, Wrapper.clone, lambda env: pickle.loads(pickle.dumps(env))]


@pytest.mark.parametrize("copied", COPIES)
def test_no_copy_carries_the_short_path(copied):
    env = Doubled(Counter())
    env.reset()
    env.__dict__["step"] = env.env.step
    twin = copied(env)
    assert "step" not in twin.__dict__
    assert env.step(0)[0] == 1
    assert twin.step(0)[0] in (2, 4)  # `copy.copy` shares the counter


def test_copies_keep_state_and_slots():
    class Slotted(Wrapper):
        __slots__ = ("seen",)

    globals()["Slotted"] = Slotted
    Slotted.__qualname__ = "Slotted"
    env = Slotted(Counter())
    env.seen = [1, 2]
    env.reset()
    env.step(0)
    for twin in (copy.deepcopy(env), pickle.loads(pickle.dumps(env))):
        assert twin.seen == [1, 2]
        assert twin.step(0)[0] == 2
        assert twin.unwrapped is not env.unwrapped


class Totalled(Wrapper):
    """Adds up the rewards."""

    total = 0

    def step(self, action):
        obs, reward, terminated, truncated, info = super().step(action)
        self.total += reward
        return obs, self.total, terminated, truncated, info


def test_a_snapshot_covers_every_layer():
    env = Totalled(Doubled(Counter()))
    env.reset(seed=1)
    env.step(3)
    before = env.snapshot()
    expected = [env.step(a) for a in (1, 2, 3)]
    env.restore(before)
    assert [env.step(a) for a in (1, 2, 3)] == expected
    fresh = Totalled(Doubled(Counter()))
    fresh.restore(before)
    assert [fresh.step(a) for a in (1, 2, 3)] == expected


def test_restoring_finds_the_path_anew():
    env = Totalled(Counter())
    env.reset(seed=1)
    before = env.snapshot()
    env.__dict__["step"] = env.env.step
    env.restore(before)
    env.step(2)
    assert env.total == 2


def test_render_says_where_the_mode_belongs():
    with pytest.raises(TypeError, match=r"make\(id, render_mode="):
        Wrapper(Counter()).render("rgb_array")


def test_wrapping_like_the_peer():
    ours, theirs = Wrapper(Counter()), gymnasium.Wrapper(GymnasiumCounter())
    for env in (ours, theirs):
        env.metadata = {"x": 1}
        assert env.set_wrapper_attr("limit", 1)
        assert env.unwrapped.limit == 1
    assert str(theirs).replace("Gymnasium", "") == str(ours)
