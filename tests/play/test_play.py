"""`play`: keys become actions, step by step, until the user has had enough."""

import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from built_in import BUILT_IN

import dromos as gym
from dromos.error import Error, UnsupportedMode
from dromos.render import Window
from dromos.render.keys import DOWN, ESCAPE, LEFT, RIGHT, SPACE, UP
from dromos.utils.play import MissingKeysToAction, PlayableGame, display_arr, play

A, D, W = map(ord, "adw")


class Recorder(gym.Env):
    """Remembers the actions it gets; its frame tells how many there were."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 1000}  # noqa: RUF012
    action_space = gym.spaces.Discrete(10)
    observation_space = gym.spaces.Discrete(1000)

    def __init__(self, script=(), length=1000, render_mode="rgb_array", frame=(20, 30, 3)):
        self.render_mode = render_mode
        self.script = dict(script)  # what the user does before step i
        self.length = length
        self.actions = []
        self.resets = []
        self.shape = frame
        self.renders = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.resets.append((len(self.actions), seed))
        return 0, {}

    def step(self, action):
        self.actions.append(action)
        ended = len(self.actions) % self.length == 0
        return len(self.actions), 1.0, ended, False, {"n": len(self.actions)}

    def render(self):
        act = self.script.get(self.renders)
        self.renders += 1
        if act is not None:
            act()
        return np.full(self.shape, len(self.actions), np.uint8)


def script(*acts):
    """What the user does at each frame; the first is drawn before there is a window."""
    return enumerate((None, None, *acts))


KEYS = {"a": 1, ("d",): 2, (A, D): 3, W: 4}


def test_keys_become_actions(keyboard):
    env = Recorder(
        script(
            lambda: keyboard.press(A),
            None,
            lambda: keyboard.press(D),
            lambda: keyboard.release(A),
            lambda: keyboard.press(ord("x")),  # means nothing
            lambda: keyboard.release(D),
            lambda: keyboard.press(W, A),  # means nothing together
            lambda: keyboard.press(ESCAPE),
        )
    )
    play(env, keys_to_action=KEYS, noop=9)
    assert env.actions == [9, 1, 1, 3, 2, 2, 9, 9]


def test_a_key_tapped_between_two_steps_counts_once(keyboard):
    env = Recorder(
        script(lambda: keyboard.tap(A), None, None, lambda: keyboard.post("WINDOWCLOSE"))
    )
    play(env, keys_to_action=KEYS, noop=9)
    assert env.actions == [9, 1, 9, 9]


def test_waiting_for_the_player(keyboard):
    env = Recorder(
        script(
            None,
            None,
            lambda: keyboard.press(A),
            None,  # held down, but not pressed again
            lambda: keyboard.release(A),
            lambda: keyboard.tap(D),
            None,
            lambda: keyboard.press(ESCAPE),
        )
    )
    play(env, keys_to_action=KEYS, wait_on_player=True)
    assert env.actions == [1, 2]


def test_the_callback_sees_every_transition_and_episodes_follow(keyboard):
    seen = []

    def callback(*transition):
        seen.append(transition)
        if len(seen) == 5:
            keyboard.press(ESCAPE)

    env = Recorder(length=2)
    play(env, keys_to_action={(): 7}, callback=callback, seed=5)
    assert seen == [
        (0, 1, 7, 1.0, False, False, {"n": 1}),
        (1, 2, 7, 1.0, True, False, {"n": 2}),
        (0, 3, 7, 1.0, False, False, {"n": 3}),
        (3, 4, 7, 1.0, True, False, {"n": 4}),
        (0, 5, 7, 1.0, False, False, {"n": 5}),
    ]
    assert env.resets == [(0, 5), (2, None), (4, None)]


@pytest.mark.parametrize(
    ("transpose", "zoom", "size"),
    [(True, None, (30, 20)), (True, 2, (60, 40)), (True, 0.5, (15, 10)), (False, None, (20, 30))],
)
def test_the_size_of_the_picture(transpose, zoom, size):
    game = PlayableGame(Recorder(), KEYS, zoom, transpose=transpose)
    assert game.video_size == game.window.size == size
    assert game.screen is None


def test_a_game_takes_pygames_events(keyboard):
    import pygame

    game = PlayableGame(Recorder(), KEYS)
    assert game.relevant_keys == {A, D, W}
    for kind, key in (
        (pygame.KEYDOWN, D),
        (pygame.KEYDOWN, A),
        (pygame.KEYDOWN, SPACE),
        (pygame.KEYUP, W),
    ):
        game.process_event(pygame.event.Event(kind, key=key))
    assert game.pressed_keys == {D, A}
    assert game.taken_keys() == (A, D)
    game.process_event(pygame.event.Event(pygame.KEYUP, key=D))
    assert game.pressed_keys == {A}
    assert game.original_video_size == game.video_size
    assert game.running
    game.process_event(pygame.event.Event(pygame.QUIT))
    assert not game.running
    game.show()
    assert game.screen.get_size() == (30, 20)
    game.window.close()


def test_the_last_of_several_frames_is_shown(keyboard):
    env = gym.make("CliffWalking-v1", render_mode="rgb_array_list")
    env.reset()
    env.step(0)
    game = PlayableGame(env)
    with pytest.raises(Error, match="at least one frame"):
        game.frame()  # the list was emptied
    env.step(0)
    env.step(1)
    last = env.unwrapped.render()
    np.testing.assert_array_equal(game.frame(), last)


def test_what_cannot_be_played():
    with pytest.raises(UnsupportedMode, match="render_mode"):
        play(Recorder(render_mode=None), keys_to_action=KEYS)
    with pytest.raises(MissingKeysToAction, match="get_keys_to_action"):
        play(Recorder())
    with pytest.raises(Error, match="keys_to_action: expected keys"):
        play(Recorder(), keys_to_action={("left",): 1})
    for zoom in (0, 1e9, float("inf")):
        with pytest.raises(Error, match="zoom"):
            play(Recorder(), keys_to_action=KEYS, zoom=zoom)


@pytest.mark.parametrize("env_id", BUILT_IN)
def test_the_catalogue_has_keys(env_id):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        env = gym.make(env_id, render_mode="rgb_array")
    if not env.has_wrapper_attr("get_keys_to_action"):
        assert isinstance(env.action_space, gym.spaces.Box)  # robots: nobody plays a dozen motors
        with pytest.raises(MissingKeysToAction, match="get_keys_to_action"):
            play(env)
        return
    keys = env.unwrapped.get_keys_to_action()
    assert all(env.action_space.contains(action) for action in keys.values())
    if isinstance(env.action_space, gym.spaces.Discrete):
        idle = {0} - {int(action) for action in keys.values()}  # what happens while no key is held
        assert {int(action) for action in keys.values()} | idle == set(range(env.action_space.n))
    assert {key for held in keys for key in held} <= {LEFT, RIGHT, UP, DOWN, *map(ord, "dhps")}


def test_the_codes_are_pygames():
    import pygame

    assert (LEFT, RIGHT, UP, DOWN) == (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_UP, pygame.K_DOWN)
    assert (ESCAPE, SPACE) == (pygame.K_ESCAPE, pygame.K_SPACE)


def test_a_lake_is_walked_over(keyboard):
    env = gym.make("FrozenLake-v1", render_mode="rgb_array", is_slippery=False)
    route = iter([DOWN, DOWN, RIGHT, RIGHT, DOWN, RIGHT])
    rewards = []

    def callback(obs, next_obs, action, reward, terminated, truncated, info):
        rewards.append(reward)
        tap_next()

    def tap_next():
        keyboard.tap(next(route, ESCAPE))

    class Walked(gym.Wrapper):
        frames = 0

        def render(self):
            self.frames += 1
            if self.frames == 3:  # the window is open
                tap_next()
            return self.env.render()

    play(Walked(env), callback=callback, wait_on_player=True, fps=1000)
    assert rewards == [0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("transpose", [True, False])
def test_arrays_on_a_surface(keyboard, transpose):
    import pygame

    surface = pygame.Surface((8, 6))
    picture = np.zeros((3, 4, 3), np.uint8)
    picture[0, 3] = (10, 20, 30)
    display_arr(surface, picture if transpose else picture.swapaxes(0, 1), (8, 6), transpose)
    shown = pygame.surfarray.array3d(surface).swapaxes(0, 1)
    np.testing.assert_array_equal(shown, picture.repeat(2, 0).repeat(2, 1))
    display_arr(surface, np.linspace(-1, 1, 36).reshape(3, 4, 3), (4, 3), True)
    values = pygame.surfarray.array3d(surface).swapaxes(0, 1)[:3, :4].ravel()
    assert (values[0], values[-1]) == (0, 255)
    display_arr(surface, np.ones((3, 4, 3)), (4, 3), True)


def test_windows_report_keys(keyboard):
    window = Window("game", (10, 10))
    window.open()
    keyboard.tap(A)
    keyboard.post("MOUSEMOTION", pos=(0, 0), rel=(0, 0), buttons=(0, 0, 0))
    assert [tuple(event) for event in window.key_events()] == [("down", A), ("up", A)]
    window.close()


def test_the_page_of_the_docs_plays_until_escape(keyboard, monkeypatch):
    page = (Path(__file__).parents[2] / "docs" / "playing.md").read_text()
    (block,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    steps = []

    class Typed(gym.Wrapper):
        def step(self, action):
            steps.append(action)
            keyboard.tap(ESCAPE if len(steps) == 3 else RIGHT)
            return super().step(action)

    made = gym.make
    monkeypatch.setattr(gym, "make", lambda *args, **kwargs: Typed(made(*args, **kwargs)))
    exec(compile(block, "playing.md", "exec"), {})
    assert len(steps) == 3
    assert steps[1:] == [2, 2], "the arrow to the right pushes the car to the right"
