"""The passive checks: every fault is told once, with path, expected, found and remedy."""

import copy
import re
import warnings
from types import SimpleNamespace

import gymnasium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dromos import error, spaces
from dromos.core import Env
from dromos.utils import passive_env_checker as checks
from dromos.wrappers import PassiveEnvChecker

DROMOS = SimpleNamespace(Env=Env, spaces=spaces)
CAMERA = re.escape('obs["camera"][1]')


def box(gym=DROMOS, high=1):
    return gym.spaces.Box(0, high, (2,), np.float32)


def fine():
    return np.zeros(2, np.float32)


def scripted(gym=DROMOS, space=None, reset=None, steps=(), modes=(), frame=None, **attributes):
    """Return an environment that answers what it was told to."""

    class Scripted(gym.Env):
        metadata = {"render_modes": list(modes), "render_fps": 30}  # noqa: RUF012
        render_mode = modes[0] if modes else None

        def __init__(self):
            self.observation_space = space if space is not None else box(gym)
            self.action_space = gym.spaces.Discrete(2)
            self.answers = iter(steps)
            self.__dict__.update(attributes)

        def reset(self, *, seed=None, options=None):
            return (fine(), {}) if reset is None else reset

        def step(self, action):
            return next(self.answers, (fine(), 0.0, False, False, {}))

        def render(self):
            return frame

    return Scripted()


