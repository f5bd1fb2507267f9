"""Environments that answer what they are told to, and the complaints that raises."""

import re
import warnings
from types import SimpleNamespace

import numpy as np

from dromos import spaces
from dromos.core import Env
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
    """Return the warnings and the error of `act`, as (category, shown text) pairs."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        raised = []
        try:
            act()
        except Exception as problem:
            raised = [(type(problem), _shown(problem))]
    return [(_plain(w.category), f"{w.message}") for w in caught] + raised


def _shown(problem):
    return " ".join([str(problem), *getattr(problem, "__notes__", ())])


def _plain(category):
    """Return the class of warning that the user knows."""
    return DeprecationWarning if issubclass(category, DeprecationWarning) else UserWarning


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
