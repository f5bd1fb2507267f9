"""DI-engine's wrappers of episodes: no-ops, fire, lives, limits, returns and seeds."""

import numpy as np
import pytest
from ding_fakes import AtariEnv, CountingEnv, play

from dromos.compat import ding


def test_noops_after_a_reset():
    env = ding.NoopResetEnv(AtariEnv(life=100), noop_max=30)
    counts = set()
    for seed in range(60):
        obs, info = env.reset(seed=seed)
        count = len(env.unwrapped.actions)
        assert set(env.unwrapped.actions) == {0}
        assert obs[0, 0, 0] == info["n"] == count
        counts.add(count)
    assert counts <= set(range(1, 31))
    assert len(counts) > 15


def test_noops_come_of_the_environments_generator_alone():
    first, second = (ding.NoopResetWrapper(AtariEnv(life=100)) for _ in range(2))
    first.reset(seed=4)
    np.random.seed(1)
    state = np.random.get_state()[1].copy()
    second.reset(seed=4)
    assert first.unwrapped.actions == second.unwrapped.actions
    np.testing.assert_array_equal(np.random.get_state()[1], state)


def test_an_episode_that_ends_during_noops_begins_again():
    env = ding.NoopResetWrapper(AtariEnv(lives=1, life=4), noop_max=30)
    for seed in range(5):
        obs, _ = env.reset(seed=seed)
        assert obs[0, 0, 0] == len(env.unwrapped.actions) < 4


def test_noops_need_their_action():
    with pytest.raises(ValueError, match=r"action 0 is 'NOOP'.*no `get_action_meanings`"):
        ding.NoopResetWrapper(CountingEnv())
    with pytest.raises(ValueError, match=r"found the actions \['FIRE', 'UP'\]"):
        ding.NoopResetWrapper(AtariEnv(meanings=["FIRE", "UP"]))
    with pytest.raises(ValueError, match="noop_max is expected to be at least 1, actual value: 0"):
        ding.NoopResetWrapper(AtariEnv(), noop_max=0)


def test_fire_after_a_reset():
    env = ding.FireResetEnv(AtariEnv())
    obs, info = env.reset(seed=1)
    assert env.unwrapped.actions == [1]
    assert obs[0, 0, 0] == info["n"] == 1


def test_an_episode_that_fire_ends_begins_again():
    env = ding.FireResetWrapper(AtariEnv(lives=1, life=1))
    obs, _ = env.reset()
    assert env.unwrapped.resets == 2
    assert obs[0, 0, 0] == 0


def test_more_actions_after_a_reset():
    env = ding.FireResetWrapper(AtariEnv(lives=1, life=2), actions=(1, 2))
    obs, _ = env.reset()
    assert env.unwrapped.resets == 2  # the second ended the episode
    assert obs[0, 0, 0] == 0
    env = ding.FireResetWrapper(AtariEnv(), actions=[1, 2])
    env.reset()
    assert env.unwrapped.actions == [1, 2]


def test_fire_needs_its_action():
    with pytest.raises(ValueError, match="action 1 is 'FIRE'"):
        ding.FireResetWrapper(AtariEnv(meanings=["NOOP", "UP", "DOWN"]))
    with pytest.raises(ValueError, match="at least 3 actions"):
        ding.FireResetWrapper(AtariEnv(meanings=["NOOP", "FIRE"]))


def test_a_life_is_an_episode():
    env = ding.EpisodicLifeEnv(AtariEnv(lives=3, life=5))
    env.reset()
    for life in range(3):
        steps = play(env, 2, 5 if life == 0 else 4)  # one no-op follows a life lost
        assert [step[2] for step in steps] == [False] * (len(steps) - 1) + [True]
        env.reset()
        expected_resets = 1 if life < 2 else 2
        assert env.unwrapped.resets == expected_resets
    assert env.unwrapped.actions == []


def test_a_reset_with_a_seed_resets_the_game():
    env = ding.EpisodicLifeWrapper(AtariEnv(lives=3, life=5))
    env.reset()
    play(env, 2, 5)
    _, info = env.reset(seed=8)
    assert info["seed"] == 8
    assert env.unwrapped.resets == 2


def test_a_game_that_the_no_op_ends_is_reset():
    env = ding.EpisodicLifeWrapper(AtariEnv(lives=2, life=1))
    env.reset()
    env.step(2)
    obs, _ = env.reset()
    assert env.unwrapped.resets == 2
    assert obs[0, 0, 0] == 0
    assert env.lives == 2


def test_a_truncated_game_is_reset():
    env = ding.EpisodicLifeWrapper(ding.TimeLimitWrapper(AtariEnv(), 2))
    env.reset()
    play(env, 2, 2)
    assert env.was_real_done
    env.reset()
    assert env.unwrapped.resets == 2


def test_time_limit():
    env = ding.TimeLimitWrapper(CountingEnv(), max_limit=2)
    env.reset()
    first, second = play(env, 0, 2)
    assert first[2:] == (False, False, {"time_limit": False, "time_count": 1})
    assert second[2:] == (False, True, {"time_limit": True, "time_count": 2})
    env.reset()
    assert env.step(0)[4]["time_count"] == 1


@pytest.mark.parametrize("end", ["terminate_at", "truncate_at"])
def test_eval_episode_return(end):
    env = ding.EvalEpisodeReturnWrapper(CountingEnv(**{end: 3}))
    for _ in range(2):
        env.reset()
        steps = play(env, 2, 3)
        assert all("eval_episode_return" not in step[4] for step in steps[:2])
        told = steps[2][4]["eval_episode_return"]
        assert (told.tolist(), told.dtype) == ([6.0], np.float32)


def test_a_seed_is_used_once():
    env = ding.GymToGymnasiumWrapper(CountingEnv())
    env.seed(5)
    assert env.reset()[1]["seed"] == 5
    assert env.reset()[1]["seed"] is None
    env.seed(6)
    assert env.reset(seed=7)[1]["seed"] == 7
    assert env.reset()[1]["seed"] is None
