"""The registry: which ids there are."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any, TypeVar, cast

from dromos import error, logger
from dromos.registration.ids import get_env_id, parse_env_id
from dromos.registration.spec import EnvCreator, EnvSpec, VectorEnvCreator
from dromos.specs import WrapperSpec

__all__ = [
    "Registry",
    "find_highest_version",
    "namespace",
    "register",
    "register_envs",
    "registry",
]

_Method = TypeVar("_Method", bound=Callable[..., Any])


def _changing(method: _Method) -> _Method:
    """Make a method of dict that changes it forget what was computed from the old entries."""

    @functools.wraps(method)
    def changed(self: Registry, *args: Any, **kwargs: Any) -> Any:
        self._families = None
        return method(self, *args, **kwargs)

    return cast("_Method", changed)


class Registry(dict[str, EnvSpec]):
    """A dict from ids to specifications that can also tell the versions of a name.

    It may be read and written like any dict.
    """

    # By namespace and name, in the order of `_version_order`; None when it must be made anew.
    _families: dict[tuple[str | None, str], list[EnvSpec]] | None = None

    __setitem__ = _changing(dict.__setitem__)
    __delitem__ = _changing(dict.__delitem__)
    __ior__ = _changing(dict.__ior__)
    clear = _changing(dict.clear)
    pop = _changing(dict.pop)
    popitem = _changing(dict.popitem)
    setdefault = _changing(dict.setdefault)
    update = _changing(dict.update)

    @property
    def env_specs(self) -> Registry:
        """The registry itself, under the name old Gym's registry object gave its dict."""
        return self

    def add(self, spec: EnvSpec) -> None:
        """Enter `spec` under its id; unlike an assignment it keeps the table of versions."""
        families = self._versions()
        others = [other for other in self.family(spec.namespace, spec.name) if other.id != spec.id]
        families[spec.namespace, spec.name] = sorted([*others, spec], key=_version_order)
        super().__setitem__(spec.id, spec)

    def family(self, ns: str | None, name: str) -> Sequence[EnvSpec]:
        """Return the specifications of this name, unversioned first, then by version."""
        return self._versions().get((ns, name), ())

    def _versions(self) -> dict[tuple[str | None, str], list[EnvSpec]]:
        if self._families is None:
            families: dict[tuple[str | None, str], list[EnvSpec]] = {}
            for spec in sorted(self.values(), key=_version_order):
                families.setdefault((spec.namespace, spec.name), []).append(spec)
            self._families = families
        return self._families


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
    full_id = _in_current_namespace(id)
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
    if spec.id in registry:
        logger.warn(f"Overriding environment {spec.id} already in registry.")
    registry.add(spec)


def register_envs(env_module: ModuleType) -> None:
    """Do nothing: importing `env_module` registered its environments.

    The call shows readers and linters that the import is used.
    """


def _in_current_namespace(env_id: str) -> str:
    ns, name, version = parse_env_id(env_id)
    if current_namespace is None or ns == current_namespace:
        return env_id
    if ns is not None:
        logger.warn(
            f"Custom namespace `{ns}` is being overridden by namespace `{current_namespace}`, "
            f"inside which `{env_id}` is registered."
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
