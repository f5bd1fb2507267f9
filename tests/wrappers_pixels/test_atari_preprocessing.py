"""AtariPreprocessing: beside Gymnasium's on the same games, and on scripted ones."""

import copy
import pickle

import gymnasium.wrappers
import numpy as np
import pytest
from games import Game, ScriptedGame, peer_game

import dromos
from dromos.wrappers.atari_preprocessing import AtariPreprocessing

ARGUMENTS = [
    {},
    {"noop_max": 0, "frame_skip": 1},
    {"frame_skip": 2, "screen_size": (64, 110), "grayscale_newaxis": True},
    {"grayscale_obs": False, "screen_size": 96},
    {"scale_obs": True, "terminal_on_life_loss": True, "noop_max": 5},
    {"screen_size": (160, 210)},
]


@pytest.mark.parametrize("game", ["Pong", "Breakout"])
@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_same_seed_and_actions_same_episode_as_the_peer(game, arguments):
    ours = AtariPreprocessing(Game(game), **arguments)
    peer = gymnasium.wrappers.AtariPreprocessing(peer_game(game), **arguments)
    assert ours.observation_space.shape == peer.observation_space.shape
    assert ours.observation_space.dtype == peer.observation_space.dtype
    actions = np.random.default_rng(0)
    for episode in range(2):
        (obs, info), (expected, peer_info) = ours.reset(seed=episode), peer.reset(seed=episode)
        np.testing.assert_array_equal(obs, expected)
        assert info.keys() == peer_info.keys()
        for _ in range(40):
            action = int(actions.integers(ours.action_space.n))
            (obs, *ours_rest), (expected, *peer_rest) = ours.step(action), peer.step(action)
            assert ours_rest == peer_rest
            assert obs in ours.observation_space
            if ours_rest[1] or ours_rest[2]:  # where the peer shows screens of the step before
                break
            np.testing.assert_array_equal(obs, expected)
    assert ours.lives == peer.lives


def grey(*frames):
    """Return the screen that shows some frames over each other."""
    screen, one = np.zeros((4, 6), np.uint8), np.zeros((4, 6), np.uint8)
    for frame in frames:
        one[...] = 0
        one[:, frame % 2 :: 2] = frame
        np.maximum(screen, one, out=screen)
    return screen


def scripted(noop_max=0, **script):
    return AtariPreprocessing(ScriptedGame(**script), noop_max=noop_max, screen_size=(6, 4))


class TestPooling:
    def test_the_last_two_screens_of_a_step(self):
        env = scripted()
        obs, _ = env.reset()
        np.testing.assert_array_equal(obs, grey(0))
        for last in (4, 8, 12):
            obs, reward, *_ = env.step(1)
            np.testing.assert_array_equal(obs, grey(last - 1, last))
            assert reward == 4 * last - 6

    @pytest.mark.parametrize("way", ["ends", "cut"])
    @pytest.mark.parametrize(("frame", "shown"), [(5, (5,)), (6, (6,)), (7, (7,)), (8, (7, 8))])
    def test_no_screen_of_the_step_before_when_the_episode_ends(self, way, frame, shown):
        env = scripted(**{way: frame})
        env.reset()
        env.step(1)
        obs, reward, terminated, truncated, info = env.step(1)
        np.testing.assert_array_equal(obs, grey(*shown))
        assert (terminated, truncated) == (way == "ends", way == "cut")
        assert reward == sum(range(5, frame + 1))
        assert info == {"frame": frame}

    def test_observations_are_the_callers(self):
        env = scripted()
        first, _ = env.reset()
        kept = first.copy()
        env.step(1)
        np.testing.assert_array_equal(first, kept)


class TestLives:
    def test_the_loss_of_a_life_terminates_if_asked(self):
        env = AtariPreprocessing(ScriptedGame(loses=(6,)), 0, 4, (6, 4), True)
        env.reset()
        assert not env.step(0)[2]
        obs, reward, terminated, *_ = env.step(0)
        assert (terminated, reward, env.lives, env.game_over) == (True, 11.0, 2, True)
        np.testing.assert_array_equal(obs, grey(6))

    def test_else_it_does_not(self):
        env = scripted(loses=(6,))
        env.reset()
        env.step(0)
        assert env.step(0)[1:3] == (26.0, False)
        assert not env.game_over


class TestReset:
    def test_between_one_and_noop_max_noops(self):
        env = scripted(noop_max=3)
        frames = {env.reset(seed=seed)[1]["frame"] for seed in range(50)}
        assert frames == {1, 2, 3}

    def test_an_episode_that_noops_end_is_begun_again(self):
        env = scripted(noop_max=30, ends=2)
        env.reset(seed=3)
        assert env.unwrapped.resets > 1
        assert env.ale.frame < 2


class TestArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"frame_skip": 0}, "`frame_skip` to be positive, actually: 0"),
            ({"noop_max": -1}, "`noop_max` to be non-negative, actually: -1"),
            ({"screen_size": 0}, "`screen_size` to be positive, actually: 0"),
            ({"screen_size": (84, -1)}, "`screen_size` to be positive"),
            ({"screen_size": (84,)}, "`screen_size` to be positive"),
            ({"screen_size": 84.0}, "`screen_size` to be positive"),
        ],
    )
    def test_out_of_range(self, arguments, message):
        with pytest.raises(ValueError, match=message):
            AtariPreprocessing(ScriptedGame(), **arguments)

    def test_an_environment_that_skips_frames_too(self):
        game = ScriptedGame()
        game._frameskip = 4
        with pytest.raises(ValueError, match="make the environment with frameskip=1"):
            AtariPreprocessing(game)
        AtariPreprocessing(game, frame_skip=1)

    def test_an_environment_without_an_emulator(self):
        with pytest.raises(TypeError, match="whose attribute `ale` is the emulator"):
            AtariPreprocessing(dromos.make("CartPole-v1"))

    def test_action_zero_must_be_a_noop(self):
        game = ScriptedGame()
        game.get_action_meanings = lambda: ["FIRE"]
        with pytest.raises(ValueError, match="must be 'NOOP', found 'FIRE'"):
            AtariPreprocessing(game)
        AtariPreprocessing(game, noop_max=0)

    def test_all_are_recorded(self):
        arguments = {
            "noop_max": 1,
            "frame_skip": 2,
            "screen_size": (10, 20),
            "terminal_on_life_loss": True,
            "grayscale_obs": False,
            "grayscale_newaxis": True,
            "scale_obs": True,
            "maxpool": False,
        }
        env = AtariPreprocessing(ScriptedGame(), **arguments)
        assert env._saved_kwargs == arguments
        assert env.observation_space == dromos.spaces.Box(0, 1, (20, 10, 3), np.float32)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_copies_go_on_alike(copied):
    env = AtariPreprocessing(ScriptedGame(loses=(6,)), 0, 4, (6, 4), True)
    env.reset()
    env.step(0)
    other = copied(env)
    for left, right in zip(env.step(0), other.step(0), strict=True):
        np.testing.assert_array_equal(left, right)
    assert env.lives == other.lives == 2


def test_snapshots_go_on_alike():
    env = AtariPreprocessing(ScriptedGame(loses=(2, 6)), 0, 4, (6, 4), True)
    env.reset(seed=0)
    env.step(0)
    snapshot = env.snapshot()
    expected = env.step(0)
    env.reset()
    env.restore(snapshot)
    for left, right in zip(env.step(0), expected, strict=True):
        np.testing.assert_array_equal(left, right)
    assert expected[2]
