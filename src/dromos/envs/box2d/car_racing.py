"""CarRacing: drive a car around a random road, seen from above."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dromos._core import plane
from dromos.arguments import flag
from dromos.envs.box2d.base import Box2DEnv, Scene, another_form, form_of
from dromos.envs.box2d.bodies import BodyView
from dromos.envs.box2d.car_dynamics import Car
from dromos.native import NativeVectorEnv
from dromos.native.fields import FIRST_LANE
from dromos.native.parameters import DEFAULT
from dromos.spaces import Box, Discrete

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas

__all__ = ["CarRacing", "CarRacingVectorEnv", "FrictionDetector"]

STATE_W = 96
STATE_H = 96
VIDEO_W = 600
VIDEO_H = 400
WINDOW_W = 1000
WINDOW_H = 800
SCALE = 6.0
TRACK_RAD = 900 / SCALE
PLAYFIELD = 2000 / SCALE
FPS = 50
ZOOM = 2.7
ZOOM_FOLLOW = True
TRACK_DETAIL_STEP = 21 / SCALE
TRACK_TURN_RATE = 0.31
TRACK_WIDTH = 40 / SCALE
BORDER = 8 / SCALE
BORDER_MIN_COUNT = 4
GRASS_DIM = PLAYFIELD / 20.0
MAX_SHAPE_DIM = max(GRASS_DIM, TRACK_WIDTH, TRACK_DETAIL_STEP) * math.sqrt(2) * ZOOM * SCALE


class CarRacing(Box2DEnv[NDArray[np.uint8], Any]):
    """A car with rear wheel drive on a random closed road.

    A problem of Oleg Klimov's, made for Gym. Each tile of the road counts once.

    ============  ===================================================================
    action        float32 (3,): steering (-1 left, 1 right), gas and brake (0 to 1); or with
                  ``continuous=False`` ``Discrete(5)``: nothing, right, left, gas, brake
    observation   uint8 (96, 96, 3): the car from above, and instruments: score, speed, the four
                  wheels' speeds, steering, gyroscope
    start         at rest on the road
    reward        -0.1 a step, 1000 divided by the number of tiles for each new tile; -100 for
                  leaving the playfield
    terminated    when a lap is done (``info["lap_finished"]`` is True), or the car is off the
                  playfield (False)
    truncated     after 1000 steps
    ============  ===================================================================

    Every parameter below is a keyword of the constructor, an attribute that can be written at any
    time, and a parameter that lanes of a vector can have of their own. The reset option
    ``randomize`` says whether new colours are drawn, where `domain_randomize` is on. The infos of a
    vector hold ``lap_finished`` at every step.

    Attributes:
        continuous: Whether actions are numbers.
        verbose: Whether to tell of each new track.
        car: The car, live; None before a reset.
        track: (alpha, beta, x, y) of each tile.
        road: The tiles, live views.
        reward: Sum of the rewards for tiles and steps.
        tile_visited_count: How many tiles the wheels have been on.
        t: Time since the start, s.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array", "state_pixels"],
        "render_fps": FPS,
    }
    dynamics = "CarRacing"
    continuous = True
    frame_size = (VIDEO_W, VIDEO_H)
    drawn_fields = (
        "track",
        "kerbs",
        "touched",
        "tile_count",
        "phase",
        "omega",
        "shown_reward",
        "t",
        "road_color",
        "bg_color",
        "grass_color",
    )

    lap_complete_percent: float
    domain_randomize: bool
    engine_power: float
    friction_limit: float
    grass_friction: float

    def __new__(cls, *args: Any, continuous: bool | None = None, **_: Any) -> Any:
        """Make an environment of the form that `continuous` asks for."""
        asked = args[4] if len(args) > 4 else continuous
        return object.__new__(form_of(cls, _DiscreteCarRacing, asked))

    def __init__(
        self,
        render_mode: str | None = None,
        verbose: bool = False,
        lap_complete_percent: float = DEFAULT,
        domain_randomize: bool = DEFAULT,
        continuous: bool = True,
        **parameters: Any,
    ) -> None:
        """Make the environment.

        Args:
            render_mode: ``"human"``, ``"rgb_array"``, ``"state_pixels"`` or None.
            verbose: Whether to tell of each new track.
            lap_complete_percent: Part of the tiles that has to be touched.
            domain_randomize: Whether colours are drawn at each reset.
            continuous: Whether actions are numbers.
            **parameters: Values of the other parameters.

        Raises:
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range.
        """
        self.verbose = flag("verbose", verbose)
        super().__init__(
            render_mode,
            lap_complete_percent=lap_complete_percent,
            domain_randomize=domain_randomize,
            **parameters,
        )

    def make_spaces(self) -> tuple[Any, Box[NDArray[np.uint8]]]:
        """Return the action and the observation space."""
        actions: Any = Discrete(5)
        if self.continuous:
            low, high = np.array([-1, 0, 0], np.float32), np.array([1, 1, 1], np.float32)
            actions = Box(low, high)
        return actions, Box(0, 255, (STATE_H, STATE_W, 3), dtype=np.uint8)

    def step(self, action: Any) -> tuple[NDArray[np.uint8], float, bool, bool, dict[str, Any]]:
        """Advance the environment by one action, as `Env.step` says.

        ``info["lap_finished"]`` is there when the episode terminates.
        """
        observation, reward, terminated, truncated, info = super().step(action)
        return observation, reward, terminated, truncated, info if terminated else {}

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.uint8], dict[str, Any]]:
        """Start an episode on a new road, as `Env.reset` says."""
        observation, _ = super().reset(seed=seed, options=options)
        if self.verbose:
            print(f"Track generation: {self.tile_count}-tiles track")
        return observation, {}

    def _frame(self) -> NDArray[np.uint8]:
        if self.render_mode != "state_pixels":
            return super()._frame()
        return self.state

    @property
    def state(self) -> NDArray[np.uint8]:
        """The present observation; uint8 (96, 96, 3)."""
        observation: NDArray[np.uint8] = self.core.observe(FIRST_LANE)[0]
        return observation.copy()

    @property
    def tile_count(self) -> int:
        """How many tiles the road has; 0 before a reset."""
        return int(self.read_state("tile_count"))

    @property
    def car(self) -> Car | None:
        """The car; None before a reset."""
        return Car(self) if self._has_world() else None

    @property
    def track(self) -> list[tuple[float, float, float, float]]:
        """(alpha, beta, x, y) of each tile, rad and m."""
        numbers = self.read_state("track").reshape(-1, 4)[: self.tile_count]
        return [(row[0], row[1], row[2], row[3]) for row in numbers.tolist()]

    @property
    def road(self) -> list[BodyView]:
        """The tiles."""
        return [BodyView(self, index) for index in range(self.tile_count)]

    @property
    def reward(self) -> float:
        """Sum of the rewards for tiles and steps."""
        return float(self.read_state("reward"))

    @property
    def prev_reward(self) -> float:
        """The same before the last step."""
        return float(self.read_state("prev_reward"))

    @property
    def tile_visited_count(self) -> int:
        """How many tiles the wheels have been on."""
        return int(self.read_state("visited_count"))

    @property
    def t(self) -> float:
        """Time since the start, s."""
        return float(self.read_state("t"))

    @property
    def new_lap(self) -> bool:
        """Whether the lap is complete."""
        return bool(self.read_state("new_lap"))

    @property
    def road_color(self) -> NDArray[np.float64]:
        """Colour of the road, 0 to 255 each; float64 (3,)."""
        color: NDArray[np.float64] = self.read_state("road_color")
        return color

    @property
    def bg_color(self) -> NDArray[np.float64]:
        """Colour of the field, 0 to 255 each; float64 (3,)."""
        color: NDArray[np.float64] = self.read_state("bg_color")
        return color

    @property
    def grass_color(self) -> NDArray[np.float64]:
        """Colour of the patches of grass, 0 to 255 each; float64 (3,)."""
        color: NDArray[np.float64] = self.read_state("grass_color")
        return color

    def get_keys_to_action(self) -> dict[tuple[int, ...], Any]:
        """Return the keys of `dromos.play`: the arrows steer, give gas and brake."""
        from dromos.render.keys import DOWN, LEFT, RIGHT, UP

        if not self.continuous:
            return {(RIGHT,): 1, (LEFT,): 2, (UP,): 3, (DOWN,): 4}
        keys = {}
        for turn, steer in ((None, 0.0), (LEFT, -1.0), (RIGHT, 1.0)):
            for push, (gas, brake) in ((None, (0.0, 0.0)), (UP, (1.0, 0.0)), (DOWN, (0.0, 0.8))):
                pressed = tuple(key for key in (turn, push) if key is not None)
                keys[pressed] = np.array([steer, gas, brake], dtype=np.float32)
        return keys

    def drawn_state(self) -> Scene:
        """Return the bodies and the other fields of the state, with what instruments show."""
        scene = super().drawn_state()
        world = self.world_bytes()
        hull = plane.body(self.dynamics, world, self.tile_count)
        scene.values.update(
            speed=math.hypot(hull[3], hull[4]),
            spin=hull[5],
            steering=plane.joints(self.dynamics, world)[0][2],
        )
        return scene

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw the car on its road; `state` is what `drawn_state` returns."""
        from dromos.envs.box2d.drawing.car_racing import draw_car_racing

        draw_car_racing(canvas, state)


class FrictionDetector:
    """Tells which tiles a running `CarRacing` has counted.

    Args:
        env: The environment.
        lap_complete_percent: Part of the tiles that has to be touched; the environment's own.
    """

    def __init__(self, env: CarRacing, lap_complete_percent: float | None = None) -> None:
        self.env = env
        self.lap_complete_percent = (
            env.lap_complete_percent if lap_complete_percent is None else lap_complete_percent
        )

    @property
    def visited(self) -> NDArray[np.bool_]:
        """Which tiles a wheel has been on; bool (tiles,)."""
        flags = self.env.read_state("visited")[: self.env.tile_count]
        return np.asarray(flags, dtype=np.bool_)

    @property
    def lap_complete(self) -> bool:
        """Whether so many have been that passing the start ends the lap."""
        return bool(self.visited.mean() > self.lap_complete_percent)


class CarRacingVectorEnv(NativeVectorEnv[NDArray[np.uint8], NDArray[Any]]):
    """Many lanes of `CarRacing`.

    Observations are uint8 (n, 96, 96, 3), actions float32 (n, 3), or with ``continuous=False``
    int64 (n,). See `NativeVectorEnv` for the other arguments.
    """

    single = CarRacing

    def __init__(
        self,
        num_envs: int = 1,
        max_episode_steps: int | None = None,
        render_mode: str | None = None,
        *,
        continuous: bool = True,
        verbose: bool = False,
        **arguments: Any,
    ) -> None:
        """Make the lanes; the arguments are those of `NativeVectorEnv` and `CarRacing`."""
        self.continuous = flag("continuous", continuous)
        self.verbose = flag("verbose", verbose)
        self.single = CarRacing if self.continuous else _DiscreteCarRacing  # type: ignore[misc]
        super().__init__(num_envs, max_episode_steps, render_mode, **arguments)


@another_form
class _DiscreteCarRacing(CarRacing):
    """`CarRacing` with five actions to choose from."""

    dynamics = "CarRacingDiscrete"
    continuous = False
