"""A family of the tests: an engine whose state only it can read, and the same as an environment."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np

from dromos.core import Env
from dromos.error import InvalidAction, SnapshotError
from dromos.spaces import Box, Discrete
from dromos.vector.engine import EngineLanes, Rows
from dromos.vector.lane_vector import LaneVector
from dromos.vector.utils import batch_space

TAG = b"toy 1 "


class Walk:
    """A random walk that ends where it leaves its bounds."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)
        self.start, self.x, self.steps = 0.0, 0.0, 0

    def reset(self) -> None:
        self.x, self.steps = self.start + self.rng.uniform(-1, 1), 0

    def step(self, action: int) -> tuple[float, bool, bool]:
        self.x += action - 1 + self.rng.normal()
        self.steps += 1
        return self.x, abs(self.x) > 3, self.steps == 9

    @property
    def observation(self) -> np.ndarray[Any, Any]:
        return np.array([self.x, self.steps], np.float32)


class ToyEnv(Env[Any, Any]):
    observation_space = Box(-np.inf, np.inf, (2,), np.float32)
    action_space = Discrete(3)
    metadata = {"render_modes": ["rgb_array"]}  # noqa: RUF012
    render_mode = "rgb_array"

    def __init__(self) -> None:
        self.walk = Walk()

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        if seed is not None:
            self.walk.rng = np.random.default_rng(seed)
        self.walk.start = (options or {}).get("start", 0.0)
        self.walk.reset()
        return self.walk.observation, {"x": self.walk.x}

    def step(self, action: Any) -> Any:
        reward, terminated, truncated = self.walk.step(int(action))
        return self.walk.observation, reward, terminated, truncated, {"x": reward}

    def snapshot_state(self) -> dict[str, Any]:
        return dict(vars(self.walk))

    def restore_state(self, state: dict[str, Any]) -> None:
        vars(self.walk).update(state)


class ToyEngine:
    """Lanes of `Walk`, whose states leave it as bytes; with `slow`, lanes finish one by one."""

    observation_space = ToyEnv.observation_space
    action_space = ToyEnv.action_space

    def __init__(self, num_lanes: int) -> None:
        self.num_lanes = num_lanes
        self.walks = [Walk() for _ in range(num_lanes)]
        self.fails = False

    def judge_actions(self, actions: Any, count: int) -> Any:
        array = np.asarray(actions)
        if array.shape != (count,) or array.dtype.kind != "i" or ((array < 0) | (array > 2)).any():
            raise InvalidAction(f"Expected {count} of 0, 1, 2, got {actions!r}")
        return array.copy()

    def judge_options(self, options: Any) -> None:
        if options and set(options) - {"start"}:
            raise ValueError(f"Expected the option start, got {options}")

    def start(self, lanes: Any, seeds: Any, options: Any, rows: Rows) -> None:
        for row, lane in enumerate(lanes.tolist()):
            walk = self.walks[lane]
            if seeds[row] is not None:
                walk.rng = np.random.default_rng(seeds[row])
            if options is not None:
                walk.start = (options[row] or {}).get("start", 0.0)
            walk.reset()
            self._show(lane, rows)

    def move(self, lanes: Any, actions: Any, rows: Rows) -> None:
        if self.fails:
            raise ArithmeticError("the engine broke")
        for lane, action in zip(lanes.tolist(), actions.tolist(), strict=True):
            result = self.walks[lane].step(action)
            rows.reward[lane], rows.terminated[lane], rows.truncated[lane] = result
            self._show(lane, rows)

    def _show(self, lane: int, rows: Rows) -> None:
        rows.observation[lane] = self.walks[lane].observation
        rows.infos[lane] = {"x": self.walks[lane].x}

    def read(self, lanes: Any) -> list[bytes]:
        return [TAG + pickle.dumps(vars(self.walks[lane])) for lane in lanes.tolist()]

    def judge(self, lanes: Any, state: Any) -> Any:
        if not all(isinstance(one, bytes) and one.startswith(TAG) for one in state):
            raise SnapshotError("expected states of toy 1")
        chosen = state if len(state) == len(lanes) else state * len(lanes)
        return [
            lambda lane=lane, one=one: vars(self.walks[lane]).update(pickle.loads(one[len(TAG) :]))
            for lane, one in zip(lanes.tolist(), chosen, strict=True)
        ]

    def draw(self, lane: int) -> Any:
        return np.full((4, 4, 3), lane, np.uint8)


class SlowToyEngine(ToyEngine):
    """Begins to move lanes; they have moved one at a time, the higher lanes first."""

    def __init__(self, num_lanes: int) -> None:
        super().__init__(num_lanes)
        self.under_way: list[tuple[int, Any, Rows]] = []

    def move(self, lanes: Any, actions: Any, rows: Rows) -> None:
        self.under_way += [
            (lane, action, rows)
            for lane, action in zip(lanes.tolist(), actions.tolist(), strict=True)
        ]

    def collect(self, seconds: float | None) -> Any:
        if not self.under_way:
            return np.zeros(0, np.int64)
        self.under_way.sort(key=lambda one: one[0])
        lane, action, rows = self.under_way.pop()
        super().move(np.array([lane]), np.array([action]), rows)
        return np.array([lane])


class ToyVectorEnv(LaneVector[Any, Any]):
    """The vector of an engine: spaces, and the lanes."""

    def __init__(
        self, num_envs: int, mode: Any, limit: int | None, batch_size: int | None, engine: Any
    ) -> None:
        self.num_envs, self.autoreset_mode = num_envs, mode
        self.batch_size = num_envs if batch_size is None else batch_size
        self.single_observation_space = ToyEnv.observation_space
        self.single_action_space = ToyEnv.action_space
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.metadata = {"render_modes": ["rgb_array"], "autoreset_mode": mode}
        self.render_mode = "rgb_array"
        self.engine = engine(num_envs)
        self._take_lanes(EngineLanes(self.engine, mode, limit))

    snapshot_exclude = LaneVector.snapshot_exclude | {"engine"}
