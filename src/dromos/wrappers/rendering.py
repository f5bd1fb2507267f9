"""Public path of the wrappers around ``render``."""

from dromos.wrappers.human_rendering import HumanRendering
from dromos.wrappers.noisy_view import AddWhiteNoise, ObstructView
from dromos.wrappers.record_video import RecordVideo
from dromos.wrappers.render_collection import RenderCollection

__all__ = ["AddWhiteNoise", "HumanRendering", "ObstructView", "RecordVideo", "RenderCollection"]
