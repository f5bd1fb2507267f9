"""`make`: the stack it builds, what it passes on, and what it says when something is wrong."""

import inspect
import subprocess
import sys
import warnings

import gymnasium
import numpy as np
import pytest
import sample_envs
from sample_envs import Halved, Line, Peer, Scaled, Unrecorded, make_line, make_scaled_line

import dromos as gym
from dromos import error
from dromos.envs.registration import EnvSpec, WrapperSpec, register
from dromos.wrappers import TimeLimit


def both(**fields):
    register("ns/Line-v0", **{"entry_point": Line, **fields})
    gymnasium.register("ns/Line-v0", **{"entry_point": Peer.Line, **fields})


STACKS = [
    ({}, {}),
    ({"max_episode_steps": 5}, {}),
    ({"max_episode_steps": 5}, {"max_episode_steps": 9}),
    ({"max_episode_steps": 5}, {"max_episode_steps": -1}),
    ({}, {"max_episode_steps": 9}),
    ({"order_enforce": False}, {}),
    ({"disable_env_checker": True}, {}),
    ({"disable_env_checker": True}, {"disable_env_checker": False}),
    ({"max_episode_steps": 5}, {"disable_env_checker": True}),
    ({}, {"render_mode": "rgb_array"}),
    ({}, {"render_mode": "rgb_array_list"}),
    ({"kwargs": {"render_mode": "ansi_list"}, "max_episode_steps": 5}, {}),
    ({"order_enforce": False, "disable_env_checker": True}, {"length": 4}),
]


@pytest.mark.parametrize(("fields", "arguments"), STACKS)
def test_the_stack_is_the_peers(fields, arguments):
    both(**fields)
    ours, theirs = (lib.make("ns/Line-v0", **arguments) for lib in (gym, gymnasium))
    assert str(ours) == str(theirs)
    assert ours.render_mode == theirs.render_mode
    assert ours.spec.pprint(True, print_all=True).replace("sample_envs.", "") == (
        theirs.spec.pprint(True, print_all=True).replace("sample_envs.Peer.", "")
    )
    assert ours.spec.kwargs == theirs.spec.kwargs
    assert ours.unwrapped.spec.pprint(True) == theirs.unwrapped.spec.pprint(True)


def test_the_default_stack():
    register("Line-v0", Line, max_episode_steps=3)
    assert str(gym.make("Line-v0")) == (
        "<TimeLimit<OrderEnforcing<PassiveEnvChecker<Line<Line-v0>>>>>"
    )
    assert isinstance(gym.make("Line-v0"), gym.Env)


def test_a_time_limit_comes_from_the_registration():
    register("Line-v0", Line, max_episode_steps=3)
    register("Free-v0", Line)
    assert isinstance(gym.make("Line-v0"), TimeLimit)
    assert not isinstance(gym.make("Free-v0"), TimeLimit)


def test_the_specification_of_the_stack_is_the_registered_one():
    register("Line-v0", Line, max_episode_steps=3, kwargs={"length": 4})
    env = gym.make("Line-v0")
    assert env.spec == gym.spec("Line-v0")
    assert gym.make("Line-v0", length=5).spec.kwargs == {"length": 5}
    assert gym.spec("Line-v0").kwargs == {"length": 4}


@pytest.mark.parametrize(
    "entry_point", [Line, make_line, "sample_envs:Line", "sample_envs:make_line"]
)
def test_entry_points(entry_point):
    register("Line-v0", entry_point)
    assert gym.make("Line-v0", length=4).unwrapped.length == 4


def test_an_entry_point_may_be_dotted():
    sample_envs.Nested = type("Nested", (), {"Inner": Line})
    register("Line-v0", "sample_envs:Nested.Inner")
    assert type(gym.make("Line-v0").unwrapped) is Line


def test_registered_arguments_are_copied_for_every_environment():
    register("Line-v0", Line, kwargs={"places": [1, 2]})
    one, two = gym.make("Line-v0"), gym.make("Line-v0")
    one.unwrapped.places.append(3)
    assert two.unwrapped.places == gym.spec("Line-v0").kwargs["places"] == [1, 2]


