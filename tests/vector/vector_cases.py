"""Small environments with random episodes, the same over dromos and over Gymnasium."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar

import gymnasium
import numpy as np

import dromos.core
import dromos.spaces
import dromos.vector

OURS = SimpleNamespace(Env=dromos.core.Env, spaces=dromos.spaces, vector=dromos.vector)
PEER = SimpleNamespace(Env=gymnasium.Env, spaces=gymnasium.spaces, vector=gymnasium.vector)

MODES = ("NextStep", "SameStep", "Disabled")


def _box(spaces: Any) -> Any:
    return spaces.Box(-10.0, 10.0, (2, 3), np.float32)


def _discrete(spaces: Any) -> Any:
    return spaces.Discrete(7, start=-2)


def _dict(spaces: Any) -> Any:
    return spaces.Dict(
        position=_box(spaces),
        cell=_discrete(spaces),
        inner=spaces.Dict(lights=spaces.MultiBinary(4)),
        pair=spaces.Tuple((spaces.MultiDiscrete([3, 4]), spaces.Box(0, 255, (2,), np.uint8))),
    )


def _text(spaces: Any) -> Any:
    return spaces.Text(5)


def _custom(spaces: Any) -> Any:
    class Words(spaces.Space):  # type: ignore[misc]
        def sample(self, mask: Any = None, probability: Any = None) -> Any:
            return ["word"] * int(self.np_random.integers(1, 4))

        def contains(self, x: Any) -> bool:
            return isinstance(x, list)

        def __eq__(self, other: object) -> bool:
            return type(other).__name__ == "Words"

    return Words()


#: The observation and the action space of each kind of environment.
KINDS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "box": (_box, _discrete),
    "discrete": (_discrete, _box),
    "dict": (_dict, _dict),
    "text": (_text, _text),
    "custom": (_custom, _custom),
}


def env_class(library: Any, kind: str) -> Any:
    """An environment whose observations, rewards, infos and episode lengths are random."""
    observe, act = KINDS[kind]

    class RandomEnv(library.Env):  # type: ignore[misc, name-defined]
        metadata: ClassVar[dict[str, Any]] = {"render_modes": ["ansi"], "render_fps": 4}

        def __init__(self, render_mode: str | None = None) -> None:
            self.observation_space = observe(library.spaces)
            self.action_space = act(library.spaces)
            self.render_mode = render_mode
            self.steps = self.length = 0
            self.received: list[Any] = []

        def reset(self, *, seed: Any = None, options: Any = None) -> Any:
            super().reset(seed=seed)
            if seed is not None:
                self.observation_space.seed(seed)
            self.steps = 0
            self.length = int(self.np_random.integers(1, 6))
            self.received.append((seed, options))
            return self.observation_space.sample(), {"start": "here", "length": self.length}

        def step(self, action: Any) -> Any:
            self.steps += 1
            reward = float(self.np_random.normal())
            ended = self.steps >= self.length
            terminated = ended and bool(self.np_random.random() < 0.5)
            info = self._info(action)
            return self.observation_space.sample(), reward, terminated, ended, info

        def _info(self, action: Any) -> dict[str, Any]:
            info: dict[str, Any] = {"action": repr(action)}
            if self.np_random.random() < 0.5:
                info["count"] = self.steps
                info["half"] = self.steps / 2
            if self.np_random.random() < 0.5:
                info["nested"] = {"vector": self.np_random.random(2), "odd": self.steps % 2 == 1}
            if self.np_random.random() < 0.3:
                info["small"] = np.float32(0.5)
            return info

        def render(self) -> Any:
            return f"step {self.steps}"

    return RandomEnv


def make_vector(library: Any, kind: str, num_envs: int = 3, **kwargs: Any) -> Any:
    return library.vector.SyncVectorEnv([env_class(library, kind)] * num_envs, **kwargs)


def assert_same(left: Any, right: Any, where: str = "value") -> None:
    """Compare nested results: types, dtypes, shapes and values."""
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        assert isinstance(left, np.ndarray), where
        assert isinstance(right, np.ndarray), where
        assert (left.dtype, left.shape) == (right.dtype, right.shape), where
        if left.dtype == object:
            for index, (one, other) in enumerate(zip(left.flat, right.flat, strict=True)):
                assert_same(one, other, f"{where}[{index}]")
        else:
            np.testing.assert_array_equal(left, right, where)
    elif isinstance(left, dict):
        assert isinstance(right, dict), where
        assert left.keys() == right.keys(), where
        for key in left:
            assert_same(left[key], right[key], f"{where}[{key!r}]")
    elif isinstance(left, (list, tuple)):
        assert type(left) is type(right), where
        assert len(left) == len(right), where
        for index, (one, other) in enumerate(zip(left, right, strict=True)):
            assert_same(one, other, f"{where}[{index}]")
    else:
        assert type(left) is type(right), where
        assert left == right, where
