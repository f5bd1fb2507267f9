"""What the lanes of any vector did in a step, and the face of the wrappers that follow it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dromos import logger
from dromos.core import ActType, ObsType, WrapperObsType
from dromos.snapshot import StatePart, rules
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.base import VectorEnv
from dromos.vector.reset_plan import checked_mask
from dromos.vector.wrapper import VectorWrapper
from dromos.wrappers.rules.array_conversion import as_numpy
from dromos.wrappers.rules.rule import Begun
from dromos.wrappers.rules.trees import Lanes, copy_tree, put_rows

if TYPE_CHECKING:
    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["EpisodeTracker", "VectorEpisodeWrapper", "autoreset_mode_of", "reset_lanes"]

Array = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]


class EpisodeTracker(StatePart):
    """Tells from the results of a vector's steps what each lane did.

    Vectors of this library say it themselves. For others, which say only their autoreset mode,
    the ends of the previous step are remembered.

    Attributes:
        mode: The autoreset mode of the vector.
        ended: Which lanes' episodes ended in their last step.
    """

    snapshot_fields = {"_ended": rules.LaneArray()}  # noqa: RUF012

    def __init__(self, env: VectorEnv[Any, Any, Any]) -> None:
        """Watch `env`."""
        self._env = env
        self.mode = autoreset_mode_of(env)
        self._ended: Flags = np.zeros(env.num_envs, np.bool_)

    @property
    def ended(self) -> Flags:
        """Which lanes' episodes ended in their last step; bool (n,)."""
        return self._ended

    @ended.setter
    def ended(self, ended: Flags) -> None:
        self._ended = np.array(ended, np.bool_)

    def begin(self, lanes: Lanes) -> None:
        """Take note that episodes began in lanes."""
        self._ended[lanes] = False

    def begun(self, ended: Flags, lanes: Lanes) -> Begun:
        """Return which rows of the last step were resets instead; None if none was.

        Args:
            ended: Which rows' episodes ended in the step.
            lanes: The lanes of the rows.
        """
        try:
            moved = self._env.valid_transition
        except AttributeError:
            next_step = self.mode is AutoresetMode.NEXT_STEP
            moved = ~self._ended[lanes] if next_step else np.ones_like(ended)
        self._ended[lanes] = np.asarray(ended)  # it may be a tensor
        return None if moved.all() else ~moved

    def final_observations(self, observations: Any, infos: Mapping[str, Any]) -> Any:
        """Return what the lanes of the last step observed before any reset, one row each."""
        try:
            return self._env.final_obs
        except AttributeError:
            final = copy_tree(observations)
            for row in np.flatnonzero(infos.get("_final_obs", ())):
                put_rows(final, int(row), infos["final_obs"][row])
            return final


class VectorEpisodeWrapper(VectorWrapper[WrapperObsType, ActType, ObsType, ActType, Array]):
    """A vector wrapper that follows the episodes of its lanes, however they begin.

    It knows of partial resets, of steps that were resets, of `send` and `recv`. A subclass says
    what to do where episodes began, in `_began`, and after a step, in `_stepped`.
    """

    snapshot_fields = {"_steps": rules.Part()}  # noqa: RUF012

    def __init__(self, env: VectorEnv[ObsType, ActType, Array]) -> None:
        VectorWrapper.__init__(self, env)  # `EpisodeTracker` warns of a vector without a mode
        self._steps = EpisodeTracker(env)

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[WrapperObsType, dict[str, Any]]:
        """Reset the wrapped vector, and begin anew in the lanes that were reset.

        Args:
            seed: None, an integer, or a list of n integers or Nones.
            options: None, a dict, or a list of n dicts or Nones; ``reset_mask`` in the dict, bool
                (n,), chooses the lanes to reset.

        Returns:
            observations: An element of `observation_space`: n rows, also of lanes that were not
                reset.
            infos: Columns (n,) of the lanes' infos.
        """
        result = self.env.reset(seed=seed, options=options)
        lanes = reset_lanes(options, self.num_envs)
        self._steps.begin(lanes)
        return self._began(result, lanes)  # type: ignore[no-any-return]

    def step(self, actions: ActType) -> tuple[WrapperObsType, Array, Array, Array, dict[str, Any]]:
        """Step the wrapped vector, and follow the episodes of its lanes.

        Args:
            actions: An element of `action_space`: n rows.

        Returns:
            observations: An element of `observation_space`: n rows.
            rewards: What the actions earned, as this wrapper shows it; float (n,).
            terminations: Which lanes reached a terminal state; bool (n,).
            truncations: Which lanes' episodes were cut off; bool (n,).
            infos: Columns (n,) of the lanes' infos.
        """
        return self._followed(self.env.step(actions), ...)  # type: ignore[no-any-return]

    def recv(self) -> tuple[WrapperObsType, Array, Array, Array, dict[str, Any]]:
        """Receive from the wrapped vector, and follow the episodes of these lanes.

        Returns:
            The tuple that `step` returns, of ``batch_size`` rows; ``infos["lane_ids"]``, int64
            (batch_size,), says which lanes they are.
        """
        result = self.env.recv()
        return self._followed(result, result[-1]["lane_ids"])  # type: ignore[no-any-return]

    def _present(self) -> Any:
        return super()._present()  # so that it is known to tell what `step` shows

    def _followed(self, result: Any, lanes: Lanes) -> Any:
        ended = np.logical_or(result[2], result[3])
        return self._stepped(result, lanes, ended, self._steps.begun(ended, lanes))

    def _began(self, result: Any, lanes: Lanes) -> Any:
        """Return what is shown of the result of a reset of these lanes."""
        raise NotImplementedError

    def _stepped(self, result: Any, lanes: Lanes, ended: Flags, begun: Begun) -> Any:
        """Return what is shown of the result of a step.

        Args:
            result: A row for each of `lanes`.
            lanes: The lanes that made a step.
            ended: Which rows' episodes ended in it.
            begun: Which rows were a reset instead; None if none was.
        """
        raise NotImplementedError


def autoreset_mode_of(env: VectorEnv[Any, Any, Any]) -> AutoresetMode:
    """Return the autoreset mode of a vector; warn and guess if it does not say.

    Raises:
        TypeError: If what it says is no mode.
    """
    mode = env.metadata.get("autoreset_mode")
    if mode is None:
        logger.warn(
            f"{env} does not say its autoreset mode in metadata['autoreset_mode']; "
            "AutoresetMode.NEXT_STEP is assumed."
        )
        return AutoresetMode.NEXT_STEP
    if not isinstance(mode, AutoresetMode):
        raise TypeError(
            f"Expected metadata['autoreset_mode'] of {env} to be an AutoresetMode, found {mode!r}"
        )
    return mode


def reset_lanes(options: Any, num_envs: int) -> Lanes:
    """Return the lanes that a reset with these options resets: ``...`` for all, or indices.

    Raises:
        TypeError, ValueError: If the vector has let pass a mask that is none.
    """
    if isinstance(options, Mapping) and "reset_mask" in options:
        return np.flatnonzero(checked_mask(num_envs, as_numpy(options["reset_mask"])))
    return ...