def test_arguments_of_make_are_passed_as_they_are():
    register("Line-v0", Line)
    places = np.arange(3)
    assert gym.make("Line-v0", places=places).unwrapped.places is places


def test_a_class_need_not_be_registered():
    env = gym.make(Line, max_episode_steps=2, length=7)
    assert str(env) == "<TimeLimit<OrderEnforcing<PassiveEnvChecker<Line<Line>>>>>"
    assert env.unwrapped.length == 7
    assert env.spec.max_episode_steps == 2
    again = gym.make(env.spec)
    assert str(again) == str(env)
    assert again.unwrapped.length == 7


def test_additional_wrappers_and_what_is_around_them():
    register(
        "Line-v0",
        Line,
        max_episode_steps=5,
        additional_wrappers=(Scaled.wrapper_spec(factor=4.0), Halved.wrapper_spec()),
    )
    env = gym.make("Line-v0", render_mode="rgb_array_list")
    assert str(env).startswith("<RenderCollection<Halved<Scaled<TimeLimit<")
    env.reset(seed=0)
    assert env.step(1)[1] == 2.0
    assert len(env.render()) == 2
    again = gym.make(env.spec)
    assert str(again) == str(env)
    assert again.spec == env.spec


def test_a_spec_rebuilds_a_stack_wrapped_by_hand():
    register("Line-v0", Line, max_episode_steps=5)
    env = Halved(Scaled(gym.make("Line-v0", length=3), 4.0, table=np.eye(2)))
    again = gym.make(env.spec)
    assert str(again) == str(env)
    assert again.spec == env.spec
    assert again.env.factor == 4.0


def test_a_wrapper_that_does_not_record_its_arguments_is_named():
    register("Line-v0", Line)
    with pytest.raises(ValueError, match=r"^Unrecorded wrapper does not inherit from"):
        gym.make(Unrecorded(gym.make("Line-v0")).spec)


def test_an_entry_point_may_have_wrapped_already():
    register("Line-v0", make_scaled_line)
    env = gym.make("Line-v0")
    assert str(env) == "<OrderEnforcing<PassiveEnvChecker<Scaled<Line<Line-v0>>>>>"
    halved = Halved(env)
    assert [w.name for w in halved.spec.additional_wrappers] == ["Scaled", "Halved"]
    assert str(gym.make(halved.spec)) == (
        "<Halved<OrderEnforcing<PassiveEnvChecker<Scaled<Line<Line-v0>>>>>>"
    )


def test_other_wrappers_than_the_specification_names_are_an_error():
    other = WrapperSpec("Scaled", "sample_envs:Scaled", {"factor": 1.0, "table": None})
    spec = EnvSpec("Line-v0", make_scaled_line, additional_wrappers=(other,))
    with pytest.raises(ValueError, match=r"wrapper spec .*3.0.* is different from the saved .*1.0"):
        gym.make(spec)


@pytest.mark.parametrize("mode", ["human", "zzz", "depth_array_list"])
def test_undeclared_modes_give_the_peers_warnings(mode, monkeypatch):
    both()
    texts = []
    for lib in (gym, gymnasium):
        monkeypatch.setattr(lib.wrappers, "HumanRendering", lib.Wrapper)
        if lib is gym:
            monkeypatch.setattr("dromos.wrappers.rendering.HumanRendering", lib.Wrapper)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            env = lib.make("ns/Line-v0", render_mode=mode, disable_env_checker=True)
        texts.append(([str(w.message) for w in caught], str(env), env.render_mode))
    assert texts[0] == texts[1]
    assert len(texts[0][0]) == 1


def test_a_mode_the_constructor_does_not_take():
    class Blind(Line):
        def __init__(self):
            super().__init__()

    register("Blind-v0", Blind)
    with pytest.raises(error.Error, match=r"Blind-v0 lists its render modes .* `render_mode`"):
        gym.make("Blind-v0", render_mode="rgb_array_list")


