"""An environment that says nothing of types, with a picture."""

from typing import Any

import numpy as np

import dromos as gym


class Blank(gym.Env[Any, Any]):
    metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 30}  # noqa: RUF012

    def __init__(self, render_mode: str | None = None) -> None:
        self.render_mode = render_mode
        self.observation_space = gym.spaces.Box(0, 1, (1,), np.float64)
        self.action_space = gym.spaces.Discrete(2)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed, options=options)
        return self.np_random.random(1), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        return self.np_random.random(1), 0.0, False, False, {}

    def render(self) -> Any:
        return np.zeros((4, 4, 3), np.uint8) if self.render_mode == "rgb_array" else "nothing"

    def close(self) -> None:
        print("closed")


env = Blank("ansi")
env.reset(seed=3)
print(env.render(), env.metadata["render_fps"], env.spec, env.np_random_seed)
env.close()
