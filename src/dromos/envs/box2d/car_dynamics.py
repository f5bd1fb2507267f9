"""The car of CarRacing, to look at while it drives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dromos.envs.box2d.bodies import BodyView, JointView

if TYPE_CHECKING:
    from dromos.envs.box2d.car_racing import CarRacing

__all__ = ["Car", "Wheel"]

SIZE = 0.02
ENGINE_POWER = 100000000 * SIZE * SIZE
WHEEL_MOMENT_OF_INERTIA = 4000 * SIZE * SIZE
FRICTION_LIMIT = 1000000 * SIZE * SIZE
WHEEL_R = 27
WHEEL_W = 14
WHEELPOS = [(-55, +80), (+55, +80), (-55, -82), (+55, -82)]
HULL_POLY1 = [(-60, +130), (+60, +130), (+60, +110), (-60, +110)]
HULL_POLY2 = [(-15, +120), (+15, +120), (+20, +20), (-20, 20)]
HULL_POLY3 = [
    (+25, +20),
    (+50, -10),
    (+50, -40),
    (+20, -90),
    (-20, -90),
    (-50, -40),
    (-50, -10),
    (-25, +20),
]
HULL_POLY4 = [(-50, -120), (+50, -120), (+50, -90), (-50, -90)]
WHEEL_COLOR = (0, 0, 0)
WHEEL_WHITE = (77, 77, 77)
MUD_COLOR = (102, 102, 0)


class Wheel(BodyView):
    """A wheel: front left, front right, rear left or rear right."""

    wheel_rad = WHEEL_R * SIZE

    def __init__(self, env: CarRacing, number: int) -> None:
        super().__init__(env, lambda: env.tile_count + 1 + number)
        self._number = number
        self.joint = JointView(env, number)

    def _value(self, name: str) -> Any:
        return self._env.read_state(name)[self._number]

    @property
    def gas(self) -> float:
        """How much gas it gets, 0 to 1."""
        return float(self._value("gas"))

    @property
    def brake(self) -> float:
        """How much it brakes; from 0.9 on it blocks."""
        return float(self._value("brake"))

    @property
    def steer(self) -> float:
        """The angle it turns to, rad."""
        return float(self._value("steer"))

    @property
    def phase(self) -> float:
        """How far it has rolled, rad."""
        return float(self._value("phase"))

    @property
    def omega(self) -> float:
        """How fast it rolls, rad/s."""
        return float(self._value("omega"))

    @property
    def on_road(self) -> bool:
        """Whether it is on at least one tile."""
        return int(self._value("tiles")) > 0


class Car:
    """A car with rear wheel drive: a hull on four wheels."""

    def __init__(self, env: CarRacing) -> None:
        """Look at the car of a running environment."""
        self._env = env

    @property
    def hull(self) -> BodyView:
        """The hull."""
        return BodyView(self._env, lambda: self._env.tile_count)

    @property
    def wheels(self) -> list[Wheel]:
        """Front left, front right, rear left, rear right."""
        return [Wheel(self._env, number) for number in range(4)]

    @property
    def drawlist(self) -> list[BodyView]:
        """The wheels, then the hull."""
        return [*self.wheels, self.hull]

    @property
    def fuel_spent(self) -> float:
        """Energy since the last step, J."""
        return float(self._env.read_state("fuel_spent"))
