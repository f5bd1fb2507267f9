"""The cluster: joined, measured, and asked for actors. The only file that imports Ray."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dromos.error import DependencyNotInstalled, WorkerError
from dromos.vector.ray.host import Host

__all__ = [
    "ActorLost",
    "cluster_cpus",
    "end_actor",
    "join",
    "ready",
    "require_room",
    "result",
    "send",
    "start_actor",
]

#: How long a head node may take to answer, in seconds.
_PATIENCE = 5.0

#: How much of what Ray says of a loss is told.
_LONGEST = 500

#: Arguments of an actor that ask for resources, by the resource's name.
_AMOUNTS = {"num_cpus": "CPU", "num_gpus": "GPU", "memory": "memory"}

_REMEDY = (
    "Start one with `ray start --head` and join nodes with `ray start --address=HOST:6379`, or "
    "leave `address` out for a cluster on this machine alone."
)


class ActorLost(Exception):
    """An actor, its node, or what it had answered is gone; the text says how."""


class Place(NamedTuple):
    """A node that is alive, as far as actors need to know.

    Attributes:
        name: Its address.
        resources: What it has in all, by name.
    """

    name: str
    resources: Mapping[str, float]


def import_ray() -> Any:
    """Return the module.

    Raises:
        DependencyNotInstalled: If it is not installed.
    """
    try:
        import ray
    except ImportError as error:
        raise DependencyNotInstalled(
            "Ray is not installed, which vectors over several machines need; run "
            "`pip install 'dromos[ray]'`"
        ) from error
    return ray


def join(address: str | None) -> None:
    """Join a cluster, if this process is in none: a running one, or one of this machine alone.

    Args:
        address: ``"HOST:PORT"``, ``"auto"`` for the one that runs on this machine, ``"local"`` for
            a new one of this machine alone. None for what the variable ``RAY_ADDRESS`` says, and
            else for ``"auto"`` if there is one, ``"local"`` if not.

    Raises:
        DependencyNotInstalled: If Ray is not installed.
        WorkerError: If no cluster is there.
    """
    ray = import_ray()
    if ray.is_initialized():
        return
    wanted = address or os.environ.get("RAY_ADDRESS")
    if wanted is None and not _listens(_last_begun()):
        wanted = "local"
    _knock(_last_begun() if wanted == "auto" else wanted)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the next releases will do
            _init(ray, wanted)
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        where = f"at {wanted!r}" if wanted else "on this machine"
        raise WorkerError(
            f"Expected a Ray cluster {where}, found none that could be joined: {error} {_REMEDY}"
        ) from error


def _init(ray: Any, address: str | None) -> None:
    if address != "local":
        try:
            ray.init(address or "auto", logging_level="warning")
            return
        except ConnectionError:
            if address is not None:
                raise
    ray.init("local", logging_level="warning", include_dashboard=False)


def _last_begun() -> str | None:
    """Return where the cluster listens that last began on this machine; it may have ended."""
    folder = os.environ.get("RAY_TMPDIR") or os.environ.get("TMPDIR") or "/tmp"
    try:
        return Path(folder, "ray", "ray_current_cluster").read_text().strip() or None
    except OSError:
        return None


def _listens(address: str | None) -> bool:
    """Return whether somebody listens at an address, or it is none that could be looked at."""
    try:
        _knock(address)
    except WorkerError:
        return False
    return True


def _knock(address: str | None) -> None:
    """Raise at once if nobody listens at an address; Ray itself would try for a minute.

    Raises:
        WorkerError: If nobody does.
    """
    host, colon, port = (address or "").removeprefix("ray://").rpartition(":")
    if not colon or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()
    except OSError as error:
        raise WorkerError(
            f"Expected a Ray cluster at {address!r}, found nobody listening there ({error}). "
            f"{_REMEDY}"
        ) from error


def places() -> list[Place]:
    """Return the nodes that are alive."""
    ray = import_ray()
    return [
        Place(node["NodeManagerAddress"], node["Resources"])
        for node in ray.nodes()
        if node["Alive"]
    ]


def cluster_cpus() -> int:
    """Return how many processors the cluster has in all, at least 1."""
    return max(1, int(sum(place.resources.get("CPU", 0) for place in places())))


def require_room(count: int, options: Mapping[str, Any]) -> None:
    """Raise unless the cluster is large enough for some actors, whoever else uses it now.

    Args:
        count: How many.
        options: The arguments of each, as Ray's ``options`` takes them.

    Raises:
        WorkerError: If it is not.
    """
    needs = {"CPU": 1.0}
    for argument, resource in _AMOUNTS.items():
        if options.get(argument) is not None:
            needs[resource] = float(options[argument])
    for resource, amount in (options.get("resources") or {}).items():
        needs[resource] = float(amount)
    found = places()
    room = sum(_fit(place.resources, needs) for place in found)
    if room >= count:
        return
    wanted = {name: amount for name, amount in needs.items() if amount}
    has = [
        f"{place.name}: { ({name: place.resources.get(name, 0.0) for name in wanted}) }"
        for place in found
    ]
    raise WorkerError(
        f"Expected a Ray cluster with room for {count} actors of {wanted}, found room for {room} "
        f"on its {len(found)} nodes ({'; '.join(has)}). Ask for fewer with `num_actors`, for less "
        "with `actor_options={'num_cpus': ...}`, or let nodes join with `ray start --address=...`."
    )


def _fit(has: Mapping[str, float], needs: Mapping[str, float]) -> int:
    """Return how many actors with some needs fit on a node."""
    fits = [int(has.get(name, 0.0) / amount + 1e-9) for name, amount in needs.items() if amount]
    return min(fits, default=1 << 30)


def start_actor(options: Mapping[str, Any]) -> Any:
    """Return the handle of a new actor; Ray starts it as soon as there is a place for it."""
    # Without a record of every message for Ray's dashboard, which takes a tenth of its time.
    own = {"num_cpus": 1, "scheduling_strategy": "SPREAD", "enable_task_events": False}
    given = {**own, **options}
    # What is lost is for the vector to replace: it knows the lanes.
    return _actor_class().options(**given, max_restarts=0, max_task_retries=0).remote()


@functools.cache
def _actor_class() -> Any:
    return import_ray().remote(Host)


def end_actor(actor: Any) -> None:
    """End an actor at once, if it still runs."""
    ray = import_ray()
    if ray.is_initialized():
        with contextlib.suppress(ray.exceptions.RayError, ValueError):
            ray.kill(actor)


def send(actor: Any, *arguments: Any) -> Any:
    """Send an actor a message, and return what stands for its answer."""
    return actor.do.remote(*arguments)


def ready(answers: Sequence[Any], count: int, seconds: float) -> list[Any]:
    """Return those of some answers that have come.

    Args:
        answers: What `send` returned.
        count: How many to wait for.
        seconds: For how long.
    """
    done: list[Any] = import_ray().wait(list(answers), num_returns=count, timeout=seconds)[0]
    return done


def result(answer: Any) -> Any:
    """Return an answer that has come; its arrays lie in the object store and cannot be written.

    Raises:
        ActorLost: If whoever was to give it is gone, or it is.
        WorkerError: If it cannot travel.
    """
    ray = import_ray()
    try:
        return ray.get(answer)
    except ray.exceptions.RayTaskError as error:
        raise WorkerError(f"What an actor answered cannot travel: {error}") from error
    except ray.exceptions.RayError as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        text = " ".join(lines).partition(" Some common causes")[0]
        raise ActorLost(f"{type(error).__name__}: {text[:_LONGEST]}") from error
