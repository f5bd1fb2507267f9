"""Wrappers by name, so that a configuration file can say how an environment is wrapped."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from dromos.compat.ding import (
    actions,
    episodes,
    frames,
    normalization,
    observations,
    rewards,
    seeds,
)
from dromos.compat.ding.shapes import Shapes
from dromos.core import Env, Wrapper
from dromos.registration import load_env_creator

__all__ = [
    "ENV_WRAPPER_REGISTRY",
    "SEED_NAMES",
    "WrapperRegistry",
    "create_env_wrapper",
    "get_default_wrappers",
    "update_shape",
]

AnyWrapper = TypeVar("AnyWrapper", bound=type[Any])

#: The other names DI-engine's documents have for wrappers.
SEED_NAMES = {
    "ClipRewardEnv": "clip_reward",
    "EpisodicLifeEnv": "episodic_life",
    "FireResetEnv": "fire_reset",
    "FrameStack": "frame_stack",
    "MaxAndSkipEnv": "max_and_skip",
    "NoopResetEnv": "noop_reset",
    "ObsNormEnv": "obs_norm",
    "RewardNormEnv": "reward_norm",
    "ScaledFloatFrame": "scaled_float_frame",
    "TransposeWrapper": "obs_transpose",
    "WarpFrame": "warp_frame",
}

#: Games in which nothing happens before fire is pressed.
_FIRE_GAMES = ("Pong", "Qbert", "SpaceInvader", "Montezuma")


class WrapperRegistry:
    """Classes of wrappers by name.

    A wrapper is found under its registered name, as ``"noop_reset"``, by the name of its class, as
    ``"NoopResetWrapper"`` or ``"NoopResetEnv"``, and by its entry point, as
    ``"dromos.wrappers:ClipReward"``.
    """

    def __init__(self, other_names: Mapping[str, str]) -> None:
        """Make an empty registry.

        Args:
            other_names: Registered names by other names.
        """
        self._classes: dict[str, type[Any]] = {}
        self._other_names = dict(other_names)

    def register(
        self, name: str, *, force_overwrite: bool = False
    ) -> Callable[[AnyWrapper], AnyWrapper]:
        """Return a decorator that registers a class.

        Args:
            name: The name.
            force_overwrite: Whether the name may be taken from another class.

        Raises:
            KeyError: If the name is taken.
        """

        def registered(cls: AnyWrapper) -> AnyWrapper:
            taken = self._classes.get(name, cls)
            if taken is not cls and not force_overwrite:
                raise KeyError(f"{taken} has the name {name!r}; register with force_overwrite=True")
            self._classes[name] = cls
            return cls

        return registered

    def get(self, name: str) -> Callable[..., Any]:
        """Return the class of a name.

        Raises:
            KeyError: If there is none.
        """
        if ":" in name:
            return load_env_creator(name)
        name = self._other_names.get(name, name)
        named = {cls.__name__: cls for cls in self._classes.values()} | self._classes
        if name not in named:
            raise KeyError(
                f"No wrapper is called {name!r}. Expected an entry point, as "
                f"'dromos.wrappers:ClipReward', or one of {sorted(self._classes)}"
            )
        return named[name]

    def build(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call the class of a name."""
        return self.get(name)(*args, **kwargs)

    def __contains__(self, name: object) -> bool:
        return name in self._classes

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)


ENV_WRAPPER_REGISTRY = WrapperRegistry(SEED_NAMES)

_BUILT_IN: dict[str, type[Any]] = {
    "action_repeat": actions.ActionRepeatWrapper,
    "clip_reward": rewards.ClipRewardWrapper,
    "delay_reward": rewards.DelayRewardWrapper,
    "episodic_life": episodes.EpisodicLifeWrapper,
    "eval_episode_return": episodes.EvalEpisodeReturnWrapper,
    "fire_reset": episodes.FireResetWrapper,
    "flat_obs": observations.FlatObsWrapper,
    "frame_stack": frames.FrameStackWrapper,
    "gym_hybrid_dict_action": actions.GymHybridDictActionWrapper,
    "gym_to_gymnasium": seeds.GymToGymnasiumWrapper,
    "max_and_skip": actions.MaxAndSkipWrapper,
    "noop_reset": episodes.NoopResetWrapper,
    "obs_norm": normalization.ObsNormWrapper,
    "obs_plus_prev_action_reward": observations.ObsPlusPrevActRewWrapper,
    "obs_transpose": frames.ObsTransposeWrapper,
    "ram": frames.RamWrapper,
    "reward_in_obs": observations.AllinObsWrapper,
    "reward_norm": normalization.RewardNormWrapper,
    "scaled_float_frame": frames.ScaledFloatFrameWrapper,
    "static_obs_norm": normalization.StaticObsNormWrapper,
    "time_limit": episodes.TimeLimitWrapper,
    "warp_frame": frames.WarpFrameWrapper,
}
for _name, _class in _BUILT_IN.items():
    ENV_WRAPPER_REGISTRY.register(_name)(_class)


