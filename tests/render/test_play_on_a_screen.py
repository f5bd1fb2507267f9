"""Playing on a virtual screen: what is shown there, and that the game ends."""

PLAY = """
import pygame
import dromos as gym
from dromos.render.keys import ESCAPE, RIGHT
from dromos.render import window
from dromos.utils.play import play

steps = []

def callback(obs, next_obs, action, reward, terminated, truncated, info):
    steps.append(int(action))
    (own,) = window._open_windows.values()
    key = RIGHT if len(steps) < 3 else ESCAPE
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, window=own.handle))
    pygame.event.post(pygame.event.Event(pygame.KEYUP, key=key, window=own.handle))
    if len(steps) == 3:
        print(pygame.display.get_driver(), own.handle.get_surface().get_size())

env = gym.make("MountainCar-v0", render_mode="rgb_array")
play(env, callback=callback, fps=100, zoom=0.5)
print(steps)
"""


def test_play_on_a_virtual_screen(run_program, screen):
    display, _ = screen
    done = run_program(PLAY, DISPLAY=display, SDL_VIDEODRIVER="x11")
    assert done.returncode == 0, done.stderr
    driver, steps = done.stdout.splitlines()[-2:]
    assert driver == "x11 (300, 200)"
    assert steps == "[1, 2, 2]"
