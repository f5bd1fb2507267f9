"""What the vectors of 0.29 that step copies of an environment share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dromos.compat.gymnasium_v029.old_infos import OldInfos
from dromos.core import Env
from dromos.spaces import Space
from dromos.vector import AutoresetMode
from dromos.vector.utils import batch_space

__all__ = ["OfCopies"]


class OfCopies(OldInfos):
    """A vector of copies, whose spaces may be given.

    Args:
        kind: Today's class of such vectors.
        env_fns: A function without arguments for each lane.
        observation_space: The space of one lane's observations, instead of the first lane's.
        action_space: The space of one lane's actions, instead of the first lane's.
        **options: Further arguments of `kind`.
    """

    def __init__(
        self,
        kind: Callable[..., Any],
        env_fns: list[Callable[[], Env[Any, Any]]],
        observation_space: Space[Any] | None,
        action_space: Space[Any] | None,
        **options: Any,
    ) -> None:
        if observation_space is not None:
            batched = batch_space(observation_space, len(env_fns))
            options["observation_mode"] = (batched, observation_space)
        super().__init__(kind(env_fns, autoreset_mode=AutoresetMode.SAME_STEP, **options))
        if action_space is not None:
            self.single_action_space = action_space
            self.action_space = batch_space(action_space, self.num_envs)
