"""`FuncEnv`: an environment as functions of a state that the caller holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic

from typing_extensions import TypeVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from dromos.spaces import Space

__all__ = [
    "ActType",
    "FuncEnv",
    "ObsType",
    "Params",
    "RenderStateType",
    "RewardType",
    "StateType",
    "TerminalType",
]

StateType = TypeVar("StateType", default=Any)
ObsType = TypeVar("ObsType", default=Any)
ActType = TypeVar("ActType", default=Any)
RewardType = TypeVar("RewardType", default=Any)
TerminalType = TypeVar("TerminalType", default=Any)
RenderStateType = TypeVar("RenderStateType", default=Any)
Params = TypeVar("Params", default=Any)

#: The functions that `FuncEnv.transform` passes on.
_FUNCTIONS = (
    "initial",
    "transition",
    "observation",
    "reward",
    "terminal",
    "state_info",
    "transition_info",
)


class FuncEnv(
    Generic[StateType, ObsType, ActType, RewardType, TerminalType, RenderStateType, Params]
):
    """An environment without memory: every function is given the state, and returns a new one.

    Subclasses define `initial`, `transition`, `observation`, `reward` and `terminal`; the rest has
    defaults. Where `params` is None, functions use `default_params`.

    Attributes:
        observation_space: What `observation` returns.
        action_space: What `transition` takes.
        default_params: What `get_default_params` returned when the environment was made.
    """

    observation_space: Space[Any]
    action_space: Space[Any]

    def __init__(self, options: dict[str, Any] | None = None) -> None:
        """Make the environment.

        Args:
            options: Attributes to set on it.
        """
        self.__dict__.update(options or {})
        self.default_params = self.get_default_params()

    def initial(self, rng: Any, params: Params | None = None) -> StateType:
        """Return a state to begin with.

        Args:
            rng: A random key.
            params: What the dynamics depend on.
        """
        raise NotImplementedError

    def transition(
        self, state: StateType, action: ActType, rng: Any, params: Params | None = None
    ) -> StateType:
        """Return the state that follows on an action."""
        raise NotImplementedError

    def observation(self, state: StateType, rng: Any, params: Params | None = None) -> ObsType:
        """Return what is observed of a state."""
        raise NotImplementedError

    def reward(
        self,
        state: StateType,
        action: ActType,
        next_state: StateType,
        rng: Any,
        params: Params | None = None,
    ) -> RewardType:
        """Return what a transition earns."""
        raise NotImplementedError

    def terminal(self, state: StateType, rng: Any, params: Params | None = None) -> TerminalType:
        """Return whether a state ends the episode."""
        raise NotImplementedError

    def state_info(self, state: StateType, params: Params | None = None) -> dict[str, Any]:
        """Return what there is to tell of a first state; nothing by default."""
        return {}

    def transition_info(
        self,
        state: StateType,
        action: ActType,
        next_state: StateType,
        params: Params | None = None,
    ) -> dict[str, Any]:
        """Return what there is to tell of a transition; nothing by default."""
        return {}

    def transform(self, func: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        """Put what `func` makes of each function in its place.

        Args:
            func: Such as ``jax.jit`` or ``jax.vmap``.
        """
        for name in _FUNCTIONS:
            setattr(self, name, func(getattr(self, name)))

    def render_init(self, params: Params | None = None, **kwargs: Any) -> RenderStateType:
        """Return what `render_image` draws with."""
        raise NotImplementedError

    def render_image(
        self, state: StateType, render_state: RenderStateType, params: Params | None = None
    ) -> tuple[RenderStateType, npt.NDArray[np.uint8]]:
        """Return what to draw with next, and the picture, uint8 (height, width, 3)."""
        raise NotImplementedError

    def render_close(self, render_state: RenderStateType, params: Params | None = None) -> None:
        """Release what `render_init` returned."""
        raise NotImplementedError

    def get_default_params(self, **kwargs: Any) -> Params | None:
        """Return the parameters that are used where none are given."""
        return None
