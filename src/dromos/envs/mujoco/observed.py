"""What robots observe: pieces of arrays of ``MjData``, one after the other.

A piece is ``(array, first, count, how)``, and ``how`` is ``"copy"``, ``"sin"``, ``"cos"``,
``"clip"`` followed by two bounds, ``"clip_contact"`` (by the bounds of the task), or ``"minus"``
followed by where in the same array that begins which is subtracted.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np

__all__ = ["Observation", "body", "of_humanoid", "part", "whole_run"]

#: The pieces, and how many numbers each array makes (`observation_structure`).
Observation = tuple[list[tuple[Any, ...]], dict[str, int]]


def part(field: str, size: int, *, skip: int = 0, clip: float | None = None) -> tuple[Any, ...]:
    """Return a piece of an observation: an array of ``MjData``, flat, from its number `skip` on."""
    if clip is None:
        return field, skip, size - skip, "copy"
    return field, skip, size - skip, "clip", -clip, clip


def whole_run(model: Any, skipped: int, *, clip: float | None = None) -> Observation:
    """Return the observation of positions from the `skipped`-th on, and velocities."""
    nq, nv = int(model.nq), int(model.nv)
    pieces = [part("qpos", nq, skip=skipped), part("qvel", nv, clip=clip)]
    return pieces, {"skipped_qpos": skipped, "qpos": nq - skipped, "qvel": nv}


def of_humanoid(env: Any, model: Any, *, first_body: int, first_actuated: int) -> Observation:
    """Return the observation of a humanoid, as its switches say.

    Args:
        env: The environment.
        model: The model.
        first_body: The first body that is observed; 1 leaves out the world.
        first_actuated: The first degree of freedom whose actuator's force is observed.
    """
    pieces, structure = whole_run(model, 2 * env._exclude_current_positions_from_observation)
    bodies, nv = int(model.nbody), int(model.nv)
    for field, width, first, count in (
        ("cinert", 10, first_body, bodies),
        ("cvel", 6, first_body, bodies),
        ("qfrc_actuator", 1, first_actuated, nv),
        ("cfrc_ext", 6, first_body, bodies),
    ):
        included = getattr(env, f"_include_{field}_in_observation")
        structure[field] = width * (count - first) * included
        if included:
            pieces.append(part(field, width * count, skip=width * first))
    return pieces, {**structure, "ten_length": 0, "ten_velocity": 0}


def body(model: Any, name: str | int) -> int:
    """Return the number of a body.

    Raises:
        TypeError: If it is neither a number nor a name.
        ValueError: If the model has no such body.
    """
    if not isinstance(name, str | int | np.integer):
        raise TypeError(f"Expected the number or the name of a body, found {name!r:.200}")
    try:
        return cast("int", model.body(name).id)
    except (KeyError, IndexError) as error:
        raise ValueError(f"The model has no body {name!r}: {error}") from None
