"""`OrderEnforcing`: no step and no frame before the first reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dromos.core import ActType, Env, ObsType, RenderFrame
from dromos.env import takes_no_arguments
from dromos.error import ResetNeeded
from dromos.snapshot import rules
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrappers.bypassed import BypassedWrapper
from dromos.wrappers.order import is_where_make_puts_it

if TYPE_CHECKING:
    from dromos.registration.spec import EnvSpec

__all__ = ["OrderEnforcing"]


class OrderEnforcing(BypassedWrapper[ObsType, ActType], RecordConstructorArgs):
    """Raise an error when ``step`` or ``render`` is called before ``reset``.

    After the first step of an episode the wrapper is no longer in the way: ``env.step`` is the
    wrapped environment's.

    Example:
        >>> env = OrderEnforcing(CartPoleEnv())
        >>> env.step(0)
        Traceback (most recent call last):
            ...
        dromos.error.ResetNeeded: Cannot call env.step() before calling env.reset()
    """

    __module__ = "dromos.wrappers.common"  # the public path, which specs and pickles name

    snapshot_fields = {"_has_reset": rules.Flag()}  # noqa: RUF012

    def __init__(
        self, env: Env[ObsType, ActType], disable_render_order_enforcing: bool = False
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            disable_render_order_enforcing: Whether ``render`` may come before ``reset``.
        """
        RecordConstructorArgs.__init__(
            self, disable_render_order_enforcing=disable_render_order_enforcing
        )
        super().__init__(env)
        self._has_reset = False
        self._disable_render_order_enforcing = disable_render_order_enforcing

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment.

        Raises:
            ResetNeeded: If the environment has not been reset.
        """
        if not self._has_reset:
            raise ResetNeeded("Cannot call env.step() before calling env.reset()")
        result = self.env.step(action)
        if not self._resolved:
            self._resolve()
        return result

    _own_step = step

    def _reset_inner(
        self, seed: int | None, options: dict[str, Any] | None
    ) -> tuple[ObsType, dict[str, Any]]:
        result = self.env.reset(seed=seed, options=options)
        self._has_reset = True
        return result

    @takes_no_arguments
    def render(self) -> RenderFrame | list[RenderFrame] | None:
        """Render the wrapped environment.

        Raises:
            ResetNeeded: If the environment has not been reset and the order of rendering is
                enforced.
        """
        if not self._has_reset and not self._disable_render_order_enforcing:
            raise ResetNeeded(
                "Cannot call `env.render()` before calling `env.reset()`, if this is an intended "
                "action, set `disable_render_order_enforcing=True` on the OrderEnforcer wrapper."
            )
        return self.env.render()

    @property
    def has_reset(self) -> bool:
        """Whether the environment has been reset."""
        return self._has_reset

    def _add_to_spec(self, spec: EnvSpec) -> None:
        is_plain = type(self) is OrderEnforcing and not self._disable_render_order_enforcing
        if is_plain and is_where_make_puts_it(spec, "order_enforce"):
            spec.order_enforce = True
        else:
            super()._add_to_spec(spec)
