"""Pictures of a MuJoCo simulation."""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.arguments import flag, whole
from dromos.envs.mujoco.gl_context import new_gl_context, refuse_fork
from dromos.envs.mujoco.library import import_mujoco
from dromos.error import UnsupportedMode

__all__ = ["MujocoRenderer", "OffScreenViewer", "WindowViewer", "check_view", "checked_camera"]

_PICTURES = ("rgb_array", "depth_array", "rgbd_tuple")


def checked_camera(model: Any, camera_id: int | None, camera_name: str | None) -> int:
    """Return the number of a camera of the model, given by number or name; -1 is the free one.

    Raises:
        ValueError: If both are given, or the model has no such camera.
    """
    if camera_id is not None and camera_name is not None:
        raise ValueError(
            "Both `camera_id` and `camera_name` cannot be specified at the same time: found "
            f"{camera_id} and {camera_name!r}"
        )
    if camera_name is not None:
        names = [model.camera(number).name for number in range(model.ncam)]
        if camera_name not in names:
            raise ValueError(f"camera_name: expected one of {names}, found {camera_name!r}")
        return names.index(camera_name)
    if camera_id is None:
        return -1
    if isinstance(camera_id, bool) or not isinstance(camera_id, int | np.integer):
        raise ValueError(f"camera_id: expected a whole number, found {camera_id!r}")
    if not -1 <= camera_id < model.ncam:
        raise ValueError(
            f"camera_id: expected -1 (the free camera) to {model.ncam - 1}, found {camera_id}"
        )
    return int(camera_id)


def check_view(config: Any, options: Any) -> None:
    """Look at attributes of the free camera and visual options before anything is drawn.

    Raises:
        TypeError: If one is of another type.
        ValueError: If MuJoCo has no such attribute or option.
    """
    mujoco = import_mujoco()
    if config is not None:
        _set_camera(mujoco.MjvCamera(), config)
    if options is not None:
        _set_options(mujoco.MjvOption(), options)


def _set_camera(camera: Any, config: Any) -> None:
    for name, value in _items("default_camera_config", config):
        if not hasattr(camera, str(name)):
            raise ValueError(f"default_camera_config: mujoco.MjvCamera has no attribute {name!r}")
        try:
            if isinstance(value, np.ndarray | list | tuple):
                getattr(camera, name)[:] = value
            else:
                setattr(camera, name, value)
        except (TypeError, ValueError, AttributeError):
            raise TypeError(
                f"default_camera_config: {name} of mujoco.MjvCamera is "
                f"{getattr(camera, name)!r}, and cannot be {value!r:.200}"
            ) from None


def _set_options(shown: Any, options: Any) -> None:
    for option, value in _items("visual_options", options):
        if whole("visual_options", option, 0) >= len(shown.flags):
            raise ValueError(
                f"visual_options: expected numbers of mujoco.mjtVisFlag, 0 to "
                f"{len(shown.flags) - 1}, found {option!r}"
            )
        shown.flags[option] = flag("visual_options", value)


def _items(name: str, given: Any) -> Iterable[tuple[Any, Any]]:
    if given is None:
        return ()
    if not isinstance(given, Mapping):
        raise TypeError(f"{name}: expected a dict or None, found {given!r:.200}")
    return given.items()


def _middle_at_rest(model: Any) -> NDArray[np.float64]:
    """Return where the middle geom is when the model rests.

    Not where it is when the first picture is asked for: copies of an environment, lanes of a
    vector and restored ones would each look from elsewhere, and see other pictures.
    """
    if not model.ngeom:
        return np.zeros(3)
    mujoco = import_mujoco()
    data = mujoco.MjData(model)
    mujoco.mj_kinematics(model, data)
    middle: NDArray[np.float64] = np.median(data.geom_xpos, axis=0)
    return middle


