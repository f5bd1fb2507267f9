"""The passive checks of reset and step: each fault is told once, with path and remedy."""

import re

import gymnasium
import numpy as np
import pytest
from checker_cases import CAMERA, box, complaints, fine, of_obs, of_step, only, scripted

from dromos import error, spaces
from dromos.utils import passive_env_checker as checks
from dromos.wrappers import PassiveEnvChecker

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
        (5, spaces.Discrete(3), r"not within the observation space\. step\(\)\.obs: .*found 5"),
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


def test_a_space_of_another_library_is_asked_what_it_contains():
    space = gymnasium.spaces.Box(0, 1, (2,))
    assert complaints(lambda: checks.check_obs(fine(), space, "step")) == []
    told = complaints(lambda: checks.check_obs(fine() + 2, space, "step"))
    only(told, UserWarning, r"is not within the observation space\. step\(\)\.obs")


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


@pytest.mark.parametrize("reward", [0, 1.5, 10**400, np.float32(1), np.int8(-128), np.float64(2)])
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
    assert "convert_to_terminated_truncated_step_api(result)" in message


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
