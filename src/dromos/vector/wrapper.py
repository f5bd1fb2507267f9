"""`VectorWrapper`: a vector around a vector."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic

import numpy as np
from typing_extensions import Self

from dromos.core import ActType, ObsType, RenderFrame, WrapperActType, WrapperObsType
from dromos.error import SnapshotError
from dromos.spaces import Space
from dromos.vector.base import ArrayType, VectorEnv

if TYPE_CHECKING:
    import numpy.typing as npt

    from dromos.registration.spec import EnvSpec
    from dromos.vector.lane_queue import LaneIds
    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["VectorWrapper"]

#: What the state of some lanes has in the place of ``"env"``; no attribute has such a name.
_LANES = "lanes of env"


class VectorWrapper(
    VectorEnv[WrapperObsType, WrapperActType, ArrayType],
    Generic[WrapperObsType, WrapperActType, ObsType, ActType, ArrayType],
):
    """A vector that passes every call on to the one it wraps.

    Subclasses change what they want and call ``super().__init__(env)``. The spaces and the
    metadata are those of the wrapped vector until a subclass assigns its own. A subclass that
    changes `step` must also define `recv` (and `send`, if it changes actions) before it can be
    used asynchronously.

    Type parameters: the observations and actions the wrapper shows, then those of the vector it
    wraps, then the type of its arrays.

    Attributes:
        env: The wrapped vector.
    """

    env: VectorEnv[ObsType, ActType, ArrayType]

    _observation_space: Space[WrapperObsType] | None = None
    _action_space: Space[WrapperActType] | None = None
    _single_observation_space: Space[Any] | None = None
    _single_action_space: Space[Any] | None = None
    _metadata: dict[str, Any] | None = None

    #: Whether `recv` knows what `step` does: it is defined in the same class or below it.
    _receives: bool = True

    def __init__(self, env: VectorEnv[ObsType, ActType, ArrayType]) -> None:
        """Wrap `env`.

        Raises:
            TypeError: If `env` is not a `VectorEnv`.
        """
        if not isinstance(env, VectorEnv):
            raise TypeError(f"Expected env to be a `VectorEnv` but got {type(env)}")
        self.env = env

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        definers = {
            name: next(base for base in cls.__mro__ if name in vars(base))
            for name in ("step", "recv")
        }
        cls._receives = issubclass(definers["recv"], definers["step"])

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[WrapperObsType, dict[str, Any]]:
        """Reset the wrapped vector."""
        return self.env.reset(seed=seed, options=options)  # type: ignore[return-value]

    def step(
        self, actions: WrapperActType
    ) -> tuple[WrapperObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Step the wrapped vector."""
        return self.env.step(actions)  # type: ignore[arg-type, return-value]

    def send(self, actions: WrapperActType, lane_ids: LaneIds | None = None) -> None:
        """Send to the wrapped vector."""
        self._refuse_unknown_step()
        self.env.send(actions, lane_ids)  # type: ignore[arg-type]

    def recv(
        self,
    ) -> tuple[WrapperObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Receive from the wrapped vector."""
        self._refuse_unknown_step()
        return self.env.recv()  # type: ignore[return-value]

    def async_reset(self, *, seed: LaneSeeds = None, options: LaneOptions = None) -> None:
        """Start a reset of the wrapped vector."""
        self._refuse_unknown_step()
        self.env.async_reset(seed=seed, options=options)

    def _refuse_unknown_step(self) -> None:
        """Refuse an asynchronous call that would pass by what a subclass does in `step`."""
        if not self._receives:
            raise NotImplementedError(
                f"{type(self).__name__} changes `step` but not `recv`, so it cannot be used with "
                "`send` and `recv`; call `step`, or define `recv` in the wrapper."
            )

    @property
    def final_obs(self) -> WrapperObsType:  # type: ignore[override]
        """The wrapped vector's `final_obs`, as this wrapper shows observations."""
        return self.env.final_obs  # type: ignore[return-value]

    @property
    def valid_transition(self) -> npt.NDArray[np.bool_]:  # type: ignore[override]
        """Which lanes' environments made a step in the last call; bool (n,)."""
        return self.env.valid_transition

    def render(self) -> tuple[RenderFrame, ...] | None:
        """Render the wrapped vector."""
        return self.env.render()

    def render_lanes(self, lanes: LaneIds | None = None) -> tuple[RenderFrame, ...]:
        """Render some lanes of the wrapped vector."""
        if type(self).render is not VectorWrapper.render:
            return super().render_lanes(lanes)
        return self.env.render_lanes(lanes)

    def close(self, **kwargs: Any) -> None:
        """Close the wrapped vector."""
        self.env.close(**kwargs)

    def close_extras(self, **kwargs: Any) -> None:
        """Release what the wrapped vector holds."""
        self.env.close_extras(**kwargs)

    def clone(self) -> Self:
        """Return an independent copy with the same future, around the wrapped vector's clone."""
        return copy.deepcopy(self, {id(self.env): self.env.clone()})

    def snapshot_state(self, lanes: LaneIds | None = None) -> dict[str, Any]:
        """Return the wrapper's own attributes, and the wrapped vector's state as ``"env"``.

        Some lanes can be taken if the wrapper keeps no attributes but spaces.
        """
        from dromos.snapshot import default_state

        own = default_state(self)
        if lanes is None:
            return {**own, "env": self.env.snapshot_state()}
        self._refuse_own(own)
        return {_LANES: self.env.snapshot_state(lanes)}

    def restore_state(self, state: dict[str, Any], lanes: LaneIds | None = None) -> None:
        """Take over what `snapshot_state` returned."""
        from dromos.snapshot import restore_default_state

        if _LANES in state:
            self.env.restore_state(state[_LANES], lanes)
            return
        own = {name: value for name, value in state.items() if name != "env"}
        if lanes is None:
            self.env.restore_state(state["env"])
            restore_default_state(self, own)
        else:
            self._refuse_own(own)
            self.env.restore_state(state["env"], lanes)

    def _refuse_own(self, names: Iterable[str]) -> None:
        kept = [name for name in names if not isinstance(getattr(self, name, None), Space)]
        if kept:
            raise SnapshotError(
                f"{type(self).__name__} cannot tell its lanes apart: it keeps {sorted(kept)}. Take "
                "the whole vector, or override `snapshot_state` and `restore_state`."
            )

    @property
    def unwrapped(self) -> VectorEnv[Any, Any, Any]:
        """The vector under all wrappers."""
        return self.env.unwrapped

    @property
    def observation_space(self) -> Space[WrapperObsType]:
        """The observations of all lanes, batched."""
        if self._observation_space is None:
            return self.env.observation_space  # type: ignore[return-value]
        return self._observation_space

    @observation_space.setter
    def observation_space(self, space: Space[WrapperObsType]) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self._observation_space = space

    @property
    def action_space(self) -> Space[WrapperActType]:
        """The actions of all lanes, batched."""
        if self._action_space is None:
            return self.env.action_space  # type: ignore[return-value]
        return self._action_space

    @action_space.setter
    def action_space(self, space: Space[WrapperActType]) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self._action_space = space

    @property
    def single_observation_space(self) -> Space[Any]:
        """The observations of one lane."""
        if self._single_observation_space is None:
            return self.env.single_observation_space
        return self._single_observation_space

    @single_observation_space.setter
    def single_observation_space(self, space: Space[Any]) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self._single_observation_space = space

    @property
    def single_action_space(self) -> Space[Any]:
        """The actions of one lane."""
        if self._single_action_space is None:
            return self.env.single_action_space
        return self._single_action_space

    @single_action_space.setter
    def single_action_space(self, space: Space[Any]) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self._single_action_space = space

    @property
    def metadata(self) -> dict[str, Any]:
        """The wrapped vector's metadata, until a subclass assigns its own."""
        return self.env.metadata if self._metadata is None else self._metadata

    @metadata.setter
    def metadata(self, value: dict[str, Any]) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self._metadata = value

    @property
    def num_envs(self) -> int:  # type: ignore[override]
        """The number of lanes."""
        return self.env.num_envs

    @property
    def np_random(self) -> np.random.Generator:
        """The wrapped vector's random generator."""
        return self.env.np_random

    @np_random.setter
    def np_random(self, value: np.random.Generator) -> None:
        self.env.np_random = value

    @property
    def np_random_seed(self) -> int | None:
        """The seed of the wrapped vector's random generator."""
        return self.env.np_random_seed

    @property
    def spec(self) -> EnvSpec | None:  # type: ignore[override]
        """What `make_vec` made the wrapped vector from, or None."""
        return self.env.spec

    @property
    def render_mode(self) -> str | None:  # type: ignore[override]
        """The mode the sub-environments were made with, or None."""
        return self.env.render_mode

    @property
    def closed(self) -> bool:
        """Whether the wrapped vector has been closed."""
        return self.env.closed

    @closed.setter
    def closed(self, value: bool) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self.env.closed = value

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, {self.env}>"
