"""What vector wrappers need to let a wrapper of single environments work on lanes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from dromos import logger
from dromos.core import Env
from dromos.spaces import Space
from dromos.vector.base import VectorEnv
from dromos.vector.lane_spaces import batches_to_arrays
from dromos.vector.utils.space_utils import batch_space, concatenate, create_empty_array, iterate
from dromos.vector.wrapper import VectorWrapper
from dromos.wrappers.rules.trees import num_rows

__all__ = ["PerLane", "SpacesOfOneLane", "batch_function_of", "set_spaces"]


class SpacesOfOneLane(Env[Any, Any]):
    """The spaces of a vector's lanes as an environment to wrap; it cannot be stepped."""

    def __init__(self, env: VectorEnv[Any, Any, Any]) -> None:
        self.observation_space = env.single_observation_space
        self.action_space = env.single_action_space
        self.metadata = env.metadata
        self.render_mode = None


class PerLane:
    """A function of one element applied to every row of a batch."""

    def __init__(
        self, function: Callable[[Any], Any], space: Space[Any], result_space: Space[Any]
    ) -> None:
        """Keep the function.

        Args:
            function: Makes an element of `result_space` of one of `space`.
            space: The elements that come in.
            result_space: The elements that go out.
        """
        self._function = function
        self._space = space
        self._result_space = result_space
        self._copies = not batches_to_arrays(result_space)

    def __call__(self, batch: Any) -> Any:
        """Return the batch of what the function makes of each row, in memory of its own."""
        count = num_rows(self._space, batch)
        rows = iterate(batch_space(self._space, count), batch)
        results = [self._function(row) for row in rows]
        out = create_empty_array(self._result_space, count)
        result = concatenate(self._result_space, results, out)
        return copy.deepcopy(result) if self._copies else result


def batch_function_of(wrapper: Any) -> Callable[[Any], Any] | None:
    """Return the function of a wrapper of single environments if it takes whole batches too."""
    function: Callable[[Any], Any] | None = getattr(wrapper, "func", None)
    return function if getattr(function, "takes_batches", False) else None


def set_spaces(
    wrapper: VectorWrapper[Any, Any, Any, Any, Any],
    kind: str,
    single: Space[Any] | None,
    whole: Space[Any] | None = None,
) -> None:
    """Give a wrapper spaces of its own; warn if the batches are not batches of what one lane has.

    Args:
        wrapper: The wrapper, which has those of its vector yet.
        kind: ``"observation"`` or ``"action"``.
        single: What one lane has; None for what the vector's has.
        whole: The batches; None for those of what one lane has.
    """
    if single is None and whole is None:
        return  # those of its vector
    name = f"{kind}_space"
    if single is not None:
        setattr(wrapper, f"single_{name}", single)
    of_single = batch_space(getattr(wrapper, f"single_{name}"), wrapper.num_envs)
    setattr(wrapper, name, of_single if whole is None else whole)
    if whole is not None and whole != of_single:
        logger.warn(
            f"For {wrapper.env}, the {kind} space and the batched single {kind} space don't match "
            f"as expected, {name}={getattr(wrapper.env, name)}, batched single_{name}={of_single}",
            stacklevel=3,
            detail=f"The {name} given is {whole}: give single_{name} alone, or one that fits it.",
        )
