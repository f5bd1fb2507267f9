"""A window on the screen. The only file that imports pygame, and only when one opens."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from weakref import WeakValueDictionary

from dromos.error import DependencyNotInstalled, Error
from dromos.render.frames import checked_frame

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["KeyEvent", "NoDisplay", "Window", "draw_on", "key_event", "load_picture"]

# What we ask of pygame and SDL while they start, and of nobody else: no advertisement on standard
# output, no handler that would swallow SIGTERM, no complaint of Wayland's where it is not in use.
_QUIET_START = {
    "PYGAME_HIDE_SUPPORT_PROMPT": "1",
    "SDL_NO_SIGNAL_HANDLERS": "1",
    "XDG_RUNTIME_DIR": os.environ.get("TMPDIR", "/tmp"),
}
# Video drivers that show nothing: SDL falls back to them silently when there is no display.
_INVISIBLE_DRIVERS = frozenset({"dummy", "offscreen", "evdev"})
_MOST_EVENTS = 1000

# pygame has one queue of events for all windows; whoever reads it hands the others theirs.
_open_windows: WeakValueDictionary[int, Window] = WeakValueDictionary()


class NoDisplay(Error):
    """There is no screen to open a window on."""


class KeyEvent(NamedTuple):
    """What a user of a window did.

    Attributes:
        kind: Whether a key went down or up, or the window is to be closed.
        key: The key's code (see `dromos.render.keys`); 0 if it is none.
    """

    kind: Literal["down", "up", "close"]
    key: int = 0


class Window:
    """Shows frames, paced to a frame rate, and collects what the user types.

    The window opens with the first frame, or with `open()`. Once the user has closed it, frames are
    dropped and it stays closed. Frames of another size than the window's are fitted into it. A
    copy of a window is a new one that has not opened yet.

    Args:
        title: Shown in the title bar.
        size: Width and height in pixels at the start; the user may change it.
        fps: Frames per second that `show` does not exceed, or None for no limit.

    Raises:
        Error: If `fps` is not above 0.
    """

    def __init__(self, title: str, size: tuple[int, int], fps: float | None = None) -> None:
        if fps is not None and not fps > 0:
            raise Error(f"a window's fps must be above 0 or None, found {fps}")
        self.title = title
        self.size = size
        self.fps = fps
        #: Key codes of the keys held down, as ``pygame.key.key_code`` names them.
        self.pressed_keys: set[int] = set()
        self._window: Any = None
        self._events: deque[Any] = deque(maxlen=_MOST_EVENTS)
        self._closed = False
        self._next_frame = 0.0

    def __reduce__(self) -> tuple[object, ...]:
        return Window, (self.title, self.size, self.fps)

    @property
    def is_open(self) -> bool:
        """Whether the window is on the screen."""
        return self._window is not None

    @property
    def handle(self) -> Any:
        """The ``pygame.Window``, or None while there is none."""
        return self._window

    @property
    def closed(self) -> bool:
        """Whether the window has been closed, by `close()` or by the user."""
        return self._closed

    def open(self) -> None:
        """Open the window now rather than with the first frame; does nothing if it is open.

        Raises:
            DependencyNotInstalled: If pygame-ce is missing.
            NoDisplay: If there is no display.
            Error: If the window has been closed.
        """
        if self._closed:
            raise Error(f"the window {self.title!r} has been closed; make a new Window")
        if self._window is None:
            pygame = _started_pygame()
            try:
                self._window = pygame.Window(self.title, self.size, resizable=True)
            except pygame.error as reason:
                raise _no_display(str(reason)) from None
            _open_windows[self._window.id] = self

    def show(self, frame: NDArray[np.uint8]) -> bool:
        """Show a frame, then wait until the next one is due.

        Args:
            frame: uint8 of shape (height, width, 3).

        Returns:
            Whether the window is open; False once the user has closed it.

        Raises:
            DependencyNotInstalled: If pygame-ce is missing.
            NoDisplay: If there is no display.
            Error: If `frame` is no picture.
        """
        pixels = checked_frame(frame, "Window.show()")
        if self._closed:
            return False
        self.open()
        if self._window.title != self.title:
            self._window.title = self.title
        _collect_events()
        if self._window is None:
            return False
        _paint(self._window, pixels)
        self._wait()
        return True

    def events(self) -> list[Any]:
        """Return the pygame events of this window since the last call, at most the last 1000."""
        if self._window is not None:
            _collect_events()
        events = list(self._events)
        self._events.clear()
        return events

    def key_events(self) -> list[KeyEvent]:
        """Return what `events` would, as far as keys and closing are concerned."""
        return [plain for event in self.events() if (plain := key_event(event)) is not None]

    def close(self) -> None:
        """Close the window; a second call does nothing."""
        self._closed = True
        self._events.clear()
        self.pressed_keys.clear()
        if self._window is not None:
            window, self._window = self._window, None
            del _open_windows[window.id]
            window.destroy()

    def _receive(self, event: Any) -> None:
        import pygame

        if event.type == pygame.KEYDOWN:
            self.pressed_keys.add(event.key)
        elif event.type == pygame.KEYUP:
            self.pressed_keys.discard(event.key)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self.pressed_keys.clear()  # nobody will tell us when they are let go
        elif event.type == pygame.WINDOWCLOSE:
            self.close()
        self._events.append(event)

    def _wait(self) -> None:
        if self.fps is not None:
            now = time.perf_counter()
            if self._next_frame > now:
                time.sleep(self._next_frame - now)
            self._next_frame = max(now, self._next_frame) + 1 / self.fps


def load_picture(path: str | os.PathLike[str]) -> NDArray[np.uint8]:
    """Return a picture file as uint8 (height, width, 4): red, green, blue, alpha.

    Raises:
        DependencyNotInstalled: If pygame-ce is missing.
        Error: If the file cannot be read.
    """
    import numpy as np

    with _environment(_QUIET_START):
        pygame = _imported_pygame()
    try:
        surface = pygame.image.load(os.fspath(path))
    except (pygame.error, OSError) as reason:
        raise Error(f"cannot read the picture {os.fspath(path)}: {reason}") from reason
    width, height = surface.get_size()
    pixels = np.frombuffer(pygame.image.tobytes(surface, "RGBA"), np.uint8)
    return pixels.reshape(height, width, 4)


def key_event(event: Any) -> KeyEvent | None:
    """Return what a pygame event says of keys or of closing; None if nothing."""
    import pygame

    if event.type == pygame.KEYDOWN:
        return KeyEvent("down", event.key)
    if event.type == pygame.KEYUP:
        return KeyEvent("up", event.key)
    if event.type in (pygame.WINDOWCLOSE, pygame.QUIT):
        return KeyEvent("close")
    return None


def draw_on(surface: Any, pixels: NDArray[np.uint8], size: tuple[int, int]) -> None:
    """Draw `pixels` (height, width, 3) on a pygame surface, from its top left, `size` large."""
    import pygame

    height, width = pixels.shape[:2]
    picture = pygame.image.frombuffer(pixels.tobytes(), (width, height), "RGB")
    if tuple(size) != (width, height):
        picture = pygame.transform.scale(picture, size)
    surface.blit(picture, (0, 0))


def _imported_pygame() -> Any:
    try:
        import pygame
    except ImportError:
        raise DependencyNotInstalled(
            'a window needs pygame-ce, which is not installed: pip install "dromos[window]"'
        ) from None
    return pygame


def _started_pygame() -> Any:
    """Import pygame and start its display, unless somebody has."""
    with _environment(_QUIET_START):
        pygame = _imported_pygame()
        if not hasattr(pygame, "Window"):
            raise DependencyNotInstalled(
                f"a window needs pygame-ce >= 2.5, found pygame {pygame.version.ver}: "
                'pip uninstall pygame, then pip install "dromos[window]"'
            )
        if pygame.display.get_init():
            return pygame
        try:
            pygame.display.init()
        except pygame.error as reason:
            raise _no_display(str(reason)) from None
    driver = pygame.display.get_driver()
    if driver in _INVISIBLE_DRIVERS and driver not in os.environ.get("SDL_VIDEODRIVER", ""):
        pygame.display.quit()
        raise _no_display("there is no display")
    return pygame


def _no_display(reason: str) -> NoDisplay:
    return NoDisplay(
        f"cannot open a window: {reason}. Without a display, make the environment with "
        'render_mode="rgb_array" (frames as arrays) or record a video; or give it a virtual one: '
        'xvfb-run -a -s "-screen 0 1400x900x24" python ...'
    )


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables within the block, but none that the user has set."""
    ours = {name: value for name, value in values.items() if name not in os.environ}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            os.environ.pop(name, None)


