"""From functions that make environments to workers that run them, and the spaces of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dromos import logger
from dromos.spaces import Space
from dromos.vector.lane_spaces import LaneSpaces, batches_to_arrays, lane_spaces
from dromos.vector.workers.pool import WorkerPool
from dromos.vector.workers.rows import RowLayout, SharedRows
from dromos.vector.workers.run import LaneFacts
from dromos.vector.workers.settings import PoolSettings, has_custom_space

__all__ = ["Started", "WantedSpaces", "start_pool"]

#: How long workers may take, in seconds, to close what they made before something failed.
_GRACE = 5.0

_PAGE = 4096

_NO_SHARED_MEMORY = (
    "Observations of {space} have no place in shared memory because {why}; they travel as pickled "
    "messages"
)


class WantedSpaces(NamedTuple):
    """What the user says of the spaces.

    Attributes:
        observation_mode: How the observation spaces are batched (see `lane_spaces`).
        observation: The observation space of a lane, None for whatever it is.
        action: Likewise the action space.
        shared_memory: Whether observations travel through shared memory; ``"auto"`` for those
            that can.
    """

    observation_mode: Any
    observation: Space[Any] | None
    action: Space[Any] | None
    shared_memory: bool | str


class Started(NamedTuple):
    """Workers that have made their environments, and what is known of those."""

    pool: WorkerPool
    rows: SharedRows
    spaces: LaneSpaces
    facts: LaneFacts


def start_pool(
    env_fns: Sequence[Callable[[], Any]],
    settings: PoolSettings,
    wanted: WantedSpaces,
    publish_each: bool,
) -> Started:
    """Start workers; if something fails, end them.

    Args:
        env_fns: The functions that make the environments.
        settings: How the workers run.
        wanted: What the spaces have to be.
        publish_each: Whether each lane is reported as soon as it has moved.

    Raises:
        ValueError: If a custom space was to be put into shared memory.
        RuntimeError: If the spaces do not match.
        Exception: What a worker raised making an environment, or its end.
    """
    pool = WorkerPool(env_fns, settings)
    try:
        facts = _facts_of_lanes(pool, env_fns, wanted)
        spaces = lane_spaces(facts, wanted.observation_mode)
        single, action = spaces.observation[0], spaces.action[0]
        layout = RowLayout(
            len(env_fns),
            _PAGE * -(-pool.exchange_size // _PAGE),
            settings.autoreset_mode,
            _is_shared(single, wanted.shared_memory),
            batches_to_arrays(action),
        )
        size = SharedRows(layout, single, action).size
        rows = SharedRows(layout, single, action, pool.file.map(size))
        pool.attach(layout, publish_each)
    except BaseException:
        pool.close(_GRACE)
        raise
    return Started(pool, rows, spaces, facts[0])


def _facts_of_lanes(
    pool: WorkerPool, env_fns: Sequence[Callable[[], Any]], wanted: WantedSpaces
) -> list[LaneFacts]:
    by_worker = pool.introduce()
    facts: list[LaneFacts] = []
    substitute: LaneFacts | None = None
    for worker, own in enumerate(by_worker):
        if own is None:  # their spaces cannot be pickled
            substitute = substitute or _facts_of_dummy(env_fns[0])
            own = [substitute] * len(pool.processes.lanes_of(worker))
        facts.extend(own)
    if wanted.observation_mode == "same":
        _require("observation", facts[0].observation_space, wanted.observation)
    _require("action", facts[0].action_space, wanted.action)
    return facts


def _facts_of_dummy(make_env: Callable[[], Any]) -> LaneFacts:
    env = make_env()
    try:
        return LaneFacts(env.observation_space, env.action_space, env.metadata, env.render_mode)
    finally:
        env.close()


def _require(kind: str, found: Space[Any], expected: Space[Any] | None) -> None:
    if expected is not None and found != expected:
        raise RuntimeError(
            f"The {kind} space of lane 0 is not equivalent to the {kind}_space given: expected "
            f"{expected}, found {found}."
        )


def _is_shared(space: Space[Any], shared_memory: bool | str) -> bool:
    """Return whether observations have a place in the shared rows.

    Raises:
        ValueError: If they were to have one although their space is a user's own.
    """
    if not shared_memory or batches_to_arrays(space):
        return bool(shared_memory)
    if shared_memory is True and has_custom_space(space):
        raise ValueError(
            _NO_SHARED_MEMORY.format(space=space, why="it has a class of a user's own")
            + " with `shared_memory=False`, or, with a warning, with `shared_memory='auto'`."
        )
    logger.warn(
        _NO_SHARED_MEMORY.format(space=space, why="they are not all arrays of a fixed size")
        + ", which is slower. `shared_memory=False` says the same without this warning."
    )
    return False
