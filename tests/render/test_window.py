"""Windows, on SDL's dummy driver and on a virtual screen."""

import copy
import os
import signal

import numpy as np
import pytest

from dromos.error import Error
from dromos.render import Window


def flat(colour, width=60, height=40):
    frame = np.empty((height, width, 3), np.uint8)
    frame[:] = colour
    return frame


@pytest.fixture
def make_window(monkeypatch):
    """Make windows on a driver that shows nothing; they are closed when the test is over."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    windows = []

    def make(*arguments, **options):
        windows.append(Window(*arguments, **options))
        return windows[-1]

    yield make
    for window in windows:
        window.close()
    import pygame

    pygame.display.quit()


def post(window, kind, **attributes):
    import pygame

    pygame.event.post(pygame.event.Event(kind, window=window.handle, **attributes))


def shown(window):
    """What is in the window: (height, width, 3)."""
    import pygame

    return pygame.surfarray.array3d(window.handle.get_surface()).swapaxes(0, 1)


def test_a_window_opens_with_its_first_frame(make_window):
    window = make_window("cart", (60, 40))
    assert not window.is_open
    assert window.show(flat((10, 20, 30)))
    assert window.is_open
    assert window.handle.title == "cart"
    assert (shown(window) == (10, 20, 30)).all()


def test_frames_of_another_size_are_fitted(make_window):
    window = make_window("cart", (60, 60))
    window.show(flat((10, 20, 30), 120, 40))
    picture = shown(window)
    assert (picture[20:40] == (10, 20, 30)).all()
    assert not picture[:20].any()
    assert not picture[40:].any()


def test_closing_is_final_and_may_be_repeated(make_window):
    window = make_window("cart", (60, 40))
    window.show(flat(9))
    window.close()
    window.close()
    assert window.closed
    assert not window.is_open
    assert not window.show(flat(9))
    assert window.events() == []
    with pytest.raises(Error, match="'cart' has been closed; make a new Window"):
        window.open()


def test_the_user_closes_one_window_and_the_other_stays(make_window):
    import pygame

    left, right = make_window("left", (60, 40)), make_window("right", (60, 40))
    left.show(flat(1))
    right.show(flat(2))
    post(left, pygame.WINDOWCLOSE)
    assert right.show(flat(3))
    assert left.closed
    assert not left.show(flat(4))
    assert right.show(flat(5))


def test_keys_go_to_the_window_they_were_typed_in(make_window):
    import pygame

    left, right = make_window("left", (60, 40)), make_window("right", (60, 40))
    left.show(flat(1))
    right.show(flat(2))
    post(left, pygame.KEYDOWN, key=pygame.K_a)
    post(left, pygame.KEYDOWN, key=pygame.K_b)
    post(left, pygame.KEYUP, key=pygame.K_b)
    right.show(flat(3))
    assert left.pressed_keys == {pygame.K_a}
    assert right.pressed_keys == set()
    typed = [event.key for event in left.events() if event.type == pygame.KEYDOWN]
    assert typed == [pygame.K_a, pygame.K_b]
    assert left.events() == []
    post(left, pygame.WINDOWFOCUSLOST)
    left.show(flat(4))
    assert left.pressed_keys == set()


def test_events_of_the_programs_own_display_are_left_to_it(make_window):
    import pygame

    window = make_window("cart", (60, 40))
    window.show(flat(1))
    own = pygame.display.set_mode((50, 50))
    pygame.event.clear()
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_q))
    window.show(flat(2))
    assert [event.key for event in pygame.event.get(pygame.KEYDOWN)] == [pygame.K_q]
    assert own.get_size() == (50, 50)


def test_a_copy_is_a_window_of_its_own(make_window):
    window = make_window("cart", (60, 40), fps=30)
    window.show(flat(1))
    twin = copy.deepcopy(window)
    assert (twin.title, twin.size, twin.fps) == ("cart", (60, 40), 30)
    assert not twin.is_open
    twin.show(flat(2))
    assert (shown(window) == 1).all()
    twin.close()
    assert window.show(flat(3))


def test_showing_leaves_the_environment_variables_alone(make_window):
    names = {"PYGAME_HIDE_SUPPORT_PROMPT", "SDL_NO_SIGNAL_HANDLERS"} - set(os.environ)
    make_window("cart", (60, 40)).show(flat(1))
    assert not names & set(os.environ)


@pytest.mark.parametrize("frame", [None, np.zeros((4, 4)), np.zeros((4, 4, 3))])
def test_what_is_no_frame_is_named_and_nothing_opens(make_window, frame):
    window = make_window("cart", (60, 40))
    with pytest.raises(Error, match=r"Window\.show\(\) takes frames"):
        window.show(frame)
    assert not window.is_open


@pytest.mark.parametrize("fps", [0, -1, float("nan")])
def test_a_frame_rate_is_above_zero(fps):
    with pytest.raises(Error, match="fps must be above 0 or None, found"):
        Window("cart", (60, 40), fps=fps)


SHOW_ON_SCREEN = """
    import os, signal, time
    import numpy as np
    from dromos.render import Window
    frame = np.empty((200, 300, 3), np.uint8)
    frame[:] = (201, 43, 87)
    window = Window("cart", (300, 200), fps=50)
    for _ in range(200):
        assert window.show(frame)
        with open(os.environ["PIXELS"], "rb") as screen:
            seen = screen.read().count(bytes([87, 43, 201]))
        if seen >= 300 * 200:
            break
    print(seen >= 300 * 200, flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)
"""


def test_a_window_is_seen_on_a_screen_and_does_not_swallow_signals(screen, run_program):
    display, pixels = screen
    done = run_program(SHOW_ON_SCREEN, DISPLAY=display, PIXELS=str(pixels))
    assert done.stdout == "True\n", done.stderr
    assert done.returncode == -signal.SIGTERM
