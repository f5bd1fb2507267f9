"""`gym.envs.classic_control.rendering` of Gym up to 0.21, on the library's own canvas.

Shapes in coordinates with y up, each with colour, width and transformations. Frames need no
display; a window opens when a frame is to be shown and not returned.
"""

from dromos.compat.old_rendering.painting import Attr, Color, LineStyle, LineWidth, Transform
from dromos.compat.old_rendering.shapes import (
    Compound,
    FilledPolygon,
    Geom,
    Image,
    Line,
    Point,
    PolyLine,
    make_capsule,
    make_circle,
    make_polygon,
    make_polyline,
)
from dromos.compat.old_rendering.viewers import (
    SimpleImageViewer,
    Viewer,
    get_display,
    get_window,
)

__all__ = [
    "RAD2DEG",
    "Attr",
    "Color",
    "Compound",
    "FilledPolygon",
    "Geom",
    "Image",
    "Line",
    "LineStyle",
    "LineWidth",
    "Point",
    "PolyLine",
    "SimpleImageViewer",
    "Transform",
    "Viewer",
    "get_display",
    "get_window",
    "make_capsule",
    "make_circle",
    "make_polygon",
    "make_polyline",
]


RAD2DEG = 57.29577951308232
