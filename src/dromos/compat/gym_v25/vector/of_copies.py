"""What the vectors of the dialect that step copies of an environment share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dromos.compat.gym_v25.vector.vector_env import MakeEnv, VectorEnv, todays_makers
from dromos.spaces import Space
from dromos.vector import AutoresetMode
from dromos.vector.utils import batch_space

__all__ = ["OfCopies"]


class OfCopies(VectorEnv):
    """A vector of copies, whose spaces may be given.

    Args:
        kind: Today's class of such vectors.
        env_fns: A function without arguments for each copy.
        observation_space: The observations of one copy, instead of the first copy's.
        action_space: The actions of one copy, instead of the first copy's.
        new_step_api: Whether ``step`` returns five values.
        **options: Further arguments of `kind`.
    """

    def __init__(
        self,
        kind: Callable[..., Any],
        env_fns: list[MakeEnv],
        observation_space: Space[Any] | None,
        action_space: Space[Any] | None,
        new_step_api: bool,
        **options: Any,
    ) -> None:
        if observation_space is not None:
            batched = batch_space(observation_space, len(env_fns))
            options["observation_mode"] = (batched, observation_space)
        made = kind(todays_makers(env_fns), autoreset_mode=AutoresetMode.SAME_STEP, **options)
        super().__init__(made, new_step_api)
        if action_space is not None:
            self.single_action_space = action_space
            self.action_space = batch_space(action_space, self.num_envs)
