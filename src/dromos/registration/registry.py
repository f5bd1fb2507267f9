"""The registry: which ids there are."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any, NamedTuple, TypeVar, cast

from dromos import error, logger
from dromos.locks import Lock
from dromos.registration.ids import get_env_id, parse_env_id
from dromos.registration.spec import EnvCreator, EnvSpec, VectorEnvCreator
from dromos.specs import WrapperSpec

__all__ = [
    "Collection",
    "Registry",
    "find_highest_version",
    "in_current_namespace",
    "namespace",
    "register",
    "register_envs",
    "registry",
]

_Method = TypeVar("_Method", bound=Callable[..., Any])


class Collection(NamedTuple):
    """Environments too many to make a specification of each before one is asked for.

    Attributes:
        family: Returns the specifications of a namespace and name, none if it has none of them.
        all: Returns all specifications.
        stands_for: The entry points, of other packages, whose ids these are too: what such a
            package registers under an id of the collection is there already.
    """

    family: Callable[[str | None, str], Iterable[EnvSpec]]
    all: Callable[[], Iterable[EnvSpec]]
    stands_for: frozenset[str]


def _changing(method: _Method) -> _Method:
    """Make a method of dict that changes it forget what was computed from the old entries."""

    @functools.wraps(method)
    def changed(self: Registry, *args: Any, **kwargs: Any) -> Any:
        self.enter_all()
        self._families = None
        return method(self, *args, **kwargs)

    return cast("_Method", changed)


def _whole(method: _Method) -> _Method:
    """Make a method of dict that sees all entries see those of collections too."""

    @functools.wraps(method)
    def entered(self: Registry, *args: Any, **kwargs: Any) -> Any:
        self.enter_all()
        return method(self, *args, **kwargs)

    return cast("_Method", entered)


class Registry(dict[str, EnvSpec]):
    """A dict from ids to specifications that can also tell the versions of a name.

    It may be read and written like any dict. Collections are in it from the start; their
    specifications are made when somebody asks for one, or for everything there is.
    """

    # Held by the thread that makes specifications, or the table of their versions.
    _entering = Lock()
    # By namespace and name, in the order of `_version_order`; None when it must be made anew.
    _families: dict[tuple[str | None, str], list[EnvSpec]] | None = None
    # All, those of which not everything is entered yet, and the families of them that are.
    _all_collections: tuple[Collection, ...] = ()
    _collections: tuple[Collection, ...] = ()
    _entered: frozenset[tuple[str | None, str]] = frozenset()

    __setitem__ = _changing(dict.__setitem__)
    __delitem__ = _changing(dict.__delitem__)
    __ior__ = _changing(dict.__ior__)
    clear = _changing(dict.clear)
    pop = _changing(dict.pop)
    popitem = _changing(dict.popitem)
    setdefault = _changing(dict.setdefault)
    update = _changing(dict.update)

    __iter__ = _whole(dict.__iter__)
    __len__ = _whole(dict.__len__)
    __reversed__ = _whole(dict.__reversed__)
    __eq__ = _whole(dict.__eq__)
    __or__ = _whole(dict.__or__)  # pyright: ignore[reportAssignmentType]
    copy = _whole(dict.copy)
    items = _whole(dict.items)
    keys = _whole(dict.keys)
    values = _whole(dict.values)
    __hash__ = None

    def __missing__(self, env_id: str) -> EnvSpec:
        if not self._enter_family_of(env_id):
            raise KeyError(env_id)
        return super().__getitem__(env_id)

    def __contains__(self, env_id: object) -> bool:
        return super().__contains__(env_id) or self._enter_family_of(env_id)

    def get(self, env_id: str, default: Any = None) -> EnvSpec | Any:
        """Return the specification of an id, or `default`."""
        found = super().get(env_id)
        if found is None and self._enter_family_of(env_id):
            found = super().get(env_id)
        return default if found is None else found

    def add_collection(self, collection: Collection) -> None:
        """Let the registry hold a collection from now on, except for ids it has already."""
        self._all_collections = (*self._all_collections, collection)
        self._collections = (*self._collections, collection)
        self._entered = frozenset()

    def entered(self) -> list[EnvSpec]:
        """Return the specifications made so far: all but those of collections nobody asked for."""
        return list(super().values())

    def stands_for(self, env_id: str, entry_point: object) -> bool:
        """Return whether what `entry_point` makes is in a collection under this id already."""
        return any(
            entry_point in collection.stands_for
            and any(spec.id == env_id for spec in collection.family(*parse_env_id(env_id)[:2]))
            for collection in self._all_collections
        )

    def enter_all(self) -> None:
        """Make every specification of the collections."""
        if not self._collections:
            return
        with self._entering.held():
            for collection in self._collections:
                for spec in collection.all():
                    if (spec.namespace, spec.name) not in self._entered:
                        self._enter(spec)
            self._collections = ()

    def _enter_family_of(self, env_id: object) -> bool:
        """Enter the family of an id from the collections; return whether the id is in it."""
        if not self._collections or not isinstance(env_id, str):
            return False
        with contextlib.suppress(error.Error):
            self._enter_family(*parse_env_id(env_id)[:2])
        return super().__contains__(env_id)

    def _enter_family(self, ns: str | None, name: str) -> None:
        if not self._collections or (ns, name) in self._entered:
            return
        with self._entering.held():
            if (ns, name) in self._entered:  # another thread has
                return
            for collection in self._collections:
                for spec in collection.family(ns, name):
                    self._enter(spec)
            self._entered |= {(ns, name)}

    def _enter(self, spec: EnvSpec) -> None:
        if not super().__contains__(spec.id):
            self._families = None
            super().__setitem__(spec.id, spec)

    @property
    def env_specs(self) -> Registry:
        """The registry itself, under the name old Gym's registry object gave its dict."""
        return self

    def add(self, spec: EnvSpec) -> None:
        """Enter `spec` under its id; unlike an assignment it keeps the table of versions."""
        with self._entering.held():
            family = self.family(spec.namespace, spec.name)
            others = [other for other in family if other.id != spec.id]
            families = self._versions()
            families[spec.namespace, spec.name] = sorted([*others, spec], key=_version_order)
            super().__setitem__(spec.id, spec)

    def newest(self, env_id: str) -> EnvSpec | None:
        """Return the specification of an id if there is one and no newer version of it."""
        families, found = self._families, dict.get(self, env_id)
        if families is None or found is None:  # not made yet, or of a collection
            found = self.get(env_id)
            families = self._versions()
        if found is None:
            return None
        family = families.get((found.namespace, found.name))  # None if entered since, by a thread
        return found if family and family[-1] is found else None

    def family(self, ns: str | None, name: str) -> Sequence[EnvSpec]:
        """Return the specifications of this name, unversioned first, then by version."""
        self._enter_family(ns, name)
        return self._versions().get((ns, name), ())

    def _versions(self) -> dict[tuple[str | None, str], list[EnvSpec]]:
        known = self._families
        if known is not None:
            return known
        families: dict[tuple[str | None, str], list[EnvSpec]] = {}
        with self._entering.held():
            for spec in sorted(super().values(), key=_version_order):
                families.setdefault((spec.namespace, spec.name), []).append(spec)
            self._families = families
        return families


