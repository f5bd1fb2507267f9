"""`Console`: a game in the emulator, and everything that decides what it will do."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dromos.envs.atari.ale import imported_ale, load_rom, rom_path
from dromos.envs.atari.sticky import HeldAction
from dromos.error import Error, SnapshotError
from dromos.plain.errors import shown
from dromos.plain.randomness import check_bits
from dromos.wrappers.rules.screens import Screens

__all__ = ["Console", "Facts"]

#: How a Mersenne twister is written in a saved state: its words, and which of them is next.
_TWISTER = re.compile(rb"(?:\d+ ){624}\d+")


class Facts(NamedTuple):
    """What is known of a game once it has been loaded.

    Attributes:
        minimal: The actions that do something in it.
        legal: All actions of the console.
        modes: The modes it has.
        difficulties: The difficulties it has.
        screen: Height and width of its screens in pixels.
        ram: The bytes of the console's memory.
        sound: The samples of a frame's sound.
    """

    minimal: tuple[Any, ...]
    legal: tuple[Any, ...]
    modes: tuple[int, ...]
    difficulties: tuple[int, ...]
    screen: tuple[int, int]
    ram: int
    sound: int


#: Loading a game takes some 50 ms; what is only asked of it is asked once a process.
_known: dict[Path, Facts] = {}


class Console:
    """An ``ALEInterface`` with a game in it.

    The game is loaded when it is needed, which for most environments is when they are reset with
    a seed: the emulator takes a seed only while it loads.

    Attributes:
        game: The name of the ROM.
        path: The file of the ROM.
        facts: What is known of the game.
        screens: Reads its screens.
        sticky: The probability with which a frame repeats the action of the one before.
        heard: The sound of every frame while somebody listens, else None.
    """

    def __init__(
        self,
        game: str,
        mode: int | None,
        difficulty: int | None,
        settings: dict[str, bool | int | float],
    ) -> None:
        """Choose a game.

        Args:
            game: The name of the ROM.
            mode: One of the game's modes; None for its first.
            difficulty: One of the game's difficulties; None for its first.
            settings: Of the emulator, set before it loads.

        Raises:
            DependencyNotInstalled: If ale-py is missing.
            Error: If there is no such game, mode or difficulty, or no ROM.
        """
        self.game, self._mode, self._difficulty = game, mode, difficulty
        self.path = rom_path(game)
        ale_py = imported_ale()
        ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
        self._ale = ale_py.ALEInterface()
        for name, value in settings.items():
            {bool: self._ale.setBool, int: self._ale.setInt, float: self._ale.setFloat}[
                type(value)
            ](name, value)
        self.sticky = float(settings["repeat_action_probability"])
        self._held = HeldAction(self.sticky, (ale_py.Action.NOOP, 1.0))
        self._loaded = self._acted = False
        self._act = self._ale.act
        self.heard: list[NDArray[np.uint8]] | None = None
        self._tells_sound = bool(settings.get("sound_obs"))
        self._sound: NDArray[np.uint8] | None = None
        self.facts = self._facts()
        self.screens = Screens(self._ale, self.facts.screen)
        self._check("mode", mode, self.facts.modes)
        self._check("difficulty", difficulty, self.facts.difficulties)

    def _facts(self) -> Facts:
        if self.path not in _known:
            load_rom(self._ale, self.path)
            ale = self._ale
            _known[self.path] = Facts(
                tuple(ale.getMinimalActionSet()),
                tuple(ale.getLegalActionSet()),
                tuple(ale.getAvailableModes()),
                tuple(ale.getAvailableDifficulties()),
                tuple(ale.getScreenDims()),
                int(ale.getRAMSize()),
                int(ale.getAudioSize()) or 512,
            )
        return _known[self.path]

    def _check(self, name: str, value: int | None, available: tuple[int, ...]) -> None:
        if value is not None and value not in available:
            raise Error(
                f"The game {self.game!r} has no {name} {value!r}; it has "
                f"{', '.join(map(str, available))}"
            )

    @property
    def ale(self) -> Any:
        """The emulator, with the game loaded."""
        if not self._loaded:
            self.load()
        return self._ale

    def seed(self, seed: int) -> None:
        """Give the emulator a seed, 32 bits with a sign; the game is loaded anew with it."""
        self._ale.setInt("random_seed", seed)
        self._loaded = False

    def load(self) -> None:
        """Load the game, and choose its mode and difficulty."""
        load_rom(self._ale, self.path)
        self._loaded, self._acted = True, False
        if self._mode is not None:
            self._ale.setMode(self._mode)
        if self._difficulty is not None:
            self._ale.setDifficulty(self._difficulty)
        self._follow()

    def start(self) -> None:
        """Start a game."""
        self.ale.reset_game()
        self.screens.forget()
        self._sound = None
        self._follow()

    def _follow(self) -> None:
        """Follow the emulator's generator from where it is, with a no-op held."""
        if self.sticky:
            now = self._ale.cloneState(include_rng=True).serialize()
            self._held.follow(_twister_of_state(now))

    def act(self, action: Any, strength: float, frames: int) -> float:
        """Do an action for some frames; return what that earned."""
        if not self._loaded:
            self.load()
        act = self._act
        reward = 0.0
        for _ in range(frames):
            reward += act(action, strength)
            if self.heard is not None:
                self.heard.append(self._ale.getAudio())
        if self.sticky:
            self._held.note(action, strength, frames)
        self._acted = True
        self.screens.shown = self._sound = None
        return reward

    def state(self) -> dict[str, Any]:
        """Return everything that decides the future, as plain data.

        Raises:
            SnapshotError: If somebody has moved the emulator past this object, so that nobody
                knows which action it holds.
        """
        state = self.ale.cloneState(include_rng=True).serialize()
        held: tuple[int, float] | None = None
        if self.sticky:
            action, strength = self._held.settle()
            held = (action.value, float(strength))
            if not _same_stream(self._held.stream, _twister_of_state(state)):
                raise SnapshotError(
                    f"The emulator of {self.game!r} was moved by hand (ale.act or "
                    "ale.restoreState) since the game was started, and repeats actions: nobody "
                    "knows which action it would repeat. Take snapshots after steps of the "
                    "environment only, or after the next reset()"
                )
        return {
            "game": self.game,
            "console": state,
            "checksum": zlib.crc32(state),
            "held": held,
            "sound": self.sound() if self._tells_sound else None,
            **self.screens.state(),
        }

    def set_state(self, state: Any) -> None:
        """Go back to what `state` returned, in this or another process.

        Raises:
            SnapshotError: If it is no such state.
        """
        self.judge(state)()

    def judge(self, state: Any) -> Callable[[], None]:
        """Return what goes back to the result of `state`, read from anywhere.

        Raises:
            SnapshotError: If it is no such state.
        """
        ale_py = imported_ale()
        saved, wanted, screen, stream = _checked_state(state, ale_py)
        sound = _checked_sound(state.get("sound"), self.facts.sound)
        if state.get("game") != self.game or screen["screen"].shape != self.facts.screen:
            raise SnapshotError(
                f"Expected the state of a game of {self.game!r}, found one of "
                f"{shown(state.get('game'))}"
            )
        if (self.sticky > 0) == (wanted is None):
            raise SnapshotError(
                f"This state is of a {self.game!r} {'without' if self.sticky else 'with'} sticky "
                f"actions, and it goes on with repeat_action_probability={self.sticky}: make both "
                "alike"
            )

        def write() -> None:
            ale = self.ale
            # A console that never ran a frame forgets some of a state: hence a frame.
            if wanted is not None:
                self._hold(wanted)
            elif not self._acted:
                ale.act(ale_py.Action.NOOP)
            ale.restoreState(saved)
            self._acted = True
            if wanted is not None:
                self._held.follow(stream, wanted)
            self.screens.set_state(screen)
            self._sound = sound

        return write

    def _hold(self, wanted: tuple[Any, float]) -> None:
        """Make the emulator hold an action: only frames in which it takes one can do that."""
        ale = self.ale
        ale.reset_game()
        self._follow()
        for _ in range(max(1, self._held.frames_to_take())):
            ale.act(*wanted)

    def restore(self, saved: Any) -> None:
        """Give the emulator an ``ALEState``, as ``ALEInterface.restoreState`` does."""
        held = self._held.settle() if self.sticky else None
        self.ale.restoreState(saved)
        self.screens.forget()
        self._sound = None
        if held is not None:
            now = self._ale.cloneState(include_rng=True).serialize()
            self._held.follow(_twister_of_state(now), held)

    def checksum(self) -> str:
        """Return the MD5 checksum of the ROM, by which ale-py knows it."""
        return hashlib.md5(self.path.read_bytes(), usedforsecurity=False).hexdigest()

    def sound(self) -> NDArray[np.uint8]:
        """Return the sound of the last frame; after a state was restored, that of its last."""
        sound: NDArray[np.uint8] = self.ale.getAudio() if self._sound is None else self._sound
        return sound.copy()


