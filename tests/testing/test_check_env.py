"""`check_env`: each fault is found, alone, with path and remedy, and as the peer finds it."""

import pickle
import re
import warnings

import faulty_envs as zoo
import gymnasium.utils.env_checker as peer
import numpy as np
import pytest
from faulty_envs import OURS, PEER, metadata, renders, resets, steps, variant, with_spaces

import dromos as gym
from dromos import error
from dromos.testing import CheckFailed, check_env, report_on_env
from dromos.utils.env_checker import check_env as public_check_env

A, W = AssertionError, UserWarning

#: name: (class, exception or warning, path, text, whether the peer is of another mind)
FAULTS = {
    # spaces
    "no action space": (
        with_spaces(action=None), AttributeError, "env.action_space", "must specify", 0),
    "no observation space": (
        with_spaces(observation=None), AttributeError, "env.observation_space",
        "must specify", 0),
    "not a space": (
        with_spaces(action=lambda s: range(2)), TypeError, "action_space", "does not inherit", 0),
    "empty discrete": (
        with_spaces(action=lambda s: zoo.changed(s.Discrete(2), n=0)), A, "action_space.n",
        "must be positive", 0),
    "empty dict inside": (
        with_spaces(action=lambda s: s.Tuple([s.Discrete(2), s.Dict()])), A, "action_space[1]",
        "An empty Dict", 0),
    "equal bounds": (
        with_spaces(
            observation=lambda s: s.Box(np.array([-1, 1], "f"), np.array([1, 1], "f")),
            members={"observe": zoo.method(lambda self: self.np_random.random(1).astype("f")
                                           * np.array([1, 0], "f") + np.array([0, 1], "f"))}), W,
        "observation_space", "maximum and minimum values are equal", 0),
    "unbounded below": (
        with_spaces(observation=lambda s: s.Box(np.array([-np.inf, -1], "f"),
                                                np.array([1, 1], "f"))), W,
        "observation_space.low", "minimum value is -infinity", 0),
    "unbounded above": (
        with_spaces(observation=lambda s: s.Box(-1, np.inf, (2,), np.float32)), W,
        "observation_space.high", "maximum value is infinity", 0),
    "not normalized": (
        with_spaces(action=lambda s: s.Box(-2, 2, (1,), np.float32)), W, "action_space",
        "symmetric and normalized", 0),
    # reset
    "seed method": (
        variant(seed=zoo.method(lambda self, seed=None: [seed])), W, "env.seed", "is dropped", 0),
    "return_info": (
        variant(reset=zoo.return_info), W, "env.reset(return_info)", "is deprecated", 0),
    "no seed": (
        variant(reset=zoo.method(zoo.no_seed)), error.Error, "env.reset", "a `seed` or", 0),
    "default seed": (variant(reset=zoo.default_seed), W, "env.reset", "should be `None`", 0),
    "no options": (variant(reset=zoo.no_options), error.Error, "env.reset", "an `options` or", 0),
    "not a tuple": (resets(lambda self, obs, info: [obs, info]), A, "reset()", "not a tuple", 0),
    "three values": (resets(lambda self, obs, info: (obs, info, 1)), A, "reset()", "length: 3", 0),
    "reset obs outside": (
        resets(lambda self, obs, info: (obs * 0 + 3, info)), A, "reset().obs", "not within", 0),
    "reset info": (
        resets(lambda self, obs, info: (obs, [])), A, "reset().info", "not a dictionary", 0),
    "reset reuses its info": (
        resets(lambda self, obs, info: (obs, zoo.SHARED)), A, "reset().info", "share an object", 0),
    "seed ignored": (
        resets(lambda self, obs, info: (zoo.RANDOM.uniform(-1, 1, 2).astype("f"), info)), A,
        "reset(seed=123).obs[0]", "non-deterministic", 0),
    "not seeded": (
        variant(reset=zoo.method(zoo.not_seeded), step=zoo.method(zoo.still)), A,
        "np_random after reset(seed=123)", "does not call `super", 0),
    "always the same seed": (
        variant(reset=zoo.always_seed_one), A, "np_random after reset(seed=456)",
        "when different seeds are passed", 0),
    "refuses options": (
        variant(reset=zoo.refuses_options), ValueError, "reset(options={})", "I take no", 0),
    # step
    "step raises": (
        variant(step=zoo.method(lambda self, action: 1 / 0)), ZeroDivisionError, "step()",
        "division by zero", 0),
    "step list": (steps(lambda self, *five: list(five)), A, "step()", "to be a tuple", 0),
    # The peer crashes on it with a ValueError.
    "four values": (
        steps(lambda self, o, r, te, tr, i: (o, r, te, i)), error.Error, "step()", "old step", 1),
    "six values": (steps(lambda self, *five: (*five, 1)), error.Error, "step()", "returned: 6", 0),
    "step obs outside": (
        steps(lambda self, o, *rest: (o * 0 + 3, *rest)), W, "step().obs", "is not within", 0),
    "step obs dtype": (
        steps(lambda self, o, *rest: (o.astype(np.float64), *rest)), W, "step().obs", "dtype", 0),
    "terminated": (
        steps(lambda self, o, r, te, tr, i: (o, r, int(te), tr, i)), W, "step().terminated",
        "to be a boolean", 0),
    "truncated": (
        steps(lambda self, o, r, te, tr, i: (o, r, te, None, i)), W, "step().truncated",
        "to be a boolean", 1),  # there, None is a truncation as well
    "reward": (
        steps(lambda self, o, r, *rest: (o, "much", *rest)), W, "step().reward", "must be", 0),
    "reward nan": (
        steps(lambda self, o, r, *rest: (o, float("nan"), *rest)), W, "step().reward", "NaN", 1),
    "reward inf": (
        steps(lambda self, o, r, *rest: (o, float("inf"), *rest)), W, "step().reward", "inf", 0),
    "step info": (
        steps(lambda self, o, r, te, tr, i: (o, r, te, tr, None)), A, "step().info",
        "must be a python dictionary", 0),
    "step not decided": (
        steps(lambda self, o, r, *rest: (o, zoo.RANDOM.normal(), *rest)), A,
        "step(np.int64(0)) after reset(seed=123).reward", "rewards are not equivalent", 0),
    "info not decided": (
        steps(lambda self, o, r, te, tr, i: (o, r, te, tr, {"a": [zoo.RANDOM.normal()]})), A,
        'step(np.int64(0)) after reset(seed=123).info["a"][0]', "info are not equivalent", 0),
    "generator not decided": (
        steps(zoo.draws_more_and_more), A,
        "np_random after step(np.int64(0)) after reset(seed=123)", "not properly been updated", 0),
    "truncates at once": (
        steps(lambda self, o, r, te, tr, i: (o, r, te, True, i)), A,
        "step(np.int64(0)) after reset(seed=123).truncated", "after 1 step", 0),
    "one buffer": (steps(zoo.kept), A, "step().obs", "share an object", 0),
    "one info": (
        steps(lambda self, o, r, te, tr, i: (o, r, te, tr, zoo.SHARED)), A, "step().info",
        "share an object", 0),
    # render and close
    "frame": (
        renders(np.zeros((4, 4), np.uint8)), W, "spec.make(render_mode='rgb_array').render()",
        "three axes", 0),
    "no modes": (variant(metadata=zoo.method({})), W, 'metadata["render_modes"]', "No render", 1),
    "modes": (
        metadata(render_modes="rgb"), W, 'metadata["render_modes"]', "to be a sequence", 1),
    "no fps": (metadata(render_fps=None), W, 'metadata["render_fps"]', "No render fps", 0),
    "fps": (metadata(render_fps=0), A, 'metadata["render_fps"]', "greater than zero", 0),
    "closes once": (
        variant(close=zoo.method(zoo.closes_once)), W, "close() after close()",
        "should be allowed", 0),
}  # fmt: skip


