"""`AtariPreprocessing`: screens of Atari games as agents are given them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.core import ActType, Env, Wrapper
from dromos.snapshot import rules
from dromos.spaces import Box
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.autoreset import next_step_resets
from dromos.wrappers.rules.rewards import as_number
from dromos.wrappers.rules.screens import Screens, scratch

__all__ = ["AtariPreprocessing"]

_Array = npt.NDArray[Any]


class AtariPreprocessing(Wrapper[_Array, ActType, Any, ActType], RecordConstructorArgs):
    """Show Atari games as agents are mostly shown them, after Machado et al. (2018).

    A reset is followed by a random number of no-ops. An action is repeated `frame_skip` times,
    and the rewards summed. The last two screens, in the emulator's own grey, are laid over each
    other by their maximum, since games draw some objects on every other screen only, and shrunk
    by the mean over areas, in the same bits as OpenCV's ``INTER_AREA``.

    Where an episode ends before the last two repetitions, the screen at its end is shown alone.
    The default numbers are Gymnasium's.

    Machado et al., "Revisiting the Arcade Learning Environment: Evaluation Protocols and Open
    Problems for General Agents", JAIR 61 (2018).

    Attributes:
        lives: The player's lives after the last step or reset.
        game_over: Whether the last step ended the episode, or, with `terminal_on_life_loss`, a
            life.
    """

    snapshot_fields = {"lives": rules.count(), "game_over": rules.Flag()}  # noqa: RUF012

    @recorded
    def __init__(
        self,
        env: Env[Any, ActType],
        noop_max: int = 30,
        frame_skip: int = 4,
        screen_size: int | tuple[int, int] = 84,
        terminal_on_life_loss: bool = False,
        grayscale_obs: bool = True,
        grayscale_newaxis: bool = False,
        scale_obs: bool = False,
        *,
        maxpool: bool = True,
    ) -> None:
        """Wrap `env`.

        Args:
            env: An Atari environment, with the emulator as its attribute ``ale``, that skips no
                frames itself (``frameskip=1``).
            noop_max: The most no-ops after a reset, 0 for none; else at least one is done.
            frame_skip: How often an action is repeated.
            screen_size: The width and height of observations in pixels, or a pair of both.
            terminal_on_life_loss: Whether the loss of a life terminates the episode.
            grayscale_obs: Whether observations are grey, (height, width), instead of
                (height, width, 3).
            grayscale_newaxis: Whether grey observations get a last axis, (height, width, 1).
            scale_obs: Whether observations are float32 from 0 to 1 instead of uint8.
            maxpool: Whether the last two screens of a step are laid over each other; otherwise
                the last is shown.

        Raises:
            ValueError: If a number is out of range, `env` skips frames too, or no-ops are wanted
                of an environment whose action 0 is none.
            TypeError: If `env` has no emulator.
        """
        super().__init__(env)
        _check_env(env, noop_max, frame_skip)
        self.noop_max = noop_max
        self.frame_skip = frame_skip
        self.screen_size = _width_and_height(screen_size)
        self.terminal_on_life_loss = terminal_on_life_loss
        self.grayscale_obs = grayscale_obs
        self.grayscale_newaxis = grayscale_newaxis
        self.scale_obs = scale_obs
        self.maxpool = maxpool
        self.lives = 0
        self.game_over = False

        self._reader: Screens | None = None
        self._stepping: Any = None
        self._game: Any = None  # what is stepped, if nobody between wants to see it
        self._before: _Array | None = None
        self._screen_shape = (*self._screens_of_game().shape, *(() if grayscale_obs else (3,)))
        self.observation_space = self._observations()

    def _screens_of_game(self) -> Screens:
        """Return what reads the emulator's screens."""
        game: Any = self._game or self.env.unwrapped
        if hasattr(type(game), "screens"):
            own: Screens = game.screens
            return own
        if self._reader is None or self._reader.ale is not game.ale:
            self._reader = Screens(game.ale)
        return self._reader

    def __getstate__(self) -> dict[str, Any]:
        # What belongs to this stack's own game is found anew by a copy's.
        return {**self.__dict__, "_reader": None, "_stepping": None, "_game": None}

    def _observations(self) -> Box[Any]:
        """Return the space of what is shown."""
        channels = ((1,) if self.grayscale_newaxis else ()) if self.grayscale_obs else (3,)
        shape = (*self.screen_size[::-1], *channels)
        return Box(0, 1, shape, np.float32) if self.scale_obs else Box(0, 255, shape, np.uint8)

    @property
    def ale(self) -> Any:
        """The emulator, an ``ale_py.ALEInterface``."""
        return self.env.unwrapped.ale  # type: ignore[attr-defined]

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[_Array, dict[str, Any]]:
        """Reset the environment and do a random number of no-ops.

        Should they end the episode, the environment is reset again and the rest done there.
        """
        _, info = self.env.reset(seed=seed, options=options)
        noops = self.np_random.integers(1, self.noop_max + 1) if self.noop_max else 0
        for _ in range(noops):
            _, _, terminated, truncated, step_info = self.env.step(0)  # type: ignore[arg-type]
            info.update(step_info)
            if terminated or truncated:
                _, info = self.env.reset(seed=seed, options=options)
        self.lives = self.ale.lives()
        self.game_over = False
        return self._observation(None), info

    def step(self, action: ActType) -> tuple[_Array, float, bool, bool, dict[str, Any]]:
        """Step the environment `frame_skip` times, or until the episode ends."""
        if self.env.step != self._stepping:
            self._stepping, self._game = self.env.step, _game_of(self.env)
        game = self._game
        self._before = None
        if game is None or self.terminal_on_life_loss:
            total, terminated, truncated, info = self._stepped(action)
        else:
            between = self._keep_screen if self.maxpool else None
            total, terminated, truncated = game.advance(action, self.frame_skip, between)
            self.game_over, info = terminated, game._get_info()
        before, self._before = self._before, None
        return self._observation(before), total, terminated, truncated, info

    def _stepped(self, action: ActType) -> tuple[float, bool, bool, dict[str, Any]]:
        """Do the steps one by one, where something has to be done after each of them."""
        total, terminated, truncated = 0.0, False, False
        info: dict[str, Any] = {}
        frames = 1 if next_step_resets(self.env) else self.frame_skip
        for left in range(frames - 1, -1, -1):
            if self._game is None:
                _, reward, terminated, truncated, info = self.env.step(action)
            else:
                reward, terminated, truncated = self._game.advance(action)
            total += as_number(reward)
            if self.terminal_on_life_loss:
                lives = self.ale.lives()
                terminated = terminated or lives < self.lives
                self.lives = lives
            self.game_over = terminated
            if terminated or truncated:
                break
            if left == 1 and self.maxpool:
                self._keep_screen()
        if self._game is not None:
            info = self._game._get_info()
        return total, terminated, truncated, info

    def _keep_screen(self) -> None:
        """Keep the present screen, to lay the next over it."""
        screens = self._screens_of_game()
        screen = scratch("before", self._screen_shape)
        self._before = (screens.grey if self.grayscale_obs else screens.rgb)(screen)

    def _observation(self, before: _Array | None) -> _Array:
        """Return the observation made of the present screen, and of the one before it."""
        screens = self._screens_of_game()
        obs: _Array = screens.shrunk(before, not self.grayscale_obs, self.screen_size)
        if self.scale_obs:
            obs = obs.astype(np.float32)
            obs /= 255.0
        return obs[..., np.newaxis] if self.grayscale_obs and self.grayscale_newaxis else obs


