"""Many steps of all lanes with one message to each group and one back, for `rollout`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dromos.rollout.actions import checked_actions
from dromos.rollout.arrays import like_space, map_arrays, put_row
from dromos.vector.autoreset import AutoresetMode, read_episodes, refuse_idle
from dromos.vector.workers.failure import RemoteError

if TYPE_CHECKING:
    from dromos.rollout.recording import Target
    from dromos.spaces import Space
    from dromos.vector.lanes import Lanes
    from dromos.vector.ray.group import Moved
    from dromos.vector.ray.lanes import RayLanes

__all__ = ["Ran", "run_groups", "run_lanes"]


class Ran(NamedTuple):
    """What many steps of a group gave.

    Attributes:
        steps: How many all its lanes made.
        observations: What they show after each; (steps, m, ...).
        finals: In SAME_STEP mode, what they observed before any reset; likewise.
        results: Rewards, terminated, truncated, valid; (steps, m) each.
        episodes: Where they are in their episodes then.
        failure: What a lane raised in the next step.
    """

    steps: int
    observations: Any
    finals: Any
    results: tuple[Any, ...]
    episodes: dict[str, Any]
    failure: RemoteError | None


def run_lanes(lanes: Lanes, space: Space[Any], actions: Any, move: Callable[[Any], Moved]) -> Ran:
    """Let all lanes of a group make many steps, one after another.

    Args:
        lanes: The lanes.
        space: What one of them shows.
        actions: In the structure of the action space; (steps, m, ...).
        move: Makes one of the steps.
    """
    count = len(lanes.episodes.status)
    steps = len(_first_leaf(actions))
    shape = (steps, count)
    observations = like_space(space, shape, _zeros, "")
    same = lanes.mode is AutoresetMode.SAME_STEP
    finals = like_space(space, shape, _zeros, "") if same else None
    results = (np.zeros(shape), *np.zeros((3, *shape), np.bool_))
    failure, made = None, 0
    for step in range(steps):
        moved = move(map_arrays(lambda array, t=step: array[t], actions))
        if moved.failures or moved.result is None:
            failure = next(iter(moved.failures.values()))
            break
        put_row(observations, step, moved.result[0])
        for column, row in zip(results, moved.result[1:4], strict=False):
            column[step] = row
        results[3][step] = ~lanes.episodes.restarted
        if same:
            put_row(finals, step, lanes.final(None))
        made += 1
    episodes = read_episodes(lanes.episodes, slice(None))
    return Ran(made, observations, finals, results, episodes, failure)


def run_groups(lanes: RayLanes, out: Target, first: int, last: int) -> int:
    """Let every group make the steps [first, last), and return how many all of them made.

    Args:
        lanes: The lanes.
        out: Actions, and where to write; an exception that ends the run goes there too.
        first: The first step.
        last: The step behind the last.
    """
    refuse_idle(lanes.episodes)
    sizes = {"T": last - first, "N": lanes.actors.bounds[-1]}
    part = map_arrays(lambda array: array[first:last], out.actions)
    checked_actions(part, lanes.action_space, sizes)
    try:
        runs = _ask(lanes, part, last - first)
    except BaseException:
        lanes.episodes.interrupt(None)  # nobody knows where lanes stand
        raise
    for actor, run in enumerate(runs):
        _write(out, first, lanes.actors.lanes_of(actor), run)
    failures = [run for run in runs if run.failure is not None]
    if failures:
        lanes.episodes.interrupt(None)  # they stand at different steps
        worst = min(failures, key=lambda run: run.steps)
        assert worst.failure is not None
        out.broken.append(worst.failure.exception())
        return worst.steps
    for actor, run in enumerate(runs):
        lanes.take_run(actor, run)
    return last - first


def _ask(lanes: RayLanes, actions: Any, steps: int) -> list[Ran]:
    """Send each group its actions, and return what they report."""
    actors = lanes.actors
    actors.refuse_dead(range(len(actors)))
    messages = []
    for actor in range(len(actors)):
        own = actors.lanes_of(actor)
        part = map_arrays(lambda a, o=own: a[:, o.start : o.stop].copy(), actions)
        messages.append(actors.post(actor, "run", part, lanes.news_of(list(own))))
        messages[-1].timed = steps * len(own)
    return actors.answers(messages)


def _write(out: Target, first: int, lanes: range, run: Ran) -> None:
    """Write what a group gave into the arrays of a rollout, from a step on."""

    def write(target: Any, source: Any) -> None:
        target[first : first + len(source), lanes.start : lanes.stop] = source

    map_arrays(write, out.observations, run.observations)
    targets = out.rewards, out.terminated, out.truncated, out.valid_transition
    map_arrays(write, targets, run.results)
    if run.finals is not None:
        map_arrays(write, out.final_observations, run.finals)


def _zeros(_: str, shape: tuple[int, ...], dtype: Any) -> Any:
    return np.zeros(shape, dtype)


def _first_leaf(tree: Any) -> Any:
    while not isinstance(tree, np.ndarray):
        tree = next(iter(tree.values())) if isinstance(tree, dict) else tree[0]
    return tree