@pytest.mark.parametrize(
    ("metadata", "warning"),
    [
        ({"fps": 3}, "doesn't include `render_modes`, contains: \\['fps'\\]"),
        ({"render_modes": 3}, "render_modes to be a Iterable, actual type: <class 'int'>"),
    ],
)
def test_incomplete_metadata_give_a_warning(metadata, warning):
    register("Line-v0", type("Odd", (Line,), {"metadata": metadata}))
    with pytest.warns(UserWarning, match=warning):
        gym.make("Line-v0", disable_env_checker=True)


def test_metadata_are_a_dict():
    register("Line-v0", type("Odd", (Line,), {"metadata": ["human"]}))
    with pytest.raises(error.InvalidMetadata, match="to be dict, actual type: <class 'list'>"):
        gym.make("Line-v0")


def test_an_unknown_argument_is_answered_with_the_known_ones():
    register("Line-v0", Line)
    with pytest.raises(TypeError) as raised:
        gym.make("Line-v0", lenght=3)
    text = str(raised.value)
    assert "got an unexpected keyword argument 'lenght' was raised from the environment" in text
    assert "creator for Line-v0 with kwargs ({'lenght': 3})" in text
    assert text.endswith("Did you mean: `length`? It takes: render_mode, length, places")


def test_arguments_passed_on_to_a_base_class_are_known_too():
    class Long(Line):
        def __init__(self, extra=1, **kwargs):
            super().__init__(**kwargs)

    register("Line-v0", Long)
    with pytest.raises(TypeError, match=r"It takes: extra, render_mode, length, places$"):
        gym.make("Line-v0", lenght=3)


def test_errors_of_the_constructor_keep_their_type():
    class Failing(Line):
        def __init__(self, length):
            raise ValueError(f"too long: {length}")

    register("Failing-v0", Failing)
    with pytest.raises(ValueError, match="too long") as raised:
        gym.make("Failing-v0", length=9)
    assert str(raised.value) == "too long: 9"
    assert "Failing-v0" in raised.value.__notes__[0]


def test_a_missing_argument_gives_the_peers_text():
    def needs_length(length):
        raise AssertionError("never called")

    both(entry_point=needs_length)
    texts = []
    for lib in (gym, gymnasium):
        with pytest.raises(TypeError, match="missing 1 required positional argument") as raised:
            lib.make("ns/Line-v0")
        texts.append(str(raised.value))
    assert texts[0] == texts[1]


@pytest.mark.parametrize("creator", [dict, Peer.Line, lambda: None])
def test_an_entry_point_returns_an_environment(creator):
    register("Line-v0", creator)
    with pytest.raises(TypeError, match=r"must inherit from the gymnasium.Env class, actual class"):
        gym.make("Line-v0")


def test_an_environment_of_the_peer_is_answered_with_a_remedy():
    register("Line-v0", Peer.Line)
    with pytest.raises(TypeError, match=r"built on gymnasium.core.Env; build it on dromos.Env"):
        gym.make("Line-v0")


def test_a_custom_environment_needs_nothing_else():
    class Grid(gym.Env):
        def __init__(self, size=5):
            self.size = size
            self.observation_space = gym.spaces.Box(0, size - 1, (2,), np.int64)
            self.action_space = gym.spaces.Discrete(4)

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            self.place = self.np_random.integers(self.size, size=2)
            return self.place.copy(), {}

        def step(self, action):
            move = np.array([(1, 0), (0, 1), (-1, 0), (0, -1)][action])
            self.place = np.clip(self.place + move, 0, self.size - 1)
            return self.place.copy(), -1.0, bool(self.place.sum() == 0), False, {}

    gym.register("grid/World-v0", Grid, max_episode_steps=4)
    env = gym.make("grid/World-v0", size=9)
    first, _ = env.reset(seed=3)
    ends = [env.step(0)[3] for _ in range(4)]
    assert ends == [False, False, False, True]
    assert (env.reset(seed=3)[0] == first).all()