def _checked_state(state: Any, ale_py: Any) -> tuple[Any, Any, dict[str, Any], dict[str, Any]]:
    """Return the parts of a state: the emulator's, the action held, the screen, the generator."""
    try:
        held = state["held"]
        wanted = None if held is None else (ale_py.Action(held[0]), float(held[1]))
        if wanted is not None and not 0.0 <= wanted[1] <= 1.0:
            raise ValueError("an action is done with a strength from 0 to 1")
        screen = {name: state[name] for name in ("screen", "bytes", "grey", "rgb")}
        if any(type(part) is not np.ndarray or part.dtype != np.uint8 for part in screen.values()):
            raise TypeError("screens and colours are arrays of uint8")
        colours = screen["grey"].shape
        if screen["bytes"].shape != colours or screen["rgb"].shape != (*colours, 3):
            raise ValueError("each byte of a screen has a grey and a colour")
        console = bytes(state["console"])
        if zlib.crc32(console) != state["checksum"]:  # the emulator would believe anything
            raise ValueError("the checksum is another")
        return ale_py.ALEState(console), wanted, screen, _twister_of_state(console)
    except (
        *(KeyError, TypeError, ValueError, IndexError, ArithmeticError),
        *(RuntimeError, SystemError),  # of the emulator
    ) as reason:
        raise SnapshotError(f"This is no state of an Atari game: {reason!r:.200}") from reason


def _checked_sound(sound: Any, samples: int) -> NDArray[np.uint8] | None:
    """Return the sound of a state's last frame; None of a game that tells none."""
    if sound is None:
        return None
    if type(sound) is np.ndarray and sound.dtype == np.uint8 and sound.shape == (samples,):
        return sound.copy()
    raise SnapshotError(f"Expected {samples} samples of sound, found {shown(sound)}")


def _twister_of_state(state: bytes) -> dict[str, Any]:
    """Return the generator of the environment in a saved state: the last that is in it."""
    found = _TWISTER.findall(state)
    if not found:
        raise SnapshotError("The state of the emulator holds no random generator")
    *key, pos = map(int, found[-1].split())
    stream = {"state": {"key": np.array(key, np.uint32), "pos": pos}}
    check_bits("MT19937", stream)
    return {"bit_generator": "MT19937", **stream}


def _same_stream(left: dict[str, Any], right: dict[str, Any]) -> bool:
    mine, theirs = left["state"], right["state"]
    return bool(mine["pos"] == theirs["pos"] and np.array_equal(mine["key"], theirs["key"]))
