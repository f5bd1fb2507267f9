"""Games of the Atari 2600. The emulator and the games are ale-py's, which is not required."""

from dromos.envs.atari.ale import load_rom, rom_path
from dromos.envs.atari.env import AtariEnv

__all__ = ["AtariEnv", "load_rom", "rom_path"]
