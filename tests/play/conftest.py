"""A keyboard: pygame's events, on SDL's driver that shows nothing."""

import pytest


class Keyboard:
    """Posts what a window gets when somebody types."""

    def __init__(self):
        self.window = None

    def post(self, kind, **attributes):
        import pygame

        from dromos.render import window

        (handle,) = [w.handle for w in window._open_windows.values() if w.title != "PlayPlot"]
        event = pygame.event.Event(getattr(pygame, kind), window=handle, **attributes)
        pygame.event.post(event)

    def press(self, *keys):
        for key in keys:
            self.post("KEYDOWN", key=key)

    def release(self, *keys):
        for key in keys:
            self.post("KEYUP", key=key)

    def tap(self, *keys):
        self.press(*keys)
        self.release(*keys)


@pytest.fixture
def keyboard(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    yield Keyboard()
    import pygame

    pygame.display.quit()
