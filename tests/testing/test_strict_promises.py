"""`check_env(strict=True)`: what is promised beyond Gymnasium's contract."""

import copy
import re
from fractions import Fraction

import faulty_envs as zoo
import numpy as np
import pytest
from built_in import BUILT_IN
from faulty_envs import OURS, resets, steps, variant

import dromos as gym
from dromos.testing import check_env, report_on_env
from dromos.utils import EzPickle

HIDDEN = {"drift": 0.0}  # outside the environment, as a simulator's global state would be


class Drifts(zoo.Sound):
    """Its observations hang on `HIDDEN`."""

    def reset(self, *, seed=None, options=None):
        HIDDEN["drift"] = 0.0
        return super().reset(seed=seed)

    def step(self, action):
        HIDDEN["drift"] += 0.01
        obs, *rest = super().step(action)
        return (obs * 0 + np.float32(HIDDEN["drift"] % 1), *rest)


class Fresh(zoo.Sound, EzPickle):
    """Its copies begin anew."""

    def __init__(self, render_mode=None):
        EzPickle.__init__(self, render_mode)
        zoo.Sound.__init__(self, render_mode)


class Local(zoo.Sound):
    """Snapshots do not know what this attribute is."""

    def __init__(self, render_mode=None):
        super().__init__(render_mode)
        self.tool = object()

    def __reduce__(self):
        return _rebuilt, (self.count, self.np_random)


def _rebuilt(count, np_random):
    env = Local()
    env.count, env._np_random = count, copy.deepcopy(np_random)
    return env


class Arguments(zoo.Sound):
    """Its argument cannot stand in JSON."""

    def __init__(self, render_mode=None, tool=None):
        super().__init__(render_mode)


class Shared(zoo.Sound):
    """What it returns is its state."""

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = np.zeros(2, np.float32)
        return self.place.copy(), {}

    def step(self, action):
        self.place = np.float32(0.5) * self.place + np.float32(0.25)
        return self.place, 0.0, False, False, {}


class Marks(zoo.Sound):
    """Its reset writes into the options."""

    def reset(self, *, seed=None, options=None):
        if options is not None:
            options["seen"] = True
        return super().reset(seed=seed)


class Clips(zoo.Sound):
    """Its step writes into the action."""

    def __init__(self, render_mode=None):
        super().__init__(render_mode)
        self.action_space = gym.spaces.Box(-1, 1, (3,), np.float32)

    def step(self, action):
        np.clip(action, -0.1, 0.1, out=action)
        return super().step(action)


class TakesAny(zoo.Sound):
    """Takes seeds that are none."""

    def reset(self, *, seed=None, options=None):
        return super().reset(seed=None if seed is None else abs(seed))


class Leaves(zoo.Sound):
    """Leaves its space late in the episode."""

    def step(self, action):
        obs, *rest = super().step(action)
        return (obs if self.count < 15 else obs * 0 + 2, *rest)


def strict(env_class, **kwargs):
    return report_on_env(
        gym.make(env_class, disable_env_checker=True, **kwargs).unwrapped, strict=True
    )


@pytest.mark.parametrize(
    ("env_class", "path", "text"),
    [
        (Fresh, "steps[0][0][0]", r"`copy.deepcopy\(env\)` does not keep the state"),
        (Local, "snapshot()", r"NotPlainError: Local\.tool"),
        (Clips, "action[0]", "`step` changes the action"),
        (Marks, "reset(options=…)", "changes the options"),
        (TakesAny, "reset(seed=-1)", "A negative seed is taken"),
        (Leaves, "step().obs", "not within the observation space"),
    ],
)
def test_each_broken_promise(env_class, path, text):
    report = strict(env_class)
    assert report.errors[0].path == path
    assert re.search(text, report.errors[0].known)
    assert {fault.path for fault in report.errors} == {path}


def test_state_outside_the_environment():
    known = "After `restore`, the same actions give another future"
    assert [fault.known for fault in strict(Drifts).errors[:1]] == [known]


def test_data_that_are_the_environments_own():
    text = "Writing into a returned observation or info changes the environment"
    assert [fault.known for fault in strict(Shared).errors] == [text]


def test_arguments_beyond_json():
    report = strict(Arguments, tool=Fraction(1, 3))
    assert [fault.path for fault in report.errors] == ["spec.to_json()"]


@pytest.mark.filterwarnings("ignore:.* is out of date:DeprecationWarning")
@pytest.mark.parametrize("env_id", BUILT_IN)
def test_the_catalogue_keeps_every_promise(env_id, monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    report = report_on_env(gym.make(env_id).unwrapped, strict=True)
    assert not report.errors, report
    # Velocities of the poles have no bound, and the torque of the pendulum is in N m.
    documented = {"CartPole": ["low", "high"], "Pendulum": ["action_space"]}
    expected = documented.get(env_id.partition("-")[0], [])
    found = [fault.path.rpartition(".")[2] for fault in report.warnings]
    if "mujoco" in str(gym.spec(env_id).entry_point):  # nor have those of robots; forces are in N m
        assert set(found) <= {"low", "high", "action_space"}
    else:
        assert found == expected


def test_strict_raises():
    env = gym.make(Leaves, disable_env_checker=True).unwrapped
    check_env(env)
    with pytest.raises(AssertionError, match="not within the observation space"):
        check_env(env, strict=True)


def test_unused_variants_are_sound():
    for of in (variant(), resets(lambda self, *pair: pair), steps(lambda self, *five: five)):
        assert not report_on_env(of(OURS)(), skip_render_check=True).errors
