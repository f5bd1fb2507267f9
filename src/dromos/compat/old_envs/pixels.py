"""Two tasks with pictures as observations, to find mistakes in agents: Gym's `envs.unittest`."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dromos.compat.gym_v25.core import Step
from dromos.compat.old_envs.base import OldEnv
from dromos.error import InvalidAction
from dromos.spaces import Box, Discrete

__all__ = [
    "CubeCrash",
    "CubeCrashScreenBecomesBlack",
    "CubeCrashSparse",
    "MemorizeDigits",
]

_WHITE, _GREEN = (255, 255, 255), (0, 255, 0)


class _Pixels(OldEnv):
    """An environment that shows its last observation."""

    size: ClassVar[tuple[int, int]]  # height, width

    def __init__(self, actions: int) -> None:
        height, width = self.size
        self.metadata = {
            "render.modes": ["human", "rgb_array"],
            "video.frames_per_second": 60,
            "video.res_w": width,
            "video.res_h": height,
        }
        self.viewer: Any = None
        self.observation_space = Box(0, 255, (height, width, 3), np.uint8)
        self.action_space = Discrete(actions)
        self.last_obs = self._black()
        self.step_n = 0
        self.seed()
        self.reset()

    def _black(self) -> NDArray[np.uint8]:
        return np.zeros((*self.size, 3), np.uint8)

    def render(self, mode: str = "human") -> Any:
        """Return the last observation in the mode ``"rgb_array"``, else show it in a window."""
        if mode == "rgb_array":
            return self.last_obs
        from dromos.compat.old_rendering import SimpleImageViewer

        if self.viewer is None:
            self.viewer = SimpleImageViewer()
        self.viewer.imshow(self.last_obs)
        return self.viewer.isopen

    def close(self) -> None:
        """Close the window."""
        if self.viewer is not None:
            self.viewer.close()
            self.viewer = None


class CubeCrash(_Pixels):
    """A cube falls towards a wall with a hole: 1 moves it left, 2 right, 0 not at all.

    Arriving at the bottom gives 1, the wall and the sides -1; steps towards the hole give 0.01.
    """

    size = (40, 32)
    hole_width = 8
    use_shaped_reward = True
    use_black_screen = False

    def __init__(self) -> None:
        super().__init__(3)

    def _start(self) -> Any:
        height, width = self.size
        self.cube_x = self.np_random.randint(3, width - 3)
        self.cube_y = self.np_random.randint(3, height // 6)
        self.hole_x = self.np_random.randint(self.hole_width, width - self.hole_width)
        self.potential: int | None = None
        self.step_n = 0
        return self.step(0)[0]

    def step(self, action: Any) -> Step:
        """Move to the side; the cube falls by a pixel.

        Raises:
            InvalidAction: If the action is not 0, 1 or 2.
        """
        if action not in (0, 1, 2):
            raise InvalidAction(f"Action {action!r} is out of range: expected 0, 1 or 2")
        self.cube_x += (0, -1, 1)[action]
        self.cube_y += 1
        self.step_n += 1
        distance = abs(self.cube_x - self.hole_x)
        reward: float = 0
        if self.potential is not None and self.use_shaped_reward:
            reward = (self.potential - distance) * 0.01
        self.potential = distance
        height, width = self.size
        done = False
        if not 1 <= self.cube_x < width - 1:
            reward, done = -1, True
        elif self.cube_y + 1 >= height - 5:
            if distance >= self.hole_width // 2:
                reward, done = -1, True
            elif self.cube_y == height:
                reward, done = 1, True
        self.last_obs = self._drawn()
        return self.last_obs, reward, done, {}

    def _drawn(self) -> NDArray[np.uint8]:
        picture = self._black()
        if self.use_black_screen and self.step_n > 4:
            return picture
        half = self.hole_width // 2
        picture[-5:] = _WHITE
        picture[-5:, self.hole_x - half : self.hole_x + half + 1] = 0
        x, y = self.cube_x, self.cube_y
        picture[y - 1 : y + 2, x - 1 : x + 2] = _GREEN
        return picture


class CubeCrashSparse(CubeCrash):
    """`CubeCrash` with a reward at the end only."""

    use_shaped_reward = False


class CubeCrashScreenBecomesBlack(CubeCrash):
    """`CubeCrashSparse` whose picture is black after four steps: what was seen must be kept."""

    use_shaped_reward = False
    use_black_screen = True


#: Six rows of six pixels a digit, the leftmost the highest bit.
_DIGITS = (
    (0x1E, 0x21, 0x21, 0x21, 0x21, 0x1E),
    (0x0C, 0x14, 0x04, 0x04, 0x04, 0x0E),
    (0x1E, 0x21, 0x01, 0x0E, 0x30, 0x3F),
    (0x1E, 0x21, 0x06, 0x01, 0x21, 0x1E),
    (0x12, 0x12, 0x12, 0x1E, 0x02, 0x02),
    (0x1E, 0x10, 0x1E, 0x02, 0x02, 0x1E),
    (0x0E, 0x10, 0x1E, 0x12, 0x12, 0x1E),
    (0x1E, 0x02, 0x04, 0x04, 0x08, 0x08),
    (0x1E, 0x21, 0x1E, 0x21, 0x21, 0x1E),
    (0x1E, 0x21, 0x21, 0x1F, 0x01, 0x1E),
)


class MemorizeDigits(_Pixels):
    """Say which digit was shown: the right one gives 1, another -1."""

    size = (24, 32)

    def __init__(self) -> None:
        super().__init__(10)

    def _start(self) -> Any:
        height, width = self.size
        self.digit_x = self.np_random.randint(width // 5, width // 5 * 4)
        self.digit_y = self.np_random.randint(height // 5, height // 5 * 4)
        self.step_n = 0
        self.digit = -1
        return self.step(0)[0]

    def step(self, action: Any) -> Step:
        """Name the digit of the last picture; the next one shows another."""
        reward, done = -1, False
        self.step_n += 1
        if self.digit != -1:
            reward = 1 if self.digit == action else -1
            done = self.step_n > 20 and self.np_random.randint(0, 5) == 0
        self.digit = self.np_random.randint(0, 10)
        rows = np.array(_DIGITS[self.digit], np.uint8)
        pixels = np.unpackbits(rows[:, None], axis=1)[:, 2:].astype(bool)
        self.last_obs = self._black()
        x, y = self.digit_x, self.digit_y
        self.last_obs[y - 3 : y + 3, x - 3 : x + 3][pixels] = _WHITE
        return self.last_obs, reward, done, {}
