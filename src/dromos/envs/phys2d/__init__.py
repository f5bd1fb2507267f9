"""Classic control as functions of JAX; see `dromos.experimental.functional`."""

from dromos.envs.phys2d.cartpole import CartPoleFunctional, CartPoleJaxEnv
from dromos.envs.phys2d.pendulum import PendulumFunctional, PendulumJaxEnv

__all__ = ["CartPoleFunctional", "CartPoleJaxEnv", "PendulumFunctional", "PendulumJaxEnv"]
