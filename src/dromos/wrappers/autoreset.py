"""`Autoreset`: the step after the last one of an episode starts the next episode.

It may stand inside other wrappers. They see no ``reset`` then, but a step that follows the end of
an episode and earns nothing; they ask `next_step_resets` before it.
"""

from __future__ import annotations

from typing import Any

from typing_extensions import Self

from dromos._core.batch import Episode
from dromos.core import ActType, Env, ObsType, Wrapper
from dromos.snapshot import Writes, at, rules
from dromos.utils.record_constructor import RecordConstructorArgs, recorded

__all__ = ["Autoreset", "autoreset_layer", "next_step_resets"]


class Autoreset(Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs):
    """Reset the environment in the step that follows the end of an episode.

    The action of that step is ignored and its result is ``(obs, 0.0, False, False, info)`` with
    the observation and info of the reset: the ``NEXT_STEP`` mode of vector environments.
    """

    __module__ = "dromos.wrappers.common"  # the public path, which specs and pickles name

    # A slot, since copies, pickles and snapshots take the dict: they get `autoreset` instead.
    __slots__ = ("_episode",)

    _episode: Episode

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """Set the slot here, since unpickling does not run ``__init__``."""
        self = super().__new__(cls)
        self._episode = Episode()
        return self

    @recorded
    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`."""
        super().__init__(env)

    @property
    def autoreset(self) -> bool:
        """Whether the next step will be a reset."""
        return self._episode.restarts

    @autoreset.setter
    def autoreset(self, value: bool) -> None:
        self._episode.begin()
        if value:
            self._episode.count_step(True, False)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment; the next step will be a step."""
        result = self.env.reset(seed=seed, options=options)
        self._episode.begin()
        return result

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment, or reset it if its episode is over."""
        if self._episode.restarts:
            obs, info = self.env.reset()
            self._episode.begin()
            return obs, 0.0, False, False, info
        result = self.env.step(action)
        self._episode.count_step(result[2], result[3])
        return result

    def snapshot_state(self) -> dict[str, Any]:
        """Return the wrapper's own state and, under ``"env"``, that of what it wraps."""
        return {**super().snapshot_state(), "autoreset": self.autoreset}

    def judge_state(self, state: dict[str, Any]) -> Writes:
        """Return what puts every layer into a state, after looking at all of it."""
        with at(".autoreset"):
            restarts = rules.Flag().judge(state.pop("autoreset", None), None, self, [])
        return [*super().judge_state(state), lambda: setattr(self, "autoreset", restarts)]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "autoreset": self.autoreset}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update({name: v for name, v in state.items() if name != "autoreset"})
        self.autoreset = state["autoreset"]


def autoreset_layer(env: Any) -> Autoreset[Any, Any] | None:
    """Return the outermost `Autoreset` among the layers of `env`, or None."""
    while isinstance(env, Wrapper):
        if isinstance(env, Autoreset):
            return env
        env = env.env
    return None


def next_step_resets(env: Any) -> bool:
    """Return whether the next step of `env` will be the reset of an `Autoreset` in it."""
    layer = autoreset_layer(env)
    return layer is not None and layer.autoreset
