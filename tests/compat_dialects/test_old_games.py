"""Games of the Atari 2600 under old dialects: limits in steps, version 3, lists of pictures."""

import pytest
from dialect_cases import QUIET

import dromos
from dromos import legacy
from dromos.compat import gym_v21, gym_v23, gym_v25, gymnasium_v029

pytestmark = pytest.mark.filterwarnings(QUIET)

#: As `gym.envs` registered them until 0.20, and ale-py 0.7 in its place until 0.25.
STEPS = {
    "Pong-v0": 10_000,
    "Pong-ram-v0": 10_000,
    "Pong-v4": 100_000,
    "PongDeterministic-v0": 100_000,
    "SpaceInvadersDeterministic-v4": 100_000,
    "PongNoFrameskip-v0": 400_000,
    "PongNoFrameskip-v4": 400_000,
    "Pong-ramNoFrameskip-v4": 400_000,
    "SpaceInvadersNoFrameskip-v4": 300_000,
    "ALE/Pong-v5": 27_000,
}


@pytest.mark.parametrize("gym", [legacy, gym_v21, gym_v23, gym_v25], ids=str)
def test_limits_were_steps(gym):
    for id, steps in STEPS.items():
        spec = gym.spec(id)
        assert spec.max_episode_steps == steps, id
        assert "max_num_frames_per_episode" not in spec.kwargs


def test_limits_are_frames_since_026():
    for gym in (gymnasium_v029, dromos):
        for id in STEPS:
            assert gym.spec(id).max_episode_steps is None
            assert gym.spec(id).kwargs["max_num_frames_per_episode"] == 108_000


@pytest.mark.parametrize("gym", [legacy, gym_v25], ids=["0.9", "0.25"])
def test_a_game_ends_at_its_limit(gym):
    env = gym.make("Freeway-v0")
    assert env._max_episode_steps == 10_000
    env._elapsed_steps = 0
    env.reset()
    env._elapsed_steps = 9_999
    _, _, done, info = env.step(0)
    assert done
    assert info.get("TimeLimit.truncated", True)


def test_version_4_was_called_3_until_08():
    registry = legacy.envs.registration.registry
    assert {"Pong-v3", "PongNoFrameskip-v3", "Pong-ramDeterministic-v3"} <= set(registry)
    env = legacy.make("PongNoFrameskip-v3")
    assert env.spec.id == "PongNoFrameskip-v3"
    assert env.spec.kwargs["repeat_action_probability"] == 0
    assert "Pong-v3" not in gym_v21.envs.registration.registry
    assert not any(id.startswith("ALE") and id.endswith("v3") for id in registry)


def test_cars_and_landers_of_old_rows_give_lists_of_pictures():
    """Rows with a class of their own were asked for modes in words that they do not know."""
    env = gym_v25.make("CarRacing-v2", render_mode="rgb_array")
    env.reset(seed=0)
    assert [frame.shape for frame in env.render()] == [(400, 600, 3)]