class OffScreenViewer:
    """Draws into memory.

    The free camera looks at the middle of the model at rest, until somebody moves it.

    Attributes:
        scn: The scene (``mujoco.MjvScene``).
        cam: The free camera (``mujoco.MjvCamera``).
        vopt: What is shown (``mujoco.MjvOption``).
        viewport: The rectangle drawn into (``mujoco.MjrRect``).
        backend: How it draws: ``egl``, ``osmesa`` or ``glfw``.
    """

    def __init__(
        self,
        model: Any,
        data: Any,
        width: int,
        height: int,
        max_geom: int = 1000,
        visual_options: dict[int, bool] | None = None,
    ) -> None:
        """Make the scene and its drawing context.

        Args:
            model: The ``MjModel``.
            data: The ``MjData`` that is drawn.
            width: Width in pixels.
            height: Height in pixels.
            max_geom: How many geometric bodies a picture can hold.
            visual_options: Which of ``mujoco.mjtVisFlag`` are on or off.
        """
        mujoco = import_mujoco()
        self.model, self.data = model, data
        self._markers: list[dict[str, Any]] = []
        self._overlays: dict[int, tuple[str, str]] = {}
        self.viewport = mujoco.MjrRect(0, 0, width, height)
        self.scn = mujoco.MjvScene(model, max_geom)
        self.cam = mujoco.MjvCamera()
        self.vopt = mujoco.MjvOption()
        self.pert = mujoco.MjvPerturb()
        _set_options(self.vopt, visual_options)
        self.opengl_context, self.con, self.backend = new_gl_context(model, width, height)
        # Also at the program's end, while what frees it is still there.
        self._free = weakref.finalize(self, _free, self.opengl_context, self.con, os.getpid())
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self.con)
        self.cam.type = mujoco.mjtCamera.mjCAMERA_FREE
        self.cam.fixedcamid = -1
        self.cam.lookat[:] = _middle_at_rest(model)
        self.cam.distance = model.stat.extent

    def make_context_current(self) -> None:
        """Let what is drawn next be drawn here."""
        refuse_fork()
        self.opengl_context.make_current()

    def add_overlay(self, gridpos: int, text1: str, text2: str) -> None:
        """Write two columns of text over a corner (``mujoco.mjtGridPos``) of the pictures."""
        first, second = self._overlays.get(gridpos, ("", ""))
        self._overlays[gridpos] = first + text1 + "\n", second + text2 + "\n"

    def add_marker(self, **marker: Any) -> None:
        """Add a body to the next picture: ``type, size, pos, mat, rgba, label`` of ``mjvGeom``."""
        self._markers.append(marker)

    def _add_marker_to_scene(self, marker: dict[str, Any]) -> None:
        mujoco = import_mujoco()
        if self.scn.ngeom >= self.scn.maxgeom:
            raise RuntimeError(
                f"No room for a marker: the scene holds {self.scn.maxgeom} bodies (`max_geom`)"
            )
        geom = self.scn.geoms[self.scn.ngeom]
        shape = {
            "size": np.full(3, 0.01),
            "pos": np.zeros(3),
            "mat": np.eye(3).ravel(),
            "rgba": np.ones(4),
        }
        for name in shape:
            if name in marker:
                given = np.asarray(marker[name], dtype=np.float64).ravel()
                shape[name] = given
        mujoco.mjv_initGeom(geom, marker.get("type", mujoco.mjtGeom.mjGEOM_SPHERE), **shape)
        for name, value in marker.items():
            if name not in shape and name != "type":
                setattr(geom, name, value)
        self.scn.ngeom += 1

    def render(
        self, render_mode: str | None, camera_id: int | None = None, segmentation: bool = False
    ) -> Any:
        """Draw the present state.

        Args:
            render_mode: ``"rgb_array"``, ``"depth_array"`` or ``"rgbd_tuple"``.
            camera_id: The model's camera; -1 for the free one, None for that of the last picture.
            segmentation: Whether to return, for each pixel, type and number of the object seen
                there instead of its colour: int32 (height, width, 2), -1 where there is none.

        Returns:
            uint8 (height, width, 3); the depth buffer as float32 (height, width); or both.
        """
        mujoco = import_mujoco()
        self.make_context_current()
        if camera_id is not None:
            free = camera_id == -1
            cameras = mujoco.mjtCamera
            self.cam.type = cameras.mjCAMERA_FREE if free else cameras.mjCAMERA_FIXED
            self.cam.fixedcamid = camera_id
        every = mujoco.mjtCatBit.mjCAT_ALL
        mujoco.mjv_updateScene(
            self.model, self.data, self.vopt, self.pert, self.cam, every, self.scn
        )
        for marker in self._markers:
            self._add_marker_to_scene(marker)
        self._markers.clear()
        for effect in (mujoco.mjtRndFlag.mjRND_SEGMENT, mujoco.mjtRndFlag.mjRND_IDCOLOR):
            self.scn.flags[effect] = segmentation
        mujoco.mjr_render(self.viewport, self.scn, self.con)
        for corner, (first, second) in self._overlays.items():
            font = mujoco.mjtFontScale.mjFONTSCALE_150
            mujoco.mjr_overlay(font, corner, self.viewport, first, second, self.con)
        rgb, depth = self._read_pixels()
        picture = self._segments(rgb) if segmentation else rgb
        if render_mode == "depth_array":
            return depth
        return picture if render_mode == "rgb_array" else (picture, depth)

    def _read_pixels(self) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        shape = self.viewport.height, self.viewport.width
        rgb = np.empty((*shape, 3), np.uint8)
        depth = np.empty(shape, np.float32)
        import_mujoco().mjr_readPixels(rgb, depth, self.viewport, self.con)
        return rgb[::-1].copy(), depth[::-1].copy()  # OpenGL counts rows from below

    def _segments(self, rgb: NDArray[np.uint8]) -> NDArray[np.int32]:
        codes = rgb.astype(np.int32) @ np.array([1, 1 << 8, 1 << 16], np.int32)
        seen = np.full((self.scn.ngeom + 1, 2), -1, np.int32)
        for geom in self.scn.geoms[: self.scn.ngeom]:
            if geom.segid != -1:
                seen[geom.segid + 1] = geom.objtype, geom.objid
        codes[codes > self.scn.ngeom] = 0
        return seen[codes]

    def free(self) -> None:
        """Free the drawing context."""
        self._free()

    def close(self) -> None:
        """Free the drawing context."""
        self.free()


