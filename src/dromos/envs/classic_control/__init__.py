"""Classic control: small mechanical systems from the literature."""

from dromos.envs.classic_control.cartpole import CartPoleEnv, CartPoleVectorEnv

__all__ = ["CartPoleEnv", "CartPoleVectorEnv"]
