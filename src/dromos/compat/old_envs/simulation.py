"""`Simulation`: the ``sim`` of environments that mujoco-py moved, over today's MuJoCo."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dromos.envs.mujoco.library import import_mujoco

__all__ = ["MjSimState", "Simulation"]


class MjSimState(NamedTuple):
    """A state of a simulation.

    Attributes:
        time: Seconds since the reset.
        qpos: Positions of the joints (nq,).
        qvel: Velocities of the joints (nv,).
        act: Activations of the actuators (na,), None if there are none.
        udd_state: What users defined: nothing.
    """

    time: float
    qpos: NDArray[np.float64]
    qvel: NDArray[np.float64]
    act: NDArray[np.float64] | None = None
    udd_state: Any = None

    def flatten(self) -> NDArray[np.float64]:
        """Return time, positions, velocities and activations one after the other."""
        act = np.zeros(0) if self.act is None else self.act
        return np.concatenate([[self.time], self.qpos, self.qvel, act])


class Simulation:
    """The model and the data of an environment, and what mujoco-py's ``MjSim`` did with them.

    Args:
        env: The environment; the simulation is a view of it.
    """

    def __init__(self, env: Any) -> None:
        self._env = env

    @property
    def model(self) -> Any:
        """The ``mujoco.MjModel``."""
        return self._env.model

    @property
    def data(self) -> Any:
        """The ``mujoco.MjData``."""
        return self._env.data

    def get_state(self) -> MjSimState:
        """Return a copy of the present state."""
        data = self.data
        act = data.act.copy() if data.act.size else None
        return MjSimState(float(data.time), data.qpos.copy(), data.qvel.copy(), act, {})

    def set_state(self, state: Any) -> None:
        """Put a state in place; `forward` computes what follows from it."""
        data = self.data
        data.time = state.time
        data.qpos[:], data.qvel[:] = state.qpos, state.qvel
        if state.act is not None:
            data.act[:] = state.act

    def step(self) -> None:
        """Do one step of MuJoCo."""
        import_mujoco().mj_step(self.model, self.data)

    def forward(self) -> None:
        """Compute what follows from positions, velocities and controls."""
        import_mujoco().mj_forward(self.model, self.data)

    def reset(self) -> None:
        """Put the simulation to rest."""
        import_mujoco().mj_resetData(self.model, self.data)
