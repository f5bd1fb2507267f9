"""The ids of old releases, and what they make today.

A row is an id that a release had and today's catalogue has not, or has otherwise. Environments
whose rules have changed since are in `dromos.compat.old_envs`; the others are today's, fitted by
`dromos.compat.as_then`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, NamedTuple

from dromos.compat import old_games
from dromos.envs.catalogue import not_on_this_mujoco
from dromos.envs.registration import EnvSpec, parse_env_id, registry
from dromos.envs.registration import spec as find_spec
from dromos.registration.plugins import load_plugins

__all__ = ["OldIds", "OldRegistry", "Release", "Releases"]

Release = tuple[int, int]
#: The first and the last release that a dialect stands for.
Releases = tuple[Release, Release]

_ENVS = "dromos.compat.old_envs"
_UNSET: Any = object()
_FIRST: Release = (0, 0)


class _Row(NamedTuple):
    """An id as some releases had it.

    Attributes:
        id: The id then.
        since: The first release that had it so.
        until: The last.
        of: Today's id, or the entry point of an environment of that time.
        steps: The limit of steps, if it is not that of today's id.
        threshold: The mean return that solves it, if it is not that of today's id.
        kwargs: Arguments of the entry point, if they are not those of today's id.
        made_by: The entry point, if only the rest is that of today's id.
    """

    id: str
    since: Release
    until: Release
    of: str
    steps: int | None = _UNSET
    threshold: float | None = _UNSET
    kwargs: dict[str, Any] = _UNSET
    made_by: str | None = None


def _gone(
    id: str,
    until: Release,
    of: str,
    steps: int | None,
    threshold: float | None = None,
    since: Release = _FIRST,
    **kwargs: Any,
) -> _Row:
    """Return the row of an environment that today's catalogue does not have."""
    return _Row(id, since, until, f"{_ENVS}.{of}", steps, threshold, kwargs)


def _robots() -> Iterator[_Row]:
    """Yield the rows of the robots that mujoco-py moved, and that of the pusher of version 4."""
    with_arguments = ("HalfCheetah", "Hopper", "Swimmer", "Walker2d", "Ant", "Humanoid")
    others = ("HumanoidStandup", "InvertedDoublePendulum", "InvertedPendulum", "Pusher", "Reacher")
    for name in (*with_arguments, *others):
        today = f"{name}-v5"
        of_then = f"{_ENVS}.robots_v2:{name}Env"
        yield _Row(f"{name}-v1", _FIRST, (0, 9), today, made_by=of_then)
        yield _Row(f"{name}-v2", (0, 9), (0, 29), today, made_by=of_then)
        if name in with_arguments:
            of_then = f"{_ENVS}.robots_v3:{name}Env"
            yield _Row(f"{name}-v3", (0, 12), (0, 29), today, made_by=of_then)
    yield _Row("Pusher-v4", (0, 24), (0, 29), "Pusher-v5", made_by=f"{_ENVS}.robots_v2:PusherEnv")


_ROWS = (
    _Row("Acrobot-v1", _FIRST, (0, 10), "Acrobot-v1", threshold=None),
    _Row("CliffWalking-v0", _FIRST, (1, 1), "CliffWalking-v1"),
    _Row("FrozenLake-v0", _FIRST, (0, 17), "FrozenLake-v1", threshold=0.78),
    _Row("FrozenLake-v0", (0, 18), (0, 18), "FrozenLake-v1"),
    _Row("FrozenLake8x8-v0", _FIRST, (0, 17), "FrozenLake8x8-v1", threshold=0.99),
    _Row("FrozenLake8x8-v0", (0, 18), (0, 18), "FrozenLake8x8-v1"),
    _Row("BipedalWalker-v2", _FIRST, (0, 15), "BipedalWalker-v3"),
    _Row("BipedalWalkerHardcore-v2", _FIRST, (0, 15), "BipedalWalkerHardcore-v3"),
    _gone("CarRacing-v0", (0, 21), "box2d:CarRacingV0", 1000, 900),
    _gone("CarRacing-v1", (0, 24), "box2d:CarRacingV1", 1000, 900, since=(0, 22)),
    *(
        _gone(f"CarRacing{name}-v1", (0, 24), "box2d:CarRacingV1", 1000, 900, (0, 24), **kwargs)
        for name, kwargs in (
            ("DomainRandomize", {"domain_randomize": True}),
            ("Discrete", {"continuous": False}),
            ("DomainRandomizeDiscrete", {"domain_randomize": True, "continuous": False}),
        )
    ),
    _gone("CarRacing-v2", (0, 29), "box2d:CarRacingV2", 1000, 900, since=(0, 25)),
    _Row("LunarLander-v2", _FIRST, (0, 29), "LunarLander-v3"),
    _Row("LunarLanderContinuous-v2", _FIRST, (0, 29), "LunarLanderContinuous-v3"),
    _gone("LunarLander-v2", (0, 9), "box2d:LunarLander", 1000, 200),
    _gone("LunarLanderContinuous-v2", (0, 9), "box2d:LunarLander", 1000, 200, continuous=True),
    _Row("Taxi-v3", (0, 15), (1, 2), "Taxi-v4"),
    _gone("Taxi-v2", (0, 14), "tabular:TaxiEnv", 200, 8.0),
    _gone("Pendulum-v0", (0, 20), "pendulum:PendulumEnv", 200),
    _gone("Blackjack-v0", (0, 19), "blackjack:BlackjackEnv", None),
    _gone(
        "Blackjack-v1",
        (0, 21),
        "blackjack:BlackjackEnv",
        None,
        since=(0, 20),
        natural=False,
        sab=True,
    ),
    _gone("Copy-v0", (0, 19), "algorithmic:CopyEnv", 200, 25.0),
    _gone("DuplicatedInput-v0", (0, 19), "algorithmic:DuplicatedInputEnv", 200, 9.0),
    _gone("RepeatCopy-v0", (0, 19), "algorithmic:RepeatCopyEnv", 200, 75.0),
    _gone("Reverse-v0", (0, 19), "algorithmic:ReverseEnv", 200, 25.0),
    _gone("ReversedAddition-v0", (0, 19), "algorithmic:ReversedAdditionEnv", 200, 25.0, rows=2),
    _gone("ReversedAddition3-v0", (0, 19), "algorithmic:ReversedAdditionEnv", 200, 25.0, rows=3),
    _gone("NChain-v0", (0, 19), "games:NChainEnv", 1000),
    _gone("Roulette-v0", (0, 19), "games:RouletteEnv", 100),
    _gone("GuessingGame-v0", (0, 19), "games:GuessingGame", 200),
    _gone("HotterColder-v0", (0, 19), "games:HotterColder", 200),
    _gone("KellyCoinflip-v0", (0, 10), "kelly:KellyCoinflipEnv", None, 246.61, ends_late=True),
    _gone("KellyCoinflip-v0", (0, 19), "kelly:KellyCoinflipEnv", None, 246.61, since=(0, 11)),
    _gone(
        "KellyCoinflipGeneralized-v0",
        (0, 10),
        "kelly:KellyCoinflipGeneralizedEnv",
        None,
        ends_late=True,
    ),
    _gone(
        "KellyCoinflipGeneralized-v0",
        (0, 19),
        "kelly:KellyCoinflipGeneralizedEnv",
        None,
        since=(0, 11),
    ),
    _gone("CubeCrash-v0", (0, 21), "pixels:CubeCrash", None, 0.9),
    _gone("CubeCrashSparse-v0", (0, 21), "pixels:CubeCrashSparse", None, 0.9),
    _gone(
        "CubeCrashScreenBecomesBlack-v0", (0, 21), "pixels:CubeCrashScreenBecomesBlack", None, 0.9
    ),
    _gone("MemorizeDigits-v0", (0, 21), "pixels:MemorizeDigits", None, 20),
    *_robots(),
)


