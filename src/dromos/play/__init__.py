"""Playing environments with the keyboard. `dromos.utils.play` is the public path."""

from dromos.play.game import MissingKeysToAction, PlayableGame
from dromos.play.keyboard import display_arr, play
from dromos.play.plot import PlayPlot

__all__ = ["MissingKeysToAction", "PlayPlot", "PlayableGame", "display_arr", "play"]
