"""`VectorLiveView`: a vector that a script steps, shown in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dromos.core import ActType, ObsType
from dromos.vector.base import ArrayType, VectorEnv
from dromos.vector.wrapper import VectorWrapper
from dromos.viewer.shown import LOCAL, Shown

if TYPE_CHECKING:
    from dromos.vector.lane_queue import LaneIds
    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["VectorLiveView"]


class VectorLiveView(  # pyright: ignore[reportIncompatibleVariableOverride]
    Shown, VectorWrapper[ObsType, ActType, ObsType, ActType, ArrayType]
):
    """Show lanes of a vector in a browser while a script steps it; see `dromos.viewer.LiveView`.

    With ``send`` and ``recv``, numbers are shown, and pictures while no lane is under way.
    """

    snapshot_fields = {}  # noqa: RUF012  (it has no state)

    def __init__(
        self, env: VectorEnv[ObsType, ActType, ArrayType], host: str = LOCAL, port: int = 0
    ) -> None:
        """Wrap `env` and open the page.

        Args:
            env: A vector; one in the mode ``"rgb_array"`` is shown with pictures.
            host: The address to serve at. Any but this machine's own needs the token in `url`.
            port: The port; 0 for any that is free.

        Raises:
            DependencyNotInstalled: If websockets is missing.
            Error: If the port is taken or the address is not of this machine.
        """
        VectorWrapper.__init__(self, env)
        self._show(host, port)

    def step(
        self, actions: ActType
    ) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Step the wrapped vector; pages may hold that up."""
        watch = self._watch
        if watch is None or not watch.eyes:
            return super().step(actions)
        watch.before_step()
        result = super().step(actions)
        watch.after_step(actions, result)
        return result

    _own_step = step

    def _choose_path(self, seen: bool) -> None:
        if seen:
            self.__dict__.pop("step", None)
        elif type(self).step is type(self)._own_step:  # that of a subclass is not passed by
            self.__dict__["step"] = self.env.step

    def send(self, actions: ActType, lane_ids: LaneIds | None = None) -> None:
        """Send to the wrapped vector."""
        self.env.send(actions, lane_ids)

    def recv(self) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Receive from the wrapped vector."""
        result = super().recv()
        watch = self._watch
        if watch is not None and watch.eyes:
            watch.before_step()
            watch.after_step(None, result, result[4]["lane_ids"])
        return result

    def _present(self) -> Any:
        return self.env._present()  # the observations stay what they are

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped vector."""
        result = super().reset(seed=seed, options=options)
        if self._watch is not None and self._watch.eyes:
            self._watch.after_reset(result, seed, options)
        return result

    def close(self, **kwargs: Any) -> None:
        """Close the page and the wrapped vector."""
        self._stop()
        super().close(**kwargs)
