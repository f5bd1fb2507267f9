"""Which Atari games there are, and the ids they have, made a family at a time.

The ids are those of ale-py, and the ones that Gym had before: ``Deterministic`` and ``-ram``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dromos.registration import EnvSpec, get_env_id

__all__ = ["GAMES", "SINGLE_PLAYER", "families", "family"]

_ENTRY_POINT = "dromos.envs.atari:AtariEnv"
_VECTOR = "dromos.presets.atari_vector:AtariVectorEnv"

#: The games that Gym has had since 2016, by the names of their ROMs: ids of versions 0 and 4.
_OF_2016 = (
    "adventure air_raid alien amidar assault asterix asteroids atlantis bank_heist battle_zone "
    "beam_rider berzerk bowling boxing breakout carnival centipede chopper_command crazy_climber "
    "defender demon_attack double_dunk elevator_action enduro fishing_derby freeway frostbite "
    "gopher gravitar hero ice_hockey jamesbond journey_escape kangaroo krull kung_fu_master "
    "montezuma_revenge ms_pacman name_this_game phoenix pitfall pong pooyan private_eye qbert "
    "riverraid road_runner robotank seaquest skiing solaris space_invaders star_gunner tennis "
    "time_pilot tutankham up_n_down venture video_pinball wizard_of_wor yars_revenge zaxxon"
)

_SINCE = (
    "atlantis2 backgammon basic_math blackjack casino crossbow darkchambers donkey_kong earthworld "
    "entombed et flag_capture frogger galaxian hangman haunted_house human_cannonball kaboom "
    "keystone_kapers king_kong klax koolaid laser_gates lost_luggage mario_bros miniature_golf "
    "mr_do othello pacman pitfall2 sir_lancelot space_war superman surround tetris tic_tac_toe_3d "
    "trondead turmoil video_checkers video_chess video_cube word_zapper"
)

#: Games that need two players, which `ale_py` has for PettingZoo: no id stands for them.
_FOR_TWO = ("combat", "joust", "maze_craze", "warlords")

SINGLE_PLAYER = tuple(sorted([*_OF_2016.split(), *_SINCE.split()]))
GAMES = tuple(sorted([*SINGLE_PLAYER, *_FOR_TWO]))

#: Half an hour at 60 frames a second.
_MOST_FRAMES = 108_000

#: The probability with which a frame repeats the action of the one before, by version.
_STICKINESS = {0: 0.25, 4: 0.0, 5: 0.25}


def _title(game: str) -> str:
    """Return a game's name as ids have it: ``ms_pacman`` is ``MsPacman``."""
    return game.title().replace("_", "")


def _spec(
    game: str, namespace: str | None, name: str, version: int, frameskip: Any, obs_type: str
) -> EnvSpec:
    kwargs: dict[str, Any] = {
        "game": game,
        "repeat_action_probability": _STICKINESS[version],
        "full_action_space": False,
        "frameskip": frameskip,
        "max_num_frames_per_episode": _MOST_FRAMES,
    }
    if obs_type != "rgb":
        kwargs["obs_type"] = obs_type
    env_id = get_env_id(namespace, name, version)
    vector = _VECTOR if namespace is not None and obs_type == "rgb" else None
    return EnvSpec(env_id, _ENTRY_POINT, kwargs=kwargs, vector_entry_point=vector)


def _specs(game: str) -> Iterator[EnvSpec]:
    title = _title(game)
    # Three frames, not four: with four, lasers that are drawn every fourth frame are never seen.
    deterministic = 3 if game == "space_invaders" else 4
    for infix, obs_type in (("", "rgb"), ("-ram", "ram")):
        yield _spec(game, "ALE", title + infix, 5, 4, obs_type)
        if game in _OF_2016.split():
            for suffix, frameskip in (
                ("", (2, 5)),
                ("NoFrameskip", 1),
                ("Deterministic", deterministic),
            ):
                for version in (0, 4):
                    yield _spec(game, None, title + infix + suffix, version, frameskip, obs_type)


_GAME_OF_TITLE = {_title(game): game for game in SINGLE_PLAYER}
_SUFFIXES = ("NoFrameskip", "Deterministic", "-ram")


def families() -> Iterator[EnvSpec]:
    """Yield the specifications of all ids."""
    for game in SINGLE_PLAYER:
        yield from _specs(game)


def family(namespace: str | None, name: str) -> list[EnvSpec]:
    """Return the specifications of all versions of a name; none if no game has it."""
    title = name
    for suffix in _SUFFIXES:
        title = title.removesuffix(suffix)
    game = _GAME_OF_TITLE.get(title)
    specs = () if game is None else _specs(game)
    return [spec for spec in specs if (spec.namespace, spec.name) == (namespace, name)]
