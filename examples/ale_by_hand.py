"""The emulator of Atari games by hand, and the same game as an environment.

Run it with a folder for the screenshots: ``python examples/ale_by_hand.py screenshots``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from ale_py import ALEInterface, LoggerMode, roms

import dromos as gym
from dromos.envs.atari import load_rom

SEED = 123
FRAMES = 60


def emulator(rom: Path) -> ALEInterface:
    """Return an emulator with a game in it. Settings count from the next time a game is loaded."""
    ale = ALEInterface()
    ale.setInt("random_seed", SEED)
    ale.setFloat("repeat_action_probability", 0.0)
    load_rom(ale, rom)  # ale.loadROM(rom) would end the process if the file could not be read
    return ale


def play(ale: ALEInterface, folder: Path) -> float:
    """Play some frames at random, with a screenshot now and then; return what they earned."""
    actions = ale.getMinimalActionSet()
    random = np.random.default_rng(SEED)
    total = 0.0
    for frame in range(FRAMES):
        total += ale.act(actions[random.integers(len(actions))])
        if frame % 20 == 19:
            ale.saveScreenPNG(str(folder / f"frame-{frame + 1:03}.png"))
        if ale.game_over():
            ale.reset_game()
    return total


def changed_rom(rom: Path, folder: Path) -> Path:
    """Write a ROM with another bit near its end: another checksum, and the same game still."""
    data = bytearray(rom.read_bytes())
    data[-7] ^= 1
    path = folder / rom.name
    path.write_bytes(data)
    return path


def main(folder: Path) -> None:
    """Play a game by hand, from a changed ROM, and as an environment."""
    folder.mkdir(parents=True, exist_ok=True)
    ALEInterface.setLoggerMode(LoggerMode.Warning)
    rom = roms.get_rom_path("breakout")  # or a file of yours, or one in the folder ALE_ROMS_DIR

    ale = emulator(rom)
    earned = play(ale, folder)
    print(f"{ALEInterface.isSupportedROM(rom)}: {FRAMES} frames, reward {earned}")
    print(f"lives {ale.lives()}, screen {ale.getScreenRGB().shape}, memory {ale.getRAM()[:4]}")

    print("A ROM that is not the one ale-py knows is played with a warning:", flush=True)
    other = emulator(changed_rom(rom, folder))
    print(f"supported: {ALEInterface.isSupportedROM(folder / rom.name)}, lives {other.lives()}")

    with gym.make("ALE/Breakout-v5", frameskip=1, repeat_action_probability=0.0) as env:
        env.reset(seed=SEED)
        env.step(1)
        inner = env.unwrapped.ale  # the same interface, live
        print(f"as an environment: {env}, lives {inner.lives()}, frame {inner.getFrameNumber()}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