def _game_of(env: Any) -> Any:
    """Return a game that can be moved without showing its screen; None if a step must be a step.

    It must be one where a wrapper between this one and the game, a subclass of the game, or
    somebody who has replaced its ``step``, does something in it.
    """
    game: Any = env.unwrapped
    stepping: Any = getattr(env.step, "__self__", None)
    if stepping is not game:
        return None
    for cls in type(game).__mro__:
        if "advance" in vars(cls) or "step" in vars(cls):
            own = vars(cls).get("step") is getattr(env.step, "__func__", None)
            return game if own and "advance" in vars(cls) else None
    return None


def _check_env(env: Any, noop_max: int, frame_skip: int) -> None:
    game = env.unwrapped
    if frame_skip <= 0:
        raise ValueError(f"Expect the `frame_skip` to be positive, actually: {frame_skip}")
    if noop_max < 0:
        raise ValueError(f"Expect the `noop_max` to be non-negative, actually: {noop_max}")
    # Asked of the class first: games of ours load when somebody takes their emulator.
    if not hasattr(type(game), "ale") and not hasattr(game, "ale"):
        raise TypeError(
            "AtariPreprocessing needs an Atari environment, whose attribute `ale` is the emulator; "
            f"found {game}"
        )
    own_skip = getattr(game, "_frameskip", None)
    if frame_skip > 1 and own_skip != 1:
        raise ValueError(
            f"AtariPreprocessing skips frames, and {game} does too (frameskip={own_skip}): make "
            "the environment with frameskip=1"
        )
    if noop_max > 0 and game.get_action_meanings()[0] != "NOOP":
        raise ValueError(
            "When noop_max > 0, the first action meaning must be 'NOOP', found "
            f"{game.get_action_meanings()[0]!r}"
        )


def _width_and_height(screen_size: int | tuple[int, int]) -> tuple[int, int]:
    size = screen_size if isinstance(screen_size, tuple) else (screen_size, screen_size)
    if len(size) != 2 or any(not isinstance(n, (int, np.integer)) or n <= 0 for n in size):
        raise ValueError(f"Expect the `screen_size` to be positive, actually: {screen_size}")
    return int(size[0]), int(size[1])
