"""BipedalWalker: a robot with two legs and four motors that shall walk."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dromos.envs.box2d.base import Box2DEnv
from dromos.envs.box2d.bodies import BodyView, JointView, LegView, Vec2
from dromos.native import NativeVectorEnv
from dromos.native.parameters import DEFAULT
from dromos.spaces import Box

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas

__all__ = [
    "BipedalWalker",
    "BipedalWalkerHardcore",
    "BipedalWalkerHeuristics",
    "BipedalWalkerVectorEnv",
]

FPS = 50
SCALE = 30.0  # pixels a meter of the picture that the numbers come from
MOTORS_TORQUE = 80
SPEED_HIP = 4
SPEED_KNEE = 6
LIDAR_RANGE = 160 / SCALE
INITIAL_RANDOM = 5
HULL_POLY = [(-30, +9), (+6, +9), (+34, +1), (+34, -8), (-30, -8)]
LEG_DOWN = -8 / SCALE
LEG_W, LEG_H = 8 / SCALE, 34 / SCALE
VIEWPORT_W = 600
VIEWPORT_H = 400
TERRAIN_STEP = 14 / SCALE
TERRAIN_LENGTH = 200  # steps
TERRAIN_HEIGHT = VIEWPORT_H / SCALE / 4
TERRAIN_GRASS = 10  # steps, of a spot of grass at most
TERRAIN_STARTPAD = 20  # steps
FRICTION = 2.5


class Lidar(NamedTuple):
    """A ray of the lidar.

    Attributes:
        p1: Where it starts, m.
        p2: Where it ends: on the ground, or at its full length, m.
        fraction: The part of its length up to the ground.
    """

    p1: Vec2
    p2: Vec2
    fraction: float


class BipedalWalker(Box2DEnv[NDArray[np.float32], NDArray[np.float32]]):
    """A robot with two legs of two joints each that shall walk to the end of the way.

    A problem of Oleg Klimov's, made for Gym. The ground is slightly uneven, or with
    ``hardcore=True`` full of stumps, stairs and pits.

    ============  ===================================================================
    action        float32 (4,) in [-1, 1]: the motors of hip, knee, hip, knee; the sign says which
                  way, the size how much of the torque
    observation   float32 (24,): angle and angular velocity of the hull, its velocity; for each leg
                  angle and speed of hip and knee, and whether it stands on the ground; ten
                  rangefinders, as parts of their range
    start         standing at the left end, pushed with up to 5 N along the way
    reward        130/30 a meter forward and -5 a radian of the hull's lean, as changes, minus
                  0.028 for each motor at full torque; -100 for a fall or going back too far
    terminated    when the hull touches the ground or leaves to the left, and at the end of the way
    truncated     after 1600 steps, hardcore after 2000
    ============  ===================================================================

    Every parameter below is a keyword of the constructor, an attribute that can be written at any
    time, and a parameter that lanes of a vector can have of their own.

    Gymnasium keeps one world through all episodes of an environment, so that the numbers of its
    bodies, and the last bits, depend on earlier ones; here each episode is that of a new one.

    Attributes:
        hull: The robot's body, a live view; None before a reset.
        legs: Thigh and shin of the first leg, thigh and shin of the second; live views. Shins have
            `ground_contact`.
        joints: Hip, knee, hip, knee; live views.
        lidar: The rays of the rangefinders.
        terrain: The pieces of the ground, live views, rightmost first.
        scroll: How far the view has moved along, m.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array"],
        "render_fps": FPS,
    }
    dynamics = "BipedalWalker"
    drawn_fields = ("hull", "lidar", "clouds")

    hardcore: bool
    gravity: float
    motors_torque: float
    speed_hip: float
    speed_knee: float
    friction: float

    def __init__(
        self, render_mode: str | None = None, hardcore: bool = DEFAULT, **parameters: Any
    ) -> None:
        """Make the environment.

        Args:
            render_mode: ``"human"``, ``"rgb_array"`` or None.
            hardcore: Whether stumps, stairs and pits lie in the way.
            **parameters: Values of the other parameters.

        Raises:
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range.
        """
        super().__init__(render_mode, hardcore=hardcore, **parameters)

    def make_spaces(self) -> tuple[Box[NDArray[np.float32]], Box[NDArray[np.float32]]]:
        """Return the action and the observation space."""
        leg = [math.pi, 5.0, math.pi, 5.0, 5.0]
        high = np.array([math.pi, 5.0, 5.0, 5.0, *leg, *leg, *[1.0] * 10], dtype=np.float32)
        low = -high
        low[[8, 13]] = -0.0  # contacts
        return Box(-1.0, 1.0, (4,), dtype=np.float32), Box(low, high)

    def _hull(self) -> int:
        return int(self.read_state("hull"))

    @property
    def hull(self) -> BodyView | None:
        """The robot's body; None before a reset."""
        return BodyView(self, self._hull) if self._has_world() else None

    @property
    def legs(self) -> list[BodyView]:
        """Thigh and shin of the first leg, then of the second."""
        parts: list[BodyView] = []
        for leg in range(2):
            parts.append(BodyView(self, lambda leg=leg: self._hull() + 1 + 2 * leg))  # type: ignore[misc]
            parts.append(
                LegView(
                    self,
                    lambda leg=leg: self._hull() + 2 + 2 * leg,  # type: ignore[misc]
                    lambda leg=leg: bool(self.read_state("ground_contact")[leg]),  # type: ignore[misc]
                    JointView(self, 2 * leg + 1),
                )
            )
        return parts

    @property
    def joints(self) -> list[JointView]:
        """Hip and knee of the first leg, then of the second."""
        return [JointView(self, index) for index in range(4)] if self._has_world() else []

    @property
    def terrain(self) -> list[BodyView]:
        """The pieces of the ground, rightmost first."""
        return [BodyView(self, index) for index in reversed(range(self._hull()))]

    @property
    def lidar(self) -> list[Lidar]:
        """The rays of the rangefinders; empty before a reset."""
        if self.hull is None:
            return []
        return rays(self.hull.position, self.read_state("lidar"))

    @property
    def scroll(self) -> float:
        """How far the view has moved along, m."""
        return 0.0 if self.hull is None else self.hull.position.x - VIEWPORT_W / SCALE / 5

    @property
    def game_over(self) -> bool:
        """Whether the hull has touched the ground."""
        return bool(self.read_state("game_over"))

    @property
    def prev_shaping(self) -> float | None:
        """What the next reward is measured from; None before a reset."""
        return float(self.read_state("prev_shaping")) if self._has_world() else None

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw the robot on its way; `state` is what `drawn_state` returns."""
        from dromos.envs.box2d.drawing.bipedal_walker import draw_bipedal_walker

        draw_bipedal_walker(canvas, state)


def rays(start: Vec2, fractions: Any) -> list[Lidar]:
    """Return the rays of a lidar at `start` that have seen ground at these parts of their range."""
    result = []
    for i, fraction in enumerate(float(value) for value in fractions):
        reach, angle = fraction * LIDAR_RANGE, 1.5 * i / 10.0
        end = Vec2(start.x + math.sin(angle) * reach, start.y - math.cos(angle) * reach)
        result.append(Lidar(start, end, fraction))
    return result


class BipedalWalkerHardcore(BipedalWalker):
    """`BipedalWalker` with stumps, stairs and pits in the way."""

    hardcore = True


class BipedalWalkerVectorEnv(NativeVectorEnv[NDArray[np.float32], NDArray[np.float32]]):
    """Many lanes of `BipedalWalker`.

    Observations are float32 (n, 24), actions float32 (n, 4). See `NativeVectorEnv` for the
    arguments.
    """

    single = BipedalWalker


class BipedalWalkerHeuristics:
    """A controller that walks, not well: it has no notion of balance.

    One leg moves while the other supports: stand on one leg, put the other down, push off.

    Attributes:
        state: What is being done.
        moving_leg: The leg that moves, 0 or 1.
        supporting_leg: The other one.
        supporting_knee_angle: Where the knee of the supporting leg shall be, rad.
        a: The last action.
    """

    STAY_ON_ONE_LEG, PUT_OTHER_DOWN, PUSH_OFF = 1, 2, 3
    SPEED = 0.29  # faster, and it falls forward
    SUPPORT_KNEE_ANGLE = +0.1

    def __init__(self) -> None:
        """Start on one leg."""
        self.state = self.STAY_ON_ONE_LEG
        self.moving_leg, self.supporting_leg = 0, 1
        self.supporting_knee_angle = self.SUPPORT_KNEE_ANGLE
        self.a = np.zeros(4)

    def step_heuristic(self, s: Any) -> NDArray[np.float64]:
        """Return the next action, float64 (4,), for an observation (24,)."""
        hips, knees = self._targets(s)
        # Proportional and damped; all joints help to keep the hull upright, knees against bouncing.
        upright = 0.9 * (0 - s[0]) - 1.5 * s[1]
        for leg in range(2):
            hip, hip_speed, knee, knee_speed = s[4 + 5 * leg : 8 + 5 * leg]
            to_hip = 0.9 * (hips[leg] - hip) - 0.25 * hip_speed if hips[leg] else 0.0
            to_knee = 4.0 * (knees[leg] - knee) - 0.25 * knee_speed if knees[leg] else 0.0
            self.a[2 * leg : 2 * leg + 2] = to_hip - upright, to_knee - 15.0 * s[3]
        self.a = np.clip(0.5 * self.a, -1.0, 1.0)
        return self.a

    def _targets(self, s: Any) -> tuple[list[Any], list[Any]]:
        """Return angles for hips and knees, None for those left alone, and move on."""
        hips: list[Any] = [None, None]
        knees: list[Any] = [None, None]
        moving, supporting = self.moving_leg, self.supporting_leg
        of_moving, of_supporting = s[4 + 5 * moving :], s[4 + 5 * supporting :]
        if self.state == self.STAY_ON_ONE_LEG:
            hips[moving], knees[moving] = 1.1, -0.6
            self.supporting_knee_angle += 0.03
            if s[2] > self.SPEED:
                self.supporting_knee_angle += 0.03
            self.supporting_knee_angle = min(self.supporting_knee_angle, self.SUPPORT_KNEE_ANGLE)
            knees[supporting] = self.supporting_knee_angle
            if of_supporting[0] < 0.10:  # it is behind
                self.state = self.PUT_OTHER_DOWN
        if self.state == self.PUT_OTHER_DOWN:
            hips[moving], knees[moving] = +0.1, self.SUPPORT_KNEE_ANGLE
            knees[supporting] = self.supporting_knee_angle
            if of_moving[4]:
                self.state = self.PUSH_OFF
                self.supporting_knee_angle = min(of_moving[2], self.SUPPORT_KNEE_ANGLE)
        if self.state == self.PUSH_OFF:
            knees[moving], knees[supporting] = self.supporting_knee_angle, +1.0
            if of_supporting[2] > 0.88 or s[2] > 1.2 * self.SPEED:
                self.state = self.STAY_ON_ONE_LEG
                self.moving_leg, self.supporting_leg = supporting, moving
        return hips, knees
