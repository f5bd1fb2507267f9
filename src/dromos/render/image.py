"""Frames as PNG files, with nothing but the standard library."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

import numpy as np

from dromos.render.frames import checked_frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["png_bytes", "write_png"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EIGHT_BITS = 8
_TRUE_COLOUR = 2
# Row filter "up": what is stored is the difference to the row above.
_UP = 2


def write_png(path: str | os.PathLike[str], frame: NDArray[np.uint8]) -> None:
    """Write a frame to a PNG file.

    Args:
        path: The file, replaced if it is there.
        frame: uint8 of shape (height, width, 3).

    Raises:
        Error: If `frame` is no picture.
        OSError: If the file cannot be written.
    """
    data = png_bytes(frame)
    with open(path, "wb") as file:
        file.write(data)


def png_bytes(frame: NDArray[np.uint8]) -> bytes:
    """Return a frame as the bytes of a PNG file (ISO/IEC 15948).

    Args:
        frame: uint8 of shape (height, width, 3).

    Raises:
        Error: If `frame` is no picture.
    """
    import zlib

    pixels = checked_frame(frame, "png_bytes()")
    height, width = pixels.shape[:2]
    rows = pixels.reshape(height, width * 3)
    filtered = np.empty((height, 1 + width * 3), np.uint8)
    filtered[:, 0] = _UP
    filtered[0, 1:] = rows[0]
    filtered[1:, 1:] = rows[1:] - rows[:-1]  # modulo 256, as the format wants
    header = struct.pack(">IIBBBBB", width, height, _EIGHT_BITS, _TRUE_COLOUR, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(data, zlib.crc32(kind))
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    body = chunk(b"IDAT", zlib.compress(filtered.tobytes(), 6))
    return _SIGNATURE + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")
