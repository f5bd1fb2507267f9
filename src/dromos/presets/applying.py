"""From presets to environments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dromos import registration
from dromos.core import Env
from dromos.error import Error
from dromos.presets.catalogue import PRESETS
from dromos.presets.preset import Preset
from dromos.registration import EnvSpec, load_env_creator

__all__ = ["apply_preset", "lane_of", "make", "manifest"]


def manifest(preset: str | Mapping[str, Any], env: Env[Any, Any] | None = None) -> dict[str, Any]:
    """Return everything a preset does, as plain data for JSON.

    What comes back can be kept in a file, changed, and given to `make` and `apply_preset` in the
    place of the name.

    Args:
        preset: ``"baselines"``, ``"dqn-nature"``, ``"machado2018"`` or ``"mujoco-ppo"``, or a
            manifest.
        env: An environment, to be told only of the wrappers that it gets, and of an Atari game
            also what is played: its ROM and checksum, mode, stickiness, limit.

    Returns:
        ``name``, ``version``, ``description``, ``sources``, ``env_kwargs`` (arguments of `make`),
        ``layers`` (the wrappers, innermost first: ``entry_point``, ``kwargs`` and
        ``only_with_action``), and ``form``, the number of this form. With an Atari game,
        ``game`` too: `make` and `apply_preset` refuse another ROM then.

    Raises:
        Error: If there is no such preset.
    """
    chosen = _preset(preset)
    if env is None:
        return chosen.manifest()
    told = getattr(env.unwrapped, "told_game", None)
    return {**_fitted(chosen, env).manifest(), **({} if told is None else {"game": told()})}


def make(
    id: str | EnvSpec | type[Env[Any, Any]], preset: str | Mapping[str, Any], **kwargs: Any
) -> Env[Any, Any]:
    """Make an environment as a preset says, in its wrappers.

    Args:
        id: What `dromos.make` takes; for Atari games ids without wrappers or frame skipping of
            their own, as ``"ALE/Pong-v5"``.
        preset: The name of a preset, or a manifest.
        **kwargs: Further arguments of `dromos.make`; they win over those of the preset.

    Raises:
        Error: If there is no such preset, or it does not fit the environment.
    """
    chosen = _preset(preset)
    try:
        env = registration.make(id, **{**chosen.env_kwargs, **kwargs})
    except TypeError as reason:
        raise _misfit(chosen, id, reason) from reason
    return apply_preset(preset, env)


def apply_preset(preset: str | Mapping[str, Any], env: Env[Any, Any]) -> Env[Any, Any]:
    """Return an environment in the wrappers of a preset.

    The environment must have been made with the preset's ``env_kwargs``; `make` does both.

    Args:
        preset: The name of a preset, or a manifest.
        env: The environment.

    Raises:
        Error: If there is no such preset, or it does not fit the environment.
    """
    chosen = _fitted(_preset(preset), env)
    if not isinstance(preset, str):
        _check_game(preset.get("game"), env)
    wrapped = env
    for layer in chosen.layers:
        try:
            wrapped = load_env_creator(layer.entry_point)(wrapped, **layer.kwargs)
        except (AttributeError, ImportError, TypeError, ValueError) as reason:
            raise _misfit(chosen, env, reason) from reason
    return wrapped


def lane_of(
    entry_point: str, preset: Mapping[str, Any], env_kwargs: Mapping[str, Any], limit: int | None
) -> Env[Any, Any]:
    """Return what `make` makes of an environment with a limit of steps and this entry point."""
    spec = EnvSpec("Lane", entry_point, max_episode_steps=limit, kwargs=dict(env_kwargs))
    env = registration.make(spec)
    return apply_preset(preset, env)


def _preset(preset: str | Mapping[str, Any]) -> Preset:
    if not isinstance(preset, str):
        return Preset.from_manifest(preset)
    if preset not in PRESETS:
        raise Error(f"There is no preset {preset!r}; there are: {', '.join(PRESETS)}.")
    return PRESETS[preset]


def _check_game(game: Mapping[str, Any] | None, env: Env[Any, Any]) -> None:
    """Refuse to go by a manifest that was made of another game."""
    told = getattr(env.unwrapped, "told_game", None)
    if game is None or told is None:
        return
    if not isinstance(game, Mapping):
        raise Error(f'A manifest has a dict as "game", found {game!r:.60}')
    found = told()
    if other := [name for name in ("rom", "md5") if found[name] != game.get(name)]:
        raise Error(
            f"The manifest was made of the ROM {game.get('rom')!r} with MD5 {game.get('md5')}, "
            f"but {env} has {found['rom']!r} with MD5 {found['md5']} ("
            f"{' and '.join(other)} differ). "
            'Delete "game" from the manifest to use it for any game'
        )


def _fitted(preset: Preset, env: Env[Any, Any]) -> Preset:
    """Return a preset with the layers that `env` gets."""
    meanings: list[str] = getattr(env.unwrapped, "get_action_meanings", list)()
    layers = (each for each in preset.layers if each.only_with_action in (None, *meanings))
    return replace(preset, layers=tuple(layers))


def _misfit(preset: Preset, env: Any, reason: Exception) -> Error:
    name = env.id if isinstance(env, EnvSpec) else env
    return Error(f"The preset {preset.name!r} does not fit {name}: {reason}")