def made(of, library=OURS):
    """Make an environment of the zoo, with a spec."""
    spec = library.envs.registration.EnvSpec("Faulty", of(library))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of missing metadata, before the checker is asked
        return library.make(spec, disable_env_checker=True).unwrapped


def told(check, env):
    """Return the exception, and the warnings, of a check."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            check(env)
        except Exception as problem:
            return problem, caught
    return None, caught


def shown(problem):
    """Return what a traceback ends with."""
    return "\n".join([str(problem), *getattr(problem, "__notes__", ())])


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_alone(name):
    of, kind, path, text, _ = FAULTS[name]
    report = report_on_env(made(of))
    faults = report.warnings if issubclass(kind, Warning) else report.errors
    assert [fault.path for fault in faults] == [path]
    assert not (report.errors if issubclass(kind, Warning) else report.warnings)
    (fault,) = faults
    assert re.search(text, fault.known), fault.known
    assert fault.expected
    assert fault.found
    assert re.fullmatch(r"[A-Z].*\.", fault.remedy, re.DOTALL)
    assert (report.categories or report.kinds) == (kind,)


@pytest.mark.parametrize("name", FAULTS)
def test_raises_and_warns_where_the_peer_does(name):
    of, kind, path, text, differs = FAULTS[name]
    ours, warned = told(check_env, made(of))
    if issubclass(kind, Warning):
        assert ours is None
        assert all(text in str(w.message) for w in warned)
    else:
        assert isinstance(ours, kind)
        assert isinstance(ours, CheckFailed)
        assert path in shown(ours)
        assert text in shown(ours)
    if differs:
        return
    theirs, theirs_warned = told(peer.check_env, made(of, PEER))
    if isinstance(kind, type) and issubclass(kind, Warning):
        assert theirs is None, theirs
        assert any(text in str(w.message) for w in theirs_warned), [
            str(w.message) for w in theirs_warned
        ]
    else:
        assert theirs is not None
        assert type(theirs).__name__ == kind.__name__


def test_a_sound_environment_has_no_faults():
    env = made(zoo.sound)
    report = check_env(env)
    assert (report.errors, report.warnings) == ((), ())
    assert str(report) == "<Sound<Faulty>>: no faults found."
    assert not check_env(env, strict=True).warnings


def test_all_faults_in_one_exception():
    def of(library):
        def reset(self, *, seed=None, options=None):
            obs, _ = zoo.sound(library).reset(self, seed=seed)
            return {"a": obs + 7, "b": (1, "x")}, None

        def step(self, action):
            return {"a": np.zeros(3, np.float32)}, "1", 0, False, {}

        spaces = library.spaces
        parts = spaces.Dict(
            a=spaces.Box(-1, 1, (2,), np.float32),
            b=spaces.Tuple([spaces.Discrete(2), spaces.Discrete(2)]),
        )
        faulty = with_spaces(observation=lambda _: parts)(library)
        return type("Many", (faulty,), {"reset": reset, "step": step})

    env = made(of)
    problem, caught = told(check_env, env)
    assert isinstance(problem, AssertionError)
    assert [fault.path for fault in problem.report.errors] == [
        'reset().obs["a"]',
        'reset().obs["b"][1]',
        "reset().info",
        "step().obs",
    ]
    assert [issubclass(w.category, UserWarning) for w in caught] == [True] * 2
    for fault in problem.report.errors:
        assert fault.path in shown(problem)
        assert fault.remedy in shown(problem)
    assert "<Many<Faulty>>: 4 errors" in shown(problem)


def test_faults_of_resets_and_steps_and_pictures_together():
    of = variant(
        reset=zoo.no_options,
        step=zoo.method(lambda self, action: 1 / 0),
        render=zoo.method(lambda self: None),
    )
    report = report_on_env(made(of))
    assert [fault.path for fault in report.errors] == ["env.reset", "step()"]
    assert [fault.path for fault in report.warnings] == [
        f"spec.make(render_mode='{mode}').render()" for mode in ("rgb_array", "ansi")
    ]
    plain = report.plain()
    assert plain["errors"][0].keys() == {"fault", "path", "expected", "found", "remedy"}
    assert "2 errors" in str(report)
    assert "2 warnings" in str(report)


def test_errors_come_even_where_warnings_are_exceptions():
    of = variant(step=zoo.method(lambda self, action: 1 / 0), render=zoo.method(lambda self: None))
    with pytest.raises(ZeroDivisionError) as caught:
        check_env(made(of))
    assert len(caught.value.report.warnings) == 2


def test_no_environment():
    with pytest.raises(TypeError, match=r"must inherit from the gymnasium\.Env class"):
        check_env(object())
    with pytest.raises(TypeError, match="built on gymnasium"):
        check_env(zoo.sound(PEER)())


def test_the_exception_names_its_cause_and_pickles():
    problem, _ = told(check_env, made(variant(step=zoo.method(lambda self, action: 1 / 0))))
    assert isinstance(problem.__cause__, ZeroDivisionError)
    again = pickle.loads(pickle.dumps(problem.with_traceback(None)))
    assert isinstance(again, ZeroDivisionError)
    assert str(again) == str(problem)


def test_wrappers_and_missing_specs_are_told():
    env = zoo.sound(OURS)()
    with pytest.warns(UserWarning, match="not having a spec"):
        check_env(env)
    check_env(env, skip_render_check=True)
    with pytest.warns(UserWarning, match="different from the unwrapped version"):
        check_env(gym.make("CliffWalking-v1"), skip_render_check=True)


def test_close_can_be_left_out():
    check_env(made(variant(close=zoo.method(zoo.closes_once))), skip_close_check=True)


def test_the_old_argument_is_deprecated():
    with pytest.warns(DeprecationWarning, match="now ignored"):
        check_env(made(zoo.sound), warn=True)
    assert public_check_env is check_env


def test_close_observations_are_warned_of():
    def reset(self, obs, info):
        self.calls = getattr(self, "calls", 0) + 1
        return (obs * 0.5 + self.calls * 1e-7).astype(np.float32), info

    report = report_on_env(made(resets(reset)))
    assert [fault.path for fault in report.warnings] == ["reset(seed=123).obs[0]"]
    assert "not equal although similar" in report.warnings[0]


def test_nondeterministic_environments_are_not_compared():
    from dromos.envs.registration import EnvSpec

    of, *_ = FAULTS["seed ignored"]
    spec = EnvSpec("Faulty", of(OURS), nondeterministic=True)
    assert not report_on_env(gym.make(spec, disable_env_checker=True).unwrapped).errors
    assert not report_on_env(of(OURS)(), skip_render_check=True).errors
    strict = report_on_env(of(OURS)(), skip_render_check=True, strict=True)
    assert [fault.path for fault in strict.errors] == ["reset(seed=123).obs[0]"]


def test_environments_of_another_array_library():
    """The peer looks for a wrapper that does not exist."""
    import torch

    class Tensors(zoo.Sound):
        metadata = zoo.Sound.metadata | {"torch": True}

        def reset(self, *, seed=None, options=None):
            obs, info = super().reset(seed=seed)
            return torch.from_numpy(obs), info

        def step(self, action):
            obs, *rest = super().step(int(action))  # a tensor as well
            return torch.from_numpy(obs), *rest

    report = report_on_env(gym.make(Tensors, disable_env_checker=True).unwrapped)
    assert (report.errors, report.warnings) == ((), ())


@pytest.mark.parametrize("first", [7, (7,), (7, None, 3), None])
def test_a_wrong_reset_hides_no_fault_of_step(first):
    class Wrong(gym.Env):
        observation_space = action_space = gym.spaces.Discrete(3)

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            return first

        def step(self, action):
            return 1.5, "x", 0, False, None

    report = report_on_env(Wrong())
    paths = {fault.path for fault in (*report.errors, *report.warnings)}
    assert paths >= {"reset()", "step().obs", "step().reward", "step().terminated", "step().info"}
