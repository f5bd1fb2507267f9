"""Rigid bodies of the plane: worlds to build scenes in, and the worlds inside environments.

A world steps as one of Box2D 2.3 does, to the bit, with warm starting and continuous collision;
bodies are fixed or move freely. Lengths are in meters, angles in radians, times in seconds; numbers
are float32.
"""

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

_Point = Sequence[float]

class Material:
    """What a fixture is made of besides its shape."""

    def __init__(
        self,
        *,
        density: float = 0.0,
        friction: float = 0.2,
        restitution: float = 0.0,
        category: int = 1,
        mask: int = 0xFFFF,
        sensor: bool = False,
    ) -> None: ...

class World:
    """A world with room for 128 bodies, 512 fixtures, 2048 corners, 512 contacts and 64 joints.

    Whatever needs more raises `OverflowError`, which says what was too small. Methods that add
    something return its number.
    """

    def __init__(self, gravity: _Point) -> None: ...
    def add_body(self, moves: bool, position: _Point, angle: float = 0.0) -> int: ...
    def add_polygon(self, body: int, corners: Sequence[_Point], material: Material) -> int:
        """Add the convex hull of 3 to 16 corners."""

    def add_box(
        self, body: int, half_width: float, half_height: float, material: Material
    ) -> int: ...
    def add_edge(self, body: int, start: _Point, end: _Point, material: Material) -> int: ...
    def add_circle(self, body: int, center: _Point, radius: float, material: Material) -> int: ...
    def add_hinge(
        self,
        body_a: int,
        body_b: int,
        anchor_a: _Point,
        anchor_b: _Point,
        limits: _Point | None = None,
        motor: _Point | None = None,
    ) -> int:
        """Join two bodies at a point; `motor` is its speed and its greatest torque."""

    def set_motor(self, joint: int, speed: float, torque: float) -> None: ...
    def hinge(self, joint: int) -> tuple[float, float]:
        """Return angle and speed of a hinge."""

    def push(self, body: int, force: _Point) -> None: ...
    def twist(self, body: int, torque: float) -> None: ...
    def kick(self, body: int, impulse: _Point, at: _Point) -> None: ...
    def step(self, dt: float, velocity_rounds: int, position_rounds: int) -> None: ...
    def ray_cast(self, start: _Point, end: _Point, categories: int = 0xFFFF) -> float:
        """Return the part of the way up to the first fixture of these categories, or 1."""

    def bodies(self) -> list[tuple[float, float, float, float, float, float, bool]]:
        """Return (x, y, angle, velocity x, velocity y, spin, whether awake) of each body."""

    def mass(self, body: int) -> tuple[float, float, float, float]:
        """Return mass, inertia about the center of mass, and that center in the body's frame."""

    def take_events(self) -> list[tuple[int, int, bool]]:
        """Return (fixture, fixture, whether they began to touch) since the last call."""

    @property
    def contact_count(self) -> int: ...
    def state(self) -> bytes: ...
    def set_state(self, state: bytes) -> None: ...

_Body = tuple[float, float, float, float, float, float, float, float, bool, bool, float, float]

def body(name: str, world: bytes, index: int) -> _Body:
    """Return a body in the state of an environment.

    It is (x, y, angle, velocity x, velocity y, spin, mass, inertia, awake, moves, center x,
    center y). No such body raises `IndexError`.
    """

def bodies(name: str, world: bytes) -> list[_Body]:
    """Return all of them."""

def fixtures(
    name: str, world: bytes
) -> list[tuple[int, str, float, int, bool, tuple[tuple[float, float], ...]]]:
    """Return its fixtures: (body, kind, radius, category, sensor, corners)."""

def joints(
    name: str, world: bytes
) -> list[tuple[int, int, float, float, float, float, float, float]]:
    """Return its joints.

    Each is (body, body, angle, speed, motor speed, greatest torque, lower angle, upper angle).
    """

def first_unsound(name: str, rows: int, columns: list[NDArray[Any]]) -> int:
    """Return the first of `rows` states, an array a field, that cannot be stepped, or -1."""
