"""In what today's environments differ from those of a release: spaces, metadata, observations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from dromos import homes
from dromos.compat.old_ids import Release
from dromos.spaces import Box

__all__ = ["fit", "infos_renamed", "infos_unknown", "metadata_then", "observation_then"]

_FIRST: Release = (0, 0)
_LARGEST = float(np.finfo(np.float32).max)

#: Render modes that came later than the environment.
_NEW_MODES: dict[str, dict[str, Release]] = {
    "Blackjack": {"human": (0, 22), "rgb_array": (0, 22)},
    "CliffWalking": {"rgb_array": (0, 25)},
    "FrozenLake": {"rgb_array": (0, 22)},
    "Taxi": {"rgb_array": (0, 24)},
}


_NEW_MODES_OF_ROBOTS: dict[str, Release] = {"depth_array": (0, 10), "rgbd_tuple": (1, 1)}

#: Modes that have a picture for each frame.
_PICTURES = frozenset({"depth_array", "rgb_array", "state_pixels"})


def _dynamics(env: Any) -> str | None:
    return getattr(getattr(env, "single", env), "dynamics", None)  # a vector names its lanes' class


def _is_atari(env: Any) -> bool:
    return homes.home_of(type(env)).startswith("dromos.envs.atari")


def fit(env: Any, release: Release) -> None:
    """Give one of today's bare environments, or vectors, what a release had otherwise.

    Until 0.29 the bounds of a cart pole's velocities were the largest float32, not infinite, those
    of a lander were tighter, and every environment had a range of rewards. Until 0.23 observations
    of landers and walkers had no bounds.
    """
    if release > (0, 29):
        return
    if (as_of := getattr(env, "as_of", None)) is not None:  # of robots that mujoco-py moved
        as_of(release)
    if release <= (0, 21) and hasattr(type(env), "P"):  # as `DiscreteEnv` named them
        env.nS, env.nA = int(env.observation_space.n), int(env.action_space.n)
    bounds = _BOUNDS.get(_dynamics(env) or "")
    for name in ("observation_space", "single_observation_space") if bounds else ():
        if (space := getattr(env, name, None)) is not None:
            low, high = bounds(space, release)  # type: ignore[misc]
            setattr(env, name, Box(low, high, space.shape, np.float32))
    if getattr(env, "reward_range", None) is None:
        env.reward_range = (-float("inf"), float("inf"))


def _of_cart_pole(space: Box[Any], _: Release) -> tuple[Any, Any]:
    low, high = (np.clip(bound, -_LARGEST, _LARGEST) for bound in (space.low, space.high))
    return low, high


def _of_walker(space: Box[Any], release: Release) -> tuple[Any, Any]:
    return (-np.inf, np.inf) if release < (0, 24) else (space.low, space.high)


def _of_lander(space: Box[Any], release: Release) -> tuple[Any, Any]:
    if release < (0, 24):
        return -np.inf, np.inf
    high = np.array([1.5, 1.5, 5.0, 5.0, np.pi, 5.0, 1.0, 1.0], np.float32)
    low = np.where(np.arange(8) < 6, -high, np.float32(-0.0))
    return np.broadcast_to(low, space.shape), np.broadcast_to(high, space.shape)


_BOUNDS: dict[str, Callable[[Box[Any], Release], tuple[Any, Any]]] = {
    "BipedalWalker": _of_walker,
    "CartPole": _of_cart_pole,
    "LunarLander": _of_lander,
    "LunarLanderContinuous": _of_lander,
}


def metadata_then(env: Any, release: Release) -> dict[str, Any]:
    """Return the metadata that a release had for one of today's bare environments.

    Others, whose metadata no release knows, have the names of entries of all releases.
    """
    metadata = env.metadata
    name = _dynamics(env) or getattr(env, "robot", None)
    modes, fps = list(metadata.get("render_modes") or ()), metadata.get("render_fps")
    if name is None:
        old = {"render.modes": modes, **({} if fps is None else {"video.frames_per_second": fps})}
        return {**metadata, **old}
    new_modes = _NEW_MODES_OF_ROBOTS if hasattr(env, "robot") else _NEW_MODES.get(name, {})
    modes = [mode for mode in modes if release >= new_modes.get(mode, _FIRST)]
    if release >= (0, 25) and name != "CliffWalking":
        modes += [f"single_{mode}" for mode in modes if mode in _PICTURES]
    if release >= (0, 23):
        return {"render_modes": modes, "render_fps": fps}
    if homes.home_of(type(env)).startswith("dromos.envs.toy_text"):
        return {"render.modes": modes}
    return {"render.modes": modes, "video.frames_per_second": fps}


def observation_then(env: Any, release: Release) -> Callable[[Any, Any], Any] | None:
    """Return what makes a release's observation, None if it is today's.

    It takes the bare environment and today's observation. Until 0.19 classic control gave float64,
    and until 0.27 Blackjack a bool among its numbers.
    """
    name = _dynamics(env)
    if name == "Blackjack" and release <= (0, 27):
        return _with_a_bool
    return _IN_FULL.get(name or "") if release <= (0, 19) else None


def _with_a_bool(_: Any, observation: Any) -> Any:
    return (*observation[:2], bool(observation[2]))


def _state(env: Any, _: Any) -> Any:
    return np.array(env.state, np.float64)


def _double_pendulum(env: Any, _: Any) -> Any:
    first, second, *velocities = env.state
    angles = (np.cos(first), np.sin(first), np.cos(second), np.sin(second))
    return np.array([*angles, *velocities])


_IN_FULL = {
    "Acrobot": _double_pendulum,
    "CartPole": _state,
    "ContinuousMountainCar": _state,
    "MountainCar": _state,
}


def infos_unknown(env: Any, release: Release) -> frozenset[str]:
    """Return the entries of infos that came later; ``TimeLimit.truncated`` only as False."""
    if release >= (0, 25):
        return frozenset()
    later = {"TimeLimit.truncated", "action_mask"}
    if _is_atari(env) and release < (0, 20):
        later |= {"episode_frame_number", "frame_number", "lives", "seeds"}
    return frozenset(later)


def infos_renamed(env: Any, release: Release) -> Mapping[str, str]:
    """Return what entries of infos were called, by today's name: lives in games, until 0.19."""
    return {"lives": "ale.lives"} if _is_atari(env) and release <= (0, 21) else {}
