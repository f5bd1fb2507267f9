"""`check_wrapper`: each fault of a wrapper is found; sound ones have none."""

import copy

import numpy as np
import pytest

import dromos as gym
from dromos.spaces import Box
from dromos.testing import CheckFailed, check_wrapper, report_on_wrapper
from dromos.utils import RecordConstructorArgs
from dromos.wrappers import NormalizeReward, RecordEpisodeStatistics, TransformReward


class Sound(gym.Wrapper, RecordConstructorArgs):
    """Adds a number to the reward."""

    def __init__(self, env, bonus=1.0):
        RecordConstructorArgs.__init__(self, bonus=bonus)
        gym.Wrapper.__init__(self, env)
        self.bonus = bonus

    def step(self, action):
        obs, reward, *rest = self.env.step(action)
        return obs, reward + self.bonus, *rest


class Forgets(Sound):
    def __init__(self, env, bonus=1.0, malus=0.0):
        RecordConstructorArgs.__init__(self, bonus=bonus)
        super().__init__(env, bonus - malus)


class Misremembers(Sound):
    def __init__(self, env, bonus=1.0):
        RecordConstructorArgs.__init__(self, bonus=1.0)
        super().__init__(env, bonus)


class DoesNotRecord(gym.Wrapper):
    def __init__(self, env, bonus=1.0):
        super().__init__(env)


class Random(Sound):
    """What it adds hangs on a draw at its making."""

    def __init__(self, env, bonus=1.0):
        super().__init__(env, bonus)
        self.bonus = np.random.default_rng().normal()


class LosesTheSeed(Sound):
    def reset(self, *, seed=None, options=None):
        return self.env.reset(options=options)


class LosesTheOptions(Sound):
    def reset(self, *, seed=None, options=None):
        return self.env.reset(seed=seed)


class ChangesTheOptions(Sound):
    def reset(self, *, seed=None, options=None):
        if options:
            options["more"] = 1
        return self.env.reset(seed=seed, options=options)


class Swallows(Sound):
    def step(self, action):
        try:
            return super().step(action)
        except RuntimeError:
            return np.zeros(4, np.float32), 0.0, True, False, {}


class LeavesOpen(Sound):
    def close(self):
        pass


class Hides(Sound):
    def get_wrapper_attr(self, name):
        return getattr(self, name)


class KeepsAttributes(Sound):
    def set_wrapper_attr(self, name, value, *, force=True):
        setattr(self, name, value)
        return True


class NarrowsTheSpace(Sound):
    def __init__(self, env, bonus=1.0):
        super().__init__(env, bonus)
        env.action_space.n = 1


class WrongSpace(Sound):
    def __init__(self, env, bonus=1.0):
        super().__init__(env, bonus)
        self.observation_space = Box(5, 6, (4,), np.float32)


class Stateful(Sound):
    """Adds a number that grows from step to step, and lies outside the wrapper."""

    def reset(self, *, seed=None, options=None):
        TOLD.clear()
        return self.env.reset(seed=seed, options=options)

    def step(self, action):
        TOLD.append(action)
        obs, reward, *rest = self.env.step(action)
        return obs, reward + len(TOLD), *rest


TOLD = []


class CopiesAnew(Sound):
    """A copy of it has forgotten how many steps there were."""

    def __init__(self, env, bonus=1.0):
        super().__init__(env, bonus)
        self.steps = 0

    def reset(self, *, seed=None, options=None):
        self.steps = 0
        return self.env.reset(seed=seed, options=options)

    def step(self, action):
        self.steps += 1
        obs, reward, *rest = self.env.step(action)
        return obs, reward + self.steps, *rest

    def __deepcopy__(self, memo):
        return type(self)(copy.deepcopy(self.env, memo), self.bonus)


class Fails(Sound):
    def __init__(self, env, bonus=1.0):
        raise ValueError("bonus: not today")


FAULTS = [
    (Forgets, "_saved_kwargs['malus']", "forgets an argument"),
    (Misremembers, "_saved_kwargs['bonus']", "another value"),
    (Random, "spec.make()", "another stack"),
    (LosesTheSeed, "reset(seed=123)", "does not pass the seed on"),
    (LosesTheOptions, 'reset(options={"mark": 1})', "does not pass the options on"),
    (ChangesTheOptions, 'reset(options={"mark": 1})', "does not pass the options on"),
    (Swallows, "step()", "does not pass"),
    (LeavesOpen, "close()", "does not close"),
    (Hides, "get_wrapper_attr()", "AttributeError"),
    (KeepsAttributes, "set_wrapper_attr()", "cannot be reached"),
    (NarrowsTheSpace, "env.action_space", "changes a space"),
    (WrongSpace, "reset().obs", "not within the observation space"),
    (Stateful, "steps[0][1]", "give another future"),
    (CopiesAnew, "steps[0][1]", r"`copy.deepcopy\(env\)` does not keep"),
    (Fails, "Fails(env)", "bonus: not today"),
]


@pytest.mark.parametrize(("kind", "path", "text"), FAULTS)
def test_each_fault(kind, path, text):
    with pytest.raises(CheckFailed, match=text):
        _quietly(check_wrapper, kind, "CartPole-v1", {"bonus": 3.0})
    errors = report_on_wrapper(kind, "CartPole-v1", {"bonus": 3.0}).errors
    places = {fault.path for fault in errors}
    if kind is Random:
        assert {place.partition("[")[0] for place in places} == {"steps"}
    elif kind is LosesTheSeed:
        assert path in places  # and equal seeds give different episodes
    else:
        assert places == {path}


def _quietly(check, *args):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of CartPole's unbounded velocities
        return check(*args)


def test_sound_wrappers():
    report = check_wrapper(Sound, "MountainCar-v0", {"bonus": 2.0})
    assert not report.errors + report.warnings
    check_wrapper(TransformReward, "MountainCar-v0", {"func": lambda reward: 2 * reward})
    check_wrapper(NormalizeReward, "MountainCar-v0", keeps_across_resets=True)
    check_wrapper(RecordEpisodeStatistics, "Blackjack-v1", ignored_infos=["episode"])


def test_envs_without_spec_and_functions_that_make_envs():
    def made():
        env = gym.make("MountainCar-v0").unwrapped
        env.spec = None
        return env

    check_wrapper(Sound, made)


def test_a_wrapper_that_records_nothing_is_warned_of():
    with pytest.warns(UserWarning, match="does not record its arguments"):
        check_wrapper(DoesNotRecord, "MountainCar-v0")


def test_what_is_no_wrapper():
    with pytest.raises(TypeError, match="Expected a class of wrappers"):
        check_wrapper(gym.Env)
    with pytest.raises(TypeError, match="Expected a class of wrappers"):
        check_wrapper(Sound(gym.make("CartPole-v1")))
