"""Every wrapper keeps the contract of wrappers: what `report_on_wrapper` finds."""

import numpy as np
import pytest

import dromos as gym
from dromos.compat import ding
from dromos.testing import report_on_wrapper

ROWS = [
    ("NoopResetWrapper", "Atari", {"noop_max": 5}),
    ("MaxAndSkipWrapper", "Atari", {"skip": 2}),
    ("WarpFrameWrapper", "Atari", {"size": 20}),
    ("ScaledFloatFrameWrapper", "Atari", {}),
    ("ClipRewardWrapper", "Noisy", {}),
    ("ActionRepeatWrapper", "Noisy", {"action_repeat": 2}),
    ("DelayRewardWrapper", "Noisy", {"delay_reward_step": 3}),
    ("EvalEpisodeReturnWrapper", "Noisy", {}),
    ("FrameStackWrapper", "Noisy", {"n_frames": 2}),
    ("ObsTransposeWrapper", "Atari", {}),
    ("ObsNormWrapper", "Noisy", {"first_axis_is_batch": True}),
    ("StaticObsNormWrapper", "Noisy", {"mean": np.zeros(4), "std": 2.0}),
    ("RewardNormWrapper", "Noisy", {"reward_discount": 0.9}),
    ("RamWrapper", "Ram", {"render": False}),
    ("EpisodicLifeWrapper", "Atari", {}),
    ("FireResetWrapper", "Atari", {"actions": (1, 2)}),
    ("GymHybridDictActionWrapper", "Hybrid", {}),
    ("ObsPlusPrevActRewWrapper", "Noisy", {}),
    ("TimeLimitWrapper", "Noisy", {"max_limit": 5}),
    ("FlatObsWrapper", "Mission", {"maxStrLen": 30}),
    ("GymToGymnasiumWrapper", "Noisy", {}),
    ("AllinObsWrapper", "Noisy", {}),
]


@pytest.fixture(autouse=True)
def environments():
    names = ("Atari", "Noisy", "Ram", "Mission", "Hybrid")
    for name in names:
        gym.register(f"ding/{name}-v0", f"ding_fakes:{name}Env")
    yield
    for name in names:
        gym.registry.pop(f"ding/{name}-v0")


def test_every_wrapper_has_a_row():
    built_in = {
        ding.ENV_WRAPPER_REGISTRY.get(name).__name__
        for name in ding.ENV_WRAPPER_REGISTRY
        if ding.ENV_WRAPPER_REGISTRY.get(name).__module__.startswith("dromos.compat.ding.")
    }
    assert {name for name, _, _ in ROWS} == built_in


@pytest.mark.parametrize(("name", "env", "kwargs"), ROWS, ids=[row[0] for row in ROWS])
def test_contract(name, env, kwargs):
    report = report_on_wrapper(getattr(ding, name), f"ding/{env}-v0", kwargs)
    assert report.errors == ()
