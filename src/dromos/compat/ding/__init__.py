"""DI-engine's wrappers of environments, with Gymnasium's resets and steps.

``from dromos.compat.ding import DingEnvWrapper, MaxAndSkipWrapper`` is what a program written for
``ding.envs`` needs to change; docs/di-engine.md tells what is different.
"""

from dromos.compat.ding import checks
from dromos.compat.ding.actions import (
    ActionRepeatWrapper,
    GymHybridDictActionWrapper,
    MaxAndSkipWrapper,
)
from dromos.compat.ding.env import DingEnvWrapper
from dromos.compat.ding.env_configs import create_collector_env_cfg, create_evaluator_env_cfg
from dromos.compat.ding.episodes import (
    EpisodicLifeWrapper,
    EvalEpisodeReturnWrapper,
    FireResetWrapper,
    NoopResetWrapper,
    TimeLimitWrapper,
)
from dromos.compat.ding.frames import (
    FrameStackWrapper,
    ObsTransposeWrapper,
    RamWrapper,
    ScaledFloatFrameWrapper,
    WarpFrameWrapper,
)
from dromos.compat.ding.normalization import (
    ObsNormWrapper,
    RewardNormWrapper,
    RunningMeanStd,
    StaticObsNormWrapper,
)
from dromos.compat.ding.observations import (
    AllinObsWrapper,
    FlatObsWrapper,
    ObsPlusPrevActRewWrapper,
)
from dromos.compat.ding.registry import (
    ENV_WRAPPER_REGISTRY,
    WrapperRegistry,
    create_env_wrapper,
    get_default_wrappers,
    update_shape,
)
from dromos.compat.ding.rewards import ClipRewardWrapper, DelayRewardWrapper
from dromos.compat.ding.seeds import GymToGymnasiumWrapper
from dromos.compat.ding.shapes import KeepsShapes
from dromos.compat.ding.timestep import BaseEnvTimestep

# The names of DI-engine's documents for the same wrappers.
ClipRewardEnv = ClipRewardWrapper
EpisodicLifeEnv = EpisodicLifeWrapper
FireResetEnv = FireResetWrapper
FrameStack = FrameStackWrapper
MaxAndSkipEnv = MaxAndSkipWrapper
NoopResetEnv = NoopResetWrapper
ObsNormEnv = ObsNormWrapper
RewardNormEnv = RewardNormWrapper
ScaledFloatFrame = ScaledFloatFrameWrapper
TransposeWrapper = ObsTransposeWrapper
WarpFrame = WarpFrameWrapper

__all__ = [
    "ENV_WRAPPER_REGISTRY",
    "ActionRepeatWrapper",
    "AllinObsWrapper",
    "BaseEnvTimestep",
    "ClipRewardEnv",
    "ClipRewardWrapper",
    "DelayRewardWrapper",
    "DingEnvWrapper",
    "EpisodicLifeEnv",
    "EpisodicLifeWrapper",
    "EvalEpisodeReturnWrapper",
    "FireResetEnv",
    "FireResetWrapper",
    "FlatObsWrapper",
    "FrameStack",
    "FrameStackWrapper",
    "GymHybridDictActionWrapper",
    "GymToGymnasiumWrapper",
    "KeepsShapes",
    "MaxAndSkipEnv",
    "MaxAndSkipWrapper",
    "NoopResetEnv",
    "NoopResetWrapper",
    "ObsNormEnv",
    "ObsNormWrapper",
    "ObsPlusPrevActRewWrapper",
    "ObsTransposeWrapper",
    "RamWrapper",
    "RewardNormEnv",
    "RewardNormWrapper",
    "RunningMeanStd",
    "ScaledFloatFrame",
    "ScaledFloatFrameWrapper",
    "StaticObsNormWrapper",
    "TimeLimitWrapper",
    "TransposeWrapper",
    "WarpFrame",
    "WarpFrameWrapper",
    "WrapperRegistry",
    "checks",
    "create_collector_env_cfg",
    "create_env_wrapper",
    "create_evaluator_env_cfg",
    "get_default_wrappers",
    "update_shape",
]
