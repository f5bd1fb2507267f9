"""`PassiveEnvChecker`: the first reset, steps and frame of an environment are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dromos import checks
from dromos.checks.calls import CLOSES_AGAIN
from dromos.checks.space import check_space_of
from dromos.core import ActType, Env, ObsType, RenderFrame
from dromos.env import takes_no_arguments
from dromos.snapshot import rules
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrappers.bypassed import BypassedWrapper, is_native_step
from dromos.wrappers.order import is_where_make_puts_it

if TYPE_CHECKING:
    from dromos.registration.spec import EnvSpec

__all__ = ["PassiveEnvChecker"]


class PassiveEnvChecker(BypassedWrapper[ObsType, ActType], RecordConstructorArgs):
    """Check what an environment returns against what it promises, without changing anything.

    The spaces are checked at once, ``reset``, ``step`` and ``render`` when they are called first,
    and the first two steps for data that is used again. A fault is told once, with its path, what
    was expected, what was found and a remedy. Afterwards the wrapper is no longer in the way:
    ``env.step`` is the wrapped environment's.

    Attributes:
        checked_reset: Whether ``reset`` has been checked.
        checked_step: Whether ``step`` has been checked.
        checked_render: Whether ``render`` has been checked.
        checked_data_reuse: Whether the data of successive calls has been compared.
        close_called: Whether the environment has been closed.
    """

    __module__ = "dromos.wrappers.common"  # the public path, which specs and pickles name

    snapshot_fields = {  # noqa: RUF012
        "checked_reset": rules.Flag(),
        "checked_step": rules.Flag(),
        "checked_render": rules.Flag(),
        "checked_data_reuse": rules.Flag(),
    }

    checked_reset: bool = False
    checked_step: bool = False
    checked_render: bool = False
    checked_data_reuse: bool = False
    close_called: bool = False
    #: The last call and its (obs, info), until they have been compared with the next ones.
    _previous: tuple[str, tuple[Any, dict[str, Any]]] | None = None

    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env` and check its spaces.

        Raises:
            TypeError: If `env` is not an `Env` or a space is not a `Space`.
            AttributeError: If `env` lacks one of the spaces.
            AssertionError: If a space is empty or contradicts itself.
        """
        RecordConstructorArgs.__init__(self)
        super().__init__(env)
        if not getattr(env, "has_sound_spaces", False):  # native environments know
            check_space_of(env, "action")
            check_space_of(env, "observation")

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and, in its first steps, check the result."""
        result = self.env.step(action)
        if not self.checked_data_reuse:
            self._check_step(result)
        if self.checked_data_reuse and not self._resolved:
            self._resolve()
        return result

    _own_step = step

    def _check_step(self, result: Any) -> None:
        is_first = not self.checked_step
        self.checked_step = True
        if is_first:
            # The core makes new arrays with every call, so its second step need not be seen.
            self.checked_data_reuse = is_native_step(self.env.step)
            checks.check_step_return(result, self.env.observation_space)
        else:
            self.checked_data_reuse = True
        if isinstance(result, tuple) and len(result) == 5:
            self._compare_with_previous("step", result[0], result[4])

    def _compare_with_previous(self, source: str, obs: Any, info: dict[str, Any]) -> None:
        previous, self._previous = self._previous, None
        if not self.checked_data_reuse:
            self._previous = (source, (obs, info))
        if previous is not None:
            checks.env_data_reuse_passive_checker(previous[1], (obs, info), previous[0], source)

    def _reset_inner(
        self, seed: int | None, options: dict[str, Any] | None
    ) -> tuple[ObsType, dict[str, Any]]:
        if self.checked_reset:
            return self.env.reset(seed=seed, options=options)
        checks.check_reset_signature(self.env.reset)
        result: Any = self.env.reset(seed=seed, options=options)
        self.checked_reset = True
        checks.check_reset_return(result, self.env.observation_space)
        if not self.checked_step and isinstance(result, tuple) and len(result) == 2:
            self._previous = ("reset", result)
        return result  # type: ignore[no-any-return]

    @takes_no_arguments
    def render(self) -> RenderFrame | list[RenderFrame] | None:
        """Render the wrapped environment and, the first time, check the frame."""
        if self.checked_render:
            return self.env.render()
        self.checked_render = True
        return checks.env_render_passive_checker(self.env)

    def close(self) -> None:
        """Close the wrapped environment; warn if closing a second time raises."""
        try:
            self.env.close()
        except Exception as reason:
            if self.close_called:
                CLOSES_AGAIN.broken(reason)
            raise
        finally:
            self.close_called = True

    def _add_to_spec(self, spec: EnvSpec) -> None:
        if type(self) is PassiveEnvChecker and is_where_make_puts_it(spec, "disable_env_checker"):
            spec.disable_env_checker = False
        else:
            super()._add_to_spec(spec)

    def __getstate__(self) -> dict[str, Any]:
        # An info may hold what cannot be copied.
        return {**super().__getstate__(), "_previous": None}
