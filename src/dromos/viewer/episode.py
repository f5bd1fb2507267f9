"""`Episode`: what one lane did since it was reset, and the file that can be played again."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dromos.error import Error
from dromos.replay.episode import RecordedEpisode, StepNoted
from dromos.replay.files import text_of
from dromos.replay.hashing import EpisodeHash

if TYPE_CHECKING:
    from dromos.registration.spec import EnvSpec
    from dromos.snapshot import Snapshot
    from dromos.viewer.subject import Subject

__all__ = ["Episode", "EpisodeStep", "lane_spec"]

#: Steps of an episode that are kept, and bytes of all lanes' actions.
_MOST_STEPS = 200_000
_MOST_BYTES = 1 << 28
#: Arguments that `make_vec` writes into the spec of a vector and `make` does not take.
_OF_VECTORS = frozenset(
    {
        *("autoreset_mode", "batch_size", "copy", "max_episode_steps", "num_envs", "num_threads"),
        *("vector_kwargs", "vectorization_mode"),
    }
)


class EpisodeStep(NamedTuple):
    """A step of the episode.

    Attributes:
        actions: Those of all lanes.
        action: That of the lane.
        reward: What the lane earned.
        terminated: Whether its episode reached a terminal state.
        truncated: Whether it was cut off.
        check: The first digits of the episode's hash after it.
    """

    actions: Any
    action: Any
    reward: float
    terminated: bool
    truncated: bool
    check: str


class Episode:
    """The steps of one lane since its episode began, or since somebody looked.

    Attributes:
        subject: Whose lane it is.
        lane: Which.
        start: The state it began in, for a film; None if there is none.
        seed: What the lane was reset with; None if nobody knows.
        options: Likewise.
        steps: Its steps.
        too_long: Whether it has more steps than are kept.
    """

    def __init__(
        self,
        subject: Subject,
        lane: int,
        observation: Any = None,
        seed: int | None = None,
        options: dict[str, Any] | None = None,
    ) -> None:
        self.subject, self.lane = subject, lane
        self.start: Snapshot | None = None
        self.seed, self.options = seed, options
        self.steps: list[EpisodeStep] = []
        self.too_long = False
        self._hash = EpisodeHash(subject.observation_space)
        self._bytes = 0
        if observation is not None:
            self._hash.reset(observation)

    @property
    def hash(self) -> str:
        """SHA-256 over observations, rewards and flags so far, in hexadecimal digits."""
        return self._hash.hexdigest()

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return bool(self.steps) and (self.steps[-1].terminated or self.steps[-1].truncated)

    def add(self, actions: Any, observation: Any, reward: float, died: bool, cut: bool) -> None:
        """Append a step of all lanes, and what it gave this one."""
        if self.too_long or self.is_over:
            return
        action = self.subject.action(actions, self.lane)
        kept = actions.copy() if isinstance(actions, np.ndarray) else copy.deepcopy(actions)
        check = self._hash.step(observation, reward, died, cut)
        self.steps.append(EpisodeStep(kept, copy.copy(action), reward, died, cut, check))
        self._bytes += getattr(actions, "nbytes", 0)
        self.too_long = len(self.steps) >= _MOST_STEPS or self._bytes >= _MOST_BYTES

    def place(self) -> tuple[int, Any]:
        """Return where it is now, for `cut`."""
        return len(self.steps), self._hash.copy()

    def cut(self, place: tuple[int, Any]) -> None:
        """Go back to a place; the steps behind it did not happen."""
        del self.steps[place[0] :]
        self._hash = place[1].copy()
        self.too_long = False

    def fork(self, subject: Subject) -> Episode:
        """Return an episode that goes on from here by itself."""
        twin = copy.copy(self)
        twin.subject, twin.steps, twin._hash = subject, list(self.steps), self._hash.copy()
        return twin

    def file(self) -> str:
        """Return the text of the file that can be played again.

        Raises:
            Error: If the episode cannot be told by a seed and actions.
        """
        if self.too_long:
            raise Error("the episode is too long to be kept; download one of fewer steps")
        if self.seed is None:
            raise Error(
                "the episode began without a seed that anybody knows, so no file could repeat "
                "it; reset with a seed, and download that episode"
            )
        spec = lane_spec(self.subject.env.spec)
        steps = [StepNoted(*step[1:]) for step in self.steps]
        tree = json.loads(spec.to_json())
        return text_of(RecordedEpisode(spec.id, tree, self.hash, steps, self.seed, self.options))


def lane_spec(spec: EnvSpec | None) -> EnvSpec:
    """Return the specification of one lane.

    Args:
        spec: That of an environment or of a vector.

    Raises:
        Error: If there is none, or the lanes differ.
    """
    if spec is None:
        raise Error(
            "the environment was not made by an id, so a file could not say how to make it; "
            "register it and make it with dromos.make"
        )
    if "num_envs" not in spec.kwargs:
        return spec
    if "params" in spec.kwargs:
        raise Error(
            "the lanes of this vector have parameters of their own, which a file of one lane "
            "cannot say; view a single environment with the parameters of the lane"
        )
    kwargs = {name: value for name, value in spec.kwargs.items() if name not in _OF_VECTORS}
    limit = spec.kwargs.get("max_episode_steps", spec.max_episode_steps)
    return replace(spec, kwargs=kwargs, max_episode_steps=limit)
