"""Games on a virtual screen: watched in a window, and played by their keyboard map."""

WATCH = """
import numpy as np
import dromos as gym

trained, watched = (gym.make("ALE/Breakout-v5", render_mode=m) for m in ("rgb_array", "human"))
np.testing.assert_equal(trained.reset(seed=5), watched.reset(seed=5))
for action in (1, 2, 3, 0, 1, 3):
    np.testing.assert_equal(trained.step(action), watched.step(action))
snapshot = trained.snapshot()
trained.step(2)
watched.restore(snapshot)
watched.step(2)
print(watched.render(), watched.unwrapped._window.size)
print(open(FILE, "rb").read().count(bytes([0x48, 0x48, 0xc8])) > 0)  # a red brick, BGR
watched.close()
"""

PLAY = """
import pygame
import dromos as gym
from dromos.render import window
from dromos.utils.play import play

actions = []

def callback(obs, next_obs, action, reward, terminated, truncated, info):
    actions.append(int(action))
    (own,) = window._open_windows.values()
    held = (ord("d"), ord("a"), ord(" "))
    if len(actions) > len(held):
        key = pygame.K_ESCAPE
    else:
        key = held[len(actions) - 1]
        if len(actions) > 1:
            old = held[len(actions) - 2]
            pygame.event.post(pygame.event.Event(pygame.KEYUP, key=old, window=own.handle))
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, window=own.handle))

env = gym.make("ALE/Breakout-v5", render_mode="rgb_array")
play(env, callback=callback, fps=60, seed=1)
print([env.unwrapped.get_action_meanings()[action] for action in actions])
"""


def test_what_is_trained_with_pictures_is_watched_in_a_window(run_program, screen):
    display, file = screen
    program = WATCH.replace("FILE", repr(str(file)))
    done = run_program(program, DISPLAY=display, SDL_VIDEODRIVER="x11", SDL_AUDIODRIVER="dummy")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == ["None (640, 420)", "True"]


def test_a_game_is_played_by_its_keyboard_map(run_program, screen):
    display, _ = screen
    done = run_program(PLAY, DISPLAY=display, SDL_VIDEODRIVER="x11")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "['NOOP', 'RIGHT', 'LEFT', 'FIRE']"
