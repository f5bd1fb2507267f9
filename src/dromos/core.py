"""Public path of the environment and wrapper base classes and their type variables."""

from dromos.env import ActType, Env, ObsType, RenderFrame
from dromos.wrapper import (
    ActionWrapper,
    ObservationWrapper,
    RewardWrapper,
    Wrapper,
    WrapperActType,
    WrapperObsType,
)

__all__ = [
    "ActType",
    "ActionWrapper",
    "Env",
    "ObsType",
    "ObservationWrapper",
    "RenderFrame",
    "RewardWrapper",
    "Wrapper",
    "WrapperActType",
    "WrapperObsType",
]
