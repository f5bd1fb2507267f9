"""A zoo of environments, each with one fault, over dromos or over its peer."""

import functools

import gymnasium
import numpy as np

import dromos

OURS, PEER = dromos, gymnasium


@functools.cache
def sound(gym):
    """Return a class of environments without faults."""

    class Sound(gym.Env):
        metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 30}  # noqa: RUF012

        def __init__(self, render_mode=None):
            self.render_mode = render_mode
            self.observation_space = gym.spaces.Box(-1, 1, (2,), np.float32)
            self.action_space = gym.spaces.Discrete(2)
            self.count = 0

        def observe(self):
            return self.np_random.uniform(-1, 1, 2).astype(np.float32)

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            self.count = 0
            return self.observe(), {"count": [0]}

        def step(self, action):
            self.count += 1
            ended = self.count == 20
            return self.observe(), float(np.sum(action)), ended, False, {"count": [self.count]}

        def render(self):
            return "." if self.render_mode == "ansi" else np.zeros((4, 4, 3), np.uint8)

        def close(self):
            self.count = 0

    Sound.__qualname__ = "Sound"
    return Sound


Sound = sound(OURS)


def variant(**members):
    """Return a function from a library to a class, `sound` but for `members`."""

    def of(gym):
        return type("Faulty", (sound(gym),), {k: m(gym) for k, m in members.items()})

    return of


def method(function):
    return lambda gym: function


def with_spaces(members=(), **spaces):
    """Return a variant with other spaces, made by functions of the library's ``spaces``.

    One that is None is missing.
    """

    def init(gym):
        def __init__(self, render_mode=None):
            sound(gym).__init__(self, render_mode)
            for name, space in spaces.items():
                if space is None:
                    delattr(self, f"{name}_space")
                else:
                    setattr(self, f"{name}_space", space(gym.spaces))

        return __init__

    return variant(__init__=init, **dict(members))


def resets(function):
    """Return a variant whose reset is ``function(self, obs, info)``, seeded as it should be."""

    def of(gym):
        def reset(self, *, seed=None, options=None):
            return function(self, *sound(gym).reset(self, seed=seed))

        return reset

    return variant(reset=of)


def steps(function):
    """Return a variant whose step is ``function(self, *result)`` of the sound one."""
    return variant(step=lambda gym: lambda self, a: function(self, *sound(gym).step(self, a)))


def changed(space, **attributes):
    for name, value in attributes.items():
        setattr(space, name, value)
    return space


def no_seed(self, *, options=None):
    return np.zeros(2, np.float32), {}


def default_seed(gym):
    return lambda self, *, seed=3, options=None: sound(gym).reset(self, seed=seed)


def no_options(gym):
    return lambda self, *, seed=None: sound(gym).reset(self, seed=seed)


def return_info(gym):
    return lambda self, *, seed=None, options=None, return_info=True: sound(gym).reset(
        self, seed=seed
    )


def not_seeded(self, *, seed=None, options=None):
    self.count = 0
    return np.zeros(2, np.float32), {}


def still(self, action):
    return np.zeros(2, np.float32), 0.0, False, False, {}


def always_seed_one(gym):
    def reset(self, *, seed=None, options=None):
        return sound(gym).reset(self, seed=None if seed is None else 1)

    return reset


def refuses_options(gym):
    def reset(self, *, seed=None, options=None):
        if options is not None:
            raise ValueError("I take no options")
        return sound(gym).reset(self, seed=seed)

    return reset


def closes_once(self):
    if self.count is None:
        raise RuntimeError("already closed")
    self.count = None


def renders(frame):
    return variant(render=method(lambda self: "." if self.render_mode == "ansi" else frame))


def metadata(**entries):
    return variant(metadata=method({"render_modes": ["rgb_array"], "render_fps": 30} | entries))


def draws_more_and_more(self, *five):
    self.steps = getattr(self, "steps", 0) + 1
    self.np_random.random(self.steps)
    return five


def kept(self, obs, reward, terminated, truncated, info):
    self.buffer = getattr(self, "buffer", np.zeros(2, np.float32))
    return self.buffer, reward, terminated, truncated, info


SHARED = {"a": [1]}
RANDOM = np.random.default_rng()  # not the environment's
