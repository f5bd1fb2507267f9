"""Drawing and showing: a canvas, a rasteriser on the CPU, and where frames can go.

Nothing here knows an environment, and nothing needs a display but `Window`. pygame and PyAV are
imported by the first window and the first video.
"""

from dromos.render.canvas import Canvas, Colour
from dromos.render.frames import tile
from dromos.render.image import png_bytes, write_png
from dromos.render.raster import Raster
from dromos.render.recorder import Recorder
from dromos.render.saving import capped_cubic_video_schedule, save_video
from dromos.render.text import frame_to_text
from dromos.render.video import VideoWriter, read_video
from dromos.render.window import Window

__all__ = [
    "Canvas",
    "Colour",
    "Raster",
    "Recorder",
    "VideoWriter",
    "Window",
    "capped_cubic_video_schedule",
    "frame_to_text",
    "png_bytes",
    "read_video",
    "save_video",
    "tile",
    "write_png",
]
