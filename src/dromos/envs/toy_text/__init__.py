"""Toy text: small problems whose states can be counted, from the literature."""

from dromos.envs.toy_text.blackjack import BlackjackEnv, BlackjackVectorEnv
from dromos.envs.toy_text.cliffwalking import CliffWalkingEnv, CliffWalkingVectorEnv
from dromos.envs.toy_text.frozen_lake import FrozenLakeEnv, FrozenLakeVectorEnv
from dromos.envs.toy_text.taxi import TaxiEnv, TaxiVectorEnv

__all__ = [
    "BlackjackEnv",
    "BlackjackVectorEnv",
    "CliffWalkingEnv",
    "CliffWalkingVectorEnv",
    "FrozenLakeEnv",
    "FrozenLakeVectorEnv",
    "TaxiEnv",
    "TaxiVectorEnv",
]
