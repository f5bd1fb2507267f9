"""The passive checks of spaces and frames, and the wrapper that makes them."""

import copy
import re
import warnings
from types import SimpleNamespace

import gymnasium
import numpy as np
import pytest
from checker_cases import DROMOS, box, complaints, fine, only, scripted
from hypothesis import given
from hypothesis import strategies as st

from dromos import spaces
from dromos.utils import passive_env_checker as checks
from dromos.wrappers import PassiveEnvChecker

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
            known = re.split(r" (?:reset|step)\(\)\.\w+: expected", known)[0]
            assert any(known in peers_text for _, peers_text in theirs), (known, theirs)
