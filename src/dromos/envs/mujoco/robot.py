"""`RobotEnv`: the built-in robots, whose rewards, ends and observations are native."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NoReturn

import numpy as np
from numpy.typing import NDArray

from dromos._core import mujoco as core
from dromos.arguments import flag
from dromos.env import Env, RenderFrame
from dromos.envs.mujoco.library import import_mujoco, library
from dromos.envs.mujoco.models import compiled_model
from dromos.envs.mujoco.mujoco_env import MujocoEnv
from dromos.envs.mujoco.observed import Observation
from dromos.envs.mujoco.physics_state import (
    judge_model,
    judge_physics,
    model_changes,
    read_physics,
)
from dromos.envs.mujoco.task import Number, TaskNumbers
from dromos.error import InvalidAction, ResetNeeded
from dromos.homes import home_of
from dromos.native.env import warn_of_unknown_options
from dromos.snapshot import Writes, at, require_names, rules
from dromos.spaces import Box

__all__ = ["Infos", "RobotEnv"]

#: What a state holds besides attributes.
_KEPT = ("rest", "task", "model", "physics")

#: An entry of an info: its name, the fact or array it tells, and "float", "int", "array", or
#: "action" for a number in the dtype of the action.
Infos = tuple[tuple[str, str, str], ...]


_OURS = "dromos.envs.mujoco."

#: What the native step has to know of a model.
_SIZES = ("nq", "nv", "nu", "nbody", "ntendon")

#: Methods of the peer's that users override, and which a step or a reset then calls.
_HOOKS = ("_get_obs", "_get_rew", "do_simulation", "_step_mujoco_simulation", "reset_model")
#: What the native step computes without calling; overriding it would change nothing.
_SEALED = ("control_cost", "contact_cost", "contact_forces", "healthy_reward", "is_healthy")


class RobotEnv(TaskNumbers, MujocoEnv):
    """A built-in robot on its model, or on one of yours with the same kind of joints.

    The step is native: it runs on the live `data`, and the lanes of vectors run the same. What a
    user may do is heeded: overriding `_get_obs`, `_get_rew`, `do_simulation`, `reset_model` or
    `_get_reset_info`, and changing `model` or `data`. The compiled model is shared between
    environments until somebody asks for `model` or `data`; from then on this one has its own.
    A subclass may also call `MujocoEnv.__init__` alone, with a model of other joints: it has no
    native step then, and defines `step`, `reset_model` and `_get_obs`.

    Attributes:
        robot: The name of the native text.
        observation_structure: How many numbers of the observation each array of ``MjData`` makes;
            absent where the observation is none of whole arrays.
    """

    robot: ClassVar[str]
    step_infos: Infos = ()
    reset_infos: Infos = ()
    snapshot_exclude = MujocoEnv.snapshot_exclude | {"_before"}
    snapshot_fields = {"_unset": rules.Flag(), "frame_skip": rules.count(1)}  # noqa: RUF012

    observation_structure: dict[str, int]

    _unset: bool = True
    #: What the last step of a subclass with hooks looked back at.
    _before: Any = None
    _exclude_current_positions_from_observation: bool
    _include_cfrc_ext_in_observation: bool

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if home_of(cls).startswith(_OURS):
            return
        if sealed := [name for name in _SEALED if name in cls.__dict__]:
            raise TypeError(
                f"{cls.__name__} overrides {', '.join(sealed)}, which the native step does not "
                "call. Override `_get_rew`, which returns (reward, info), or `step`"
            )

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        """Make the simulation and the native step.

        Args:
            arguments: ``locals()`` of the robot's own `__init__`: the arguments of `MujocoEnv`
                (``xml_file`` for its ``model_path``), numbers of the task, and what remains, which
                becomes attributes.
        """
        own = dict(arguments)
        base = {name: own.pop(name) for name in ("frame_skip", "default_camera_config")}
        task: dict[str, float] = {}
        observed: dict[str, Any] = {}
        for name in own.keys() - {"self", "__class__", "xml_file", "kwargs"}:
            kind = getattr(TaskNumbers, f"_{name}", None)
            if isinstance(kind, Number):
                task.update(kind.checked(own[name]))
            else:
                is_switch = name.startswith(("exclude_", "include_"))
                observed[f"_{name}"] = flag(name, own[name]) if is_switch else own[name]
        self.__dict__.update(observed)
        self._unset = True  # no episode was started yet
        self._observed = tuple(sorted(observed.items()))
        super().__init__(own["xml_file"], observation_space=None, **base, **own["kwargs"])
        self._build(task)
        if "render_fps" not in self.metadata:
            self.metadata = {**self.metadata, "render_fps": round(1.0 / self.dt)}

    def set_state(self, qpos: NDArray[np.float64], qvel: NDArray[np.float64]) -> None:
        """Put the simulation into a state, as `MujocoEnv.set_state` says; a step may follow."""
        super().set_state(qpos, qvel)
        self._unset = False

    def render(self) -> RenderFrame | list[RenderFrame] | None:
        """Return a picture, as `MujocoEnv.render` says.

        Raises:
            ResetNeeded: If no episode was started.
        """
        if self._unset and self.render_mode is not None:
            raise ResetNeeded("There is no state to render yet; call `reset()` first")
        return super().render()

    def _build(self, task: dict[str, float]) -> None:
        """Make the native lane, with a plan that environments of one kind and model share."""
        model = self._model
        key = type(self), id(model), self._observed
        kept = _templates.get(key)
        if kept is None:
            kept = self._new_template(model)
            if not self._is_own:
                if len(_templates) >= _MOST_TEMPLATES:
                    del _templates[next(iter(_templates))]
                _templates[key] = kept
        self._plan, structure, space = kept[:3]
        if structure:
            self.observation_structure = structure
        if "observation_space" not in self.__dict__:  # a copy has that of the original
            self.observation_space = space._fresh_copy()
        self._lane = core.Lane(self._plan, {**task, **self.make_numbers(model)})
        self._attach()

    @property
    def _has_lane(self) -> bool:
        """Whether this class's own `__init__` was called, which makes the native step."""
        return "_plan" in self.__dict__

    def _task(self) -> dict[str, float]:
        names = core.TASK_FIELDS if self._has_lane else ()
        return {name: self._lane.get(name) for name in names}

    def _new_template(self, model: Any) -> tuple[Any, ...]:
        sizes = {name: int(getattr(model, name)) for name in _SIZES}
        pieces, structure = self.make_observation(model)
        pieces = [piece for piece in pieces if piece[2] > 0]
        infos = list(self.step_infos), list(self.reset_infos)
        plan = core.Plan(library(), self.robot, sizes, pieces, *infos)
        space = Box(-np.inf, np.inf, (plan.observation_size,), np.float64)
        return plan, structure, space, model  # the model: its id is in the key

    def make_observation(self, model: Any) -> Observation:
        """Return the pieces of the observation and `observation_structure`."""
        raise NotImplementedError(f"{type(self).__name__} does not define `make_observation`")

    def make_numbers(self, model: Any) -> dict[str, float]:
        """Return the numbers of the task that the model says."""
        return {}

    # The simulation: the model shared and copied on write, the data made when first needed.

    def _make_simulation(self) -> None:
        self._data: Any = None
        if _overrides(type(self), "_initialize_simulation"):
            self._model, self._data = self._initialize_simulation()
            self._is_own = True
        else:
            self._model, self._is_own = compiled_model(self.fullpath), False
            screen = self._model.vis.global_
            if self.width > screen.offwidth or self.height > screen.offheight:
                self._model, self._is_own = copy.copy(self._model), True
                self._grow_buffer(self._model)
        self.init_qpos = self._model.qpos0.copy()
        self.init_qvel = np.zeros(self._model.nv)

    def _made_data(self) -> Any:
        if self._data is None:
            self._data = import_mujoco().MjData(self._model)
            self._attach()
        return self._data

    def _own(self) -> None:
        """Part with the model that others use, before somebody changes it."""
        if self._is_own:
            return
        mujoco = import_mujoco()
        model, shown = copy.copy(self._model), self._data
        self._is_own = True
        self._model, self._data = model, mujoco.MjData(model)
        if shown is not None:
            mujoco.mj_copyData(self._data, model, shown)
        self._attach()

    def _attach(self) -> None:
        if self._has_lane and self._data is not None:
            self._lane.frames = self.frame_skip
            self._lane.attach(self._model, self._data, self.init_qpos, self.init_qvel)

    @property
    def model(self) -> Any:
        """The ``mujoco.MjModel``, this environment's own from now on."""
        self._own()
        return self._model

    @model.setter
    def model(self, model: Any) -> None:
        _require("model", model, "MjModel")
        wrong = [n for n in _SIZES if getattr(model, n) != getattr(self._model, n)]
        if wrong:
            raise ValueError(
                f"Expected a model with the {', '.join(wrong)} of this environment's, found "
                f"{model!r:.100}. A model of other sizes needs an environment of its own: "
                "make(..., xml_file=...)"
            )
        with self._attached():
            self._model, self._is_own = model, True
            if self._data is not None and self._data.signature != model.signature:
                self._data, self._unset = None, True  # made anew by the next reset
        self._renderer = None

    @property
    def data(self) -> Any:
        """The ``mujoco.MjData``."""
        self._own()
        return self._made_data()

    @data.setter
    def data(self, data: Any) -> None:
        _require("data", data, "MjData")
        if data.signature != self._model.signature:
            raise ValueError(
                f"Expected an MjData of this environment's model, found {data!r:.100}. Replace "
                "`model` first"
            )
        with self._attached():
            self._data, self._is_own = data, True
        self._renderer = None

    @contextlib.contextmanager
    def _attached(self) -> Iterator[None]:
        """Attach what is changed in the block, or put it back."""
        before = dict(vars(self))
        try:
            yield
            self._attach()
        except BaseException:
            vars(self).update(before)
            self._attach()
            raise

    def _peek(self) -> Any:
        return self._model

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("frame_skip", "init_qpos", "init_qvel") and self._has_lane:
            if name != "frame_skip":
                value = np.ascontiguousarray(value, dtype=np.float64)
            with self._attached():
                super().__setattr__(name, value)
            return
        super().__setattr__(name, value)

    # Steps and starts.

    def step(
        self, action: NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.float64], float, bool, bool, dict[str, Any]]:
        """Advance the robot by one action (nu,), as `Env.step` says.

        A simulation that diverges is put back to rest: the step is then truncated, its reward 0,
        and ``info["diverged"]`` says what became huge or not finite.

        Raises:
            ResetNeeded: If no episode was started.
            InvalidAction: If the action has another shape, or is not finite.
            mujoco.FatalError: If MuJoCo raises an error.
        """
        if self._unset:
            raise ResetNeeded("Cannot call env.step() before calling env.reset()")
        result = self._lane.step(action) if _is_native(type(self)) else self._step_by_hooks(action)
        if not isinstance(result, tuple):
            self._refuse(action, result)
        if self.render_mode == "human":
            self.render()
        return result

    def _refuse(self, action: Any, message: str | None) -> NoReturn:
        if message is not None:
            raise import_mujoco().FatalError(message)
        raise InvalidAction(
            f"{action!r:.200} is not an action of {self}: expected {self._model.nu} finite "
            f"numbers, an element of {self.action_space}"
        )

    def _step_by_hooks(self, action: Any) -> Any:
        """Take a step by the methods a subclass may have overridden."""
        action = np.asarray(action)
        if action.shape != (self._model.nu,) or not np.isfinite(action).all():
            return None
        before = self._before = self._lane.look()
        self.do_simulation(action, self.frame_skip)
        observation = self._get_obs()
        reward, terminated, info = self._lane.judge(action, before)
        if _overrides(type(self), "_get_rew"):
            reward, told = self._get_rew(*self._reward_arguments(action, terminated))
            info.update(told)
        return observation, reward, terminated, False, info

    def _reward_arguments(self, action: Any, terminated: bool) -> tuple[Any, ...]:
        """Return what the peer's `_get_rew` of this robot is called with: here, of runners."""
        return self._lane.fact("velocity_x", action, self._before), action

    def _get_rew(self, velocity: float, action: Any, /) -> tuple[float, dict[str, Any]]:
        """Return the reward of the present state, come to with a velocity, and its parts.

        For subclasses that override it; a robot whose peer takes other arguments takes those.
        """
        now, action = self._lane.look(), np.asarray(action)
        before = now if self._before is None else self._before
        if self._lane.fact("velocity_x", action, before) != velocity:
            before = (now[0] - velocity * self.dt, *now[1:])
        return self._judged(action, before)

    def _judged(self, action: Any, before: Any) -> tuple[float, dict[str, Any]]:
        reward, _, info = self._lane.judge(np.asarray(action), before)
        return reward, info

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float64], dict[str, Any]]:
        """Start an episode, as `Env.reset` says, drawn around `init_qpos` and `init_qvel`.

        Raises:
            Error: If the seed is not an integer ≥ 0.
            TypeError: If the options are no dict; a robot takes none, and warns of those.
        """
        if options is not None and not isinstance(options, Mapping):
            raise TypeError(f"Expected the reset options to be a dict, got {options!r:.200}")
        if options:
            warn_of_unknown_options(type(self), sorted(options, key=str), [])
        self._unset = False
        if _overrides(type(self), "reset_model"):
            return super().reset(seed=seed, options=options)
        super(MujocoEnv, self).reset(seed=seed, options=options)
        self._start(whole=True)
        result = self._get_obs(), self._get_reset_info()
        if self.render_mode == "human":
            self.render()
        return result

    def _start(self, *, whole: bool) -> None:
        self._made_data()
        message = self._lane.start(self.np_random.bit_generator, whole)
        if message is not None:
            raise import_mujoco().FatalError(message)

    def reset_model(self) -> NDArray[np.float64]:
        """Draw a start state and return its observation."""
        self._start(whole=False)
        return self._get_obs()

    def _get_obs(self) -> NDArray[np.float64]:
        return self._lane.observe()

    def _get_reset_info(self) -> dict[str, Any]:
        return self._lane.reset_info() if self._has_lane else {}

    # What the reward is made of.

    @property
    def is_healthy(self) -> bool:
        """Whether the present state is one that a robot can go on from."""
        return self._lane.healthy()

    @property
    def healthy_reward(self) -> float:
        """The reward of the present state for being healthy."""
        return self._fact("survive")

    def control_cost(self, action: Any) -> float:
        """Return what the controls of `action` cost."""
        return -self._lane.fact("control", action, self._lane.look())

    @property
    def contact_cost(self) -> float:
        """What the contacts of the present state cost."""
        return -self._fact("contact")

    @property
    def contact_forces(self) -> NDArray[np.float64]:
        """Forces and torques on the bodies (nbody, 6), each clipped to its range."""
        low, high = self._lane.get("contact_low"), self._lane.get("contact_high")
        forces: NDArray[np.float64] = np.clip(self._made_data().cfrc_ext, low, high)
        return forces

    def _fact(self, name: str) -> float:
        return self._lane.fact(name, np.zeros(self._model.nu), self._lane.look())

    # Copies: everything but what is made anew.

    def snapshot_state(self) -> dict[str, Any]:
        """Return the attributes, the numbers of the task, rest, and the simulation's state.

        Of a model that was changed after it was compiled, what differs is part of it.
        """
        changes: dict[str, Any] = {}
        if self._is_own:
            changes = model_changes(self._model, compiled_model(self.fullpath))
        return {
            **Env.snapshot_state(self),
            "physics": read_physics(self._model, self._made_data()),
            "model": changes,
            "rest": [self.init_qpos.copy(), self.init_qvel.copy()],
            "task": self._task(),
        }

    def judge_state(self, state: dict[str, Any]) -> Writes:
        """Return what takes over the result of `snapshot_state`, after looking at all of it."""
        own = dict(state)
        rest, task, changes, physics = (own.pop(n, None) for n in _KEPT)
        model, data = self._model, self._data
        if data is None:
            data = import_mujoco().MjData(model)
        writes: Writes = []
        with at(".model"):
            if changes or self._is_own:
                writes.append(self._own)
                compiled = compiled_model(self.fullpath)
                writes += judge_model(model, compiled, changes, lambda: self._model)
        with at(".physics"):
            writes += judge_physics(model, data, physics, self._made_data)
        with at(".task"):
            require_names(task, core.TASK_FIELDS if self._has_lane else ())
            for name, value in task.items():
                if type(value) not in (bool, int, float) or value != value:
                    raise rules.expected(f"a number as {name}", value)
                writes.append(lambda n=name, v=float(value): self._lane.set(n, v))  # type: ignore[misc]
        with at(".rest"):
            pose = (self.init_qpos, self.init_qvel)
            if type(rest) is not list or len(rest) != len(pose):
                raise rules.expected("positions and velocities", rest)
            for array, given in zip(pose, rest, strict=True):
                rules.Array(finite=False).checked(given, array.dtype, array.shape)
                writes.append(lambda a=array, g=given: a.__setitem__(..., g))  # type: ignore[misc]
        return [*writes, *Env.judge_state(self, own), self._attach]

    def __getstate__(self) -> dict[str, Any]:
        self._made_data()
        kept = super().__getstate__()
        for name in ("_lane", "_plan"):
            kept.pop(name, None)
        if not self._is_own:
            kept["_model"] = None
        return {**kept, "task": self._task()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        task = state.pop("task")
        self.__dict__.update(state)
        if self._model is None:
            self._model = compiled_model(self.fullpath)
        if task:
            self._build(task)


def _overrides(cls: type, name: str) -> bool:
    """Whether a class of a user's has its own method `name`."""
    for owner in cls.__mro__:
        if name in owner.__dict__:
            return not home_of(owner).startswith(_OURS)
    return False


_native: dict[type, bool] = {}
#: What environments of one kind and shared model have in common; the oldest go first.
_templates: dict[Any, tuple[Any, ...]] = {}
_MOST_TEMPLATES = 32


def _is_native(cls: type) -> bool:
    """Whether no hook of a step is overridden in a class."""
    known = _native.get(cls)
    if known is None:
        known = not any(_overrides(cls, name) for name in _HOOKS[:4])
        _native[cls] = known
    return known


def _require(name: str, value: Any, kind: str) -> None:
    """Raise a `TypeError` unless a value is of a class of MuJoCo's."""
    if not isinstance(value, getattr(import_mujoco(), kind)):
        raise TypeError(f"Expected {name} to be a mujoco.{kind}, found {value!r:.100}")