def _version_order(spec: EnvSpec) -> int:
    return -1 if spec.version is None else spec.version


#: Every known environment by its id.
registry = Registry()

#: What `namespace` has set, and None outside of it.
current_namespace: str | None = None


def find_highest_version(ns: str | None, name: str) -> int | None:
    """Return the highest registered version of a name, None if there is none."""
    family = registry.family(ns, name)
    return family[-1].version if family else None


@contextlib.contextmanager
def namespace(ns: str | None) -> Iterator[None]:
    """Put the ids that are registered inside the ``with`` block into the namespace `ns`.

    None ends an outer block's say: the ids are registered as they are written.
    """
    global current_namespace
    outer, current_namespace = current_namespace, ns
    try:
        yield
    finally:
        current_namespace = outer


def register(
    id: str,
    entry_point: EnvCreator | str | None = None,
    reward_threshold: float | None = None,
    nondeterministic: bool = False,
    max_episode_steps: int | None = None,
    order_enforce: bool = True,
    disable_env_checker: bool = False,
    additional_wrappers: Sequence[WrapperSpec] = (),
    vector_entry_point: VectorEnvCreator | str | None = None,
    kwargs: dict[str, Any] | None = None,
) -> None:
    """Give an environment an id, under which `make` finds it.

    Nothing is imported yet. An id that is already taken is replaced, with a warning.

    Args:
        id: ``[namespace/]name[-v(version)]``.
        entry_point: ``"module:attribute"``, a class, or another callable.
        reward_threshold: The mean return at which the task counts as solved.
        nondeterministic: Whether equal seeds and actions may still give different episodes.
        max_episode_steps: The number of steps after which an episode is truncated.
        order_enforce: Whether calling ``step`` or ``render`` before ``reset`` is an error.
        disable_env_checker: Whether `make` leaves out its passive checks.
        additional_wrappers: Wrappers `make` applies after its own, innermost first.
        vector_entry_point: Like `entry_point`, for a vector environment.
        kwargs: Keyword arguments for the entry point.

    Raises:
        TypeError: If the id is not a string.
        ValueError: If there is neither kind of entry point.
        Error: If the id is malformed.
        RegistrationError: If the name is registered with versions and `id` has none, or the
            reverse.
    """
    full_id = in_current_namespace(id)
    if entry_point is None and vector_entry_point is None:
        raise ValueError("Either `entry_point` or `vector_entry_point` (or both) must be provided")
    spec = EnvSpec(
        full_id,
        entry_point,
        reward_threshold,
        nondeterministic,
        max_episode_steps,
        order_enforce,
        disable_env_checker,
        dict(kwargs or {}),
        tuple(additional_wrappers),
        vector_entry_point,
    )
    _check_versioning(spec)
    if registry.stands_for(spec.id, entry_point):
        return
    if spec.id in registry:
        logger.warn(f"Overriding environment {spec.id} already in registry.")
    registry.add(spec)


