"""A vector of one array library for users of another."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from dromos.core import ActType, ObsType, RenderFrame, WrapperActType, WrapperObsType
from dromos.vector import VectorEnv, VectorWrapper
from dromos.vector.base import ArrayType
from dromos.wrappers import array_conversion
from dromos.wrappers.rules.array_conversion import Device, as_numpy
from dromos.wrappers.vector.documentation import documented_by

if TYPE_CHECKING:
    from dromos.rollout import Rollout
    from dromos.vector.lane_queue import LaneIds
    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["ArrayConversion"]


class ArrayConversion(
    VectorWrapper[WrapperObsType, WrapperActType, ObsType, ActType, ArrayType],
    array_conversion.ConversionSides,
):
    """Show a vector of one array library to a user of another.

    Actions and reset options become arrays of the vector's library; everything a step, a reset
    and `render` return, `final_obs` and `valid_transition` become arrays of the user's, in the
    same memory where that is safe (DLPack). The spaces stay those of the vector.

    Example:
        >>> envs = dromos.make_vec("CartPole-v1", num_envs=2)  # doctest: +SKIP
        >>> envs = ArrayConversion(envs, "numpy", "torch")  # doctest: +SKIP
        >>> envs.step(torch.tensor([0, 1]))[1]  # doctest: +SKIP
        tensor([1., 1.], dtype=torch.float64)
    """

    @documented_by(array_conversion.ArrayConversion)
    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, Any],
        env_xp: ModuleType | str,
        target_xp: ModuleType | str,
        env_device: Device = None,
        target_device: Device = None,
    ) -> None:
        self._set_sides(env_xp, target_xp, env_device, target_device)
        super().__init__(env)

    def step(
        self, actions: WrapperActType
    ) -> tuple[WrapperObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Step the wrapped vector with the actions as arrays of its library."""
        return self._shown(self.env.step(self._env_side(actions)))  # type: ignore[no-any-return]

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[WrapperObsType, dict[str, Any]]:
        """Reset the wrapped vector with the options as arrays of its library."""
        observations, infos = self.env.reset(seed=seed, options=self._env_side(options))
        return self._shown(observations), self._shown(infos)

    def rollout(self, actions: Any, steps: int | None = None, **kwargs: Any) -> Rollout:
        """Make many steps of the wrapped vector (see `VectorEnv.rollout`).

        A policy is given arrays of the user's library, and may return such: both are, where that
        is safe, the memory of the rollout, whose arrays are NumPy's.
        """
        if callable(actions):
            policy = actions

            def given(observations: Any) -> Any:
                return self._env_side(_detached(policy(self._shown(observations))))

            return self.env.rollout(given, steps, **kwargs)
        return self.env.rollout(self._env_side(_detached(actions)), steps, **kwargs)

    def send(self, actions: WrapperActType, lane_ids: LaneIds | None = None) -> None:
        """Send the actions, and the lanes, as arrays of the wrapped vector's library."""
        self._refuse_unknown_step()
        self.env.send(self._env_side(actions), as_numpy(lane_ids))

    def recv(self) -> tuple[WrapperObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Receive from the wrapped vector."""
        self._refuse_unknown_step()
        return self._shown(self.env.recv())  # type: ignore[no-any-return]

    def async_reset(self, *, seed: LaneSeeds = None, options: LaneOptions = None) -> None:
        """Start a reset of the wrapped vector, the options as arrays of its library."""
        super().async_reset(seed=seed, options=self._env_side(options))

    @property
    def final_obs(self) -> WrapperObsType:  # type: ignore[override]
        """The wrapped vector's `final_obs`."""
        return self._shown(self.env.final_obs)  # type: ignore[no-any-return]

    @property
    def valid_transition(self) -> Any:  # type: ignore[override]
        """Which lanes' environments made a step in the last call; bool (n,)."""
        return self._shown(self.env.valid_transition)

    def render(self) -> tuple[RenderFrame, ...] | None:
        """Return what each lane renders, images as arrays of the user's library."""
        return self._shown(self.env.render())  # type: ignore[no-any-return]

    def _shown(self, value: Any) -> Any:
        return self._target_side(value)


def _detached(value: Any) -> Any:
    """Return a tensor that a gradient may be asked for as one without."""
    return value.detach() if hasattr(value, "detach") else value
