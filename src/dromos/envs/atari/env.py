"""`AtariEnv`: games of the Atari 2600, by the emulator of ale-py."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Literal, SupportsFloat, TypeAlias

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from dromos import seeding
from dromos.env import Env, RenderFrame, takes_no_arguments
from dromos.envs.atari.actions import action_of_stick, keys_of, position_of_stick
from dromos.envs.atari.arguments import checked_arguments
from dromos.envs.atari.console import Console
from dromos.error import InvalidAction, UnsupportedMode
from dromos.render.frames import checked_size
from dromos.render.window import Window
from dromos.snapshot import Writes, at, rules
from dromos.spaces import Box, Dict, Discrete

__all__ = ["AtariEnv"]

_Pixels = NDArray[np.uint8]
_Observation: TypeAlias = "_Pixels | dict[str, _Pixels]"

#: Frames a second of the console.
_CONSOLE_FPS = 60


class AtariEnv(Env[Any, Any]):
    """A game of the Atari 2600, emulated by ale-py.

    An action is done for `frameskip` frames, and the rewards of the frames are summed. With some
    probability a frame repeats the action of the frame before instead (sticky actions).
    Observations are screens, uint8 (210, 160, 3) or (210, 160), or the console's memory,
    uint8 (128,). ``info`` holds ``lives``, ``episode_frame_number`` and ``frame_number``, and
    after a reset with a seed ``seeds``, those of the frame skip and of the emulator.

    The same seed and actions give the frames, rewards and infos of ale-py's own environment.

    Machado et al., "Revisiting the Arcade Learning Environment: Evaluation Protocols and Open
    Problems for General Agents", JAIR 61 (2018).

    Attributes:
        ale: The emulator, an ``ale_py.ALEInterface``.
        continuous: Whether actions are positions of the stick instead of numbers.
        continuous_action_threshold: Beyond which a push of the stick counts.
        sound_obs: Whether observations are dicts of ``image`` and ``sound``, uint8 (512,).
    """

    # 30, as users know it of ale-py: the rate of videos. The console has 60 frames a second.
    metadata: dict[str, Any] = {"render_modes": ["human", "rgb_array"], "render_fps": 30}  # noqa: RUF012

    snapshot_fields = {  # noqa: RUF012  (nobody changes it)
        "action_space": rules.SpaceGenerators(),
        "observation_space": rules.SpaceGenerators(),
    }
    snapshot_exclude = frozenset(
        {"_console", "_window", "_action_set", "_arguments", "render_size"}
    )

    def __init__(
        self,
        game: str,
        mode: int | None = None,
        difficulty: int | None = None,
        obs_type: Literal["rgb", "grayscale", "ram"] = "rgb",
        frameskip: tuple[int, int] | int = 4,
        repeat_action_probability: float = 0.25,
        full_action_space: bool = False,
        continuous: bool = False,
        continuous_action_threshold: float = 0.5,
        max_num_frames_per_episode: int | None = None,
        render_mode: Literal["human", "rgb_array"] | None = None,
        sound_obs: bool = False,
        render_size: tuple[int, int] | None = None,
    ) -> None:
        """Choose a game; the emulator loads it when it is first needed.

        Args:
            game: The name of the ROM, as ``"ms_pacman"``.
            mode: One of the game's modes; None for its first.
            difficulty: One of the game's difficulties; None for its first.
            obs_type: ``"rgb"``, ``"grayscale"`` or ``"ram"``.
            frameskip: For how many frames an action is done; a pair is drawn from at each step,
                the second number not included.
            repeat_action_probability: The probability with which a frame repeats the action of
                the one before.
            full_action_space: Whether all 18 actions of the console can be given, instead of
                those that do something in the game.
            continuous: Whether actions are positions of the stick: float32 (3,) of radius, angle
                and button.
            continuous_action_threshold: Beyond which a push of the stick or the button counts.
            max_num_frames_per_episode: After how many frames an episode is truncated; None for
                no limit.
            render_mode: ``"human"`` for a window, with sound, at the speed of the console;
                ``"rgb_array"``; or None.
            sound_obs: Whether observations include the sound of the last frame.
            render_size: Width and height of frames in pixels, those of the console repeated; None
                for its 160 x 210. Observations keep their size.

        Raises:
            DependencyNotInstalled: If ale-py is missing.
            Error: If there is no such game or no ROM of it, the game lacks the mode or
                difficulty, or another argument is out of range.
        """
        given: dict[str, Any] = {
            "game": game,
            "mode": mode,
            "difficulty": difficulty,
            "obs_type": obs_type,
            "frameskip": frameskip,
            "repeat_action_probability": repeat_action_probability,
            "full_action_space": full_action_space,
            "continuous": continuous,
            "continuous_action_threshold": continuous_action_threshold,
            "max_num_frames_per_episode": max_num_frames_per_episode,
            "render_mode": render_mode,
            "sound_obs": sound_obs,
            "render_size": render_size,
        }
        own = self._arguments = checked_arguments(given, self.metadata["render_modes"])
        self.render_size = None if render_size is None else checked_size("render_size", render_size)
        self.render_mode = render_mode
        self.continuous: bool = own["continuous"]
        self.continuous_action_threshold: float = own["continuous_action_threshold"]
        self.sound_obs: bool = own["sound_obs"]
        self._game, self._game_mode, self._game_difficulty = game, own["mode"], own["difficulty"]
        self._obs_type = obs_type
        self._frameskip: int | tuple[int, int] = own["frameskip"]
        self._build()
        self.seed_game()

    def _build(self) -> None:
        """Get a console, and what depends on the game in it."""
        arguments = self._arguments
        settings: dict[str, bool | int | float] = {
            "repeat_action_probability": arguments["repeat_action_probability"],
            "sound": self.render_mode == "human",
            "sound_obs": self.sound_obs,
        }
        if (limit := arguments["max_num_frames_per_episode"]) is not None:
            settings["max_num_frames_per_episode"] = limit
        self._console = Console(self._game, self._game_mode, self._game_difficulty, settings)
        facts = self._console.facts
        whole = arguments["full_action_space"] or self.continuous
        self._action_set = list(facts.legal if whole else facts.minimal)
        self._window: Window | None = None
        if not hasattr(self, "action_space"):
            self.action_space = self._actions_to_give()
            self.observation_space = self._observations()

    def _actions_to_give(self) -> Box[Any] | Discrete:
        if not self.continuous:
            return Discrete(len(self._action_set))
        low = np.array([0.0, -np.pi, 0.0], np.float32)
        return Box(low, np.array([1.0, np.pi, 1.0], np.float32), dtype=np.float32)

    def _observations(self) -> Box[Any] | Dict:
        facts = self._console.facts
        shapes = {"rgb": (*facts.screen, 3), "grayscale": facts.screen, "ram": (facts.ram,)}
        image = Box(0, 255, shapes[self._obs_type], np.uint8)
        if not self.sound_obs:
            return image
        return Dict(image=image, sound=Box(0, 255, (facts.sound,), np.uint8))

    @property
    def ale(self) -> Any:
        """The emulator, with the game loaded: an ``ale_py.ALEInterface``."""
        return self._console.ale

    @property
    def screens(self) -> Any:
        """What reads the emulator's screens."""
        return self._console.screens

    def seed_game(self, seed: int | None = None) -> tuple[np.uint32, np.uint32]:
        """Seed the frame skip and the emulator, which loads the game anew with it.

        Returns:
            Both seeds.
        """
        skip, emulator = np.random.SeedSequence(seed).generate_state(2)
        self._np_random, _ = seeding.np_random(int(skip))
        self._console.seed(int(emulator.astype(np.int32)))
        return skip, emulator

    def load_game(self) -> None:
        """Load the game into the emulator."""
        self._console.load()

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[_Observation, dict[str, Any]]:
        """Start a game, as `Env.reset` says; with a seed it is loaded anew.

        Raises:
            Error: If the seed is not an integer ≥ 0.
            TypeError: If the options are no dict; a game takes none of them.
        """
        if options is not None and not isinstance(options, Mapping):
            raise TypeError(f"Expected the reset options to be a dict, got {options!r:.200}")
        super().reset(seed=seed)
        seeds = None if seed is None else self.seed_game(seed)
        self._console.start()
        info = self._get_info()
        if seeds is not None:
            info["seeds"] = seeds
        if self.render_mode == "human":
            self._show()
        return self._get_obs(), info

    def step(self, action: Any) -> tuple[_Observation, SupportsFloat, bool, bool, dict[str, Any]]:
        """Do an action for `frameskip` frames, as `Env.step` says.

        Raises:
            InvalidAction: If it is not an element of `action_space`.
        """
        reward, terminated, truncated = self.advance(action)
        return self._get_obs(), reward, terminated, truncated, self._get_info()

    def advance(
        self, action: Any, times: int = 1, between: Callable[[], object] | None = None
    ) -> tuple[float, bool, bool]:
        """Do what several steps do, fewer if one ends the episode, and show nothing of it.

        Args:
            action: As for `step`.
            times: The number of steps.
            between: Called before the last of several steps.

        Returns:
            The sum of the rewards, terminated and truncated.
        """
        chosen, strength = self._chosen(action)
        frames, console = self._frameskip, self._console
        shown, ale = self.render_mode == "human", console.ale
        act = self._shown_frames if shown else console.act
        reward = 0.0
        for left in range(times - 1, -1, -1):
            number = frames if isinstance(frames, int) else int(self.np_random.integers(*frames))
            reward += act(chosen, strength, number)
            if ale.game_over():
                break
            if left == 1 and between is not None:
                between()
        else:
            return reward, False, False
        return reward, ale.game_over(with_truncation=False), ale.game_truncated()

    def _chosen(self, action: Any) -> tuple[Any, float]:
        """Return the emulator's action, and with which strength."""
        if self.continuous:
            if action not in self.action_space:
                raise self._invalid(action)
            position = position_of_stick(action, self.continuous_action_threshold)
            return self.map_action_idx(*position), float(action[0])
        try:
            index = operator.index(action)
            if index < 0:
                raise IndexError
            return self._action_set[index], 1.0
        except (TypeError, IndexError):
            raise self._invalid(action) from None

    def _invalid(self, action: Any) -> InvalidAction:
        return InvalidAction(
            f"{action!r} of type {type(action).__name__} is not an action of {self}: expected an "
            f"element of {self.action_space}"
        )

    @staticmethod
    def map_action_idx(left_center_right: int, down_center_up: int, fire: bool) -> Any:
        """Return the ``ale_py.Action`` of a stick, -1, 0 or 1 each way, and its button.

        Raises:
            LookupError: If a stick has no such position.
        """
        return action_of_stick(left_center_right, down_center_up, fire)

    def _get_obs(self) -> _Observation:
        """Return the observation of the present."""
        if self._obs_type == "rgb":
            image = self._console.screens.rgb()
        elif self._obs_type == "grayscale":
            image = self._console.screens.grey()
        else:
            image = self._console.ale.getRAM()
        return {"image": image, "sound": self._console.sound()} if self.sound_obs else image

    def _get_info(self) -> dict[str, Any]:
        """Return the info of the present."""
        ale = self._console.ale
        return {
            "lives": ale.lives(),
            "episode_frame_number": ale.getEpisodeFrameNumber(),
            "frame_number": ale.getFrameNumber(),
        }

    @takes_no_arguments
    def render(self) -> RenderFrame | None:
        """Return the screen in colour, or None in the mode ``"human"``: the window follows itself.

        Raises:
            UnsupportedMode: If the environment was made without a render mode.
        """
        if self.render_mode == "rgb_array":
            frame = self._console.screens.rgb()
            if self.render_size is None:
                return frame
            (width, height), lines, columns = self.render_size, *frame.shape[:2]
            rows = np.arange(height) * lines // height
            larger: _Pixels = frame[rows[:, None], np.arange(width) * columns // width]
            return larger
        if self.render_mode == "human":
            return None
        raise UnsupportedMode(
            f"{self} was made without a render mode and shows nothing. Make it with "
            'render_mode="rgb_array" or "human"'
        )

    def _shown_frames(self, action: Any, strength: float, frames: int) -> float:
        reward = 0.0
        for _ in range(frames):
            reward += self._console.act(action, strength, 1)
            self._show()
        return reward

    def _show(self) -> None:
        """Show the screen in the window, in the time of the console."""
        if self._window is None:
            height, width = self._console.facts.screen
            # Pixels of the console are twice as wide as high.
            self._window = Window(str(self), (4 * width, 2 * height), _CONSOLE_FPS)
        self._window.show(self._console.screens.rgb())

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()
            self._window = None

    @property
    def sound_rate(self) -> int | None:
        """Samples a second of the sound; None if the game was made without ``sound_obs=True``."""
        return self._console.facts.sound * _CONSOLE_FPS if self.sound_obs else None

    def listen(self, wanted: bool) -> None:
        """Keep the sound of every frame from now on, for `take_sound`; or no more."""
        self._console.heard = [] if wanted else None

    def take_sound(self) -> _Pixels:
        """Return the sound of all frames since the last call or `listen`, uint8 (n,)."""
        heard, self._console.heard = self._console.heard, []
        return np.concatenate(heard) if heard else np.empty(0, np.uint8)

    def get_action_meanings(self) -> list[str]:
        """Return what the actions mean, in their order, as ``"NOOP"``, ``"FIRE"``, ``"UP"``."""
        return [action.name for action in self._action_set]

    def get_keys_to_action(self) -> dict[tuple[str, ...], int]:
        """Return which keys mean which actions: w, a, s, d, the space bar for fire, e for none.

        Raises:
            AttributeError: If actions are positions of the stick.
        """
        if self.continuous:
            raise AttributeError(
                f"{self} has continuous actions, for which no keys stand: make it with "
                "continuous=False to play it"
            )
        return keys_of(self._action_set)

    def told_game(self) -> dict[str, Any]:
        """Return what is played and how, for records: with the ROM's checksum, as plain data."""
        console, arguments = self._console, self._arguments
        named = ("frameskip", "repeat_action_probability", "max_num_frames_per_episode")
        skip = self._frameskip
        return {
            "rom": self._game,
            "md5": console.checksum(),
            "mode": console.facts.modes[0] if self._game_mode is None else self._game_mode,
            "difficulty": (
                console.facts.difficulties[0]
                if self._game_difficulty is None
                else self._game_difficulty
            ),
            "actions": self.get_action_meanings(),
            **{name: arguments[name] for name in named},
            "frameskip": skip if isinstance(skip, int) else list(skip),
        }

    def clone_state(self, include_rng: bool = False) -> Any:
        """Return the state of the emulator, an ``ale_py.ALEState``, without what is around it.

        `snapshot` holds more: the action that is repeated, the screen, the frame skip's generator.

        Args:
            include_rng: Whether it includes the generator of sticky actions.
        """
        return self.ale.cloneState(include_rng=include_rng)

    def restore_state(self, state: Any) -> None:
        """Take over a state: an ``ale_py.ALEState`` of `clone_state`, or that of a snapshot."""
        if isinstance(state, dict):
            super().restore_state(state)
        else:
            self._console.restore(state)

    def judge_state(self, state: dict[str, Any]) -> Writes:
        """Return what takes over the result of `snapshot_state`, after looking at all of it."""
        own = dict(state)
        with at(".console"):
            console = self._console.judge(own.pop("console", None))
        return [console, *super().judge_state(own)]

    def snapshot_state(self) -> dict[str, Any]:
        """Return the Python attributes and, under ``"console"``, what decides the emulator."""
        return {**super().snapshot_state(), "console": self._console.state()}

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.__dict__.items() if name not in _REBUILT}
        return {**kept, "_console": self._console.state()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update({name: value for name, value in state.items() if name != "_console"})
        self._build()
        self._console.set_state(state["_console"])

    def __copy__(self) -> Self:
        raise TypeError(
            f"{type(self).__name__} cannot be copied shallowly: two environments would share one "
            "emulator. Use clone() or copy.deepcopy()"
        )


#: Attributes that are rebuilt, not stored, when an environment is copied or pickled.
_REBUILT = frozenset({"_console", "_window", "_action_set"})
