"""What is wrong gets a clear error, and never ends the process."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ale_py import ALEInterface, roms

import dromos as gym
from dromos.envs.atari import AtariEnv, load_rom, rom_path
from dromos.error import Error, InvalidAction, UnsupportedMode


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"game": "pang"}, r"no Atari game 'pang'. Did you mean 'pong'\?"),
        ({"game": "MsPacman"}, r"Did you mean 'ms_pacman'\?"),
        ({"mode": 99}, "'breakout' has no mode 99; it has 0, 4, 8"),
        ({"difficulty": 7}, "'breakout' has no difficulty 7; it has 0, 1"),
        ({"obs_type": "pixels"}, "Invalid observation type: 'pixels'. Expecting: rgb, grayscale"),
        ({"frameskip": 0}, "frames must be positive"),
        ({"frameskip": (5, 2)}, "the first of a pair less"),
        ({"frameskip": (1, 2, 3)}, "expected a number of frames, or a pair"),
        ({"frameskip": "4"}, "expected a number of frames, or a pair"),
        ({"repeat_action_probability": 1.5}, "from 0 to 1, found 1.5"),
        ({"max_num_frames_per_episode": -1}, "expected a whole number ≥ 0, found -1"),
        ({"render_mode": "ansi"}, "ansi not supported"),
        ({"game": ["pong"]}, r"name of an Atari game, as 'pong', found \['pong'\]"),
        ({"mode": 0.0}, "mode: expected a whole number ≥ 0, found 0.0"),
        ({"difficulty": "1"}, "difficulty: expected a whole number ≥ 0, found '1'"),
        ({"frameskip": True}, "expected a number of frames, or a pair"),
        ({"frameskip": 10**12}, "none above 2147483647"),
        ({"frameskip": (1, 10**30)}, "none above 2147483647"),
        ({"repeat_action_probability": "0.25"}, "expected a number, found '0.25'"),
        ({"repeat_action_probability": None}, "expected a number, found None"),
        ({"full_action_space": "no"}, "full_action_space: expected True or False, found 'no'"),
        ({"continuous": None}, "continuous: expected True or False, found None"),
        ({"sound_obs": 3}, "sound_obs: expected True or False, found 3"),
        ({"continuous_action_threshold": "half"}, "expected a number, found 'half'"),
        ({"continuous_action_threshold": float("nan")}, "to be finite, found nan"),
        ({"max_num_frames_per_episode": 10**12}, "expected a whole number ≤ 2147483647"),
    ],
)
def test_arguments(arguments, message):
    with pytest.raises(Error, match=message):
        AtariEnv(**{"game": "breakout", **arguments})


def test_ids():
    with pytest.raises(Error, match="Did you mean: `Breakout`"):
        gym.make("ALE/Breackout-v5")


@pytest.mark.parametrize("options", [3, "easy", [1]])
def test_options_that_are_no_dict(options):
    env = AtariEnv("breakout")
    with pytest.raises(TypeError, match="reset options to be a dict"):
        env.reset(options=options)


@pytest.mark.parametrize("action", [4, -1, 2.0, None, "FIRE", np.array([1, 2])])
def test_actions(action):
    env = AtariEnv("breakout")
    env.reset(seed=0)
    with pytest.raises(InvalidAction, match=r"expected an element of Discrete\(4\)"):
        env.step(action)
    assert env.ale.getEpisodeFrameNumber() == 0
    for good in (np.int64(3), np.array(1), True):
        env.step(good)


@pytest.mark.parametrize("action", [[2.0, 0.0, 0.0], [0.0, 0.0], [np.nan, 0.0, 0.0], 3])
def test_positions_of_the_stick(action):
    env = AtariEnv("breakout", continuous=True)
    env.reset(seed=0)
    with pytest.raises(InvalidAction, match="expected an element of Box"):
        env.step(np.array(action, np.float32))
    with pytest.raises(AttributeError, match="continuous=False"):
        env.get_keys_to_action()


def test_frames_without_a_render_mode():
    env = AtariEnv("pong")
    env.reset(seed=0)
    with pytest.raises(UnsupportedMode, match='render_mode="rgb_array"'):
        env.render()


def test_preprocessing_needs_every_frame():
    with pytest.raises(ValueError, match="make the environment with frameskip=1"):
        gym.wrappers.AtariPreprocessing(gym.make("ALE/Pong-v5"))


@pytest.mark.parametrize("there", ["nothing", "a folder", "another", "a folder of that name"])
def test_folders_of_roms(tmp_path, monkeypatch, there):
    folder = tmp_path
    if there == "nothing":
        folder = tmp_path / "missing"
    elif there == "a folder of that name":
        (tmp_path / "pong.bin").mkdir()
    elif there == "another":
        (tmp_path / "pong.bin").write_bytes(Path(roms.get_rom_path("breakout")).read_bytes())
    monkeypatch.setenv("ALE_ROMS_DIR", str(folder))
    with pytest.raises(
        Error, match=r"(?s)ROM of the game 'pong' cannot be used .*unset ALE_ROMS_DIR"
    ):
        AtariEnv("pong")


def test_a_folder_with_the_rom(tmp_path, monkeypatch):
    (tmp_path / "pong.bin").write_bytes(Path(roms.get_rom_path("pong")).read_bytes())
    monkeypatch.setenv("ALE_ROMS_DIR", str(tmp_path))
    assert rom_path("pong") == tmp_path / "pong.bin"
    env = AtariEnv("pong")
    env.reset(seed=0)
    (tmp_path / "pong.bin").unlink()
    with pytest.raises(Error, match=r"Expected a ROM, a file, at .*pong.bin; found nothing"):
        env.reset(seed=1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "found nothing"),
        (Path.mkdir, "found a folder"),
        (Path.touch, "found 0 bytes"),
        (lambda path: path.write_bytes(bytes(1 << 20)), "found 1048576 bytes"),
    ],
)
def test_files_that_are_no_roms(tmp_path, make, message):
    make(tmp_path / "game.bin")
    with pytest.raises(Error, match=message):
        load_rom(ALEInterface(), tmp_path / "game.bin")


def test_without_ale_py():
    program = (
        "import sys; sys.modules['ale_py'] = None\n"
        "import dromos as gym\n"
        "assert 'ALE/Pong-v5' in gym.registry\n"
        "try: gym.make('ALE/Pong-v5')\n"
        "except gym.error.DependencyNotInstalled as reason: print(reason)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert 'pip install "dromos[atari]"' in done.stdout, done.stderr
