"""LunarLander: bring a craft with three engines down between two flags."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dromos import logger
from dromos.arguments import flag
from dromos.envs.box2d.base import Box2DEnv, another_form, form_of
from dromos.envs.box2d.bodies import BodyView, JointView, LegView
from dromos.native import NativeVectorEnv
from dromos.native.parameters import DEFAULT
from dromos.spaces import Box, Discrete

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas

__all__ = [
    "LunarLander",
    "LunarLanderContinuous",
    "LunarLanderVectorEnv",
    "demo_heuristic_lander",
    "heuristic",
]

FPS = 50
SCALE = 30.0  # pixels a meter of the picture that the numbers come from
MAIN_ENGINE_POWER = 13.0
SIDE_ENGINE_POWER = 0.6
INITIAL_RANDOM = 1000.0
LANDER_POLY = [(-14, +17), (-17, 0), (-17, -10), (+17, -10), (+17, 0), (+14, +17)]
LEG_AWAY = 20
LEG_DOWN = 18
LEG_W, LEG_H = 2, 8
LEG_SPRING_TORQUE = 40
SIDE_ENGINE_HEIGHT = 14
SIDE_ENGINE_AWAY = 12
MAIN_ENGINE_Y_LOCATION = 4
VIEWPORT_W = 600
VIEWPORT_H = 400

#: More wind than this is let pass with a warning.
_USUAL_POWERS = {"wind_power": 20.0, "turbulence_power": 2.0}

_LANDER = 1
_FIRST_LEG = 2


class LunarLander(Box2DEnv[NDArray[np.float32], Any]):
    """A craft with one main and two side engines, to be landed between two flags.

    A problem of Oleg Klimov's, made for Gym. Starting from the top with a random push, the craft
    shall come to rest on the pad at the origin; fuel costs reward but does not run out.

    ============  ===================================================================
    action        ``Discrete(4)``: nothing, left, main, right engine; or with ``continuous=True``
                  float32 (2,) in [-1, 1]: the main engine fires above 0, at 50 to 100 %, the left
                  engine below -0.5 and the right one above 0.5
    observation   float32 (8,): place relative to the pad, velocity, angle (rad), angular velocity,
                  and whether the left and the right leg stand on the ground; scaled to about 1
    start         in the middle at the top, pushed with up to 1000 N along each axis
    reward        change of ``-100 (distance + speed + abs(angle)) + 10`` for each leg on the
                  ground, -0.3 a step of the main and -0.03 of a side engine at full power; -100 for
                  a crash or leaving to the side, +100 for coming to rest
    terminated    by a crash, by leaving to the side, by coming to rest
    truncated     after 1000 steps
    ============  ===================================================================

    Every parameter below is a keyword of the constructor, an attribute that can be written at any
    time, and a parameter that lanes of a vector can have of their own.

    Attributes:
        continuous: Whether actions are numbers.
        lander: The craft, a live view.
        legs: The left and the right leg, live views with `ground_contact`.
        moon: The ground, a live view.
        game_over: Whether the hull has touched the ground.
        helipad_x1: Left end of the pad, m.
        helipad_x2: Right end of the pad, m.
        helipad_y: Height of the pad, m.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array"],
        "render_fps": FPS,
    }
    dynamics = "LunarLander"
    continuous = False
    drawn_fields = ("main_power", "side_power")
    helipad_x1 = VIEWPORT_W / SCALE * 0.4
    helipad_x2 = VIEWPORT_W / SCALE * 0.6
    helipad_y = VIEWPORT_H / SCALE / 4

    gravity: float
    enable_wind: bool
    wind_power: float
    turbulence_power: float
    main_engine_power: float
    side_engine_power: float
    initial_random: float
    friction: float

    def __new__(
        cls, render_mode: Any = None, continuous: bool | None = None, *_: Any, **__: Any
    ) -> Any:
        """Make a lander of the form that `continuous` asks for."""
        return object.__new__(form_of(cls, LunarLanderContinuous, continuous))

    def __init__(
        self,
        render_mode: str | None = None,
        continuous: bool = False,
        gravity: float = DEFAULT,
        enable_wind: bool = DEFAULT,
        wind_power: float = DEFAULT,
        turbulence_power: float = DEFAULT,
        **parameters: Any,
    ) -> None:
        """Make the environment.

        Args:
            render_mode: ``"human"``, ``"rgb_array"`` or None.
            continuous: Whether actions are numbers.
            gravity: Gravitational acceleration, m/s².
            enable_wind: Whether wind blows.
            wind_power: Greatest force of the wind, N.
            turbulence_power: Greatest torque of the wind, N m.
            **parameters: Values of the other parameters.

        Raises:
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range.
        """
        super().__init__(
            render_mode,
            gravity=gravity,
            enable_wind=enable_wind,
            wind_power=wind_power,
            turbulence_power=turbulence_power,
            **parameters,
        )
        for name, usual in _USUAL_POWERS.items():
            if (power := getattr(self, name)) > usual:
                logger.warn(
                    f"{name} value is recommended to be between 0.0 and {usual}, "
                    f"(current value: {power})"
                )

    def make_spaces(self) -> tuple[Any, Box[NDArray[np.float32]]]:
        """Return the action and the observation space."""
        high = np.array([2.5, 2.5, 10, 10, 2 * math.pi, 10, 1, 1], dtype=np.float32)
        low = np.array([*-high[:6], -0.0, -0.0], dtype=np.float32)
        actions = Box(-1, +1, (2,), dtype=np.float32) if self.continuous else Discrete(4)
        return actions, Box(low, high)

    @property
    def lander(self) -> BodyView | None:
        """The craft; None before a reset."""
        return BodyView(self, _LANDER) if self._has_world() else None

    @property
    def moon(self) -> BodyView | None:
        """The ground; None before a reset."""
        return BodyView(self, 0) if self._has_world() else None

    @property
    def legs(self) -> list[LegView]:
        """The left and the right leg."""
        fields = ("left_contact", "right_contact")
        return [
            LegView(
                self,
                _FIRST_LEG + i,
                lambda field=field: bool(self.read_state(field)),  # type: ignore[misc]
                JointView(self, i),
            )
            for i, field in enumerate(fields)
        ]

    @property
    def game_over(self) -> bool:
        """Whether the hull has touched the ground."""
        return bool(self.read_state("game_over"))

    @property
    def prev_shaping(self) -> float | None:
        """What the next reward is measured from; None before a reset."""
        return float(self.read_state("prev_shaping")) if self._has_world() else None

    @property
    def wind_idx(self) -> int:
        """Place in the pattern of the wind, steps."""
        return int(self.read_state("wind_idx"))

    @property
    def torque_idx(self) -> int:
        """Place in the pattern of the torque, steps."""
        return int(self.read_state("torque_idx"))

    def get_keys_to_action(self) -> dict[tuple[int, ...], Any]:
        """Return the keys of `dromos.play`: up fires the main engine, left and right the others."""
        from dromos.render.keys import LEFT, RIGHT, UP

        if not self.continuous:
            return {(UP,): 2, (LEFT,): 1, (RIGHT,): 3}
        powers: dict[tuple[int, ...], tuple[int, int]] = {
            (): (-1, 0),
            (UP,): (1, 0),
            (LEFT,): (-1, -1),
            (RIGHT,): (-1, 1),
        }
        powers.update({(UP, LEFT): (1, -1), (UP, RIGHT): (1, 1)})
        return {keys: np.array(power, dtype=np.float32) for keys, power in powers.items()}

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw the craft over the ground; `state` is what `drawn_state` returns."""
        from dromos.envs.box2d.drawing.lunar_lander import draw_lunar_lander

        draw_lunar_lander(canvas, state)


@another_form
class LunarLanderContinuous(LunarLander):
    """`LunarLander` whose actions are numbers."""

    dynamics = "LunarLanderContinuous"
    continuous = True


class LunarLanderVectorEnv(NativeVectorEnv[NDArray[np.float32], NDArray[Any]]):
    """Many lanes of `LunarLander`.

    Observations are float32 (n, 8), actions int64 (n,), or with ``continuous=True`` float32
    (n, 2). See `NativeVectorEnv` for the other arguments.
    """

    single = LunarLander

    def __init__(
        self,
        num_envs: int = 1,
        max_episode_steps: int | None = None,
        render_mode: str | None = None,
        *,
        continuous: bool = False,
        **arguments: Any,
    ) -> None:
        """Make the lanes; the arguments are those of `NativeVectorEnv` and `LunarLander`."""
        self.continuous = flag("continuous", continuous)
        self.single = LunarLanderContinuous if self.continuous else LunarLander  # type: ignore[misc]
        super().__init__(num_envs, max_episode_steps, render_mode, **arguments)


def heuristic(env: Any, s: Any) -> Any:
    """Return an action that lands the craft, most of the time: two proportional controllers.

    Args:
        env: A `LunarLander`, wrapped or not.
        s: Its observation, (8,).
    """
    x, y, vx, vy, angle, spin, left, right = s
    wanted_angle = min(max(0.5 * x + vx, -0.4), 0.4)  # lean towards the pad, not too far
    turn = 0.5 * (wanted_angle - angle) - spin
    rise = 0.5 * (0.55 * abs(x) - y) - 0.5 * vy
    if left or right:  # on the ground: only slow down
        turn, rise = 0.0, -0.5 * vy
    if env.unwrapped.continuous:
        return np.clip(np.array([20 * rise - 1, -20 * turn]), -1, 1)
    if rise > abs(turn) and rise > 0.05:
        return 2
    if turn < -0.05:
        return 3
    return 1 if turn > 0.05 else 0


def demo_heuristic_lander(env: Any, seed: int | None = None, render: bool = False) -> float:
    """Land with `heuristic`, tell how it goes, and return the sum of the rewards.

    Args:
        env: A `LunarLander`, wrapped or not.
        seed: Of the episode; None for any.
        render: Whether to call `env.render()` after each step.
    """
    observation, _ = env.reset(seed=seed)
    total, steps, ended = 0.0, 0, False
    while not ended:
        observation, reward, terminated, truncated, _ = env.step(heuristic(env, observation))
        total += float(reward)
        ended = terminated or truncated
        if render and env.render() is False:
            break
        if steps % 20 == 0 or ended:
            print("observations:", " ".join(f"{value:+0.2f}" for value in observation))
            print(f"step {steps} total_reward {total:+0.2f}")
        steps += 1
    return total