def complaints(act):
    """Return the warnings and the error of `act`, as (category, text) pairs."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        raised = []
        try:
            act()
        except Exception as problem:
            raised = [(type(problem), str(problem))]
    return [(w.category, str(w.message)) for w in caught] + raised


def of_step(answer, space=None, **kw):
    env = PassiveEnvChecker(scripted(space=space, steps=[answer], **kw))
    return complaints(lambda: env.step(0))


def of_obs(obs, space):
    return of_step((obs, 0.0, False, False, {}), space)


def only(found, category, *texts):
    ((actual, message),) = found
    assert actual is category
    for text in texts:
        assert re.search(text, message), message


# --- observations ---------------------------------------------------------------------------------


def nested(camera):
    """Return an observation with `camera` as its part ``obs["camera"][1]``, and its space."""
    space = spaces.Dict(
        camera=spaces.Tuple([spaces.Discrete(3), spaces.Box(0, 1, (2,), np.float32)]),
        speed=spaces.Box(0, 1, (), np.float32),
    )
    return {"camera": (1, camera), "speed": np.float32(0.5)}, space


@pytest.mark.parametrize(
    ("camera", "known", "expected", "found", "remedy"),
    [
        (
            [0.0, 0.0],
            "was expecting a numpy array, actual type: <class 'list'>",
            r"shape \(2,\) and dtype float32",
            r"\[0\.0, 0\.0\] of <class 'list'>",
            r"np\.array\(…, dtype=np\.float32\)",
        ),
        (
            np.zeros(2),
            "was expecting numpy array dtype to be float32, actual type: float64",
            "dtype float32",
            "dtype float64",
            r"\.astype\(np\.float32\)",
        ),
        (
            np.zeros(3, np.float32),
            r"is not within the observation space\.",
            r"shape \(2,\)",
            r"shape \(3,\)",
            "widen the space",
        ),
        (
            np.array([0, 7], np.float32),
            r"is not within the observation space\.",
            r"a value in \[0\.0, 1\.0\] at index \(1,\)",
            r"7\.0",
            "widen the space",
        ),
        (
            np.array([np.nan, 0], np.float32),
            r"is not within the observation space\.",
            r"at index \(0,\)",
            "nan",
            "Correct the observation",
        ),
    ],
)
def test_a_nested_fault_is_told_once_with_its_path(camera, known, expected, found, remedy):
    start = r"WARN: The obs returned by the `step\(\)` method " + known
    text = rf"{start}.*{CAMERA}: expected.*{expected}.*found.*{found}.*{remedy}"
    only(of_obs(*nested(camera)), UserWarning, text)


def test_every_faulty_part_is_told():
    obs, space = nested([0, 0])
    obs["camera"] = ("one", obs["camera"][1])
    obs["speed"] = np.float32(9)
    texts = [text for _, text in of_obs(obs, space)]
    assert len(texts) == 3
    for path in (r'obs["camera"][0]', r'obs["camera"][1]', r'obs["speed"]'):
        assert sum(f"{path}: expected" in text for text in texts) == 1


@pytest.mark.parametrize(
    ("obs", "space", "text"),
    [
        (1.0, spaces.Discrete(3), r"should be an int or np\.int64, actual type: <class 'float'>"),
        (5, spaces.Discrete(3), r"not within the observation space\. obs: .*found 5"),
        (0.5, spaces.Box(0, 1, ()), "was expecting a numpy array, actual type: <class 'float'>"),
        (np.float32(5), spaces.Box(0, 1, ()), r"not within .*a value in \[0\.0, 1\.0\], found 5"),
        ([1, 0], spaces.MultiBinary(2), "was expecting a numpy array, actual type: <class 'list'>"),
        (np.array([9, 0]), spaces.MultiDiscrete([2, 2]), "not within the observation space"),
        ([0, 0], spaces.Tuple([spaces.Discrete(1)] * 2), "was expecting a tuple, actual type"),
        (3, spaces.Tuple([spaces.Discrete(1)]), "was expecting a tuple, actual type"),
        (3, spaces.Text(4), "not within the observation space"),
        ((0, 9), spaces.Sequence(spaces.Discrete(3)), r"not within .*obs\[1\]: expected"),
    ],
)
def test_faults_of_each_kind_of_space(obs, space, text):
    only(of_obs(obs, space), UserWarning, text)


@pytest.mark.parametrize(
    ("obs", "space", "text"),
    [
        ((0,), spaces.Tuple([spaces.Discrete(1)] * 2), "length is not same as the observation sp"),
        ([0], spaces.Dict(a=spaces.Discrete(1)), r"must be a dict, actual type.*keys \['a'\]"),
        ({"b": 0}, spaces.Dict(a=spaces.Discrete(1)), r"keys.*\['a'\], found \['b'\]"),
    ],
)
def test_other_parts_than_the_spaces_are_an_error(obs, space, text):
    only(of_obs(obs, space), AssertionError, r"The obs returned by the `step\(\)` method", text)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "space",
    [
        spaces.Discrete(3),
        spaces.Box(0, 255, (2, 3), np.uint8),
        spaces.Box(-1, 1, ()),
        spaces.MultiBinary(3),
        spaces.MultiDiscrete([2, 3]),
        spaces.Text(5),
        spaces.Sequence(spaces.Box(0, 1, (2,))),
        spaces.Sequence(spaces.Discrete(3), stack=True),
        spaces.Graph(spaces.Box(0, 1, (2,)), spaces.Discrete(2)),
        spaces.OneOf([spaces.Discrete(2), spaces.Box(0, 1)]),
        spaces.Dict(a=spaces.Tuple([spaces.Discrete(2), spaces.Box(0, 1)])),
    ],
    ids=repr,
)
def test_samples_pass(space, seed):
    space.seed(seed)
    assert of_obs(space.sample(), space) == []


def test_a_space_that_raises_is_reported_with_its_exception():
    class Odd(spaces.Space):
        def contains(self, x):
            raise RuntimeError("cannot tell")

    only(of_obs(1, Odd()), UserWarning, "not within the .* with exception: cannot tell.*found 1")


# --- step -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({1: "high"}, r"The reward returned by `step\(\)` must be a float.*<class 'str'>"),
        ({1: True}, r"must be a float, int, np\.integer or np\.floating, actual type: <class 'bo"),
        ({1: np.ones(1)}, r"must be a float.*'numpy\.ndarray'.*float\(reward\)"),
        ({1: float("nan")}, r"The reward is a NaN value\."),
        ({1: -np.float32("inf")}, r"The reward is an inf value\..*found -inf"),
        ({2: 1}, "Expects `terminated` signal to be a boolean, actual type: <class 'int'>"),
        ({3: None}, "Expects `truncated` signal to be a boolean.*found None.*Return bool"),
    ],
)
def test_faults_of_a_step(changes, text):
    answer = [fine(), 0.0, False, False, {}]
    for i, value in changes.items():
        answer[i] = value
    only(of_step(tuple(answer)), UserWarning, text)


@pytest.mark.parametrize("reward", [0, 1.5, np.float32(1), np.int8(1), np.float64(2)])
def test_rewards_that_are_numbers(reward):
    assert of_step((fine(), reward, np.bool_(True), False, {})) == []


@pytest.mark.parametrize(
    ("answer", "category", "text"),
    [
        ([fine(), 0.0, False, False, {}], AssertionError, "step result to be a tuple.*'list'"),
        ((fine(), 0.0, False, False, None), AssertionError, "must be a python dictionary.*NoneT"),
        ((fine(), 0.0, False), error.Error, "four or five element tuple.* returned: 3"),
    ],
)
def test_errors_of_a_step(answer, category, text):
    only(of_step(answer), category, text)


def test_the_old_step_gets_a_deprecation_and_a_clear_error():
    (warning, text), (raised, message) = of_step((fine(), 0.0, False, {}))
    old = "Core environment is written in old step API which returns one bool instead of two."
    assert (warning, old in text) == (DeprecationWarning, True)
    assert (raised, old in message) == (error.Error, True)
    assert (
        "expected a tuple (obs, reward, terminated, truncated, info), found a tuple of 4" in message
    )
    assert "Wrapper" in message
    assert "TimeLimit.truncated" in message


def test_the_env_stays_usable_after_an_error():
    env = PassiveEnvChecker(scripted(steps=[(fine(), 0.0, False, False, None)]))
    env.reset()
    with pytest.raises(AssertionError):
        env.step(0)
    assert env.step(0)[1] == 0.0
    assert env.step(0)[1] == 0.0


# --- reset ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "category", "text"),
    [
        (
            [fine(), {}],
            UserWarning,
            r"`env\.reset\(\)` was not a tuple of the form `\(obs, info\)`",
        ),
        ((fine(),), UserWarning, r"should be `\(obs, info\)` by default.*found a tuple of 1"),
        ((fine(), None), AssertionError, "second element returned .* was not a dictionary.*'NoneT"),
        ((fine() + 2, {}), UserWarning, r"by the `reset\(\)` method is not within the observation"),
    ],
)
def test_faults_of_a_reset(answer, category, text):
    env = PassiveEnvChecker(scripted(reset=answer))
    only(complaints(env.reset), category, text)
    assert complaints(env.reset) == []


def with_reset(reset):
    class Other(type(scripted())):
        pass

    Other.reset = reset
    return Other()


@pytest.mark.parametrize(
    ("reset", "expected"),
    [
        (lambda self, *, seed=None, options=None: (fine(), {}), []),
        (lambda self, **kwargs: (fine(), {}), []),
        (lambda self, seed=3, options=None: (fine(), {}), [(UserWarning, "found seed=3")]),
    ],
)
def test_signature_of_reset(reset, expected):
    found = complaints(PassiveEnvChecker(with_reset(reset)).reset)
    assert len(found) == len(expected)
    for (category, text), (wanted, part) in zip(found, expected, strict=True):
        assert category is wanted
        assert part in text


def test_missing_parameters_of_reset_are_deprecated():
    found = complaints(lambda: checks.env_reset_passive_checker(with_reset(lambda _: (fine(), {}))))
    assert [category for category, _ in found] == [DeprecationWarning] * 2
    for (_, text), name in zip(found, ("seed", "options"), strict=True):
        assert f"can be passed {'a ' * (name == 'seed')}`{name}`" in text
        assert "reset(self, *, seed=None, options=None)" in text


# --- data used again ------------------------------------------------------------------------------


def answers(obs, info=dict):
    return [(obs(), 0.0, False, False, info()) for _ in range(3)]


BUFFER = np.zeros(2, np.float32)


@pytest.mark.parametrize(
    ("obs", "space", "path"),
    [
        (lambda: BUFFER, None, "obs"),
        (lambda: BUFFER[:], None, "obs"),
        (lambda: {"a": (BUFFER[::-1],)}, spaces.Dict(a=spaces.Tuple([box()])), 'obs["a"][0]'),
    ],
)
def test_an_observation_used_again_is_told_once(obs, space, path):
    env = PassiveEnvChecker(scripted(space=space, steps=answers(obs)))
    assert complaints(lambda: env.step(0)) == []
    text = "The observations returned by `step` and the following `step` share an object"
    only(complaints(lambda: env.step(0)), UserWarning, text, re.escape(f"{path}: expected new"))
    assert complaints(lambda: env.step(0)) == []


def test_the_reset_is_compared_with_the_first_step():
    env = PassiveEnvChecker(scripted(reset=(BUFFER, {}), steps=answers(lambda: BUFFER)[:1]))
    env.reset()
    text = "observations returned by `reset` and the following `step` share an object"
    only(complaints(lambda: env.step(0)), UserWarning, text)
    assert complaints(lambda: env.step(0)) == []


def test_an_info_used_again_is_told():
    info = {"log": []}
    env = PassiveEnvChecker(scripted(steps=answers(fine, lambda: dict(info))))
    env.step(0)
    text = r'The infos returned by `step` and the following `step` share.*info\["log"\]'
    only(complaints(lambda: env.step(0)), UserWarning, text)


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ((1, "a"), (1, "a"), False),
        ({"a": 1}, {"a": 1}, False),
        (BUFFER[:1], BUFFER[1:], False),
        (BUFFER, BUFFER[1:], True),
        ({"a": BUFFER}, {"a": BUFFER.copy()}, False),
        (np.array([BUFFER, None], object), np.array([BUFFER, None], object), True),
        ([BUFFER], (BUFFER,), False),
        ([[BUFFER]], [[BUFFER]], True),
        (BUFFER[:0], BUFFER[:0], False),
    ],
)
def test_what_counts_as_shared(first, second, shared):
    assert checks.data_shares_objects(first, second) is shared


def test_data_that_contains_itself():
    first, second = {}, {}
    first["self"], second["self"] = first, second
    assert not checks.data_shares_objects(first, second)
    second["self"] = first
    assert checks.data_shares_objects(first, second)


# --- spaces ---------------------------------------------------------------------------------------


def changed(space, **attributes):
    for name, value in attributes.items():
        setattr(space, name, value)
    return space


def zero_sized():
    return changed(spaces.MultiDiscrete([2, 2]), nvec=np.array([2, 0]))


@pytest.mark.parametrize(
    ("space", "text"),
    [
        (
            changed(spaces.Discrete(3), n=0),
            r"number of elements must be positive.*\.n: expected greater than 0, found 0",
        ),
        (zero_sized(), r"all nvec elements must be.*\.nvec: expected greater than 0"),
        (changed(spaces.MultiDiscrete([2, 2]), nvec=np.array([2])), r"shape \(1,\).*shape \(2,\)"),
        (spaces.Dict(), r"An empty Dict .* space is not allowed\."),
        (spaces.Tuple([]), r"An empty Tuple .* space is not allowed\."),
        (changed(box(), low=np.zeros(3)), r"shape and low shape.*shape \(2,\), found shape \(3,\)"),
    ],
)
@pytest.mark.parametrize("kind", ["observation", "action"])
def test_spaces_that_hold_nothing(space, text, kind):
    check = getattr(checks, f"check_{kind}_space")
    only(complaints(lambda: check(space)), AssertionError, f"{kind}_space", text)
    deep = spaces.Dict(arm=spaces.Tuple([spaces.Discrete(1), space]))
    path = re.escape(f'{kind}_space["arm"][1]')
    only(complaints(lambda: check(deep)), AssertionError, path, text)


def test_bounds_that_leave_no_choice():
    equal = spaces.Dict(a=spaces.Box(np.array([0, 1]), np.array([1, 1]), dtype=np.float32))
    crossed = changed(box(), high=np.full(2, -1, np.float32))
    for kind in ("observation", "action"):
        text = f"A Box {kind} space maximum and minimum values are equal"
        found = complaints(lambda kind=kind: getattr(checks, f"check_{kind}_space")(equal))
        only(found, UserWarning, text, rf'{kind}_space\["a"\].*at \(1,\), found both 1')
    text = r"low value is greater than a high value\. .*low ≤ high at \(0,\), found 0.0 > -1.0"
    only(complaints(lambda: checks.check_observation_space(crossed)), UserWarning, text)


@pytest.mark.parametrize("kind", ["observation", "action"])
def test_what_is_not_a_space(kind):
    for bad, remedy in (
        (3, "derive your own"),
        (gymnasium.spaces.Discrete(2), "gymnasium: import"),
    ):
        env = scripted(**{f"{kind}_space": bad})
        text = f"{kind} space does not inherit from.*{kind}_space: expected.*{remedy}"
        only(complaints(lambda env=env: PassiveEnvChecker(env)), TypeError, text)
    env = scripted()
    del env.__dict__[f"{kind}_space"]
    text = f"The environment must specify an {kind} space"
    only(complaints(lambda: PassiveEnvChecker(env)), AttributeError, text)


def test_what_is_not_an_environment():
    with pytest.raises(TypeError, match="Expected env to be"):
        PassiveEnvChecker(object())


# --- render ---------------------------------------------------------------------------------------

IMAGE = np.zeros((4, 6, 3), np.uint8)


@pytest.mark.parametrize(
    ("mode", "frame", "text"),
    [
        ("human", IMAGE, "Human rendering should return `None`, got <class 'numpy.ndarray'>"),
        ("rgb_array", None, "should return a numpy array, got <class 'NoneType'>"),
        ("rgb_array", IMAGE.astype(float), "with dtype uint8, got float64"),
        ("rgb_array", IMAGE[0], r"with three axes, got 2.*found shape \(6, 3\)"),
        ("rgb_array", np.zeros((4, 6, 4), np.uint8), "last axis has three dimensions, got 4"),
        ("depth_array", IMAGE, "Depth-array rendering should return a numpy array with two axes"),
        ("depth_array", 3, "Depth-array rendering should return a numpy array, got <class 'int'>"),
        ("ansi", b"x", "ANSI/ASCII rendering should produce a string, got <class 'bytes'>"),
        ("ansi_list", "x", "Render mode `ansi_list` should produce a list, got <class 'str'>"),
        ("ansi_list", ["x", 3], r"should produce a string.*render\(\)\[1\]: expected a str"),
    ],
)
def test_frames_that_break_their_promise(mode, frame, text):
    env = PassiveEnvChecker(scripted(modes=[mode], frame=frame))
    only(complaints(env.render), UserWarning, text)
    assert complaints(env.render) == []
    assert env.render() is frame


@pytest.mark.parametrize(
    ("mode", "frame"),
    [
        ("human", None),
        ("rgb_array", IMAGE),
        ("depth_array", np.zeros((4, 6))),
        ("ansi", "x"),
        ("ascii", "x"),
        ("rgb_array_list", [IMAGE, IMAGE]),
        ("rgbd_tuple", (IMAGE, np.zeros((4, 6)))),
    ],
)
def test_frames_that_keep_their_promise(mode, frame):
    assert complaints(PassiveEnvChecker(scripted(modes=[mode], frame=frame)).render) == []


@pytest.mark.parametrize(
    ("metadata", "category", "text"),
    [
        ({}, UserWarning, r'No render modes was declared.*metadata\["render_modes"\]'),
        ({"render_modes": {"ansi"}}, UserWarning, "to be a sequence .* actual type: <class 'set'>"),
        ({"render_modes": ["ansi", 3]}, UserWarning, "render modes to be strings, actual types"),
        ({"render_modes": ["ansi"], "render_fps": None}, UserWarning, "No render fps was declared"),
        ({"render_modes": ["ansi"], "render_fps": "3"}, UserWarning, "to be an integer or a float"),
        ({"render_modes": ["ansi"], "render_fps": 0}, AssertionError, "to be greater than zero"),
        ({"render_modes": ["human"]}, AssertionError, "unsupported render mode.*'ansi'"),
        ({"render_modes": []}, AssertionError, "With no render_modes.*actual value: ansi"),
    ],
)
def test_metadata_of_rendering(metadata, category, text):
    env = scripted(modes=["ansi"], frame="x", metadata={"render_fps": 30, **metadata})
    only(complaints(PassiveEnvChecker(env).render), category, text)


# --- the wrapper ----------------------------------------------------------------------------------


def test_a_second_close_that_raises_is_told():
    env = scripted()
    env.close = lambda: 1 / 0
    checker = PassiveEnvChecker(env)
    with pytest.raises(ZeroDivisionError):
        checker.close()
    (warning, text), (raised, _) = complaints(checker.close)
    assert (warning, raised) == (UserWarning, ZeroDivisionError)
    assert "on the closed environment should be allowed" in text


def test_each_call_is_checked_once():
    bad = [(fine() + 2, 0.0, False, False, {}) for _ in range(2)]
    env = PassiveEnvChecker(scripted(steps=bad, reset=(fine() + 2, {})))
    assert (env.checked_reset, env.checked_step, env.checked_render) == (False,) * 3
    assert len(complaints(env.reset)) == len(complaints(lambda: env.step(0))) == 1
    assert complaints(env.reset) == complaints(lambda: env.step(0)) == []
    assert (env.checked_reset, env.checked_step) == (True, True)


def test_a_step_that_raises_is_not_yet_checked():
    env = scripted(steps=[(fine(), "high", False, False, {})])
    checker = PassiveEnvChecker(env)
    taken, env.answers = env.answers, None
    with pytest.raises(TypeError):
        checker.step(0)
    env.answers = taken
    only(complaints(lambda: checker.step(0)), UserWarning, "The reward returned")


def test_nothing_is_changed():
    answer = ([0.5, 2.0], "high", 1, None, {"a": 1})
    env = PassiveEnvChecker(scripted(steps=[answer]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert env.step(0) is answer


def test_spec_says_that_the_checker_is_there():
    env = scripted(spec=SimpleNamespace(id="Scripted-v0", disable_env_checker=True))
    assert PassiveEnvChecker(env).spec.disable_env_checker is False


# --- against the peer -----------------------------------------------------------------------------

values = st.sampled_from(
    [
        fine(),
        fine() + 2,
        np.zeros(2),
        np.zeros(3, np.float32),
        [0.0, 0.0],
        None,
        0,
        1.5,
        float("nan"),
        float("inf"),
        np.float32(1),
        True,
        np.bool_(False),
        {},
        {"a": 1},
        "text",
    ]
).map(copy.deepcopy)


@given(obs=values, reward=values, terminated=values, truncated=values, info=values, in_reset=values)
def test_warns_and_raises_where_the_peer_does(obs, reward, terminated, truncated, info, in_reset):
    answer = (obs, reward, terminated, truncated, info)
    peers = SimpleNamespace(Env=gymnasium.Env, spaces=gymnasium.spaces)
    told = []
    for gym, checker in (
        (DROMOS, PassiveEnvChecker),
        (peers, gymnasium.wrappers.PassiveEnvChecker),
    ):
        env = checker(scripted(gym, reset=(in_reset, {}), steps=[answer]))
        told.append([complaints(env.reset), complaints(lambda env=env: env.step(0))])
    for ours, theirs in zip(*told, strict=True):
        assert {category for category, _ in ours} == {category for category, _ in theirs}
        texts = [text for _, text in ours]
        for text in texts:  # each begins with a text of the peer's
            known = text.partition("[33mWARN: ")[2] or text
            known = re.split(r"\. (?:obs|reward|terminated|truncated|info): expected", known)[0]
            assert any(known in peers_text for _, peers_text in theirs), (known, theirs)
