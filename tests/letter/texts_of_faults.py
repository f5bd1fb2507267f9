"""What checkers of both libraries say of the same faulty environments."""

import warnings

import gymnasium
import gymnasium.utils.env_checker
import gymnasium.utils.passive_env_checker
import numpy as np

import dromos
import dromos.utils.env_checker
import dromos.utils.passive_env_checker

LIBRARIES = {"ours": dromos, "peer": gymnasium}


def heard(act):
    """Return the texts of the warnings and of the error of a call, as programs see them."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            act()
        except Exception as problem:
            return [str(w.message) for w in caught], f"{problem}"
    return [str(w.message) for w in caught], None


def box(g, low=0, high=1, shape=(2,), dtype=np.float32):
    return g.spaces.Box(low, high, shape, dtype)


def fine():
    return np.zeros(2, np.float32)


def crossed(g):
    space = box(g)
    space.low, space.high = space.high + 1, space.low
    return space


def changed(space, **attributes):
    for name, value in attributes.items():
        setattr(space, name, value)
    return space


def spaces(g):
    s = g.spaces
    return {
        "equal": s.Box(0, 0, (2,)),
        "crossed": crossed(g),
        "n": changed(s.Discrete(2), n=0),
        "nvec": changed(s.MultiDiscrete([2, 3]), nvec=np.array([0, 3])),
        "nvec-shape": changed(s.MultiDiscrete([2, 3]), nvec=np.array([3])),
        "binary": changed(s.MultiBinary(2), n=0, _shape=(0,)),
        "tuple": s.Tuple(()),
        "dict": s.Dict({}),
        "inside": s.Dict({"a": s.Tuple((box(g), s.Dict({})))}),
        "range": range(3),
    }


def observations(g):
    s = g.spaces
    both = s.Dict({"a": box(g), "b": s.Discrete(3)})
    pair = s.Tuple((box(g), s.Discrete(3)))
    return {
        "list": ([0.0, 0.0], box(g)),
        "dtype": (np.zeros(2), box(g)),
        "shape": (np.zeros(3, np.float32), box(g)),
        "value": (np.full(2, 7, np.float32), box(g)),
        "nan": (np.full(2, np.nan, np.float32), box(g)),
        "discrete": ("one", s.Discrete(3)),
        "discrete-float": (1.0, s.Discrete(3)),
        "discrete-outside": (7, s.Discrete(3)),
        "binary": ([1, 0], s.MultiBinary(2)),
        "binary-outside": (np.array([3, 0], np.int8), s.MultiBinary(2)),
        "multi": ([1, 0], s.MultiDiscrete([2, 2])),
        "multi-outside": (np.array([3, 0]), s.MultiDiscrete([2, 2])),
        "tuple-list": ([fine(), 1], pair),
        "tuple-length": ((fine(),), pair),
        "tuple-part": ((fine(), 9), pair),
        "dict-type": ([1], both),
        "dict-keys": ({"a": fine()}, both),
        "dict-part": ({"a": fine(), "b": 9}, both),
        "text": (3, s.Text(3)),
    }


def steps():
    obs = fine()
    return {
        "list": [obs, 0.0, False, False, {}],
        "two": (obs, {}),
        "six": (obs, 0.0, False, False, {}, 1),
        "terminated": (obs, 0.0, 1, False, {}),
        "truncated": (obs, 0.0, False, None, {}),
        "reward": (obs, "much", False, False, {}),
        "reward-nan": (obs, float("nan"), False, False, {}),
        "reward-inf": (obs, float("inf"), False, False, {}),
        "info": (obs, 0.0, False, False, []),
    }


def resets():
    return {"list": [fine(), {}], "three": (fine(), {}, 1), "info": (fine(), [])}


def frames():
    image = np.zeros((4, 4, 3), np.uint8)
    return {
        "human": ("human", 3),
        "rgb-type": ("rgb_array", [1]),
        "rgb-dtype": ("rgb_array", image.astype(float)),
        "rgb-axes": ("rgb_array", image[0]),
        "rgb-last": ("rgb_array", image[..., :2]),
        "depth-type": ("depth_array", [1]),
        "depth-axes": ("depth_array", image),
        "ansi": ("ansi", 3),
        "list": ("rgb_array_list", 3),
        "list-of": ("rgb_array_list", [3]),
    }


def metadata():
    return {
        "none": ({}, None),
        "type": ({"render_modes": "rgb", "render_fps": 3}, None),
        "elements": ({"render_modes": [1], "render_fps": 3}, None),
        "no-fps": ({"render_modes": ["rgb_array"]}, None),
        "fps-type": ({"render_modes": ["rgb_array"], "render_fps": "3"}, None),
        "fps-value": ({"render_modes": ["rgb_array"], "render_fps": 0}, None),
        "undeclared": ({"render_modes": ["rgb_array"], "render_fps": 3}, "human"),
        "no-modes": ({"render_modes": [], "render_fps": 3}, "human"),
    }


def scripted(g, reset=None, step=None, mode=None, frame=None, data=None, space=None):
    class Scripted(g.Env):
        metadata = {"render_modes": ["rgb_array"], "render_fps": 30} if data is None else data
        render_mode = mode
        observation_space = box(g) if space is None else space
        action_space = g.spaces.Discrete(2)

        def reset(self, *, seed=None, options=None):
            return (fine(), {}) if reset is None else reset

        def step(self, action):
            return step

        def render(self):
            return frame

    if mode is not None and data is None:
        Scripted.metadata = {"render_modes": [mode], "render_fps": 30}
    return Scripted()


def signatures(g):
    def no_seed(self, *, options=None):
        return fine(), {}

    def no_options(self, *, seed=None):
        return fine(), {}

    def default(self, *, seed=3, options=None):
        return fine(), {}

    return {
        f.__name__: type("Faulty", (type(scripted(g)),), {"reset": f})
        for f in (no_seed, no_options, default)
    }


def passive(g):
    """Return the calls of the passive checks, by name."""
    checks = g.utils.passive_env_checker
    calls = {}
    for name, space in spaces(g).items():
        calls[f"observation-space-{name}"] = lambda s=space: checks.check_observation_space(s)
        calls[f"action-space-{name}"] = lambda s=space: checks.check_action_space(s)
    for name, (obs, space) in observations(g).items():
        calls[f"obs-{name}"] = lambda o=obs, s=space: checks.check_obs(o, s, "step")
    for name, step in steps().items():
        env = scripted(g, step=step)
        calls[f"step-{name}"] = lambda e=env: checks.env_step_passive_checker(e, 0)
    for name, reset in resets().items():
        env = scripted(g, reset=reset)
        calls[f"reset-{name}"] = lambda e=env: checks.env_reset_passive_checker(e)
    for name, cls in signatures(g).items():
        calls[f"signature-{name}"] = lambda c=cls: checks.env_reset_passive_checker(c())
    for name, (mode, frame) in frames().items():
        env = scripted(g, mode=mode, frame=frame)
        calls[f"frame-{name}"] = lambda e=env: checks.env_render_passive_checker(e)
    for name, (data, mode) in metadata().items():
        env = scripted(g, data=data, mode=mode, frame=None)
        calls[f"metadata-{name}"] = lambda e=env: checks.env_render_passive_checker(e)
    shared = {"a": [1]}
    calls["reuse"] = lambda: checks.env_data_reuse_passive_checker(
        (fine(), shared), (fine(), shared), "reset", "step"
    )
    buffer = fine()
    calls["reuse-obs"] = lambda: checks.env_data_reuse_passive_checker(
        (buffer, {}), (buffer, {}), "step", "step"
    )
    return calls
