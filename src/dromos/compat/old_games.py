"""Games of the Atari 2600 as releases until Gym 0.25 limited and named them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dromos.envs.registration import EnvSpec, parse_env_id

__all__ = ["LIMITED_STEPS_UNTIL", "VERSION_3_UNTIL", "in_steps", "of_version_3", "version_3_ids"]

#: Since 0.26 games are limited in frames, as today.
LIMITED_STEPS_UNTIL = (0, 25)
#: Version 4 was called 3 until then.
VERSION_3_UNTIL = (0, 8)

_ENTRY_POINT = "dromos.envs.atari:AtariEnv"
#: Half an hour of the console, for ids of ``ALE/``.
_MOST_FRAMES = 108_000
_MOST_STEPS = 100_000
#: Of ``Name-v0`` and ``Name-ram-v0``, which choose how many frames a step lasts.
_MOST_STEPS_OF_VERSION_0 = 10_000


def in_steps(spec: EnvSpec) -> EnvSpec:
    """Return a game's specification with the limit of steps it had; any other as it is.

    100,000 steps, of which those without frame skip counted one frame each, so that they had four
    times as many (in Space Invaders three times), and the first version 10,000.
    """
    if spec.entry_point != _ENTRY_POINT:
        return spec
    kwargs = {k: v for k, v in spec.kwargs.items() if k != "max_num_frames_per_episode"}
    frames = kwargs.get("frameskip")
    steps = _MOST_STEPS
    if spec.namespace == "ALE":
        steps = _MOST_FRAMES // int(frames)  # type: ignore[arg-type]
    elif frames == 1:
        steps *= 3 if kwargs["game"] == "space_invaders" else 4
    elif frames == (2, 5) and spec.version == 0:
        steps = _MOST_STEPS_OF_VERSION_0
    return spec._replaced(max_episode_steps=steps, kwargs=kwargs, vector_entry_point=None)


def of_version_3(id: str, known: Mapping[str, EnvSpec]) -> EnvSpec | None:
    """Return what ``Name-v3`` was: today's ``Name-v4``; None if no game is called so.

    Args:
        id: The id.
        known: Today's ids.
    """
    namespace, name, version = parse_env_id(id)
    today = f"{name}-v4"
    if namespace is not None or version != 3 or today not in known:
        return None
    if known[today].entry_point != _ENTRY_POINT:
        return None
    return known[today]._replaced(id=id, version=3)


def version_3_ids(known: Mapping[str, EnvSpec]) -> Iterator[str]:
    """Yield the ids of version 3 of all games."""
    for spec in known.values():
        if spec.entry_point == _ENTRY_POINT and (spec.namespace, spec.version) == (None, 4):
            yield f"{spec.name}-v3"
