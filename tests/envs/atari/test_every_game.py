"""Each game keeps the promises of the catalogue."""

import numpy as np
import pytest

import dromos as gym
from dromos.envs.atari_ids import GAMES, SINGLE_PLAYER, families
from dromos.envs.registration import EnvSpec
from dromos.snapshot import Snapshot

IDS = [spec.id for spec in families() if spec.namespace == "ALE" and "-ram" not in spec.name]
#: Games whose pictures keep what was drawn before, which the emulator does not save: there only
#: what is not a picture is compared after a restore.
PICTURES_LEFT_OVER = {"ALE/TicTacToe3D-v5", "ALE/YarsRevenge-v5"}


def test_the_games_are_those_of_ale_py():
    from ale_py import roms

    assert sorted(GAMES) == sorted(roms.get_all_rom_ids())
    assert len(IDS) == len(SINGLE_PLAYER) == 104


def pytest_generate_tests(metafunc):
    if "env_id" in metafunc.fixturenames:
        some = sorted({*IDS[::3], *PICTURES_LEFT_OVER})
        metafunc.parametrize("env_id", IDS if metafunc.config.getoption("--long") else some)


def test_promises(env_id):
    with gym.make(env_id, render_mode="rgb_array") as env:
        spec = EnvSpec.from_json(env.spec.to_json())
        assert spec == env.spec
        obs, _ = env.reset(seed=3)
        actions = np.random.default_rng(3).integers(env.action_space.n, size=40)
        assert obs in env.observation_space

        def played(env, actions):
            seen = []
            for action in actions:
                obs, *rest = env.step(action)
                seen.append((None if env_id in PICTURES_LEFT_OVER else obs.tobytes(), *rest))
                if rest[1] or rest[2]:
                    env.reset()
            return seen

        played(env, actions[:25])
        picture = env.render()
        assert (picture.dtype, picture.shape) == (np.uint8, env.observation_space.shape)
        saved = env.snapshot()
        expected = played(env, actions[25:])
        env.restore(Snapshot.from_bytes(saved.to_bytes()))
        assert np.array_equal(env.render(), picture)
        assert played(env, actions[25:]) == expected
        kept = picture.copy()
        env.step(0)
        assert np.array_equal(picture, kept)


def test_frames_have_the_size_that_is_asked_for():
    with gym.make("ALE/Pong-v5", render_mode="rgb_array", render_size=(480, 630)) as env:
        screen, _ = env.reset(seed=1)
        frame = env.render()
        assert frame.shape == (630, 480, 3)
        np.testing.assert_array_equal(frame[1::3, 1::3], screen)  # each pixel three by three
        saved = env.snapshot()
        env.step(0)
        env.restore(saved)
        np.testing.assert_array_equal(env.render(), frame)
    with pytest.raises(ValueError, match="render_size: expected a width and a height"):
        gym.make("ALE/Pong-v5", render_mode="rgb_array", render_size=(0, 3))
