"""What the lanes of any vector did in a step: which moved, which ended, which began anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos import logger
from dromos.snapshot import StatePart, rules
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.base import VectorEnv
from dromos.vector.reset_plan import checked_mask
from dromos.wrappers.rules.array_conversion import as_numpy
from dromos.wrappers.rules.trees import Lanes, copy_tree, put_rows

__all__ = ["LaneSteps", "autoreset_mode_of", "reset_lanes"]

Flags = npt.NDArray[np.bool_]


class LaneSteps(StatePart):
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

    def begun(self, ended: Flags, lanes: Lanes) -> Flags | None:
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
        self._ended[lanes] = ended
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
