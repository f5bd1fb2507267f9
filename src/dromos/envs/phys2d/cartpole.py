"""CartPole as functions of JAX: the equations of `dromos.envs.classic_control`, in float32."""

from __future__ import annotations

import math
from typing import Any, ClassVar, NamedTuple

import numpy as np

from dromos.envs.functional_games import DrawnFuncEnv, JaxEnv, JaxVectorEnv
from dromos.envs.jax_library import jax, jnp
from dromos.render.raster import Raster
from dromos.spaces import Box, Discrete
from dromos.vector.autoreset import AutoresetMode

__all__ = ["CartPoleFunctional", "CartPoleJaxEnv", "CartPoleJaxVectorEnv", "CartPoleParams"]


class CartPoleParams(NamedTuple):
    """What the cart and the pole are like, in kg, m, N, s and rad.

    Attributes:
        x_init: States begin with four numbers between this and its negative.
        sutton_barto_reward: Whether rewards are 0 a step and -1 at failure.
    """

    gravity: float = 9.8
    masscart: float = 1.0
    masspole: float = 0.1
    length: float = 0.5
    force_mag: float = 10.0
    tau: float = 0.02
    theta_threshold_radians: float = 12 * 2 * math.pi / 360
    x_threshold: float = 2.4
    x_init: float = 0.05
    sutton_barto_reward: bool = False
    screen_width: int = 600
    screen_height: int = 400

    @property
    def total_mass(self) -> float:
        """The mass of both, kg."""
        return self.masspole + self.masscart

    @property
    def polemass_length(self) -> float:
        """``masspole * length``, kg m."""
        return self.masspole * self.length


class CartPoleFunctional(DrawnFuncEnv):
    """A pole on a cart, to be kept upright.

    The equations are those of Florian, "Correct equations for the dynamics of the cart-pole
    system" (2007), without friction. The state is position, velocity, angle and angular velocity,
    float32 (4,).
    """

    observation_space = Box(-np.inf, np.inf, (4,), np.float32)
    action_space = Discrete(2)
    frame_size = (600, 400)

    def initial(self, rng: Any, params: Any = None) -> Any:
        """Return a state near the upright."""
        bound = self._params(params).x_init
        return jax.random.uniform(rng, (4,), minval=-bound, maxval=bound)

    def transition(self, state: Any, action: Any, rng: Any = None, params: Any = None) -> Any:
        """Return the state after the cart was pushed to the left (0) or to the right (1)."""
        p = self._params(params)
        _, x_dot, theta, theta_dot = state
        force = jnp.where(jnp.asarray(action) == 1, p.force_mag, -p.force_mag)
        cos, sin = jnp.cos(theta), jnp.sin(theta)
        pushed = (force + p.polemass_length * theta_dot**2 * sin) / p.total_mass
        inertia = p.length * (4 / 3 - p.masspole * cos**2 / p.total_mass)
        theta_acc = (p.gravity * sin - cos * pushed) / inertia
        x_acc = pushed - p.polemass_length * theta_acc * cos / p.total_mass
        changes = jnp.array([x_dot, x_acc, theta_dot, theta_acc])
        return (state + p.tau * changes).astype(jnp.float32)

    def observation(self, state: Any, rng: Any = None, params: Any = None) -> Any:
        """Return the state."""
        return state

    def terminal(self, state: Any, rng: Any = None, params: Any = None) -> Any:
        """Return whether the pole has fallen or the cart has left the track."""
        return _has_failed(state, self._params(params))

    def reward(
        self, state: Any, action: Any, next_state: Any, rng: Any = None, params: Any = None
    ) -> Any:
        """Return 1 for every step; or 0, and -1 at failure."""
        p = self._params(params)
        failed = _has_failed(next_state, p)
        return jnp.where(p.sutton_barto_reward, jnp.where(failed, -1.0, 0.0), 1.0)

    def draw(self, canvas: Raster, state: Any, params: Any) -> None:
        """Draw the cart and the pole."""
        from dromos.envs.classic_control.drawing import draw_cart_pole

        draw_cart_pole(canvas, np.asarray(state, np.float64).tolist(), params)

    def get_default_params(self, **kwargs: Any) -> CartPoleParams:
        """Return the usual parameters, but for those given."""
        return CartPoleParams(**kwargs)


def _has_failed(state: Any, params: CartPoleParams) -> Any:
    x, _, theta, _ = state
    return (jnp.abs(x) > params.x_threshold) | (jnp.abs(theta) > params.theta_threshold_radians)


class CartPoleJaxEnv(JaxEnv):
    """CartPole in JAX; keywords are those of `CartPoleParams`."""

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["rgb_array"],
        "render_fps": 50,
        "jax": True,
    }
    functions = CartPoleFunctional


class CartPoleJaxVectorEnv(JaxVectorEnv):
    """Many lanes of CartPole in JAX; keywords are those of `CartPoleParams`."""

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        **CartPoleJaxEnv.metadata,
        "autoreset_mode": AutoresetMode.NEXT_STEP,
    }
    functions = CartPoleFunctional
