"""An environment of one array library for users of another."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from dromos.core import ActType, Env, ObsType, RenderFrame, Wrapper, WrapperActType, WrapperObsType
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrappers.rules.array_conversion import (
    ArraySide,
    Device,
    array_conversion,
    load_array_library,
    module_namespace,
)

__all__ = [
    "ArrayConversion",
    "array_conversion",
    "module_name_to_namespace",
    "module_namespace",
]


def module_name_to_namespace(name: str) -> ModuleType:
    """Return the namespace of the array API standard of the module called `name`."""
    return module_namespace(load_array_library(name))


class ConversionSides(RecordConstructorArgs):
    """Base of the wrappers `ArrayConversion`: the library of the environment, and the user's."""

    #: Libraries and devices are set by the constructor, and no step changes them.
    snapshot_exclude = frozenset({"_env_side", "_target_side"})

    def _set_sides(
        self,
        env_xp: ModuleType | str,
        target_xp: ModuleType | str,
        env_device: Device,
        target_device: Device,
    ) -> None:
        """Load the libraries and record them by their names: modules are no plain data."""
        self._env_side = ArraySide(env_xp, env_device)
        self._target_side = ArraySide(target_xp, target_device)
        RecordConstructorArgs.__init__(
            self,
            env_xp=self._env_side.name,
            target_xp=self._target_side.name,
            env_device=env_device,
            target_device=target_device,
        )


class ArrayConversion(Wrapper[WrapperObsType, WrapperActType, ObsType, ActType], ConversionSides):
    """Show an environment of one array library to a user of another.

    Actions and reset options become arrays of the environment's library; observations, infos and
    rendered frames become arrays of the user's, in the same memory where that is safe (DLPack).
    Rewards become ``float``, the two flags ``bool``. The spaces stay those of the environment.

    Example:
        >>> import numpy, torch  # doctest: +SKIP
        >>> env = ArrayConversion(dromos.make("CartPole-v1"), numpy, torch)  # doctest: +SKIP
        >>> env.reset(seed=0)[0]  # doctest: +SKIP
        tensor([ 0.0137, -0.0230, -0.0459, -0.0483])
    """

    def __init__(
        self,
        env: Env[ObsType, ActType],
        env_xp: ModuleType | str,
        target_xp: ModuleType | str,
        env_device: Device = None,
        target_device: Device = None,
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            env_xp: The namespace of the environment's array library, as ``jax.numpy``, or its
                name, ``"jax.numpy"``.
            target_xp: That of the user's library.
            env_device: Where the environment wants its arrays; None for where they are.
            target_device: Where the user wants them.

        Raises:
            DependencyNotInstalled: If a library is named that is not installed.
            ValueError: If a namespace is not that of an array library.
        """
        self._set_sides(env_xp, target_xp, env_device, target_device)
        super().__init__(env)

    def step(
        self, action: WrapperActType
    ) -> tuple[WrapperObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment with the action as an array of its library."""
        obs, reward, terminated, truncated, info = self.env.step(self._env_side(action))
        shown = self._target_side
        return shown(obs), float(reward), bool(terminated), bool(truncated), shown(info)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[WrapperObsType, dict[str, Any]]:
        """Reset the wrapped environment with the options as arrays of its library."""
        obs, info = self.env.reset(seed=seed, options=self._env_side(options))
        return self._target_side(obs), self._target_side(info)

    def render(self) -> RenderFrame | list[RenderFrame] | None:
        """Return what the wrapped environment renders, images as arrays of the user's library."""
        shown: RenderFrame | list[RenderFrame] | None = self._target_side(self.env.render())
        return shown
