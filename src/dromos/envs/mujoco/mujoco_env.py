"""`MujocoEnv`: an environment whose world is a MuJoCo model."""

from __future__ import annotations

import operator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from dromos.arguments import INT_MAX, whole
from dromos.env import Env, RenderFrame
from dromos.envs.mujoco.library import import_mujoco
from dromos.envs.mujoco.models import compiled_model, expand_model_path
from dromos.envs.mujoco.physics_state import judge_physics, read_physics
from dromos.error import Error
from dromos.snapshot import Writes, rules
from dromos.spaces import Box, Space

__all__ = ["DEFAULT_SIZE", "MujocoEnv", "expand_model_path"]

DEFAULT_SIZE = 480

_LONGEST = 16384  # pixels along a side of a frame
#: What an off-screen buffer holds if the model asks for no other size (MuJoCo's default).
_BUFFER = (640, 480)


class MujocoEnv(Env[NDArray[np.float64], NDArray[np.floating[Any]]]):
    """The base class of environments on MuJoCo, for models of your own too.

    A subclass defines `step`, `reset_model` and, if it has something to tell, `_get_reset_info`; in
    its `step` it calls `do_simulation`.

    Attributes:
        model: The ``mujoco.MjModel``; this environment's own.
        data: The ``mujoco.MjData``.
        init_qpos: Positions (nq,) of the model at rest.
        init_qvel: Velocities (nv,) of the model at rest.
        frame_skip: Steps of MuJoCo in a step of the environment.
        fullpath: The model's file.
    """

    metadata: dict[str, Any] = {  # noqa: RUF012  (an instance may replace it)
        "render_modes": ["human", "rgb_array", "depth_array", "rgbd_tuple"]
    }
    snapshot_fields = {  # noqa: RUF012  (nobody changes it)
        "action_space": rules.SpaceGenerators(),
        "observation_space": rules.SpaceGenerators(),
    }
    snapshot_exclude = frozenset({"model", "data", "_renderer", "_camera", "fullpath"})

    model: Any
    data: Any

    def __init__(
        self,
        model_path: str,
        frame_skip: int,
        observation_space: Space[Any] | None,
        render_mode: str | None = None,
        width: int = DEFAULT_SIZE,
        height: int = DEFAULT_SIZE,
        camera_id: int | None = None,
        camera_name: str | None = None,
        default_camera_config: dict[str, Any] | None = None,
        max_geom: int = 1000,
        visual_options: dict[int, bool] | None = None,
    ) -> None:
        """Compile the model and make the simulation.

        Args:
            model_path: A path that begins with ``/``, ``.`` or ``~``, or a built-in model's name.
            frame_skip: Steps of MuJoCo in a step of the environment, at least 1.
            observation_space: The observation space; None if the subclass sets it later.
            render_mode: ``"human"``, ``"rgb_array"``, ``"depth_array"``, ``"rgbd_tuple"`` or None.
            width: Width of frames in pixels.
            height: Height of frames in pixels.
            camera_id: Number of the model's camera to look through; -1 is the free camera.
            camera_name: Its name instead.
            default_camera_config: Attributes of the free camera (``mujoco.MjvCamera``), as
                ``{"distance": 4.0}``.
            max_geom: How many geometric bodies a picture can hold.
            visual_options: Which of ``mujoco.mjtVisFlag`` are on or off.

        Raises:
            FileNotFoundError: If there is no such file.
            TypeError: If an argument is of another type.
            ValueError: If MuJoCo cannot compile it, or an argument is out of range.
            DependencyNotInstalled: If there is no MuJoCo of 3.17 or later.
        """
        self.fullpath = expand_model_path(model_path)
        self.width = whole("width", width, most=_LONGEST)
        self.height = whole("height", height, most=_LONGEST)
        self.frame_skip = whole("frame_skip", frame_skip, most=INT_MAX)
        max_geom = whole("max_geom", max_geom, most=INT_MAX)
        self._make_simulation()
        if observation_space is not None:
            self.observation_space = observation_space
        self._set_action_space()
        self._check_render_fps()
        self.render_mode = render_mode
        self.camera_id = camera_id
        self.camera_name = camera_name
        self._camera = (default_camera_config, max_geom, camera_id, camera_name, visual_options)
        self._renderer: Any = None
        self._check_view()

    def _check_view(self) -> None:
        from dromos.envs.mujoco.mujoco_rendering import check_view, checked_camera

        config, _, camera_id, camera_name, options = self._camera
        checked_camera(self._peek(), camera_id, camera_name)
        check_view(config, options)

    def _make_simulation(self) -> None:
        """Set `model`, `data`, `init_qpos` and `init_qvel`."""
        self.model, self.data = self._initialize_simulation()
        self.init_qpos = self.data.qpos.ravel().copy()
        self.init_qvel = self.data.qvel.ravel().copy()

    def _peek(self) -> Any:
        """Return the model, to be looked at and not changed."""
        return self.model

    def _check_render_fps(self) -> None:
        fps = self.metadata.get("render_fps")
        if fps is not None and fps != round(1.0 / self.dt):
            raise Error(
                f'metadata["render_fps"] of {type(self).__name__} is {fps}, but a step of '
                f"{self.dt} s makes {round(1.0 / self.dt)} frames a second"
            )

    def _set_action_space(self) -> Space[Any]:
        """Set and return the action space: the ranges of the model's controls, float32."""
        low, high = self._peek().actuator_ctrlrange.astype(np.float32).T
        self.action_space = Box(low=low, high=high, dtype=np.float32)
        return self.action_space

    def _initialize_simulation(self) -> tuple[Any, Any]:
        """Return the model and its data; a subclass may make them in its own way."""
        mujoco = import_mujoco()
        model = mujoco.MjModel.__copy__(compiled_model(self.fullpath))
        self._grow_buffer(model)
        return model, mujoco.MjData(model)

    def _grow_buffer(self, model: Any) -> None:
        """Let the off-screen buffer hold a frame."""
        screen = model.vis.global_
        screen.offwidth = max(screen.offwidth, self.width)
        screen.offheight = max(screen.offheight, self.height)

    def set_state(self, qpos: NDArray[np.float64], qvel: NDArray[np.float64]) -> None:
        """Put the simulation into a state and compute what follows from it.

        Args:
            qpos: Positions of the joints (nq,).
            qvel: Velocities of the joints (nv,).

        Raises:
            TypeError, ValueError: If a shape is another, or they are no numbers.
        """
        expected = (self.model.nq,), (self.model.nv,)
        if (np.shape(qpos), np.shape(qvel)) != expected:
            raise ValueError(
                f"Expected qpos and qvel of shapes {expected[0]} and {expected[1]}, found "
                f"{np.shape(qpos)} and {np.shape(qvel)}"
            )
        positions, velocities = (np.array(part, dtype=np.float64) for part in (qpos, qvel))
        self.data.qpos[:] = positions
        self.data.qvel[:] = velocities
        import_mujoco().mj_forward(self.model, self.data)

    def do_simulation(self, ctrl: Any, n_frames: int) -> None:
        """Apply controls (nu,) for `n_frames` steps of MuJoCo.

        Raises:
            TypeError: If `n_frames` is no integer.
            ValueError: If it is negative, or the controls have another shape or are not finite.
        """
        if not 0 <= operator.index(n_frames) < 2**31:
            raise ValueError(f"Expected n_frames to be a number of steps, found {n_frames}")
        controls = np.asarray(ctrl)
        if controls.shape != (self.model.nu,):
            raise ValueError(
                f"Action dimension mismatch. Expected {(self.model.nu,)}, found {controls.shape}"
            )
        if not np.isfinite(controls).all():
            raise ValueError(f"Expected finite controls, found {ctrl!r}")
        self._step_mujoco_simulation(ctrl, n_frames)

    def _step_mujoco_simulation(self, ctrl: Any, n_frames: int) -> None:
        mujoco = import_mujoco()
        self.data.ctrl[:] = ctrl
        mujoco.mj_step(self.model, self.data, nstep=n_frames)
        # mj_step leaves `cacc`, `cfrc_int` and `cfrc_ext` to this.
        mujoco.mj_rnePostConstraint(self.model, self.data)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float64], dict[str, Any]]:
        """Start an episode: reset the data, let `reset_model` make the state."""
        super().reset(seed=seed)
        import_mujoco().mj_resetData(self.model, self.data)
        observation = self.reset_model()
        info = self._get_reset_info()
        if self.render_mode == "human":
            self.render()
        return observation, info

    def reset_model(self) -> NDArray[np.float64]:
        """Make the start state and return its observation; defined by the subclass."""
        raise NotImplementedError(f"{type(self).__name__} does not define `reset_model`")

    def _get_reset_info(self) -> dict[str, Any]:
        """Return the info of a reset; a subclass may tell something."""
        return {}

    @property
    def dt(self) -> float:
        """Time of a step, s."""
        return float(self._peek().opt.timestep * self.frame_skip)

    def get_body_com(self, body_name: str) -> NDArray[np.float64]:
        """Return the position (3,) of the frame of a body, m: a live view."""
        return cast("NDArray[np.float64]", self.data.body(body_name).xpos)

    def state_vector(self) -> NDArray[np.float64]:
        """Return positions and velocities of the joints, one after the other (nq + nv,)."""
        return np.concatenate([self.data.qpos.ravel(), self.data.qvel.ravel()])

    @property
    def mujoco_renderer(self) -> Any:
        """What draws (`MujocoRenderer`), made when it is first asked for."""
        if self._renderer is None:
            from dromos.envs.mujoco.mujoco_rendering import MujocoRenderer

            config, max_geom, camera_id, camera_name, options = self._camera
            self._renderer = MujocoRenderer(
                self.model,
                self.data,
                config,
                self.width,
                self.height,
                max_geom,
                camera_id,
                camera_name,
                options,
            )
            self._renderer.title = str(self)
            self._renderer.fps = self.metadata.get("render_fps")
        return self._renderer

    @mujoco_renderer.setter
    def mujoco_renderer(self, renderer: Any) -> None:
        self._renderer = renderer

    def render(self) -> RenderFrame | list[RenderFrame] | None:
        """Return a picture of the present state in the mode the environment was made with.

        Returns:
            uint8 (height, width, 3) for ``"rgb_array"``, float32 (height, width) for
            ``"depth_array"``, both in a tuple for ``"rgbd_tuple"``, None for ``"human"``, whose
            window shows it.
        """
        if self.render_mode is None:
            from dromos import logger

            logger.warn(
                f"{self} was made without a render mode and draws nothing. Make it with one: "
                'make(id, render_mode="rgb_array")'
            )
            return None
        return cast("RenderFrame | None", self.mujoco_renderer.render(self.render_mode))

    def close(self) -> None:
        """Free the drawing contexts and close the window."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None

    def snapshot_state(self) -> dict[str, Any]:
        """Return the attributes and, under ``"physics"``, what decides and shows in the simulation.

        A model that was changed after it was compiled is not part of it: that belongs to how the
        environment was made.
        """
        return {**super().snapshot_state(), "physics": read_physics(self.model, self.data)}

    def judge_state(self, state: dict[str, Any]) -> Writes:
        """Return what takes over the result of `snapshot_state`, after looking at all of it."""
        own = dict(state)
        physics = own.pop("physics", None)
        writes = judge_physics(self.model, self.data, physics, lambda: self.data)
        return [*writes, *super().judge_state(own)]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_renderer": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Of both, before that of a mix-in as `EzPickle`, which would forget the state.
        self.__dict__.update(state)
