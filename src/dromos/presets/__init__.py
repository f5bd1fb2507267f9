"""Named ways to preprocess environments, after papers and well-known programs.

``presets.make("ALE/Pong-v5", "dqn-nature")`` makes and wraps; ``presets.manifest("dqn-nature")``
tells every wrapper and argument as plain data.
"""

from dromos.presets.applying import apply_preset, make, manifest
from dromos.presets.catalogue import PRESETS
from dromos.presets.clip_observation import ClipObservation
from dromos.presets.preset import Layer, Preset

__all__ = ["PRESETS", "ClipObservation", "Layer", "Preset", "apply_preset", "make", "manifest"]
