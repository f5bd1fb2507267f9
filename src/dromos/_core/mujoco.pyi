from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos._core.episodes import Episodes

TASK_FIELDS: tuple[str, ...]

class Library:
    """A MuJoCo that was found at run time."""

    def __init__(
        self,
        functions: dict[str, int],
        layout: dict[str, int],
        sin: np.ufunc,
        cos: np.ufunc,
        fused_norm: bool,
        first_divergence: int,
        empty_model: Any,
    ) -> None: ...

class Plan:
    """A robot with the sizes of its model, its observation and what its infos tell.

    A piece is ``(field, begin, count, "copy" | "sin" | "cos")``, ``(field, begin, count, "clip",
    low, high)`` or ``(field, begin, count, "minus", begin of what is subtracted)``; an info is
    ``(name, fact or field, "float" | "action" | "int" | "array")``.
    """

    def __init__(
        self,
        library: Library,
        robot: str,
        sizes: dict[str, int],
        pieces: list[tuple[Any, ...]],
        step_infos: list[tuple[str, str, str]],
        reset_infos: list[tuple[str, str, str]],
    ) -> None: ...
    @property
    def observation_size(self) -> int: ...

class Lane:
    """One robot on a live ``MjData``."""

    frames: int
    def __init__(self, plan: Plan, task: dict[str, float]) -> None: ...
    def attach(
        self,
        model: Any,
        data: Any,
        init_qpos: NDArray[np.float64],
        init_qvel: NDArray[np.float64],
    ) -> None: ...
    def step(self, action: Any) -> tuple[Any, ...] | str | None:
        """Return the five-tuple; None if `action` is none, MuJoCo's message if it raised."""

    def start(self, bit_generator: np.random.BitGenerator, whole: bool) -> str | None: ...
    def observe(self) -> NDArray[np.float64]: ...
    def reset_info(self) -> dict[str, Any]: ...
    def look(self) -> tuple[float, float, float]: ...
    def judge(
        self, action: Any, before: tuple[float, float, float]
    ) -> tuple[float, bool, dict[str, Any]]: ...
    def fact(self, name: str, action: Any, before: tuple[float, float, float]) -> float: ...
    def healthy(self) -> bool: ...
    def get(self, name: str) -> float: ...
    def set(self, name: str, value: float) -> None: ...

class Pool:
    """Lanes of a robot on MuJoCo's thread pool; the arrays are live, one row a lane."""

    frames: int
    def __init__(
        self,
        plan: Plan,
        model: Any,
        lanes: int,
        threads: int,
        frames: int,
        task: dict[str, float],
        init_qpos: NDArray[np.float64],
        init_qvel: NDArray[np.float64],
    ) -> None: ...
    def start(
        self, lanes: NDArray[np.int32]
    ) -> tuple[NDArray[np.float64], dict[str, Any], dict[int, str]]:
        """Start lanes: their observations, infos as columns with masks, and what failed."""

    def first_not_finite(self, actions: NDArray[Any]) -> int:
        """Return the first row of actions that holds something not finite, or their number."""

    def move(
        self, lanes: NDArray[np.int32], actions: NDArray[Any], restarts: NDArray[np.bool_]
    ) -> tuple[
        NDArray[np.float64],
        NDArray[np.float64],
        NDArray[np.bool_],
        NDArray[np.bool_],
        dict[str, Any],
        NDArray[np.int8] | None,
        dict[int, str],
    ]:
        """Move lanes, or start those that `restarts` marks.

        Returns:
            Observations, rewards, both flags, infos, divergence, and what failed.
        """

    def run(
        self, actions: NDArray[Any], episodes: Episodes, out: tuple[Any, ...]
    ) -> tuple[int, dict[int, str]]:
        """Move all lanes many times: how many steps all of them made, and what failed."""

    def expand(self, name: str) -> NDArray[np.uint8] | None: ...
    def set_const(self, lanes: NDArray[np.int32]) -> None: ...
    def copy_lane(self, lane: int, model: Any, data: Any) -> None: ...
    @property
    def states(self) -> NDArray[np.float64]: ...
    @property
    def points(self) -> NDArray[np.float64]: ...
    @property
    def shown(self) -> NDArray[np.float64]: ...
    @property
    def tasks(self) -> NDArray[np.float64]: ...
    @property
    def streams(self) -> NDArray[np.uint64]: ...
    @property
    def is_here(self) -> bool:
        """Whether its threads are those of this process, not of one that this is a fork of."""