def _free(context: Any, drawing: Any, process: int) -> None:
    if os.getpid() != process:  # a fork has no part in what its parent draws
        return
    with contextlib.suppress(Exception):
        context.make_current()
        drawing.free()
    with contextlib.suppress(Exception):  # the driver may be gone
        context.free()


class WindowViewer(OffScreenViewer):
    """Draws into a window.

    Attributes:
        window: The `dromos.render.window.Window`.
    """

    def __init__(self, *args: Any, title: str = "MuJoCo", fps: float | None = None) -> None:
        """Make the scene and the window; the window opens with the first picture.

        Args:
            *args: The arguments of `OffScreenViewer`.
            title: What the title bar shows.
            fps: Frames per second that `render` does not exceed.
        """
        from dromos.render.window import Window

        super().__init__(*args)
        self.window = Window(title, (self.viewport.width, self.viewport.height), fps=fps)

    def render(self, *_: Any, camera_id: int | None = None, **__: Any) -> None:
        """Show the present state."""
        self.window.show(super().render("rgb_array", camera_id))

    def close(self) -> None:
        """Close the window and free the drawing context."""
        self.window.close()
        super().close()


class MujocoRenderer:
    """Draws a simulation in any mode, with one viewer for pictures and one for the window.

    Attributes:
        camera_id: The camera looked through; -1 is the free one.
    """

    def __init__(
        self,
        model: Any,
        data: Any,
        default_cam_config: dict[str, Any] | None = None,
        width: int | None = None,
        height: int | None = None,
        max_geom: int = 1000,
        camera_id: int | None = None,
        camera_name: str | None = None,
        visual_options: dict[int, bool] | None = None,
    ) -> None:
        """Note what to draw; the viewers are made with their first picture.

        Args:
            model: The ``MjModel``.
            data: The ``MjData``.
            default_cam_config: Attributes of the free camera.
            width: Width in pixels; None is 480.
            height: Height in pixels; None is 480.
            max_geom: How many geometric bodies a picture can hold.
            camera_id: The model's camera.
            camera_name: Its name instead.
            visual_options: Which of ``mujoco.mjtVisFlag`` are on or off.

        Raises:
            ValueError: If the model has no such camera.
        """
        self.model, self.data = model, data
        self.default_cam_config = default_cam_config
        self.width, self.height = width or 480, height or 480
        self.max_geom = max_geom
        self.camera_id = checked_camera(model, camera_id, camera_name)
        self.viewer: OffScreenViewer | None = None
        self.title, self.fps = "MuJoCo", None
        self._vopt = visual_options
        self._viewers: dict[str, OffScreenViewer] = {}

    def render(self, render_mode: str | None, segmentation: bool = False) -> Any:
        """Draw the present state; see `OffScreenViewer.render`. ``"human"`` returns None."""
        viewer = self._get_viewer(render_mode)
        if render_mode == "human":
            viewer.render(None, camera_id=self.camera_id)
            return None
        return viewer.render(render_mode, self.camera_id, segmentation)

    def _get_viewer(self, render_mode: str | None) -> Any:
        kind = "human" if render_mode == "human" else "picture"
        if render_mode not in (*_PICTURES, "human"):
            raise UnsupportedMode(
                f"Expected one of the modes human, {', '.join(_PICTURES)}, found {render_mode!r}"
            )
        viewer = self._viewers.get(kind)
        if viewer is None:
            size = self.width, self.height
            given = (self.model, self.data, *size, self.max_geom, self._vopt)
            if kind == "human":
                viewer = WindowViewer(*given, title=self.title, fps=self.fps)
            else:
                viewer = OffScreenViewer(*given)
            self._viewers[kind] = viewer
            self._set_cam_config(viewer)
        viewer.data = self.data
        self.viewer = viewer
        return viewer

    def _set_cam_config(self, viewer: OffScreenViewer) -> None:
        _set_camera(viewer.cam, self.default_cam_config)

    def close(self) -> None:
        """Close the window and free the drawing contexts."""
        for viewer in self._viewers.values():
            viewer.close()
        self._viewers.clear()
        self.viewer = None
