"""Pendulum as functions of JAX: the equations of `dromos.envs.classic_control`, in float32."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple

import numpy as np

from dromos.envs.functional_games import DrawnFuncEnv, JaxEnv, JaxVectorEnv
from dromos.envs.jax_library import jax, jnp
from dromos.render.raster import Raster
from dromos.spaces import Box
from dromos.vector.autoreset import AutoresetMode

__all__ = ["PendulumFunctional", "PendulumJaxEnv", "PendulumJaxVectorEnv", "PendulumParams"]


class PendulumParams(NamedTuple):
    """What the rod is like, in rad/s, s, m/s^2, kg and m.

    Attributes:
        high_x: States begin with an angle between this and its negative, rad,
        high_y: and with an angular velocity between this and its negative, rad/s.
    """

    max_speed: float = 8.0
    dt: float = 0.05
    g: float = 10.0
    m: float = 1.0
    l: float = 1.0  # noqa: E741  (the name clients pass)
    high_x: float = math.pi
    high_y: float = 1.0
    screen_dim: int = 500


class PendulumFunctional(DrawnFuncEnv):
    """A rod that hangs from a hinge, to be swung up by the motor in it.

    The state is angle, 0 upright, and angular velocity, float32 (2,).
    """

    max_torque: float = 2.0
    observation_space = Box(-np.inf, np.inf, (3,), np.float32)
    action_space = Box(-2.0, 2.0, (1,), np.float32)
    frame_size = (500, 500)

    def initial(self, rng: Any, params: Any = None) -> Any:
        """Return any angle, with a small velocity."""
        p = self._params(params)
        high = jnp.array([p.high_x, p.high_y], jnp.float32)
        return jax.random.uniform(rng, (2,), minval=-high, maxval=high)

    def _torque(self, action: Any) -> Any:
        return jnp.clip(jnp.asarray(action).reshape(-1)[0], -self.max_torque, self.max_torque)

    def transition(self, state: Any, action: Any, rng: Any = None, params: Any = None) -> Any:
        """Return the state after a torque, N m, was applied."""
        p = self._params(params)
        angle, velocity = state
        gravity = 3 * p.g / (2 * p.l) * jnp.sin(angle)
        acceleration = gravity + 3 / (p.m * p.l**2) * self._torque(action)
        velocity = jnp.clip(velocity + acceleration * p.dt, -p.max_speed, p.max_speed)
        return jnp.array([angle + velocity * p.dt, velocity], jnp.float32)

    def observation(self, state: Any, rng: Any = None, params: Any = None) -> Any:
        """Return cosine, sine and angular velocity, float32 (3,)."""
        angle, velocity = state
        return jnp.array([jnp.cos(angle), jnp.sin(angle), velocity], jnp.float32)

    def reward(
        self, state: Any, action: Any, next_state: Any, rng: Any = None, params: Any = None
    ) -> Any:
        """Return the costs of angle, velocity and torque, negative."""
        angle, velocity = state
        angle = (angle + jnp.pi) % (2 * jnp.pi) - jnp.pi
        return -(angle**2 + 0.1 * velocity**2 + 0.001 * self._torque(action) ** 2)

    def terminal(self, state: Any, rng: Any = None, params: Any = None) -> Any:
        """Return False: only a limit of steps ends an episode."""
        return jnp.zeros((), bool)

    def draw(self, canvas: Raster, state: Any, params: Any) -> None:
        """Draw the rod."""
        from dromos.envs.classic_control.drawing import draw_pendulum

        shape: Any = SimpleNamespace(max_torque=self.max_torque, **params._asdict())
        draw_pendulum(canvas, np.asarray(state, np.float64).tolist(), shape)

    def get_default_params(self, **kwargs: Any) -> PendulumParams:
        """Return the usual parameters, but for those given."""
        return PendulumParams(**kwargs)


class PendulumJaxEnv(JaxEnv):
    """Pendulum in JAX; keywords are those of `PendulumParams`."""

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["rgb_array"],
        "render_fps": 30,
        "jax": True,
    }
    functions = PendulumFunctional


class PendulumJaxVectorEnv(JaxVectorEnv):
    """Many lanes of Pendulum in JAX; keywords are those of `PendulumParams`."""

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        **PendulumJaxEnv.metadata,
        "autoreset_mode": AutoresetMode.NEXT_STEP,
    }
    functions = PendulumFunctional
