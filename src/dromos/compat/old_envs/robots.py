"""What the robots of MuJoCo's versions 1 to 3 have in common."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dromos._core import mujoco as core
from dromos.compat.old_envs.simulation import Simulation
from dromos.envs.mujoco.observed import Observation
from dromos.envs.mujoco.robot import Infos, RobotEnv
from dromos.envs.mujoco.version4 import Version4
from dromos.snapshot import rules
from dromos.spaces import Box

__all__ = ["OF_ANT", "OF_HUMANOID", "RobotThen"]

#: Until this release generators were `RandomState`s, whose normal numbers come in pairs.
_RANDOM_STATES_UNTIL = (0, 21)
#: Until this release observation spaces were float32, whatever the observations were.
_FLOAT32_UNTIL = (0, 10)
#: Since this release robots ran on MuJoCo 2.1, which leaves the forces of contacts at 0.
_UNFELT_SINCE = (0, 24)

#: The parts of a reward that versions 2 and 3 tell.
OF_ANT: Infos = (
    ("reward_forward", "forward", "float"),
    ("reward_ctrl", "control", "action"),
    ("reward_contact", "contact", "float"),
    ("reward_survive", "survive", "float"),
)
OF_HUMANOID: Infos = (
    ("reward_linvel", "forward", "float"),
    ("reward_quadctrl", "control", "float"),
    ("reward_alive", "survive", "float"),
    ("reward_impact", "contact", "float"),
)


class RobotThen(Version4):
    """A robot that mujoco-py moved, to be derived from together with that of version 4.

    Attributes:
        starts_normal: Whether velocities at the start are normal numbers.
    """

    starts_normal: ClassVar[bool] = False
    snapshot_fields = {"_spare": rules.Optional(rules.Number())}  # noqa: RUF012
    snapshot_exclude = RobotEnv.snapshot_exclude | {"_release", "_is_felt"}

    _release: tuple[int, int] = (0, 29)
    _is_felt = False
    #: The second of a pair of normal numbers, which the next start begins with.
    _spare: float | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make the environment; the classes of versions 4 and 5 explain the arguments."""
        self._spare = None
        super().__init__(*args, **kwargs)

    def as_of(self, release: tuple[int, int]) -> None:
        """Become what a release had; whoever makes the environment calls it at once."""
        self._release = release
        if release < _UNFELT_SINCE and not self._is_felt:
            self._is_felt, self._observed = True, (*self._observed, ("_is_felt", True))
            self._build({name: self._lane.get(name) for name in core.TASK_FIELDS})
        if release <= _FLOAT32_UNTIL:
            shape = self.observation_space.shape
            self.observation_space = Box(-np.inf, np.inf, shape, np.float32)  # type: ignore[assignment]

    def _by_name(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        # How a camera was chosen until 0.20; pictures show the same.
        kwargs = {name: value for name, value in kwargs.items() if name != "rgb_rendering_tracking"}
        return super()._by_name(args, kwargs)

    def make_numbers(self, model: Any) -> dict[str, float]:
        """Return the numbers of the task that the model and the release say."""
        return {**super().make_numbers(model), "counts_contact": float(self._is_felt)}

    def make_observation(self, model: Any) -> Observation:
        """Return the pieces of the observation; forces that are not felt are 0."""
        pieces, structure = super().make_observation(model)
        if not self._is_felt:
            pieces = [
                (*piece[:3], "clip", 0.0, 0.0) if piece[0] == "cfrc_ext" else piece
                for piece in pieces
            ]
        return pieces, structure

    @property
    def sim(self) -> Simulation:
        """The simulation, with the methods that mujoco-py's ``MjSim`` had."""
        return Simulation(self)

    @property
    def np_random(self) -> np.random.Generator:
        """The random generator."""
        return RobotEnv.np_random.fget(self)  # type: ignore[attr-defined, no-any-return]

    @np_random.setter
    def np_random(self, value: np.random.Generator) -> None:
        self._spare = None
        RobotEnv.np_random.fset(self, value)  # type: ignore[attr-defined]

    def reset_model(self) -> NDArray[np.float64]:
        """Draw a start state, as the release did, and return its observation."""
        if not self.starts_normal or self._release > _RANDOM_STATES_UNTIL:
            return super().reset_model()
        scale = self._reset_noise_scale
        at_rest = self.init_qpos, self.init_qvel
        noise = self.np_random.uniform(-scale, scale, at_rest[0].size)
        normal = np.array([self._drawn_normal() for _ in at_rest[1]])
        self.set_state(at_rest[0] + noise, at_rest[1] + scale * normal)
        return self._get_obs()

    def _drawn_normal(self) -> float:
        """Return a normal number as `RandomState` draws it: by Marsaglia's polar method."""
        if self._spare is not None:
            spare, self._spare = self._spare, None
            return spare
        first = second = square = 0.0
        while not 0 < square < 1:
            first, second = (2 * self.np_random.random() - 1 for _ in range(2))
            square = first * first + second * second
        stretch = math.sqrt(-2 * math.log(square) / square)
        self._spare = stretch * first
        return stretch * second
