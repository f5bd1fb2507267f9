"""`register`, namespaces, and the registry as a dict."""

import json
import re
import types

import gymnasium
import numpy as np
import pytest
import sample_envs
from sample_envs import Halved, Line

import dromos as gym
from dromos import error
from dromos.envs import registration
from dromos.envs.registration import (
    EnvSpec,
    find_highest_version,
    namespace,
    register,
    register_envs,
    registry,
)

pytestmark = pytest.mark.usefixtures("no_rows")


def test_registering_needs_an_id_and_an_entry_point():
    register("ns/Line-v0", entry_point=Line)
    assert registry["ns/Line-v0"].entry_point is Line
    assert type(gym.make("ns/Line-v0").unwrapped) is Line


def test_the_specification_says_what_register_was_told():
    wrappers = [Halved.wrapper_spec()]
    kwargs = {"length": 3}
    register(
        "Line-v2",
        "sample_envs:Line",
        reward_threshold=2.5,
        nondeterministic=True,
        max_episode_steps=7,
        order_enforce=False,
        disable_env_checker=True,
        additional_wrappers=wrappers,
        vector_entry_point="sample_envs:LineVector",
        kwargs=kwargs,
    )
    kwargs["length"] = 4
    expected = EnvSpec(
        "Line-v2",
        "sample_envs:Line",
        2.5,
        True,
        7,
        False,
        True,
        {"length": 3},
        tuple(wrappers),
        "sample_envs:LineVector",
    )
    assert registry["Line-v2"] == expected
    assert (expected.namespace, expected.name, expected.version) == (None, "Line", 2)


def test_nothing_is_imported_before_make():
    register("Bad-v0", "no_such_module_anywhere:Env")
    register("Worse-v0", "sample_envs:NoSuchClass")
    register("Malformed-v0", "sample_envs")
    with pytest.raises(ModuleNotFoundError, match="no_such_module_anywhere"):
        gym.make("Bad-v0")
    with pytest.raises(AttributeError, match="NoSuchClass"):
        gym.make("Worse-v0")
    with pytest.raises(error.Error, match="Malformed entry point: 'sample_envs'"):
        gym.make("Malformed-v0")


def test_an_entry_point_is_required():
    with pytest.raises(ValueError, match=r"^Either `entry_point` or `vector_entry_point`"):
        register("Line-v0")
    register("Line-v0", vector_entry_point="sample_envs:LineVector")
    with pytest.raises(error.Error, match=r"^Line-v0 registered but entry_point is not specified$"):
        gym.make("Line-v0")


def test_a_module_is_not_an_id():
    with pytest.raises(TypeError, match="to be a string"):
        register(sample_envs)
    register("Line-v0", Line)
    assert register_envs(sample_envs) is None


@pytest.fixture
def theirs():
    """A package that knows Gymnasium alone."""
    module = types.ModuleType("theirs")

    class Walk(gymnasium.Env):
        observation_space = gymnasium.spaces.Box(0, 1, (2,))
        action_space = gymnasium.spaces.Discrete(2)
        metadata = {"render_modes": ["rgb_array"], "render_fps": 9}  # noqa: RUF012

        def __init__(self, size=3, render_mode=None):
            self.size, self.render_mode = size, render_mode

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            return self.np_random.random(2, np.float32), {}

        def step(self, action):
            return self.np_random.random(2, np.float32), 1.0, False, False, {}

        def render(self):
            return np.full((self.size, 4, 3), 7, np.uint8)

    Walk.__module__ = "theirs.walk"
    gymnasium.register("theirs/Walk-v0", Walk, max_episode_steps=5, kwargs={"size": 8})
    gymnasium.register("Acrobot-v1000", Walk)
    yield module
    for env_id in ("theirs/Walk-v0", "Acrobot-v1000"):
        gymnasium.registry.pop(env_id)


