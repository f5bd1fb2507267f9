"""`NativeEnv`: Gymnasium's single environment over one native lane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from dromos import logger
from dromos._core import batch as core
from dromos.checks.space import is_sound_space
from dromos.env import ActType, Env, ObsType
from dromos.error import InvalidAction, ResetNeeded
from dromos.native.distributions import Choice, Distribution, LogUniform, Normal, Uniform
from dromos.native.drawn import DrawnEnv
from dromos.native.draws import ParameterDraws
from dromos.native.fields import (
    FIRST_LANE,
    field_column,
    field_names,
    judge_lanes,
    read_field,
    read_lanes,
    write_field,
)
from dromos.native.judging import check_groups, check_ordered, warn_of_unknown_options
from dromos.native.parameters import given
from dromos.native.parametrised import Parametrised
from dromos.snapshot import Writes, at, making, require_names, rules, written_arrays
from dromos.vector.autoreset import ENDED, RUNNING, UNSET, judge_episodes, read_episodes

if TYPE_CHECKING:
    from dromos._core.batch import Batch
    from dromos.rollout import Rollout
    from dromos.rollout.futures import Futures
    from dromos.spaces import Space

__all__ = ["NativeEnv", "warn_of_unknown_options"]


#: Attributes that are rebuilt, not stored, when an environment is copied or pickled.
_REBUILT = frozenset(
    {"core", "step", "reset", "_lane_step", "_drawn_from", "_raster", "_template", "_window"}
)

#: So many templates are kept; the oldest goes first.
_MOST_TEMPLATES = 256


class _Template(NamedTuple):
    """What environments of one class and the same arguments start with; only copies are used."""

    core: Batch
    action_space: Space[Any]
    observation_space: Space[Any]
    draws: ParameterDraws | None
    has_sound_spaces: bool


_templates: dict[Any, _Template] = {}


class _OwnSpace:
    """A space of the environment: a copy of the template's, made when it is first looked at."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, env: NativeEnv[Any, Any] | None, owner: type) -> Any:
        if env is None or env._template is None:
            raise AttributeError(f"{owner.__name__} has no {self.name} yet: environments make it")
        space = vars(env)[self.name] = getattr(env._template, self.name)._fresh_copy()
        return space


