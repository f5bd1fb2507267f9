"""`NativeEnv`: Gymnasium's single environment over one native lane."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from dromos import logger
from dromos._core import batch as core
from dromos.env import ActType, Env, ObsType, RenderFrame, takes_no_arguments
from dromos.error import InvalidAction, ResetNeeded
from dromos.native.distributions import Distribution
from dromos.native.draws import ParameterDraws
from dromos.native.fields import (
    FIRST_LANE,
    UNSET,
    field_names,
    read_lanes,
    write_field,
    write_lanes,
)
from dromos.native.lane_arguments import check_ordered
from dromos.native.parameters import LaneParameter
from dromos.native.templates import find_template, keep_template

if TYPE_CHECKING:
    from dromos._core.batch import Batch
    from dromos.render.canvas import Canvas
    from dromos.render.raster import Raster
    from dromos.render.window import Window
    from dromos.spaces import Space

__all__ = ["NativeEnv"]


#: Attributes that are rebuilt, not stored, when an environment is copied or pickled.
_REBUILT = frozenset({"core", "step", "_lane_step", "_drawn_from", "_raster", "_window"})


class _FaultHandler:
    """Hands what the native step reports to the environment, if that still exists."""

    def __init__(self, env: NativeEnv[Any, Any]) -> None:
        self.env = weakref.ref(env)

    def __call__(self, reason: str, action: Any) -> None:
        env = self.env()
        if env is None:
            raise ReferenceError("the environment of this step() is gone")
        env._fault(reason, action)


class NativeEnv(Env[ObsType, ActType], Generic[ObsType, ActType]):
    """An environment whose dynamics are native.

    A subclass names its dynamics, declares a `Parameter` for each of their parameters, makes the
    spaces and draws. Its `step` is the native function itself, which `__init__` puts into the
    instance.

    Attributes:
        dynamics: The name of the native dynamics.
        frame_size: Width and height of a frame in pixels.
        ordered: Pairs of parameters of which the first has to be less than the second.
        core: The native lane.
        draws: Which parameters are drawn at each reset; None if none ever was.
    """

    dynamics: ClassVar[str]
    frame_size: ClassVar[tuple[int, int]] = (600, 400)
    ordered: ClassVar[tuple[tuple[str, str], ...]] = ()
    snapshot_exclude = _REBUILT | {"draws"}  # told by `snapshot_state`

    core: core.Batch
    draws: ParameterDraws | None = None

    def __init__(self, render_mode: str | None = None, **parameters: Any) -> None:
        """Make the lane.

        Args:
            render_mode: One of ``metadata["render_modes"]``, or None.
            **parameters: Values of parameters, or distributions from which each reset draws
                them; the others keep their defaults.

        Raises:
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range, or a lower bound is not less than its upper
                bound, or would not be for some values that can be drawn.
        """
        self.render_mode = render_mode
        self._warned_of_end = False
        self._has_options = False
        template = find_template(type(self), parameters)
        if template is None:
            self._build(core.make_single(self.dynamics))
            for name, value in parameters.items():
                self.parameter(name).initialise(self, value)
            check_ordered(self, parameters)
            self.action_space, self.observation_space = self.make_spaces()
            keep_template(self, parameters)
        else:
            self._build(template.core.fresh_lane())
            self.action_space = template.action_space._fresh_copy()
            self.observation_space = template.observation_space._fresh_copy()
            if template.draws is not None:
                self.draws = template.draws.copy()

    def make_spaces(self) -> tuple[Space[ActType], Space[ObsType]]:
        """Return the action and the observation space.

        They depend on the class and the parameters only: they are made for the first environment
        of a class and its arguments, and the next ones get copies.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define `make_spaces`")

    def _build(self, lane: Batch) -> None:
        self.core = lane
        self._drawn_from: np.random.Generator | None = None
        self._raster: Raster | None = None
        self._window: Window | None = None
        # A weak reference: an environment nobody holds any more goes at once, not when the
        # garbage collector finds the circle.
        self._lane_step = self.core.lane_step(_FaultHandler(self))
        if self.render_mode != "human" and type(self).step is NativeEnv.step:
            self.__dict__["step"] = self._lane_step

    def set_draw(self, name: str, distribution: Distribution | None) -> None:
        """Draw a parameter from a distribution at each reset from now on, or no longer.

        Args:
            name: The parameter.
            distribution: A distribution of legal values; None for no more draws.
        """
        if distribution is not None or self.draws:
            self.draws = self._own_draws()
            self.draws.change(name, FIRST_LANE, [distribution])
            self.draws.apply(self.core)

    def _own_draws(self) -> ParameterDraws:
        return ParameterDraws(type(self), 1) if self.draws is None else self.draws

    @classmethod
    def parameter(cls, name: str) -> LaneParameter[Any]:
        """Return the declaration of a parameter.

        Raises:
            TypeError: If there is none of this name; the message lists those there are.
        """
        declared = getattr(cls, name, None)
        if not isinstance(declared, LaneParameter):
            raise TypeError(
                f"{cls.__name__} got an unexpected keyword argument {name!r}; its parameters are "
                f"{', '.join(cls.parameter_names())}"
            )
        return declared

    @classmethod
    def parameter_names(cls) -> list[str]:
        """Return the names of the parameters, in the order of the class body."""
        return [
            name
            for owner in reversed(cls.__mro__)
            for name, value in vars(owner).items()
            if isinstance(value, LaneParameter)
        ]

    def step(self, action: ActType) -> tuple[ObsType, float, bool, bool, dict[str, Any]]:
        """Advance the environment by one action, as `Env.step` says.

        Raises:
            ResetNeeded: If no episode was started.
            InvalidAction: If the action is not an element of `action_space`.
        """
        result = self._lane_step(action)
        if self.render_mode == "human":
            self.render()
        return result

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Start an episode, as `Env.reset` says.

        Raises:
            Error: If the seed is not an integer ≥ 0.
            TypeError: If an option is unknown or not a number.
            ValueError: If an option is out of range.
        """
        checked = {} if options is None else self.checked_options(options)
        super().reset(seed=seed)
        self._bind_stream()
        if checked or self._has_options:
            self.core.default_options(FIRST_LANE)
            for name, value in checked.items():
                write_field(self.core, "options", name, FIRST_LANE, value)
            self._has_options = bool(checked)
        self._warned_of_end = False
        result: tuple[ObsType, dict[str, Any]] = self.core.reset_single()
        if self.render_mode == "human":
            self.render()
        return result

    def checked_options(self, options: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Return the reset options, checked; a subclass adds its own checks.

        Raises:
            TypeError: If they are not a dict or there is no such option.
        """
        if options is None:
            return {}
        if not isinstance(options, Mapping):
            raise TypeError(f"Expected the reset options to be a dict, got {options!r}")
        known = field_names(self.dynamics, "options")
        if unknown := sorted(set(options) - set(known), key=str):
            raise TypeError(
                f"{type(self).__name__} has no reset option {', '.join(map(repr, unknown))}; it "
                f"takes {', '.join(known) or 'none'}"
            )
        return options

    def _bind_stream(self) -> None:
        """Let the lane draw from `np_random`, whoever put it there."""
        generator = self._np_random or self.np_random
        if generator is not self._drawn_from:
            self.core.use_bit_generator(generator.bit_generator)
            self._drawn_from = generator

    @property
    def np_random(self) -> np.random.Generator:
        """The generator that the native core draws from."""
        return super().np_random

    @np_random.setter
    def np_random(self, value: np.random.Generator) -> None:
        self._np_random = value
        self._np_random_seed = -1
        self._bind_stream()

    def _fault(self, reason: str, action: ActType) -> None:
        """Answer what the native step reports; returning lets a step past the end happen."""
        if reason == "reset":
            raise ResetNeeded("Cannot call env.step() before calling env.reset()")
        if reason == "action":
            raise InvalidAction(
                f"{action!r} of type {type(action).__name__} is not an action of {self}: expected "
                f"an element of {self.action_space}"
            )
        if not self._warned_of_end:
            self._warned_of_end = True
            logger.warn(
                f"{self} is stepped although its last step returned terminated = True. Call "
                "reset() first: what happens after the end of an episode is not defined.",
                stacklevel=2,
            )

    @takes_no_arguments
    def render(self) -> RenderFrame | list[RenderFrame] | None:
        """Return a picture of the present state, as `Env.render` says.

        Raises:
            ResetNeeded: If no episode was started.
        """
        if self.render_mode is None:
            logger.warn(
                f"{self} was made without a render mode and draws nothing. Make it with one: "
                f'make("{"MyEnv-v0" if self.spec is None else self.spec.id}", '
                'render_mode="rgb_array")'
            )
            return None
        if self._is_unset():
            raise ResetNeeded("There is no state to render yet; call `reset()` first")
        if self.render_mode == "ansi":
            return self.text(self.drawn_state())
        frame = self._frame()
        if self.render_mode != "human":
            return frame
        if self._window is None:
            from dromos.render.window import Window

            fps = self.metadata.get("render_fps")
            self._window = Window(str(self), self.picture_size(), fps=fps)
        self._window.show(frame)
        return None

    def _is_unset(self) -> bool:
        return bool(self.core.status()[0] == UNSET)

    def _frame(self) -> NDArray[np.uint8]:
        from dromos.render.raster import Raster

        raster, size = self._raster, self.picture_size()
        if raster is None or (raster.width, raster.height) != size:
            raster = self._raster = Raster(*size)
        self.draw(raster, self.drawn_state())
        return raster.pixels()

    def picture_size(self) -> tuple[int, int]:
        """Return width and height of a frame in pixels: `frame_size`, unless a state matters."""
        return self.frame_size

    def drawn_state(self) -> Any:
        """Return what `draw` draws: the state of the lane."""
        raise NotImplementedError(f"{type(self).__name__} does not draw")

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw a state; it may be one that was recorded. Never steps."""
        raise NotImplementedError(f"{type(self).__name__} does not draw")

    def text(self, state: Any) -> str:
        """Return a state as text; it may be one that was recorded. Never steps."""
        raise NotImplementedError(f"{type(self).__name__} does not write")

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()
            self._window = None

    def snapshot_state(self) -> dict[str, Any]:
        """Return the Python attributes and, under ``"core"``, what the native lane holds."""
        return {
            **super().snapshot_state(),
            "core": read_lanes(self.core, FIRST_LANE, streams=False),
            "draws": [] if self.draws is None else self.draws.state(FIRST_LANE),
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take over what `snapshot_state` returned."""
        if self.draws is not None or state.get("draws"):
            draws = self._own_draws().copy()
            draws.restore(state.get("draws"), FIRST_LANE)
        else:
            draws = None
        write_lanes(self.core, FIRST_LANE, state.get("core", {}), streams=False)
        super().restore_state({k: v for k, v in state.items() if k not in ("core", "draws")})
        if draws is not None:
            self.draws = draws
            draws.apply(self.core)
        if self._np_random is not None:
            self._bind_stream()

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.__dict__.items() if name not in _REBUILT}
        return {**kept, "core": read_lanes(self.core, FIRST_LANE, streams=False)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update({name: value for name, value in state.items() if name != "core"})
        self._build(core.make_single(self.dynamics))
        if self.draws is not None:
            self.draws.apply(self.core)
        write_lanes(self.core, FIRST_LANE, state["core"], streams=False)
        if self._np_random is not None:
            self._bind_stream()

    def __copy__(self) -> Self:
        raise TypeError(
            f"{type(self).__name__} cannot be copied shallowly: two environments would share one "
            "random generator. Use clone() or copy.deepcopy()."
        )
