"""The vector wrappers of one method: of observations, of actions, of rewards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dromos import logger
from dromos.core import ActType, ObsType, WrapperActType, WrapperObsType
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.base import ArrayType, VectorEnv
from dromos.vector.utils.space_utils import (
    batch_space,
    concatenate,
    create_empty_array,
    iterate,
)
from dromos.vector.wrapper import VectorWrapper

if TYPE_CHECKING:
    from dromos.vector.lane_queue import LaneIds
    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["VectorActionWrapper", "VectorObservationWrapper", "VectorRewardWrapper"]


class VectorObservationWrapper(VectorWrapper[WrapperObsType, ActType, ObsType, ActType, ArrayType]):
    """A wrapper that changes the observations: define `observations`.

    It changes final observations too: `final_obs`, and in SAME_STEP mode those in the infos. A
    subclass whose `observations` keeps statistics defines `final_observations` as well.
    """

    __module__ = "dromos.vector.vector_env"  # the public path

    def __init__(self, env: VectorEnv[ObsType, ActType, ArrayType]) -> None:
        """Wrap `env`; warn if it does not tell its autoreset mode."""
        super().__init__(env)
        if "autoreset_mode" not in env.metadata:
            logger.warn(f"Vector environment ({env}) is missing `autoreset_mode` metadata key.")
        elif not isinstance(mode := env.metadata["autoreset_mode"], AutoresetMode):
            raise ValueError(
                f"Expected metadata['autoreset_mode'] of {env} to be an AutoresetMode, "
                f"found {mode!r}"
            )

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[WrapperObsType, dict[str, Any]]:
        """Reset the wrapped vector and change the observations."""
        observations, infos = self.env.reset(seed=seed, options=options)
        return self.observations(observations), infos

    def step(
        self, actions: ActType
    ) -> tuple[WrapperObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Step the wrapped vector and change the observations."""
        observations, rewards, terminations, truncations, infos = self.env.step(actions)
        infos = self._changed_infos(observations, infos)
        return self.observations(observations), rewards, terminations, truncations, infos

    def recv(self) -> tuple[WrapperObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Receive from the wrapped vector and change the observations."""
        self._refuse_unknown_step()
        observations, rewards, terminations, truncations, infos = self.env.recv()
        infos = self._changed_infos(observations, infos)
        return self.observations(observations), rewards, terminations, truncations, infos

    @property
    def final_obs(self) -> WrapperObsType:  # type: ignore[override]
        """The wrapped vector's `final_obs`, changed."""
        return self.final_observations(self.env.final_obs)

    def _present(self) -> Any:
        return self.final_observations(self.env._present())

    def observations(self, observations: ObsType) -> WrapperObsType:
        """Return what a batch of observations becomes.

        Args:
            observations: A batch of the wrapped vector; of as many rows as `recv` returns when
                the vector is used asynchronously.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define `observations`.")

    def final_observations(self, observations: ObsType) -> WrapperObsType:
        """Return what a batch that holds final observations becomes.

        Args:
            observations: A batch as for `observations`; the rows of lanes whose episodes have
                not ended hold their last observations, which `observations` sees as well.
        """
        return self.observations(observations)

    def _changed_infos(self, observations: ObsType, infos: dict[str, Any]) -> dict[str, Any]:
        """Return `infos` with the final observations of SAME_STEP mode changed."""
        if "_final_obs" not in infos or (
            self.env.metadata.get("autoreset_mode") is not AutoresetMode.SAME_STEP
        ):
            return infos
        ended = np.flatnonzero(infos["_final_obs"])
        num_rows = len(infos["_final_obs"])
        rows = _rows(self.env, observations, num_rows)
        for row in ended:
            rows[row] = infos["final_obs"][row]
        single_space = self.env.single_observation_space
        batch = concatenate(single_space, rows, create_empty_array(single_space, num_rows))
        shown_rows = _rows(self, self.final_observations(batch), num_rows)
        final_obs = np.full(num_rows, None, dtype=object)
        for row in ended:
            final_obs[row] = shown_rows[row]
        return {**infos, "final_obs": final_obs}


def _rows(env: VectorEnv[Any, Any, Any], observations: Any, num_rows: int) -> list[Any]:
    """Return a batch of `num_rows` observations of `env` row by row."""
    space = env.observation_space
    if num_rows != env.num_envs:
        space = batch_space(env.single_observation_space, num_rows)
    return list(iterate(space, observations))


class VectorActionWrapper(VectorWrapper[ObsType, WrapperActType, ObsType, ActType, ArrayType]):
    """A wrapper that changes the actions: define `actions`."""

    __module__ = "dromos.vector.vector_env"  # the public path

    def step(
        self, actions: WrapperActType
    ) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Step the wrapped vector with changed actions."""
        return self.env.step(self.actions(actions))

    def send(self, actions: WrapperActType, lane_ids: LaneIds | None = None) -> None:
        """Send changed actions to the wrapped vector."""
        self._refuse_unknown_step()
        self.env.send(self.actions(actions), lane_ids)

    def recv(self) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Receive from the wrapped vector."""
        return super().recv()

    def _present(self) -> Any:
        return super()._present()  # the observations stay what they are

    def actions(self, actions: WrapperActType) -> ActType:
        """Return what a batch of actions becomes.

        Args:
            actions: A batch for all lanes, or for the lanes sent.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define `actions`.")


class VectorRewardWrapper(VectorWrapper[ObsType, ActType, ObsType, ActType, ArrayType]):
    """A wrapper that changes the rewards: define `rewards`."""

    __module__ = "dromos.vector.vector_env"  # the public path

    def step(
        self, actions: ActType
    ) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Step the wrapped vector and change the rewards."""
        observations, rewards, terminations, truncations, infos = self.env.step(actions)
        return observations, self.rewards(rewards), terminations, truncations, infos

    def recv(self) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Receive from the wrapped vector and change the rewards."""
        self._refuse_unknown_step()
        observations, rewards, terminations, truncations, infos = self.env.recv()
        return observations, self.rewards(rewards), terminations, truncations, infos

    def _present(self) -> Any:
        return super()._present()  # the observations stay what they are

    def rewards(self, rewards: ArrayType) -> ArrayType:
        """Return what a batch of rewards becomes.

        Args:
            rewards: One reward a row; float.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define `rewards`.")