class OldIds(Mapping[str, EnvSpec]):
    """The ids of some releases, with today's around them.

    Args:
        releases: The first and the last release.
    """

    def __init__(self, releases: Releases) -> None:
        first, last = releases
        self._rows = {row.id: row for row in _ROWS if row.until >= first and row.since <= last}
        self._counts_steps = last <= old_games.LIMITED_STEPS_UNTIL
        self._has_version_3 = first <= old_games.VERSION_3_UNTIL

    def __getitem__(self, id: str) -> EnvSpec:
        row = self._rows.get(id)
        if row is None or (_is_made_today(id) and row.of != id and ":" not in row.of):
            found = self._todays(id)
            return old_games.in_steps(found) if self._counts_steps else found
        return _spec_of(row)

    def _todays(self, id: str) -> EnvSpec:
        """Return a specification of today's, or one that the user has registered."""
        if id not in registry:
            load_plugins()  # releases did when they were imported
            if self._has_version_3 and id not in registry:
                return old_games.of_version_3(id, registry) or registry[id]
        return registry[id]

    def remove(self, id: str) -> None:
        """Take an id away that only these releases have.

        Raises:
            KeyError: If there is none.
        """
        del self._rows[id]

    def own(self) -> list[str]:
        """Return the ids that only these releases have."""
        return [id for id in self if not _is_made_today(id)]

    def __iter__(self) -> Iterator[str]:
        load_plugins()
        yield from registry
        if self._has_version_3:
            yield from old_games.version_3_ids(registry)
        for row in self._rows.values():
            if row.id not in registry and (":" in row.of or row.of in registry):
                yield row.id

    def __len__(self) -> int:
        return sum(1 for _ in self)


class OldRegistry(MutableMapping[str, EnvSpec]):
    """Today's registry with the ids of some releases; what is written goes to today's.

    Args:
        releases: The first and the last release.
    """

    def __init__(self, releases: Releases) -> None:
        self._all = OldIds(releases)

    def __getitem__(self, id: str) -> EnvSpec:
        return self._all[id]

    def __setitem__(self, id: str, spec: EnvSpec) -> None:
        registry[id] = spec

    def __delitem__(self, id: str) -> None:
        if id in registry:
            del registry[id]
        else:
            self._all.remove(id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def spec(self, id: str) -> EnvSpec:
        """Return the specification of an id; without a version, of the release's newest.

        Raises:
            UnregisteredEnv: If there is no such id; the message names near ones.
        """
        if id in self._all:
            return self._all[id]
        if ":" not in id and parse_env_id(id)[2] is None:
            own = [one for one in self._all.own() if parse_env_id(one)[:2] == parse_env_id(id)[:2]]
            if own:
                return self._all[max(own)]
        return find_spec(id)


def _is_made_today(id: str) -> bool:
    """Return whether today's registry has an id, and not to refuse it."""
    return id in registry and registry[id].entry_point is not not_on_this_mujoco


def _spec_of(row: _Row) -> EnvSpec:
    if ":" in row.of:
        return EnvSpec(
            row.id, row.of, row.threshold, max_episode_steps=row.steps, kwargs=row.kwargs
        )
    namespace, name, version = parse_env_id(row.id)
    changes: dict[str, Any] = {
        "max_episode_steps": row.steps,
        "reward_threshold": row.threshold,
        "kwargs": row.kwargs,
    }
    if row.made_by is not None:
        changes.update(entry_point=row.made_by, vector_entry_point=None)
    return registry[row.of]._replaced(
        id=row.id,
        namespace=namespace,
        name=name,
        version=version,
        **{key: value for key, value in changes.items() if value is not _UNSET},
    )