def test_parameters_are_told_once_and_the_nearest_first():
    for maker in (gym.make, gym.make_vec):
        with pytest.raises(TypeError) as raised:
            maker("CartPole-v1", lenght=3)
        text = str(raised.value)
        assert "Did you mean: `length`? It takes: " in text
        assert text.count("masspole") == 1


def test_the_nearest_render_mode_is_told_beside_the_warning():
    with pytest.warns(UserWarning, match=r"possible render_modes .*\)\.\x1b") as told:
        gym.make("CartPole-v1", render_mode="rgbarray")
    assert "Did you mean: `rgb_array`?" in f"{told[0].message}"
    assert "Did you mean" not in str(told[0].message)


def test_threads_use_at_once_what_nobody_has_imported():
    """In a process of its own: elsewhere the modules of environments have been imported."""
    program = """
import sys, threading
sys.setswitchinterval(1e-6)
import dromos
uses = [lambda name=name: dromos.make(name).reset(seed=1)
        for name in ("CartPole-v1", "Taxi-v4", "Blackjack-v1", "FrozenLake-v1", "LunarLander-v3",
                     "Hopper-v5", "ALE/Pong-v5")]
uses += [lambda mode=mode: dromos.make_vec("Taxi-v4", 2, vectorization_mode=mode).reset(seed=1)
         for mode in ("sync", None)]
uses += [lambda name=name: getattr(dromos.wrappers, name)
         for name in ("FrameStackObservation", "HumanRendering", "AtariPreprocessing")]
uses += [lambda name=name: getattr(dromos.wrappers.vector, name)
         for name in ("NormalizeReward", "DictInfoToList")]
start = threading.Barrier(len(uses))
used = []
threads = [threading.Thread(target=lambda use=use: used.append((start.wait(), use())))
           for use in uses]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(used))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "14\n", done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"max_steps": 3}, "Did you mean: `max_episode_steps`? It takes: "),
        ({"seed": 3}, "Say reset(seed=...). It takes: "),
        ({"num_envs": 3}, "Say make_vec(id, num_envs=...). It takes: "),
        ({"params": {"length": 1.0}}, "takes parameters by their names, as length=0.7. It takes: "),
        ({"num_workers": 3}, 'Say vector_kwargs={"num_workers": ...}, which are for the vector.'),
    ],
)
def test_arguments_that_belong_elsewhere(arguments, said):
    with pytest.raises(TypeError) as raised:
        gym.make("CartPole-v1", **arguments)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"vectorization": "sync"}, "Did you mean: `vectorization_mode`?"),
        ({"vec_kwargs": {}}, "Did you mean: `vector_kwargs`?"),
        ({"seed": 3}, "Say reset(seed=...)."),
        ({"num_workers": 2}, "Did you mean: `num_threads`?"),
        ({"vectorization_mode": "async", "num_workers": 2}, 'Say vector_kwargs={"num_workers"'),
        (
            {"vectorization_mode": "async", "vector_kwargs": {"num_worker": 2}},
            "Did you mean: `num_workers`?",
        ),
        (
            {"vectorization_mode": "sync", "vector_kwargs": {"observation_modes": "same"}},
            "Did you mean: `observation_mode`?",
        ),
    ],
)
def test_arguments_of_vectors_that_belong_elsewhere(arguments, said):
    with pytest.raises(TypeError) as raised:
        gym.make_vec("CartPole-v1", 2, **arguments)
    assert said in str(raised.value)


def test_the_front_doors_arguments_are_known_to_the_hints():
    from dromos.registration.creators import OF_MAKE, OF_MAKE_VEC

    for maker, known in ((gym.make, OF_MAKE), (gym.make_vec, OF_MAKE_VEC)):
        parameters = inspect.signature(maker).parameters.values()
        own = {p.name for p in parameters if p.kind is not p.VAR_KEYWORD} - {"id", "num_envs"}
        assert own <= set(known)


def test_capitals_are_no_difference_to_who_types():
    with pytest.raises(error.NamespaceNotFound, match="Did you mean: `ALE`"):
        gym.make("ale/Pong-v5")
