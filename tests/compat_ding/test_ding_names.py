"""DI-engine's two styles of names."""

import pytest

import dromos as gym
from dromos.compat import ding

PAIRS = [
    ("ClipRewardEnv", "ClipRewardWrapper"),
    ("EpisodicLifeEnv", "EpisodicLifeWrapper"),
    ("FireResetEnv", "FireResetWrapper"),
    ("FrameStack", "FrameStackWrapper"),
    ("MaxAndSkipEnv", "MaxAndSkipWrapper"),
    ("NoopResetEnv", "NoopResetWrapper"),
    ("ObsNormEnv", "ObsNormWrapper"),
    ("RewardNormEnv", "RewardNormWrapper"),
    ("ScaledFloatFrame", "ScaledFloatFrameWrapper"),
    ("TransposeWrapper", "ObsTransposeWrapper"),
    ("WarpFrame", "WarpFrameWrapper"),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_both_styles_of_names(old, new):
    assert getattr(ding, old) is getattr(ding, new)


def test_every_wrapper_is_a_wrapper():
    names = [name for name in ding.__all__ if name.endswith("Wrapper") and name[:4] != "Ding"]
    assert len(names) >= 22
    assert all(issubclass(getattr(ding, name), gym.Wrapper) for name in names)
