"""Games of finitely many states as functions of JAX; see `dromos.experimental.functional`."""

from dromos.envs.tabular.blackjack import BlackJackJaxEnv
from dromos.envs.tabular.cliffwalking import CliffWalkingJaxEnv

__all__ = ["BlackJackJaxEnv", "CliffWalkingJaxEnv"]
