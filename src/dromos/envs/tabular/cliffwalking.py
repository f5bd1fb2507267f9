"""CliffWalking as functions of JAX."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

import numpy as np

from dromos.envs.functional_games import DrawnFuncEnv, JaxEnv
from dromos.envs.jax_library import jnp
from dromos.render.raster import Raster
from dromos.spaces import Box

__all__ = ["CliffWalkingFunctional", "CliffWalkingJaxEnv", "EnvState"]

_ROWS, _COLUMNS = 4, 12
#: By how many rows and columns each action moves: up, right, down, left.
_MOVES = np.array([[-1, 0], [0, 1], [1, 0], [0, -1]], np.int32)


class EnvState(NamedTuple):
    """Where the walker is.

    Attributes:
        player_position: Row and column, int32 (2,).
        last_action: The last action, or -1.
        fallen: Whether the last step led over the cliff.
    """

    player_position: Any
    last_action: Any
    fallen: Any


class CliffWalkingFunctional(DrawnFuncEnv):
    """A walk from one end of a cliff to the other: example 6.6 of Sutton and Barto's book.

    ===========  ==================================================================
    action       int32 (1,): 0 up, 1 right, 2 down, 3 left
    observation  int32 (1,): ``row * 12 + column`` on a map of 4 x 12 cells
    reward       -1 a step; -100 over the cliff, which leads back to the start
    terminated   in the bottom right corner
    ===========  ==================================================================
    """

    action_space = Box(0, 3, (1,), np.int32)
    observation_space = Box(0, _ROWS * _COLUMNS - 1, (1,), np.int32)
    frame_size = (768, 256)

    def initial(self, rng: Any, params: Any = None) -> EnvState:
        """Return the bottom left corner."""
        start = jnp.array([_ROWS - 1, 0], jnp.int32)
        return EnvState(start, jnp.asarray(-1, jnp.int32), jnp.zeros((), bool))

    def transition(
        self, state: EnvState, action: Any, rng: Any = None, params: Any = None
    ) -> EnvState:
        """Move by one cell; walls hold, the cliff does not."""
        move = jnp.asarray(action).reshape(()).astype(jnp.int32)
        last = jnp.array([_ROWS - 1, _COLUMNS - 1], jnp.int32)
        there = jnp.clip(state.player_position + jnp.asarray(_MOVES)[move], 0, last)
        row, column = there
        fallen = (row == _ROWS - 1) & (column > 0) & (column < _COLUMNS - 1)
        start = jnp.array([_ROWS - 1, 0], jnp.int32)
        return EnvState(jnp.where(fallen, start, there), move, fallen)

    def observation(self, state: EnvState, rng: Any = None, params: Any = None) -> Any:
        """Return the cell."""
        row, column = state.player_position
        return (row * _COLUMNS + column).reshape(1)

    def terminal(self, state: EnvState, rng: Any = None, params: Any = None) -> Any:
        """Return whether the walker has arrived."""
        return (state.player_position == jnp.array([_ROWS - 1, _COLUMNS - 1])).all()

    def reward(
        self,
        state: EnvState,
        action: Any,
        next_state: EnvState,
        rng: Any = None,
        params: Any = None,
    ) -> Any:
        """Return -1, or -100 for a fall."""
        return jnp.where(next_state.fallen, -100.0, -1.0)

    def draw(self, canvas: Raster, state: EnvState, params: Any) -> None:
        """Draw the cliff and the walker."""
        from dromos.envs.toy_text.cliffwalking import Walker
        from dromos.envs.toy_text.drawing.cliff_walking import draw_cliff_walking

        row, column = np.asarray(state.player_position).tolist()
        action = int(state.last_action)
        draw_cliff_walking(canvas, Walker(row * _COLUMNS + column, None if action < 0 else action))


class CliffWalkingJaxEnv(JaxEnv):
    """CliffWalking in JAX."""

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["rgb_array"],
        "render_fps": 4,
        "jax": True,
    }
    functions = CliffWalkingFunctional