def _collect_events() -> None:
    """Hand the events in pygame's queue to their windows.

    Events of other windows are put back if the program has a pygame display of its own.
    """
    import pygame

    foreign = []
    for event in pygame.event.get():
        window = _open_windows.get(getattr(getattr(event, "window", None), "id", -1))
        if window is not None:
            window._receive(event)
        else:
            foreign.append(event)
    if pygame.display.get_surface() is not None:
        for event in foreign:
            pygame.event.post(event)


def _paint(window: Any, pixels: NDArray[np.uint8]) -> None:
    """Draw `pixels` as large as they fit, in the middle, on black."""
    import pygame

    height, width = pixels.shape[:2]
    picture = pygame.image.frombuffer(pixels.tobytes(), (width, height), "RGB")
    target = window.get_surface()
    if target.get_size() != (width, height):
        factor = min(target.get_width() / width, target.get_height() / height)
        size = (max(1, int(width * factor)), max(1, int(height * factor)))
        # Pixels that become large are meant to be seen as such.
        scaled = pygame.transform.scale if factor >= 2 else pygame.transform.smoothscale
        picture = scaled(picture, size)
        target.fill((0, 0, 0))
    left = (target.get_width() - picture.get_width()) // 2
    top = (target.get_height() - picture.get_height()) // 2
    target.blit(picture, (left, top))
    window.flip()
