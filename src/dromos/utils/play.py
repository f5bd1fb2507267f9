"""Public path of `dromos.play`."""

from dromos.play import MissingKeysToAction, PlayableGame, PlayPlot, display_arr, play

__all__ = ["MissingKeysToAction", "PlayPlot", "PlayableGame", "display_arr", "play"]
