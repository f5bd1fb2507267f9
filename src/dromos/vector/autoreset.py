"""When a lane of a vector starts an episode, ends it, starts anew, and what it reports.

What a step does when the previous step ended the episode, or this one does:

    ============  =================================  ====================================
    mode          the step that ends the episode     the step after it
    ============  =================================  ====================================
    NEXT_STEP     reports the final observation      ignores its action, resets, reports
                                                     the reset observation, reward 0
    SAME_STEP     resets, reports the reset          an ordinary step
                  observation; the final one is in
                  the info as ``final_obs``
    DISABLED      reports the final observation      is refused until the lane is reset
    ============  =================================  ====================================
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, SupportsFloat, TypeAlias

import numpy as np

from dromos._core import episodes as native
from dromos.error import ResetNeeded

if TYPE_CHECKING:
    from dromos.core import Env

    AnyEnv: TypeAlias = Env[Any, Any]

__all__ = [
    "EPISODES",
    "AutoresetMode",
    "Episode",
    "EpisodeEnded",
    "idle_error",
    "refuse_idle",
    "refuse_unknown",
    "unknown_error",
]


class AutoresetMode(Enum):
    """When a vector resets a sub-environment whose episode has ended."""

    NEXT_STEP = "NextStep"
    SAME_STEP = "SameStep"
    DISABLED = "Disabled"


class EpisodeEnded(ResetNeeded, AssertionError):
    """A lane whose episode has ended was stepped although autoreset is disabled.

    It is an `AssertionError` too because that is what Gymnasium's clients catch.
    """


class Episode:
    """Where one lane is in its episode, and what its last reset or step reported.

    Steps are taken by `EPISODES`, many lanes at a time.

    Attributes:
        mode: When an ended episode is followed by a reset.
        obs: The observation to report.
        reward: The reward of the step; 0.0 after a reset.
        terminated: Whether the step reached a terminal state.
        truncated: Whether the step cut the episode off.
        info: The info to report.
        final_obs: What the environment observed at the end of the step, before any reset that
            the same step made; `obs` itself when there was none.
        valid_transition: Whether the environment made a step, not a reset.
        observed: Whether there is an observation, from a reset or a step.
        needs_reset: Whether stepping is refused: no episode yet, one that was broken off by an
            exception, or one that ended with autoreset disabled.
        restarts: Whether the next step is a reset.
    """

    __slots__ = (
        "final_obs",
        "info",
        "mode",
        "needs_reset",
        "obs",
        "observed",
        "restarts",
        "reward",
        "terminated",
        "truncated",
        "valid_transition",
    )

    mode: AutoresetMode
    obs: Any
    reward: SupportsFloat
    terminated: bool
    truncated: bool
    info: dict[str, Any]
    final_obs: Any
    valid_transition: bool
    observed: bool
    needs_reset: bool
    restarts: bool

    def __init__(self, mode: AutoresetMode) -> None:
        self.mode = mode
        self._begin(None, {})
        self.observed = False
        self.needs_reset = True

    def reset(self, env: AnyEnv, seed: int | None, options: dict[str, Any] | None) -> None:
        """Start an episode. If the environment raises, the lane has none."""
        self.needs_reset = True
        self._begin(*env.reset(seed=seed, options=options))

    def restart(self, env: AnyEnv) -> None:
        """Start the next episode where a step stands for a reset."""
        self._begin(*env.reset())

    def replace_lost(self, env: AnyEnv, seed: int | None, reason: str) -> None:
        """Start an episode in an environment that stands for a lost one, and end the lost one.

        What is reported is the end of that: truncated, reward 0, with the new episode's first
        observation, since the last one of the old is lost too. ``worker_restarted`` and
        ``restart_reason`` are in the info.
        """
        self.reset(env, seed, None)
        self.truncated = True
        self.info = {**self.info, "worker_restarted": True, "restart_reason": reason}
        if self.mode is AutoresetMode.NEXT_STEP:
            self.restarts = True
        elif self.mode is AutoresetMode.DISABLED:
            self.needs_reset = True
        else:
            self.info.update(final_obs=copy.deepcopy(self.obs), final_info={})

    def _begin(self, obs: Any, info: dict[str, Any]) -> None:
        self.obs = self.final_obs = obs
        self.reward = 0.0
        self.terminated = self.truncated = False
        self.info = info
        self.observed = True
        self.valid_transition = self.restarts = self.needs_reset = False

    def end(self, env: AnyEnv) -> None:
        """Do what the mode asks for when a step, just taken over, has ended the episode."""
        if self.mode is AutoresetMode.NEXT_STEP:
            self.restarts = True
        elif self.mode is AutoresetMode.DISABLED:
            self.needs_reset = True
        else:
            # The environment may write its next observation into the same arrays.
            self.final_obs = copy.deepcopy(self.obs)
            final_info = _keep_arrays(self.info)
            self.obs, reset_info = env.reset()
            self.info = {"final_obs": self.final_obs, "final_info": final_info, **reset_info}


#: Steps episodes and reads them, in the core. A step of a lane calls `Episode.restart`, or `step`
#: of the environment, whose result it takes over, and `Episode.end` if that ended the episode.
EPISODES = native.Episodes(Episode)


def _keep_arrays(info: dict[str, Any]) -> dict[str, Any]:
    """Return `info` with its arrays copied, out of reach of the environment."""
    kept = {}
    for key, value in info.items():
        if isinstance(value, np.ndarray):
            value = value.copy()
        elif isinstance(value, dict):
            value = _keep_arrays(value)
        kept[key] = value
    return kept


def refuse_idle(episodes: list[Episode], lane_ids: Sequence[int]) -> None:
    """Raise unless each of some lanes is in an episode, so that a step can be taken.

    Args:
        episodes: Those of the lanes.
        lane_ids: The lanes.

    Raises:
        EpisodeEnded: If a lane's episode has ended and autoreset is disabled.
        ResetNeeded: If a lane has had no reset, or none since an exception interrupted it.
    """
    idle = EPISODES.idle(episodes)
    if not idle:
        return
    over = [i for i in idle if episodes[i].terminated or episodes[i].truncated]
    raise idle_error([lane_ids[i] for i in idle], [lane_ids[i] for i in over])


def idle_error(idle: list[int], ended: list[int]) -> ResetNeeded:
    """Return the error for stepping lanes without an episode, some because theirs has ended."""
    remedy = "reset them with `reset(options={'reset_mask': mask})`, or all lanes with `reset()`"
    if ended:
        return EpisodeEnded(
            f"Cannot step lanes {ended}: their episodes have ended and autoreset is disabled; "
            f"{remedy}."
        )
    return ResetNeeded(
        f"Cannot step lanes {idle}: they have not been reset yet, or not since an exception "
        f"interrupted them; {remedy}."
    )


def refuse_unknown(episodes: Sequence[Episode], lane_ids: Sequence[int]) -> None:
    """Raise unless every other lane has an observation that a partial reset can report.

    Args:
        episodes: Those of all lanes of the vector.
        lane_ids: The lanes to reset.

    Raises:
        ResetNeeded: If a lane outside `lane_ids` has never been reset.
    """
    unknown = [
        lane
        for lane in set(range(len(episodes))).difference(lane_ids)
        if not episodes[lane].observed
    ]
    if unknown:
        raise unknown_error(unknown)


def unknown_error(unknown: list[int]) -> ResetNeeded:
    """Return the error for a partial reset that leaves out lanes without an observation."""
    return ResetNeeded(
        f"`reset_mask` leaves out lanes {sorted(unknown)}, which have never been reset and "
        "have no observation to keep; reset all lanes first."
    )
