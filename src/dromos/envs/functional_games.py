"""What the environments written in JAX share: pictures of their states, and their making."""

from __future__ import annotations

from typing import Any

from dromos.envs.functional_jax_env import FunctionalJaxEnv, FunctionalJaxVectorEnv
from dromos.envs.jax_library import jax
from dromos.experimental.functional import FuncEnv
from dromos.render.raster import Raster

__all__ = ["DrawnFuncEnv", "JaxEnv", "JaxVectorEnv"]


class DrawnFuncEnv(FuncEnv[Any, Any, Any, Any, Any, Raster, Any]):
    """Functions with parameters, and pictures on the canvas of the native environments.

    Attributes:
        frame_size: Width and height of a picture in pixels.
    """

    frame_size: tuple[int, int]

    def draw(self, canvas: Raster, state: Any, params: Any) -> None:
        """Draw a state."""
        raise NotImplementedError

    def render_init(self, params: Any = None, **kwargs: Any) -> Raster:
        """Return a canvas.

        Args:
            params: Not needed.
            **kwargs: ``screen_width`` and ``screen_height`` in pixels.
        """
        width, height = self.frame_size
        return Raster(kwargs.get("screen_width", width), kwargs.get("screen_height", height))

    def render_image(self, state: Any, render_state: Raster, params: Any = None) -> Any:
        """Return the canvas and the picture of a state, uint8 (height, width, 3)."""
        self.draw(render_state, state, self._params(params))
        return render_state, render_state.pixels()

    def render_close(self, render_state: Raster, params: Any = None) -> None:
        """Do nothing: a canvas is memory."""

    def _params(self, params: Any) -> Any:
        """Return the parameters that are meant: those given, the default, or the class's own."""
        if params is None:
            return self.default_params
        return params() if isinstance(params, type) else params


def _functions(kind: type[DrawnFuncEnv], options: Any, params: dict[str, Any]) -> DrawnFuncEnv:
    functions = kind(options)
    functions.default_params = functions.get_default_params(**params)
    return functions


class JaxEnv(FunctionalJaxEnv[Any, Any, Any]):
    """An environment over functions of its own class.

    Attributes:
        functions: The class of the functions.
    """

    functions: type[DrawnFuncEnv]

    def __init__(
        self,
        render_mode: str | None = None,
        options: dict[str, Any] | None = None,
        **params: Any,
    ) -> None:
        """Make the environment.

        Args:
            render_mode: ``"rgb_array"`` or None.
            options: Attributes of the functions.
            **params: Parameters, instead of their defaults.

        Raises:
            TypeError: If there is no such parameter.
        """
        self._arguments = {"render_mode": render_mode, "options": options, **params}
        functions = _functions(self.functions, options, params)
        functions.transform(jax.jit)
        super().__init__(functions, type(self).metadata, render_mode)

    def __reduce__(self) -> Any:
        return _rebuilt, (type(self), self._arguments, self.snapshot_state(), self.spec)


class JaxVectorEnv(FunctionalJaxVectorEnv[Any, Any, Any]):
    """A vector over functions of its own class.

    Attributes:
        functions: The class of the functions.
    """

    functions: type[DrawnFuncEnv]

    def __init__(
        self,
        num_envs: int,
        render_mode: str | None = None,
        max_episode_steps: int = 200,
        options: dict[str, Any] | None = None,
        **params: Any,
    ) -> None:
        """Make the vector.

        Args:
            num_envs: The number of lanes.
            render_mode: ``"rgb_array"`` or None.
            max_episode_steps: The step that truncates an episode; 0 for none.
            options: Attributes of the functions.
            **params: Parameters, instead of their defaults.

        Raises:
            TypeError: If there is no such parameter.
        """
        self._arguments = {
            "num_envs": num_envs,
            "render_mode": render_mode,
            "max_episode_steps": max_episode_steps,
            "options": options,
            **params,
        }
        functions = _functions(self.functions, options, params)
        super().__init__(functions, num_envs, max_episode_steps, type(self).metadata, render_mode)

    def __reduce__(self) -> Any:
        return _rebuilt, (type(self), self._arguments, self.snapshot_state(), self.spec)


def _rebuilt(kind: Any, arguments: dict[str, Any], state: dict[str, Any], spec: Any) -> Any:
    """Return what was pickled: made anew with the same arguments, in the same state."""
    env = kind(**arguments)
    env.restore_state(state)
    env.spec = spec
    return env
