"""Public path of the wrappers around ``render``."""

from dromos.wrappers.human_rendering import HumanRendering
from dromos.wrappers.render_collection import RenderCollection

__all__ = ["HumanRendering", "RenderCollection"]
