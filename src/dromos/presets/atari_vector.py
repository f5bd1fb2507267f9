"""`AtariVectorEnv`: many games of the Atari 2600 at once, ready to train on, in worker processes.

The emulator holds the interpreter's lock while it runs, so that threads would wait for each other.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from dromos.arguments import flag, whole
from dromos.core import Env
from dromos.error import Error
from dromos.presets.applying import lane_of, manifest
from dromos.presets.catalogue import atari_layers
from dromos.presets.preset import Layer, Preset
from dromos.registration.lane_values import values_of_lanes
from dromos.spaces import Box
from dromos.vector import AsyncVectorEnv, AutoresetMode

__all__ = ["AtariVectorEnv"]

_ENV = "dromos.envs.atari:AtariEnv"


class AtariVectorEnv(AsyncVectorEnv[Any, Any]):
    """Games in lanes, each the single environment in the wrappers of a preset.

    Lane ``i`` gives the observations, rewards and infos that ``dromos.presets.make`` gives for the
    same game, preset and seed, bit for bit. Without a preset the arguments are those of ale-py's
    vector, and the lanes the wrappers that they name.

    Observations are uint8 (n, stack, height, width), with (…, 3) in colour.
    """

    def __init__(
        self,
        game: str,
        num_envs: int,
        max_episode_steps: int | None = None,
        *,
        preset: str | Mapping[str, Any] | None = None,
        mode: int | Sequence[int] | None = None,
        difficulty: int | Sequence[int] | None = None,
        max_num_frames_per_episode: int | None = 108_000,
        repeat_action_probability: float = 0.0,
        full_action_space: bool = False,
        continuous: bool = False,
        continuous_action_threshold: float = 0.5,
        obs_type: str = "rgb",
        render_mode: str | None = None,
        frameskip: int | tuple[int, int] = 4,
        img_height: int = 84,
        img_width: int = 84,
        grayscale: bool = True,
        stack_num: int = 4,
        maxpool: bool = True,
        noop_max: int = 30,
        episodic_life: bool = False,
        life_loss_info: bool = False,
        reward_clipping: bool = True,
        use_fire_reset: bool = True,
        num_threads: int = 0,
        thread_affinity_offset: int = -1,
        batch_size: int | None = None,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        params: Mapping[str, Any] | None = None,
        **workers: Any,
    ) -> None:
        """Start workers, which make the games.

        Args:
            game: The name of the ROM, as ``"ms_pacman"``.
            num_envs: The number of lanes.
            max_episode_steps: After how many steps of the game, before any wrapper, an episode is
                truncated, as for `dromos.make`; None for no limit.
            preset: The name of a preset for Atari games, or a manifest; with it the arguments
                from `img_height` to `use_fire_reset` have nothing to say.
            mode: A mode of the game, or one for each lane.
            difficulty: A difficulty of the game, or one for each lane.
            max_num_frames_per_episode: As for `AtariEnv`.
            repeat_action_probability: As for `AtariEnv`.
            full_action_space: As for `AtariEnv`.
            continuous: As for `AtariEnv`.
            continuous_action_threshold: As for `AtariEnv`.
            obs_type: As for `AtariEnv`; only of consequence with presets that keep it.
            render_mode: As for `AtariEnv`.
            frameskip: For how many frames an action is done; with a preset, what the game skips
                besides the preset.
            img_height: The height of observations in pixels.
            img_width: Their width.
            grayscale: Whether they are grey.
            stack_num: How many of them are stacked; before the first there are zeros.
            maxpool: Whether the last two frames of a step are laid over each other.
            noop_max: The most no-ops after a reset.
            episodic_life: Whether the loss of a life ends the episode and the game: the next
                episode is a new game, as with ale-py.
            life_loss_info: Whether the loss of a life ends the episode, but not the game, which
                goes on in the next one; without effect where `episodic_life` ends it.
            reward_clipping: Whether rewards are cut off at -1 and 1.
            use_fire_reset: Whether fire is pressed after a reset, where a game has it.
            num_threads: The number of workers, 0 for one a processor.
            thread_affinity_offset: Without effect: the system places processes.
            batch_size: How many lanes `recv` returns; None or 0 for all.
            autoreset_mode: When a lane whose episode has ended is reset.
            params: Further arguments of `AtariEnv`: name to one value or to one a lane.
            **workers: Further arguments of `AsyncVectorEnv`.

        Raises:
            Error: If a number of modes or difficulties is not that of the lanes, an argument is
                not supported, or the preset does not fit the game.
        """
        game_kwargs = {
            "game": game,
            "max_num_frames_per_episode": max_num_frames_per_episode,
            "repeat_action_probability": repeat_action_probability,
            "full_action_space": full_action_space,
            "continuous": continuous,
            "continuous_action_threshold": continuous_action_threshold,
            "obs_type": obs_type,
            "render_mode": render_mode,
            "frameskip": frameskip if preset is not None else 1,
        }
        limit = None if max_episode_steps is None else whole("max_episode_steps", max_episode_steps)
        if preset is None:
            life = flag("episodic_life", episodic_life)
            stack = _preset_of(
                noop_max,
                frameskip,
                stack_num,
                {
                    "screen_size": (img_width, img_height),
                    "grayscale_obs": flag("grayscale", grayscale),
                    "maxpool": flag("maxpool", maxpool),
                    "terminal_on_life_loss": life,
                },
                a_life_is_an_episode=flag("life_loss_info", life_loss_info) and not life,
                reward_clipping=flag("reward_clipping", reward_clipping),
                use_fire_reset=flag("use_fire_reset", use_fire_reset),
            ).manifest()
        else:
            stack = manifest(preset)
        modes = _each("mode", mode, num_envs)
        difficulties = _each("difficulty", difficulty, num_envs)
        makers = [
            partial(_lane, stack, {**game_kwargs, "mode": own, "difficulty": hard, **more}, limit)
            for own, hard, more in zip(
                modes, difficulties, values_of_lanes(params, num_envs), strict=True
            )
        ]
        if num_threads:
            workers.setdefault("num_workers", num_threads)
        super().__init__(
            makers, batch_size=batch_size or None, autoreset_mode=autoreset_mode, **workers
        )


#: The boxes of pictures in the lanes of this process, one of each kind.
_boxes: list[Box[Any]] = []


def _lane(
    stack: Mapping[str, Any], game_kwargs: Mapping[str, Any], limit: int | None
) -> Env[Any, Any]:
    """Return a game in its wrappers; equal boxes of lanes share their bounds, 0.5 MiB a lane."""
    env = lane_of(_ENV, stack, game_kwargs, limit)
    layer: Any = env
    while layer is not None:
        for space in vars(layer).values():
            if isinstance(space, Box):
                _share_bounds(space)
        layer = vars(layer).get("env")
    return env


def _share_bounds(box: Box[Any]) -> None:
    known = next((other for other in _boxes if other == box), None)
    if known is None:
        _boxes.append(box)
        box.low.flags.writeable = box.high.flags.writeable = False
    elif known is not box:
        for name in ("low", "high", "_limited_below", "_limited_above"):
            setattr(box, name, getattr(known, name))


def _preset_of(
    noop_max: int,
    frameskip: Any,
    stack_num: int,
    shown: dict[str, Any],
    *,
    a_life_is_an_episode: bool,
    reward_clipping: bool,
    use_fire_reset: bool,
) -> Preset:
    """Return the wrappers that the arguments of ale-py's vector name."""
    _check_skip(frameskip)
    screens, life, clip, stack = atari_layers(noop_max, frameskip, "zero")
    screens.kwargs.update(shown)
    stack.kwargs.update(stack_size=stack_num)
    fire = Layer("dromos.compat.ding:FireResetWrapper", {"actions": [1]}, only_with_action="FIRE")
    wanted = (
        (screens, True),
        (life, a_life_is_an_episode),
        (fire, use_fire_reset),
        (clip, reward_clipping),
        (stack, True),
    )
    return Preset(
        name="arguments",
        version=1,
        description="The wrappers that the arguments of a vector name.",
        sources=("ale_py.vector_env.AtariVectorEnv, for the names",),
        env_kwargs={},
        layers=tuple(layer for layer, is_wanted in wanted if is_wanted),
    )


def _check_skip(frameskip: Any) -> None:
    if not isinstance(frameskip, (int, np.integer)) or isinstance(frameskip, bool):
        raise Error(
            f"Expected frameskip to be a number of frames, found {frameskip!r}: a vector whose "
            "screens are made from the last two frames of a step cannot draw it"
        )


def _each(name: str, value: Any, lanes: int) -> list[Any]:
    """Return one value a lane."""
    if value is None or isinstance(value, (int, np.integer)):
        return [value] * lanes
    try:
        if isinstance(value, (set, frozenset, Mapping)):  # whose values have no order
            raise TypeError
        values = [None if each is None else operator.index(each) for each in value]
    except TypeError:
        raise Error(
            f"Expected {name} to be a number, or one for each lane, found {value!r}"
        ) from None
    if len(values) != lanes:
        raise Error(f"Expected one {name} for each of {lanes} lanes, found {len(values)}")
    return values
