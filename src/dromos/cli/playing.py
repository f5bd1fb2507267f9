"""``dromos play``: a window, the keys, and what the player earned."""

from __future__ import annotations

from functools import partial
from typing import Any, TypedDict

from dromos.cli.targets import made, named
from dromos.cli.terminal import lines, table
from dromos.error import UnsupportedMode
from dromos.play import play
from dromos.registration import make
from dromos.render.keys import key_codes, name_of

__all__ = ["EpisodePlayed", "played"]


class EpisodePlayed(TypedDict):
    """An episode that the player saw the end of."""

    steps: int
    total: float


def played(
    env_id: str,
    seed: int | None,
    fps: float | None,
    zoom: float | None,
    turns: bool | None,
    quiet: bool,
) -> list[EpisodePlayed]:
    """Let the user play and return what each episode brought.

    Args:
        env_id: An id, or ``"module:Class"``.
        seed: Seeds the first episode; None draws one.
        fps: Steps per second, None for what the environment says.
        zoom: Window pixels per pixel.
        turns: Whether the environment waits for keys; None if it does not say what no key means.
        quiet: Whether to print nothing.

    Raises:
        UnsupportedMode: If the environment draws no pictures or names no keys.
        DependencyNotInstalled: If pygame-ce is missing.
        NoDisplay: If there is no display.
    """
    episodes: list[EpisodePlayed] = []
    now = EpisodePlayed(steps=0, total=0.0)

    def count(
        obs: Any, next_obs: Any, action: Any, reward: Any, terminated: bool, truncated: bool, _: Any
    ) -> None:
        now["steps"] += 1
        now["total"] += float(reward)
        if terminated or truncated:
            episodes.append(now.copy())
            if not quiet:
                lines(f"episode {len(episodes)}: {now['steps']} steps, return {now['total']:g}")
            now["steps"], now["total"] = 0, 0.0

    with made(env_id, partial(make, named(env_id), render_mode="rgb_array")) as env:
        keys = key_codes(_keys_of(env))
        if not quiet:
            rows = [(_names(held), str(action)) for held, action in keys.items()]
            table(f"{env_id}: escape ends", ("keys", "action"), rows)
        waits = () not in keys if turns is None else turns
        play(env, fps=fps, zoom=zoom, callback=count, seed=seed, wait_on_player=waits)
    return episodes


def _keys_of(env: Any) -> Any:
    if not env.has_wrapper_attr("get_keys_to_action"):
        raise UnsupportedMode(
            f"{env.unwrapped} does not say which keys play it. Call dromos.utils.play.play with "
            "keys_to_action from Python, or define get_keys_to_action in its class."
        )
    return env.get_wrapper_attr("get_keys_to_action")()


def _names(keys: tuple[int, ...]) -> str:
    return " + ".join(map(name_of, keys)) or "none"
