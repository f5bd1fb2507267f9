"""The bodies of a running environment, to look at under the names that Box2D gives them.

A view holds no state of its own: each attribute is read from the environment when it is asked for,
so it tells of the present step. Worlds are changed by stepping, not through views.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from dromos._core import plane

if TYPE_CHECKING:
    from dromos.envs.box2d.base import Box2DEnv

__all__ = ["BodyView", "FixtureView", "JointView", "ShapeView", "Vec2", "WorldView"]


class Vec2(NamedTuple):
    """A point or a direction of the plane."""

    x: float
    y: float

    @property
    def length(self) -> float:
        """How long it is."""
        return float((self.x * self.x + self.y * self.y) ** 0.5)


class ShapeView(NamedTuple):
    """A shape in the frame of its body.

    Attributes:
        kind: ``"polygon"``, ``"edge"`` or ``"circle"``.
        vertices: The corners; of a circle, its center.
        radius: Of a circle, m; the skin of other shapes.
    """

    kind: str
    vertices: list[Vec2]
    radius: float


class FixtureView(NamedTuple):
    """A shape on a body.

    Attributes:
        body: The body.
        shape: The shape.
        category: Bits of the categories it belongs to.
        sensor: Whether it only feels what it touches.
    """

    body: BodyView
    shape: ShapeView
    category: int
    sensor: bool


class BodyView:
    """A rigid body of a running environment.

    Attributes:
        index: Its number among the bodies of the world.
    """

    def __init__(self, env: Box2DEnv[Any, Any], index: Callable[[], int] | int) -> None:
        self._env = env
        self._index = index

    @property
    def index(self) -> int:
        """Its number among the bodies of the world."""
        return self._index if isinstance(self._index, int) else self._index()

    def _row(self) -> Any:
        return plane.body(self._env.dynamics, self._env.world_bytes(), self.index)

    @property
    def position(self) -> Vec2:
        """Where its origin is, m."""
        return Vec2(*self._row()[0:2])

    @property
    def angle(self) -> float:
        """How far it has turned, rad."""
        return float(self._row()[2])

    @property
    def linearVelocity(self) -> Vec2:
        """Velocity of its center of mass, m/s."""
        return Vec2(*self._row()[3:5])

    @property
    def angularVelocity(self) -> float:
        """How fast it turns, rad/s."""
        return float(self._row()[5])

    @property
    def mass(self) -> float:
        """Mass, kg; 0 of a body that stays where it is."""
        return float(self._row()[6])

    @property
    def inertia(self) -> float:
        """Moment of inertia about the center of mass, kg m²."""
        return float(self._row()[7])

    @property
    def awake(self) -> bool:
        """Whether it is simulated; bodies at rest sleep."""
        return bool(self._row()[8])

    @property
    def worldCenter(self) -> Vec2:
        """Where its center of mass is, m."""
        return Vec2(*self._row()[10:12])

    @property
    def fixtures(self) -> list[FixtureView]:
        """The shapes on it, in the order in which they were made."""
        rows = plane.fixtures(self._env.dynamics, self._env.world_bytes())
        return [
            FixtureView(
                self, ShapeView(kind, [Vec2(*corner) for corner in corners], radius), bits, sensor
            )
            for body, kind, radius, bits, sensor, corners in rows
            if body == self.index
        ]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BodyView) and self._env is other._env and self.index == other.index

    def __hash__(self) -> int:
        return hash((id(self._env), self.index))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(index={self.index})"


class LegView(BodyView):
    """A body that tells whether it stands on the ground."""

    def __init__(
        self,
        env: Box2DEnv[Any, Any],
        index: Callable[[], int] | int,
        contact: Callable[[], bool],
        joint: JointView,
    ) -> None:
        super().__init__(env, index)
        self._contact = contact
        self.joint = joint

    @property
    def ground_contact(self) -> bool:
        """Whether it touches the ground."""
        return self._contact()


class JointView:
    """A hinge of a running environment."""

    def __init__(self, env: Box2DEnv[Any, Any], index: int) -> None:
        self._env = env
        self.index = index

    def _row(self) -> Any:
        return plane.joints(self._env.dynamics, self._env.world_bytes())[self.index]

    @property
    def bodyA(self) -> BodyView:
        """The body it hangs on."""
        return BodyView(self._env, int(self._row()[0]))

    @property
    def bodyB(self) -> BodyView:
        """The body that hangs on it."""
        return BodyView(self._env, int(self._row()[1]))

    @property
    def angle(self) -> float:
        """Angle between the bodies, 0 at the start, rad."""
        return float(self._row()[2])

    @property
    def speed(self) -> float:
        """How fast the angle grows, rad/s."""
        return float(self._row()[3])

    @property
    def motorSpeed(self) -> float:
        """The speed that the motor aims at, rad/s."""
        return float(self._row()[4])

    @property
    def maxMotorTorque(self) -> float:
        """The strongest torque of the motor, N m."""
        return float(self._row()[5])

    @property
    def limits(self) -> tuple[float, float]:
        """The least and the greatest angle, rad."""
        row = self._row()
        return float(row[6]), float(row[7])


class WorldView:
    """All bodies and joints of a running environment."""

    def __init__(self, env: Box2DEnv[Any, Any]) -> None:
        self._env = env

    @property
    def bodies(self) -> list[BodyView]:
        """The bodies, in the order in which they were made."""
        rows = plane.bodies(self._env.dynamics, self._env.world_bytes())
        return [BodyView(self._env, index) for index in range(len(rows))]

    @property
    def joints(self) -> list[JointView]:
        """The joints, in the order in which they were made."""
        rows = plane.joints(self._env.dynamics, self._env.world_bytes())
        return [JointView(self._env, index) for index in range(len(rows))]
