"""`VectorWrapper`: a vector around a vector."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Generic

import numpy as np
from typing_extensions import Self

from dromos.core import ActType, ObsType, RenderFrame, WrapperActType, WrapperObsType
from dromos.error import SnapshotError
from dromos.snapshot import at, attributes_state, judge, judge_attributes, rules, take, undeclared
from dromos.spaces import Space
from dromos.vector.base import ArrayType, VectorEnv
from dromos.vector.lane_queue import checked_lane_ids, target_lanes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from dromos.registration.spec import EnvSpec
    from dromos.snapshot import Writes
    from dromos.vector.lane_queue import LaneIds
    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["VectorWrapper"]

#: In the state of some lanes, which they are; no attribute has such a name.
_LANES = "the lanes"


class _OwnOrInner:
    """What the wrapped vector has under this name, until the wrapper is assigned its own."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name, self.own = name, f"_{name}"

    def __get__(self, wrapper: VectorWrapper[Any, Any, Any, Any, Any] | None, owner: type) -> Any:
        if wrapper is None:
            return self
        own = getattr(wrapper, self.own)
        return getattr(wrapper.env, self.name) if own is None else own

    def __set__(self, wrapper: VectorWrapper[Any, Any, Any, Any, Any], value: Any) -> None:
        setattr(wrapper, self.own, value)


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

    __module__ = "dromos.vector.vector_env"  # the public path

    env: VectorEnv[ObsType, ActType, ArrayType]

    snapshot_fields = {  # noqa: RUF012  (nobody changes it)
        "_observation_space": rules.Optional(rules.SpaceGenerators()),
        "_action_space": rules.Optional(rules.SpaceGenerators()),
        "_single_observation_space": rules.Optional(rules.SpaceGenerators()),
        "_single_action_space": rules.Optional(rules.SpaceGenerators()),
    }

    observation_space: Space[WrapperObsType] = _OwnOrInner()  # type: ignore[assignment]
    action_space: Space[WrapperActType] = _OwnOrInner()  # type: ignore[assignment]
    single_observation_space: Space[Any] = _OwnOrInner()  # type: ignore[assignment]
    single_action_space: Space[Any] = _OwnOrInner()  # type: ignore[assignment]
    metadata: dict[str, Any] = _OwnOrInner()  # type: ignore[assignment]

    _observation_space: Space[WrapperObsType] | None = None
    _action_space: Space[WrapperActType] | None = None
    _single_observation_space: Space[Any] | None = None
    _single_action_space: Space[Any] | None = None
    _metadata: dict[str, Any] | None = None

    #: Whether `recv` knows what `step` does: it is defined in the same class or below it.
    _receives: bool = True
    #: Whether `_present` knows what `step` shows, likewise.
    _tells: bool = True

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
            for name in ("step", "recv", "_present")
        }
        cls._receives = issubclass(definers["recv"], definers["step"])
        cls._tells = issubclass(definers["_present"], definers["step"])

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

    def _present(self) -> Any:
        return self.env._present() if self._tells else super()._present()

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

    def lane_labels(self, lanes: Sequence[int]) -> list[str]:
        """Return the labels of the wrapped vector."""
        return self.env.lane_labels(lanes)

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

        Of some lanes, only what each has of its own is taken.
        """
        if lanes is None:
            return {**attributes_state(self), "env": take(self.env)}
        self._refuse_own()
        chosen = checked_lane_ids(lanes, self.num_envs)
        own = attributes_state(self, chosen)
        return {**own, _LANES: chosen, "env": take(self.env, lanes)}

    def judge_state(self, state: dict[str, Any], lanes: LaneIds | None = None) -> Writes:
        """Return what puts every layer into a state, after looking at all of it."""
        own = {name: value for name, value in state.items() if name not in ("env", _LANES)}
        inner = state.get("env")
        if lanes is None and _LANES not in state:
            return [*judge_attributes(self, own), *judge(self.env, inner)]
        self._refuse_own()
        with at(".lanes"):
            sources = state.get(_LANES, list(range(self.num_envs)))
            targets = target_lanes(sources, lanes, self.num_envs)
        return [*judge(self.env, inner, targets), *judge_attributes(self, own, targets)]

    def _refuse_own(self) -> None:
        if kept := undeclared(self):
            raise SnapshotError(
                f"{type(self).__name__} cannot tell its lanes apart: it keeps {kept}. Take the "
                "whole vector, or override `snapshot_state` and `judge_state`."
            )

    @property
    def unwrapped(self) -> VectorEnv[Any, Any, Any]:
        """The vector under all wrappers."""
        return self.env.unwrapped

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