def create_env_wrapper(env: Env[Any, Any], cfg: Mapping[str, Any] | str) -> Wrapper[Any, Any]:
    """Wrap an environment as a configuration says.

    Args:
        env: The environment.
        cfg: ``type``, a name `ENV_WRAPPER_REGISTRY` knows; ``kwargs``, the constructor's
            arguments; ``import_names``, modules to import first, which may register more
            wrappers. Or just the type. It is not changed.

    Raises:
        KeyError: If no wrapper has the name, or ``type`` is missing.
    """
    if isinstance(cfg, str):
        cfg = {"type": cfg}
    for module in cfg.get("import_names", ()):
        importlib.import_module(module)
    if "type" not in cfg:
        raise KeyError(f"The configuration of a wrapper needs a 'type', found {dict(cfg)}")
    wrapped: Wrapper[Any, Any] = ENV_WRAPPER_REGISTRY.build(
        cfg["type"], env, **cfg.get("kwargs", {})
    )
    return wrapped


def get_default_wrappers(
    env_wrapper_name: str, env_id: str | None = None, caller: str = "collector"
) -> list[dict[str, Any]]:
    """Return DI-engine's stack for a kind of environments, innermost wrapper first.

    Args:
        env_wrapper_name: ``"mujoco_default"``, ``"atari_default"``, ``"gym_hybrid_default"`` or
            ``"default"``.
        env_id: The environment; which game it is says whether fire is pressed.
        caller: ``"collector"`` of training data, for which rewards are clipped, or
            ``"evaluator"``.

    Returns:
        What `create_env_wrapper` takes, one for each wrapper.

    Raises:
        NotImplementedError: If there is no such stack.
        ValueError: If `caller` is something else.
    """
    if caller not in ("collector", "evaluator"):
        raise ValueError(f"Expected caller to be 'collector' or 'evaluator', found {caller!r}")
    stacks: dict[str, list[dict[str, Any]]] = {
        "default": [],
        "mujoco_default": [],
        "gym_hybrid_default": [_entry("gym_hybrid_dict_action")],
        "atari_default": _atari_stack(env_id or "", caller),
    }
    if env_wrapper_name not in stacks:
        raise NotImplementedError(
            f"There is no stack {env_wrapper_name!r}; expected one of {list(stacks)}"
        )
    return [*stacks[env_wrapper_name], _entry("eval_episode_return")]


def _atari_stack(env_id: str, caller: str) -> list[dict[str, Any]]:
    fire = [_entry("fire_reset")] * any(game in env_id for game in _FIRE_GAMES)
    clip = [_entry("clip_reward")] * (caller == "collector")
    return [
        _entry("noop_reset", noop_max=30),
        _entry("max_and_skip", skip=4),
        _entry("episodic_life"),
        *fire,
        _entry("warp_frame"),
        _entry("scaled_float_frame"),
        *clip,
        _entry("frame_stack", n_frames=4),
    ]


def _entry(name: str, **kwargs: Any) -> dict[str, Any]:
    return {"type": name, "kwargs": kwargs} if kwargs else {"type": name}


def update_shape(
    obs_shape: Any, act_shape: Any, rew_shape: Any, wrapper_names: Iterable[str | Mapping[str, Any]]
) -> Shapes:
    """Return the shapes outside a stack of wrappers for those of the environment inside.

    Args:
        obs_shape: The shape of the environment's observations.
        act_shape: The shape of its actions.
        rew_shape: The shape of its rewards.
        wrapper_names: The wrappers, innermost first: names that `ENV_WRAPPER_REGISTRY` knows, or,
            for constructor arguments that are not the default, dicts of ``type`` and ``kwargs``.

    Raises:
        KeyError: If no wrapper has the name.
        TypeError: If a wrapper does not tell shapes.
    """
    shapes = (obs_shape, act_shape, rew_shape)
    for entry in wrapper_names:
        cfg: Mapping[str, Any] = {"type": entry} if isinstance(entry, str) else entry
        name = cfg["type"]
        tell = getattr(ENV_WRAPPER_REGISTRY.get(name), "new_shape", None)
        if tell is None:
            raise TypeError(
                f"The wrapper {name!r} does not tell shapes: it has no class method `new_shape` "
                "(see dromos.compat.ding.KeepsShapes)"
            )
        shapes = tell(*shapes, **cfg.get("kwargs", {}))
    return shapes
