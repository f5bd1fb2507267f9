"""The text that a program sees of a warning or an error is the one Gymnasium's has."""

import contextlib
import logging
import warnings

import gymnasium
import gymnasium.utils.env_checker
import gymnasium.utils.passive_env_checker
import numpy as np
import pytest
from texts_of_faults import box, heard, passive, scripted

import dromos
import dromos.utils.env_checker
import dromos.utils.passive_env_checker
from dromos import logger

OURS, PEERS = passive(dromos), passive(gymnasium)


@pytest.mark.parametrize("name", PEERS)
def test_passive_checks(name):
    """Ours tell a fault once, and nothing that a list of the peer's texts would not ignore."""
    (ours, our_error), (peers, peer_error) = heard(OURS[name]), heard(PEERS[name])
    assert our_error == peer_error
    assert set(ours) <= set(peers)
    assert bool(ours) == bool(peers)


def test_an_old_step_is_told_before_it_is_refused():
    """The peer warns, and stumbles over the missing value then."""
    step = (np.zeros(2, np.float32), 0.0, False, {})
    texts = [
        heard(
            lambda g=g: g.utils.passive_env_checker.env_step_passive_checker(
                scripted(g, step=step), 0
            )
        )[0]
        for g in (dromos, gymnasium)
    ]
    assert texts[0] == texts[1]


class Fine:
    """An environment of either library, and its spec."""

    @staticmethod
    def of(g, **metadata):
        class FineEnv(type(scripted(g))):
            render_mode = None

            def __init__(self, render_mode=None):
                self.render_mode = render_mode

            def reset(self, *, seed=None, options=None):
                g.Env.reset(self, seed=seed)
                return np.zeros(2, np.float32), {}

            def step(self, action):
                return np.zeros(2, np.float32), 0.0, False, False, {}

            def render(self):
                return np.zeros((16, 16, 3), np.uint8) if self.render_mode == "rgb_array" else None

        FineEnv.metadata = {"render_modes": ["rgb_array"], "render_fps": 30, **metadata}
        return FineEnv

    @staticmethod
    def spec(g, **metadata):
        return g.envs.registration.EnvSpec("Fine-v0", Fine.of(g, **metadata))


def register_twice(g):
    try:
        for _ in range(2):
            g.register("Letter-v0", entry_point=Fine.of(g))
    finally:
        g.registry.pop("Letter-v0", None)


def register_versions(g, use):
    try:
        for version in (0, 1):
            g.register(f"Letter-v{version}", entry_point=Fine.of(g))
        return g.make(use)
    finally:
        for version in (0, 1):
            g.registry.pop(f"Letter-v{version}", None)


def stepped_after_the_end(g):
    env = g.make("CartPole-v1").unwrapped
    env.reset(seed=0)
    for _ in range(40):
        env.step(1)


def closed_twice(g):
    class Brittle(Fine.of(g)):
        def close(self):
            raise RuntimeError("closed")

    env = g.wrappers.PassiveEnvChecker(Brittle())
    for _ in range(2):
        with contextlib.suppress(RuntimeError):
            env.close()


WARNED = {
    "overridden": register_twice,
    "out-of-date": lambda g: register_versions(g, "Letter-v0"),
    "unversioned": lambda g: register_versions(g, "Letter"),
    "mode": lambda g: g.make(Fine.spec(g), render_mode="holographic"),
    "no-modes": lambda g: g.make(Fine.spec(g, render_modes=None)),
    "modes": lambda g: g.make(Fine.spec(g, render_modes=3)),
    "metadata": lambda g: g.make(
        g.envs.registration.EnvSpec("F-v0", type("Bare", (Fine.of(g),), {"metadata": {"a": 1}}))
    ),
    "render-without-mode": lambda g: rendered(g.make("CartPole-v1")),
    "render-lake-without-mode": lambda g: rendered(g.make("FrozenLake-v1")),
    "stepped-after-the-end": stepped_after_the_end,
    "box-list": lambda g: box(g).contains([0.5, 0.5]),
    "box-low-precision": lambda g: g.spaces.Box(np.zeros(2), np.ones(2, np.float32)),
    "box-high-precision": lambda g: g.spaces.Box(np.zeros(2, np.float32), np.ones(2)),
    "graph-edges": lambda g: g.spaces.Graph(box(g), None).sample(num_edges=2),
    "multi-length": lambda g: len(g.spaces.MultiDiscrete([[2, 2]])),
    "closed-twice": closed_twice,
    "check-env-warn": lambda g: g.utils.env_checker.check_env(
        Fine.of(g)(), warn=True, skip_render_check=True
    ),
    "check-env-wrapped": lambda g: g.utils.env_checker.check_env(
        g.Wrapper(Fine.of(g)()), skip_render_check=True
    ),
    "check-env-no-spec": lambda g: g.utils.env_checker.check_env(Fine.of(g)()),
    "check-env-foreign": lambda g: g.utils.env_checker.check_env(3),
}


def rendered(env):
    env.reset()
    env.render()


@pytest.mark.parametrize("name", WARNED)
def test_warnings(name):
    def texts(g):
        warned, raised = heard(lambda: WARNED[name](g))
        return [str(text).replace("dromos.", "gymnasium.") for text in (*warned, raised)]

    peers = texts(gymnasium)
    assert peers != ["None"], "the peer says nothing: the row shows nothing"
    assert texts(dromos) == peers


def warned(category=None):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        logger.warn("the text", category=category, detail="and more.")
    return caught[0]


def test_what_stands_beside_a_text_is_shown():
    told = warned()
    assert str(told.message) == "\x1b[33mWARN: the text\x1b[0m"
    assert f"{told.message}" == "\x1b[33mWARN: the text and more.\x1b[0m"
    assert told.message.detail == "and more."
    shown = warnings.formatwarning(told.message, told.category, "file.py", 3)
    assert "the text and more." in shown
    assert issubclass(told.category, UserWarning)
    assert issubclass(warned(DeprecationWarning).category, DeprecationWarning)


def test_a_log_shows_it_too(caplog):
    logging.captureWarnings(True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logger.warn("the text", detail="and more.")
    finally:
        logging.captureWarnings(False)
    assert "the text and more." in caplog.text


def test_errors_tell_the_rest_in_a_note():
    with pytest.raises(AssertionError) as refused:
        dromos.utils.passive_env_checker.check_action_space(dromos.spaces.Tuple(()))
    assert str(refused.value) == "An empty Tuple action space is not allowed."
    assert "action_space: expected at least one space" in refused.value.__notes__[0]
    assert refused.value.args[0].path == "action_space"