class NativeEnv(Parametrised, DrawnEnv[ObsType, ActType], Generic[ObsType, ActType]):
    """An environment whose dynamics are native.

    A subclass names its dynamics, makes the spaces and draws; see `Parametrised` for its
    parameters and `DrawnEnv` for its pictures. Its `step` and `reset` are native functions, which
    `__init__` puts into the instance.

    Attributes:
        ordered: Pairs of parameters of which the first has to be less than the second.
        infinite: Numbers of a state that may be infinite.
        core: The native lane.
        draws: Which parameters are drawn at each reset; None if none ever was.
    """

    ordered: ClassVar[tuple[tuple[str, str], ...]] = ()
    infinite: ClassVar[frozenset[str]] = frozenset()
    snapshot_types = (Choice, LogUniform, Normal, Uniform)
    snapshot_fields = {  # noqa: RUF012  (nobody changes it)
        "_has_options": rules.Flag(),
        "action_space": rules.SpaceGenerators(),
        "observation_space": rules.SpaceGenerators(),
    }

    core: core.Batch
    draws: ParameterDraws | None = None
    action_space: Space[ActType] = _OwnSpace()  # type: ignore[assignment]
    observation_space: Space[ObsType] = _OwnSpace()  # type: ignore[assignment]
    _template: _Template | None = None
    _has_options: bool = False
    _drawn_from: np.random.Generator | None = None

    def __init__(
        self,
        render_mode: str | None = None,
        render_size: tuple[int, int] | None = None,
        **parameters: Any,
    ) -> None:
        """Make the lane.

        Args:
            render_mode: One of ``metadata["render_modes"]``, or None.
            render_size: Width and height of frames in pixels, as sharp at any; None for those
                that the environment is known by.
            **parameters: Values of parameters, or distributions from which each reset draws
                them; the others, and those that are `DEFAULT`, keep their defaults.

        Raises:
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range, or a lower bound is not less than its upper
                bound, or would not be for some values that can be drawn.
        """
        self.render_mode = render_mode
        if render_size is not None:
            from dromos.render.frames import checked_size

            self.render_size = checked_size("render_size", render_size)
        key: Any = (type(self), *parameters.items())
        try:
            template = _templates.get(key)
        except TypeError:  # an array or a list, which may change
            template = key = None
        if template is None:
            self._build(core.make_single(self.dynamics))
            self._initialise(given(**parameters))
            if key is not None:
                self._keep_template(key)
            return
        self._template = template
        self._build(template.core.fresh_lane())
        if template.draws is not None:
            self.draws = template.draws.copy()

    def _initialise(self, parameters: Mapping[str, Any]) -> None:
        values = {**self.class_constants(), **self.as_parameters(parameters)}
        for name, value in values.items():
            self.parameters[name].initialise(self, value)
        check_ordered(self, values)
        self.action_space, self.observation_space = self.make_spaces()

    def _keep_template(self, key: Any) -> None:
        _templates[key] = _Template(
            self.core.fresh_lane(),
            self.action_space._fresh_copy(),
            self.observation_space._fresh_copy(),
            None if self.draws is None else self.draws.copy(),
            is_sound_space(self.action_space) and is_sound_space(self.observation_space),
        )
        while len(_templates) > _MOST_TEMPLATES:
            _templates.pop(next(iter(_templates)), None)

    @classmethod
    def _defaults_changed(cls) -> None:
        _templates.clear()

    @classmethod
    def _calls_itself(cls) -> bool:
        return cls.step is not NativeEnv.step and cls.reset is not NativeEnv.reset

    def make_spaces(self) -> tuple[Space[ActType], Space[ObsType]]:
        """Return the action and the observation space.

        They depend on the class and the parameters only: they are made for the first environment
        of a class and its arguments, and the next ones get copies. Unless a subclass makes them,
        they are as wide as what the dynamics tell.
        """
        from dromos.native.widest_spaces import action_space_of, observation_space_of

        return action_space_of(self.dynamics), observation_space_of(self.dynamics)

    def drawn_state(self) -> Any:
        """Return the state, name to number or array; a subclass may show it otherwise."""
        names = field_names(self.dynamics, "state")
        return {name: read_field(self.core, "state", name, FIRST_LANE)[0] for name in names}

    def _build(self, lane: Batch) -> None:
        self.core = lane
        # It refers to the environment weakly: one nobody holds any more goes at once, not when the
        # garbage collector finds the circle.
        self._lane_step = step = lane.lane_step(self)
        if self.render_mode != "human":
            cls, own = type(self), vars(self)
            if cls.step is NativeEnv.step:
                own["step"] = step
            if cls.reset is NativeEnv.reset:
                own["reset"] = step.reset

    def set_draw(self, name: str, distribution: Distribution | None) -> None:
        """Draw a parameter from a distribution at each reset from now on, or no longer.

        Args:
            name: The parameter.
            distribution: A distribution of legal values; None for no more draws.

        Raises:
            TypeError: If there is no such parameter, or it is no distribution of its values.
            ValueError: If it can give values that are out of range.
        """
        parameter = self.parameter(name)
        if distribution is not None:
            parameter.check_drawn(distribution)
        if distribution is not None or self.draws:
            self.draws = self._own_draws()
            self.draws.change(name, FIRST_LANE, [distribution])
            self.draws.apply(self.core)

    def _own_draws(self) -> ParameterDraws:
        return ParameterDraws(type(self), 1) if self.draws is None else self.draws

    def step(self, action: ActType) -> tuple[ObsType, float, bool, bool, dict[str, Any]]:
        """Advance the environment by one action, as `Env.step` says.

        Raises:
            ResetNeeded: If no episode was started.
            InvalidAction: If the action is not an element of `action_space`.
        """
        self.refuse_uncalled()
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
            TypeError: If an option is not a number.
            ValueError: If an option is out of range.
        """
        checked = {} if options is None else self.checked_options(options)
        for name, value in checked.items():
            field_column(self.core, "options", name, FIRST_LANE, value)  # refuses it or not
        self.refuse_uncalled()
        super().reset(seed=seed)
        if checked or self._has_options:
            self.core.default_options(FIRST_LANE)
            for name, value in checked.items():
                write_field(self.core, "options", name, FIRST_LANE, value)
            self._has_options = bool(checked)
        self._bind_stream(self.np_random)
        result = self._started()
        if self.render_mode == "human":
            self.render()
        return result

    def _futures_over_lanes(self, stack: Env[Any, Any], wanted: Futures) -> Rollout | None:
        from dromos.native.futures import futures_over_lanes

        plain = vars(self).get("step", self._lane_step) is self._lane_step
        if not plain or type(self).step is not NativeEnv.step:
            return None
        return futures_over_lanes(stack, wanted)

    def _refuse_futures(self) -> None:
        status = self.core.episodes.status[0]
        if status != RUNNING:
            what = "has ended" if status == ENDED else "was never started"
            raise ResetNeeded(
                f"{self} has no futures: its episode {what}; call `reset()`, or give `start`"
            )

    def _long_reset(
        self, seed: int | None, options: dict[str, Any] | None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Do a reset that is more than a start, for the native `reset` in the instance."""
        return NativeEnv.reset(self, seed=seed, options=options)

    def _started(self) -> tuple[ObsType, dict[str, Any]]:
        """Start an episode, once seed and options are in force."""
        return self._lane_step.start()

    def _starts_plainly(self) -> bool:
        """Return whether a reset without arguments is a start and nothing else."""
        return not self._has_options

    def checked_options(self, options: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Return the reset options that there are, checked; a subclass adds its own checks.

        Others mean something to a wrapper or to the user's program: the first time, they are
        warned of.

        Raises:
            TypeError: If they are not a dict.
        """
        if options is None:
            return {}
        if not isinstance(options, Mapping):
            raise TypeError(f"Expected the reset options to be a dict, got {options!r}")
        known = field_names(self.dynamics, "options")
        if unknown := sorted(set(options) - set(known), key=str):
            warn_of_unknown_options(type(self), unknown, list(known))
            return {name: options[name] for name in options if name in known}
        return options

    def check_state(
        self, params: Mapping[str, NDArray[Any]], state: Mapping[str, NDArray[Any]], status: Any
    ) -> None:
        """Raise unless lanes with these parameters can be in these states; a row a lane.

        Args:
            params: Columns of the parameters.
            state: Columns of the states.
            status: Whether lanes have an episode: `UNSET`, `RUNNING` or `ENDED`.

        Raises:
            ValueError: If one cannot be.
        """
        most = np.finfo(np.float32).max  # what observations can show
        for name, column in state.items():
            if column.dtype.kind != "f" or (np.abs(column) <= most).all():
                continue
            if name not in self.infinite or not (np.isinf(column) | (np.abs(column) <= most)).all():
                raise ValueError(f"{name}: expected finite float32 numbers")

    @property
    def _np_random(self) -> np.random.Generator | None:
        generator: np.random.Generator | None = vars(self).get("_np_random")
        return generator

    @_np_random.setter
    def _np_random(  # pyright: ignore[reportIncompatibleVariableOverride]
        self, generator: np.random.Generator | None
    ) -> None:
        self._bind_stream(generator)
        vars(self)["_np_random"] = generator

    def _bind_stream(self, generator: np.random.Generator | None) -> None:
        """Let the lane draw from `np_random`, whoever put it there."""
        if generator is not None and generator is not self._drawn_from:
            self.core.use_bit_generator(generator.bit_generator)
            self._drawn_from = generator
        self._lane_step.direct = generator is not None and self._starts_plainly()

    def _fault(self, reason: str, action: ActType) -> None:
        """Answer what the native step reports; returning lets a step past the end happen."""
        if reason == "reset":
            raise ResetNeeded("Cannot call env.step() before calling env.reset()")
        if reason == "action":
            raise InvalidAction(
                f"{action!r} of type {type(action).__name__} is not an action of {self}: expected "
                f"an element of {self.action_space}"
            )
        logger.warn(
            "You are calling 'step()' even though this environment has already returned "
            "terminated = True. You should always call 'reset()' once you receive "
            "'terminated = True' -- any further steps are undefined behavior.",
            stacklevel=2,
            detail=f"It is {self}.",
        )

    def _is_unset(self) -> bool:
        return bool(self.core.episodes.status[0] == UNSET)

    def _set_status(self, status: int) -> None:
        """Let the lane have an episode that runs or has ended."""
        self.core.episodes.status[0] = status

    @property
    def has_sound_spaces(self) -> bool:
        """Whether checks would find nothing the matter with the spaces, as far as is known."""
        return self._template is not None and self._template.has_sound_spaces

    def _make_own_spaces(self) -> None:
        """Let the spaces be attributes of the instance, which is what is copied or compared."""
        _ = self.action_space, self.observation_space

    def snapshot_state(self) -> dict[str, Any]:
        """Return the Python attributes and, under ``"core"``, what the native lane holds."""
        self._make_own_spaces()
        return {
            **super().snapshot_state(),
            "core": written_arrays(self._read_core()),
            "draws": [] if self.draws is None else self.draws.state(FIRST_LANE),
        }

    def judge_state(self, state: dict[str, Any]) -> Writes:
        """Return what puts the environment into a state, after looking at all of it."""
        making(self, "action_space", "observation_space")
        own = dict(state)
        lane, drawn = own.pop("core", None), own.pop("draws", None)
        with at(".core"):
            require_names(lane, ("params", "options", "state", "episodes"))
            writes = self._judge_core(lane)
            check_groups(
                self, lane["params"], lane["options"], lane["state"], lane["episodes"]["status"]
            )
        if self.draws is not None or drawn:
            draws = self._own_draws().copy()
            draws.restore(drawn, FIRST_LANE)
            writes.append(lambda: self._take_draws(draws))
        return [*writes, *super().judge_state(own), lambda: self._bind_stream(self._np_random)]

    def _take_draws(self, draws: ParameterDraws) -> None:
        self.draws = draws
        draws.apply(self.core)

    def __getstate__(self) -> dict[str, Any]:
        self._make_own_spaces()
        kept = {name: value for name, value in vars(self).items() if name not in _REBUILT}
        return {**kept, "core": self._read_core()}

    def _read_core(self) -> dict[str, Any]:
        episodes = read_episodes(self.core.episodes, FIRST_LANE)
        return {**read_lanes(self.core, FIRST_LANE, streams=False), "episodes": episodes}

    def _judge_core(self, state: Any) -> Writes:
        writes = judge_lanes(self.core, FIRST_LANE, state, streams=False)
        writes += judge_episodes(self.core.episodes, state["episodes"], FIRST_LANE)
        return writes

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update({name: value for name, value in state.items() if name != "core"})
        self._build(core.make_single(self.dynamics))
        if self.draws is not None:
            self.draws.apply(self.core)
        for write in self._judge_core(state["core"]):
            write()
        self._bind_stream(self._np_random)

    def __copy__(self) -> Self:
        raise TypeError(
            f"{type(self).__name__} cannot be copied shallowly: two environments would share one "
            "random generator. Use clone() or copy.deepcopy()."
        )
