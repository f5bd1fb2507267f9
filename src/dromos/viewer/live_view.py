"""`LiveView`: an environment that a script steps, shown in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, SupportsFloat

from dromos.core import ActType, Env, ObsType
from dromos.viewer.shown import LOCAL, Shown
from dromos.wrappers.bypassed import BypassedWrapper

if TYPE_CHECKING:
    from dromos.registration.spec import EnvSpec

__all__ = ["LiveView"]


class LiveView(Shown, BypassedWrapper[ObsType, ActType]):
    """Show an environment in a browser while a script steps it.

    Pages at `url` show pictures, numbers and plots, can hold the script up, and can branch off a
    copy to go back in, which leaves the script alone. While no page looks on, ``env.step`` *is*
    the wrapped environment's. The page is not part of what the environment is: specs leave it out,
    and copies have none.

    Attributes:
        url: Where the page is.
        viewer: What serves it.
    """

    env: Env[ObsType, ActType]  # not Any, as for both kinds

    snapshot_fields = {}  # noqa: RUF012  (it has no state)

    def __init__(self, env: Env[ObsType, ActType], host: str = LOCAL, port: int = 0) -> None:
        """Wrap `env` and open the page.

        Args:
            env: An environment; one in the mode ``"rgb_array"`` is shown with pictures.
            host: The address to serve at. Any but this machine's own needs the token in `url`.
            port: The port; 0 for any that is free.

        Raises:
            DependencyNotInstalled: If websockets is missing.
            Error: If the port is taken or the address is not of this machine.
        """
        BypassedWrapper.__init__(self, env)
        self._show(host, port)

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment; pages may hold that up."""
        watch = self._watch
        if watch is None or not watch.eyes:
            result = self.env.step(action)
            if not self._resolved:
                self._resolve()
            return result
        watch.before_step()
        result = self.env.step(action)
        watch.after_step(action, result)
        return result

    _own_step = step

    def _reset_inner(
        self, seed: int | None, options: dict[str, Any] | None
    ) -> tuple[ObsType, dict[str, Any]]:
        result = self.env.reset(seed=seed, options=options)
        if self._watch is not None and self._watch.eyes:
            self._watch.after_reset(result, seed, options)
        return result

    def _choose_path(self, seen: bool) -> None:
        if seen:
            self._take_long_path()

    def _add_to_spec(self, spec: EnvSpec) -> None:
        """Leave the page out."""

    def close(self) -> None:
        """Close the page and the wrapped environment."""
        self._stop()
        super().close()
