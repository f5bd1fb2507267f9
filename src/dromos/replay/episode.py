"""`RecordedEpisode`, what a file holds of an episode, and `EpisodeNotes`, which takes it down."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, SupportsFloat

from dromos import plain
from dromos.error import Error
from dromos.replay.hashing import EpisodeHash, as_numpy_tree

if TYPE_CHECKING:
    from dromos.env import Env
    from dromos.snapshot import Snapshot
    from dromos.vector.base import VectorEnv

__all__ = ["EpisodeNotes", "RecordedEpisode", "StepNoted", "start_of_env", "start_of_lane"]


#: Arguments of vectors that one lane cannot have; what comes of it does not depend on them.
_OF_MANY_LANES = {"num_envs", "batch_size", "num_workers", "num_threads"}


@dataclass
class StepNoted:
    """A step of a recorded episode.

    Attributes:
        action: What the environment was given.
        reward: What it earned.
        terminated: Whether a terminal state was reached.
        truncated: Whether the episode was cut off.
        check: The first digits of the episode's hash after this step; None if nobody noted them.
    """

    action: Any
    reward: float
    terminated: bool
    truncated: bool
    check: str | None = None


@dataclass
class RecordedEpisode:
    """An episode: what it was played in, how it began, what was done and what came of it.

    Attributes:
        env_id: The id of the environment; None if it has no spec.
        spec: The specification as JSON's object, wrappers included; None if there is none.
        hash: SHA-256 over all observations, rewards and flags (see `dromos.replay.hashing`).
        steps: The steps.
        seed: What the reset was seeded with; None if it was not.
        options: The options of the reset, or None.
        lane: The lane of the vector it was played in; None for a single environment.
        start: The state right after the reset, as the bytes of a `Snapshot`; None for an episode
            that its seed begins.
        observation: What the reset showed; None if nobody noted it. (A space of which None is
            an element has no such observation.)
        check: The first digits of the hash after the reset, or None.
        remark: Why there is no spec or no start, where there should be; or None.
    """

    env_id: str | None
    spec: dict[str, Any] | None
    hash: str
    steps: list[StepNoted] = field(default_factory=list)
    seed: int | None = None
    options: dict[str, Any] | None = None
    lane: int | None = None
    start: bytes | None = None
    observation: Any = None
    check: str | None = None
    remark: str | None = None

    @property
    def ended(self) -> bool:
        """Whether the last step ended the episode; it was broken off otherwise."""
        return bool(self.steps) and (self.steps[-1].terminated or self.steps[-1].truncated)

    @property
    def total(self) -> float:
        """The sum of the rewards."""
        return sum(step.reward for step in self.steps)

    def __repr__(self) -> str:
        where = "" if self.lane is None else f", lane {self.lane}"
        end = "" if self.ended else ", broken off"
        return (
            f"RecordedEpisode({self.env_id or 'no id'}{where}, {len(self.steps)} steps, "
            f"return {self.total:g}{end})"
        )


class EpisodeNotes:
    """Takes an episode down while it happens.

    Args:
        space: The observations, of one lane.
        episode: The episode's beginning; its steps and hash are filled in.
        observation: What the reset showed; copied.
    """

    def __init__(self, space: Any, episode: RecordedEpisode, observation: Any) -> None:
        self._hash = EpisodeHash(space)
        self._episode = episode
        episode.observation = as_numpy_tree(observation)
        episode.check = self._hash.reset(episode.observation)

    def __len__(self) -> int:
        """Return the number of steps so far."""
        return len(self._episode.steps)

    def step(
        self,
        action: Any,
        observation: Any,
        reward: SupportsFloat,
        terminated: bool,
        truncated: bool,
    ) -> None:
        """Note a step; the action is copied."""
        earned, died, cut = float(reward), bool(terminated), bool(truncated)
        check = self._hash.step(as_numpy_tree(observation), earned, died, cut)
        noted = StepNoted(as_numpy_tree(action), earned, died, cut, check)
        self._episode.steps.append(noted)

    def finish(self) -> RecordedEpisode:
        """Return the episode so far."""
        self._episode.hash = self._hash.hexdigest()
        return self._episode


def start_of_env(
    env: Env[Any, Any], seed: int | None, options: dict[str, Any] | None
) -> RecordedEpisode:
    """Return the beginning of an episode of an environment that has just been reset."""
    beginning = _beginning(env, _spec_tree(env.spec), _bytes_of(env))
    beginning.seed, beginning.options = seed, _kept(options)
    return beginning


def start_of_lane(
    envs: VectorEnv[Any, Any, Any], lane: int, seed: int | None, options: dict[str, Any] | None
) -> RecordedEpisode:
    """Return the beginning of an episode of a lane that has just been reset."""
    spec = _spec_tree(None if envs.spec is None else _spec_of_lane(envs, lane))
    if envs is not envs.unwrapped:
        spec = None, f"it was recorded outside of {type(envs).__name__}, of which no spec tells"
    beginning = _beginning(envs, spec, _bytes_of(envs, [lane]))
    beginning.seed, beginning.options, beginning.lane = seed, _kept(options), lane
    return beginning


def _beginning(
    env: Any, spec: tuple[Any, str | None], start: tuple[bytes | None, str | None]
) -> RecordedEpisode:
    """Return an episode without steps, of a specification and a state, or why there is none."""
    env_id = None if env.spec is None else env.spec.id
    remark = _sentence(spec[1], start[1])
    return RecordedEpisode(env_id, spec[0], "", start=start[0], remark=remark)


def _spec_of_lane(envs: VectorEnv[Any, Any, Any], lane: int) -> Any:
    """Return the spec of a vector that has only this lane."""
    count, spec = envs.num_envs, envs.spec
    assert spec is not None
    kwargs = {name: value for name, value in spec.kwargs.items() if name not in _OF_MANY_LANES}
    if own := kwargs.get("vector_kwargs"):
        kwargs["vector_kwargs"] = {
            name: value for name, value in own.items() if name not in _OF_MANY_LANES
        }
    if isinstance(params := kwargs.get("params"), dict):
        kwargs["params"] = {
            name: [value[lane]] if _is_one_each(value, count) else value
            for name, value in params.items()
        }
    if kwargs.get("env_kwargs") is not None:
        kwargs["env_kwargs"] = [kwargs["env_kwargs"][lane]]
    return spec._replaced(kwargs=kwargs)


def _is_one_each(value: Any, count: int) -> bool:
    return getattr(value, "shape", ()) == (count,) or (
        isinstance(value, list) and len(value) == count
    )


def _spec_tree(spec: Any) -> tuple[dict[str, Any] | None, str | None]:
    """Return a spec as JSON's object, or None and the reason."""
    if spec is None:
        return None, "the environment has no spec: it was not made by its id"
    unknown = [layer.name for layer in spec.additional_wrappers if layer.kwargs is None]
    if unknown:
        return None, f"the wrapper {unknown[0]} does not record how it was built"
    try:
        tree: dict[str, Any] = json.loads(spec.to_json())
    except ValueError as reason:
        return None, str(reason)
    return tree, None


def _bytes_of(env: Any, lanes: Any = None) -> tuple[bytes | None, str | None]:
    """Return the state of an environment or of a lane, or None and the reason."""
    try:
        snapshot: Snapshot = env.snapshot() if lanes is None else env.snapshot(lanes)
    except (Error, NotImplementedError) as reason:
        return None, str(reason)
    return snapshot.to_bytes(), None


def _kept(options: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a copy of options as far as they are plain data; with those, nothing is shared."""
    if options is None:
        return None
    try:
        copy: dict[str, Any] = plain.copy(options)
    except plain.NotPlainError:
        return None
    return copy


def _sentence(*reasons: str | None) -> str | None:
    return "; ".join(filter(None, reasons)) or None
