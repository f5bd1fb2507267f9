"""A spec, also by way of JSON, makes the same stack again: it behaves the same, step by step."""

import random

import numpy as np
import pytest

import dromos as gym
from dromos import wrappers

LAYERS = [
    lambda env, dice: wrappers.TimeLimit(env, dice.randint(2, 9)),
    lambda env, dice: wrappers.TimeLimit(env, dice.randint(2, 9)),
    lambda env, dice: wrappers.RepeatAction(env, dice.randint(1, 3)),
    lambda env, dice: wrappers.OrderEnforcing(env),
    lambda env, dice: wrappers.PassiveEnvChecker(env),
    lambda env, dice: wrappers.DelayObservation(env, dice.randint(0, 2)),
    lambda env, dice: wrappers.ClipReward(env, max_reward=dice.choice([0.5, 2.0])),
    lambda env, dice: wrappers.StickyAction(env, 0.3),
]


def random_stack(dice):
    """Return CartPole in some of its default wrappers, and others around in any order."""
    env = gym.make(
        "CartPole-v1",
        max_episode_steps=dice.choice([-1, 4, 50]),
        disable_env_checker=dice.choice([True, False]),
    )
    if dice.random() < 0.4:
        env = env.unwrapped
    for _ in range(dice.randint(0, 5)):
        env = dice.choice(LAYERS)(env, dice)
    return env


def behaviour(env):
    """Return everything that two episodes of at most 20 steps tell."""
    told = []
    for seed in (1, 2):
        told.append(env.reset(seed=seed)[0].tolist())
        rng = np.random.default_rng(seed)
        for _ in range(20):
            obs, reward, terminated, truncated, _ = env.step(int(rng.integers(2)))
            told.append((obs.tolist(), reward, terminated, truncated))
            if terminated:
                break
    return told


@pytest.mark.parametrize("number", range(40))
@pytest.mark.filterwarnings("ignore:.*step.*:UserWarning")
def test_random_stacks(number):
    env = random_stack(random.Random(number))
    expected = behaviour(env)
    by_json = type(env.spec).from_json(env.spec.to_json())
    assert by_json == env.spec
    for spec in (env.spec, by_json):
        again = gym.make(spec)
        assert str(again) == str(env)
        assert again.spec == env.spec
        assert behaviour(again) == expected


def test_the_field_is_the_outermost_limit():
    env = wrappers.TimeLimit(wrappers.RepeatAction(gym.make("CartPole-v1"), 2), 5)
    assert env.spec.max_episode_steps == 5
    limits = [w.kwargs.get("max_episode_steps") for w in env.spec.additional_wrappers]
    assert limits == [500, None, 5]
    assert gym.make(env.spec, max_episode_steps=3)._max_episode_steps == 5


def test_specs_with_classes_and_nan_are_equal_after_json():
    spec = gym.make(gym.envs.classic_control.CartPoleEnv).spec
    assert type(spec).from_json(spec.to_json()) == spec
    clip = wrappers.ClipReward(gym.make("CartPole-v1"), max_reward=1.0).spec
    clip.additional_wrappers[-1].kwargs["max_reward"] = float("nan")
    assert type(clip).from_json(clip.to_json()) == clip