def register_envs(env_module: ModuleType) -> None:
    """Make a module's environments known here, whoever it registered them with.

    What a module registered with this library is known since it was imported; the call shows
    readers and linters that the import is used. What it registered with the real Gymnasium is
    entered here under the same ids, unless they are taken: such an environment is made by
    Gymnasium and converted, as `dromos.compat.gymnasium.from_gymnasium` does.

    Args:
        env_module: The module or package, imported. It warns if there is nothing of it.
    """
    peer = sys.modules.get("gymnasium")
    theirs = getattr(peer, "registry", registry)
    if theirs is registry:
        return
    package = env_module.__name__.partition(".")[0]
    found = [spec for spec in theirs.values() if _package_of(spec.entry_point) == package]
    for spec in found:
        if spec.id not in registry:
            registry.add(_made_there(spec))
    if not found and all(_package_of(spec.entry_point) != package for spec in registry.values()):
        logger.warn(
            f"Nothing of `{package}` is registered, neither here nor with Gymnasium. A package "
            "that registers when it is asked to has a function for it; call that first."
        )


def _package_of(entry_point: object) -> str:
    """Return the name of the package of an entry point."""
    where = entry_point if isinstance(entry_point, str) else getattr(entry_point, "__module__", "")
    return str(where).partition(":")[0].partition(".")[0]


def _made_there(spec: Any) -> EnvSpec:
    """Return a specification by which the real Gymnasium makes what its own describes."""
    return EnvSpec(
        spec.id,
        "dromos.compat.gymnasium:made_by_gymnasium",
        spec.reward_threshold,
        spec.nondeterministic,
        spec.max_episode_steps,
        spec.order_enforce,
        spec.disable_env_checker,
        {"gymnasium_id": spec.id},
    )


def in_current_namespace(env_id: str) -> str:
    """Return an id in the namespace that `namespace` has set, if one is."""
    ns, name, version = parse_env_id(env_id)
    if current_namespace is None or ns == current_namespace:
        return env_id
    if ns is not None:
        logger.warn(
            f"Custom namespace `{ns}` is being overridden by namespace `{current_namespace}`. "
            "If you are developing a plugin you shouldn't specify a namespace in `register` "
            "calls. The namespace is specified through the entry point package metadata.",
            detail=f"It was registered as `{env_id}`.",
        )
    return get_env_id(current_namespace, name, version)


def _check_versioning(spec: EnvSpec) -> None:
    """Refuse a name with and without versions: the unversioned id means the newest version."""
    for other in registry.family(spec.namespace, spec.name):
        if other.version is None and spec.version is not None:
            raise error.RegistrationError(
                f"Can't register the versioned environment `{spec.id}` when the unversioned "
                f"environment `{other.id}` of the same name already exists."
            )
        if other.version is not None and spec.version is None:
            newest = registry.family(spec.namespace, spec.name)[-1]
            raise error.RegistrationError(
                f"Can't register the unversioned environment `{spec.id}` when the versioned "
                f"environment `{newest.id}` of the same name already exists. "
                f"`make` takes `{spec.id}` to mean the newest version."
            )