def test_registrations_of_a_package_for_gymnasium_are_brought_over(theirs):
    register("Acrobot-v1000", Line)
    register_envs(theirs)
    assert registry["Acrobot-v1000"].entry_point is Line, "ids that are taken stay"
    env = gym.make("theirs/Walk-v0", render_mode="rgb_array")
    assert env.spec.max_episode_steps == 5
    assert env.get_wrapper_attr("size") == 8
    first = env.reset(seed=3)[0]
    np.testing.assert_array_equal(first, gymnasium.make("theirs/Walk-v0").reset(seed=3)[0])
    assert [env.step(0)[3] for _ in range(5)] == [False] * 4 + [True]
    assert env.render().shape == (8, 4, 3)
    assert gym.make("theirs/Walk-v0", size=2).get_wrapper_attr("size") == 2
    with gym.make_vec("theirs/Walk-v0", 2) as envs:
        np.testing.assert_array_equal(envs.reset(seed=3)[0][0], first)
    register_envs(theirs)  # again changes nothing


def test_a_package_that_registered_nothing_is_told():
    with pytest.warns(UserWarning, match="Nothing of `json` is registered, neither here nor"):
        register_envs(json)


def test_registering_again_replaces_with_a_warning():
    register("Line-v0", Line)
    with pytest.warns(UserWarning, match=r"Overriding environment Line-v0 already in registry."):
        register("Line-v0", Line, max_episode_steps=3)
    assert registry["Line-v0"].max_episode_steps == 3
    assert len(registry) == 1


def test_a_name_has_versions_or_none():
    register("Line-v0", Line)
    register("Line-v3", Line)
    with pytest.raises(error.RegistrationError, match=r"`Line` when the versioned .* `Line-v3`"):
        register("Line", Line)
    register("Other", Line)
    with pytest.raises(error.RegistrationError, match=r"`Other-v1` when the unversioned"):
        register("Other-v1", Line)
    register("ns/Other-v1", Line)
    assert list(registry) == ["Line-v0", "Line-v3", "Other", "ns/Other-v1"]


def test_namespaces_nest_and_end():
    assert registration.current_namespace is None
    with namespace("outer"):
        register("A-v0", Line)
        with namespace("inner"):
            assert registration.current_namespace == "inner"
            register("B-v0", Line)
        register("C-v0", Line)
        register("outer/D-v0", Line)
    register("E-v0", Line)
    assert list(registry) == ["outer/A-v0", "inner/B-v0", "outer/C-v0", "outer/D-v0", "E-v0"]


def test_a_namespace_ends_with_an_error_too():
    with pytest.raises(ZeroDivisionError), namespace("ns"):
        _ = 1 / 0
    assert registration.current_namespace is None


def test_the_context_wins_over_the_id():
    warning = re.escape("Custom namespace `mine` is being overridden by namespace `theirs`")
    with namespace("theirs"), pytest.warns(UserWarning, match=warning):
        register("mine/A-v0", Line)
    assert list(registry) == ["theirs/A-v0"]


def test_the_registry_is_a_dict_under_both_names():
    assert isinstance(registry, dict)
    assert gym.registry is gym.envs.registry is registry
    assert registry.env_specs is registry
    registry["Line-v0"] = EnvSpec("Line-v0", Line)
    assert gym.make("Line-v0").spec.id == "Line-v0"


def test_every_way_to_change_it_is_seen():
    def spec(version):
        return EnvSpec(f"Line-v{version}", Line)

    highest = lambda: find_highest_version(None, "Line")  # noqa: E731
    assert highest() is None
    registry["Line-v1"] = spec(1)
    assert highest() == 1
    registry.update({"Line-v4": spec(4)})
    assert highest() == 4
    registry.setdefault("Line-v5", spec(5))
    assert highest() == 5
    registry.__ior__({"Line-v6": spec(6)})
    assert highest() == 6
    registry.pop("Line-v6")
    assert highest() == 5
    registry.popitem()
    assert highest() == 4
    del registry["Line-v4"]
    assert highest() == 1
    register("Line-v10", Line)
    assert highest() == 10
    registry.clear()
    assert highest() is None
