"""From an id to its specification, or to an error that says what to ask for instead."""

from __future__ import annotations

from typing import NoReturn

from dromos import error, logger
from dromos.homes import import_module
from dromos.registration.ids import get_env_id, parse_env_id
from dromos.registration.plugins import load_plugins
from dromos.registration.registry import find_highest_version, registry
from dromos.registration.spec import EnvSpec

__all__ = ["find_spec", "spec"]


def spec(env_id: str) -> EnvSpec:
    """Return the specification registered under an id.

    Args:
        env_id: ``[module:][namespace/]name[-v(version)]``. Without a version it means the newest;
            the module is imported first.

    Raises:
        UnregisteredEnv: If the id is not registered; the message names near ones.
        DeprecatedEnv: If only newer versions are registered.
        Error: If the id is malformed.
        ModuleNotFoundError: If the module cannot be imported.
    """
    found = registry.get(env_id)
    return find_spec(env_id) if found is None else found


def find_spec(env_id: str) -> EnvSpec:
    """Do what `spec` does, and warn when a newer version is registered."""
    known = registry.newest(env_id)
    if known is not None:
        return known
    if env_id not in registry and ":" in env_id:
        env_id = _import_module_of(env_id)
    found = _registered(env_id)
    if found is None:
        load_plugins()  # or wait until another thread has
        found = _registered(env_id)
    ns, name, version = parse_env_id(env_id)
    newest = find_highest_version(ns, name)
    if version is not None and newest is not None and newest > version:
        logger.deprecation(
            f"The environment {env_id} is out of date. "
            f"You should consider upgrading to version `v{newest}`."
        )
    if found is None:
        _raise_unregistered(ns, name, version)
    if version is None and newest is not None:
        logger.warn(
            f"Using the latest versioned environment `{found.id}` "
            f"instead of the unversioned environment `{env_id}`."
        )
    return found


def _registered(env_id: str) -> EnvSpec | None:
    """Return the specification of an id, of its newest version if the id has none."""
    ns, name, version = parse_env_id(env_id)
    if version is None and (newest := find_highest_version(ns, name)) is not None:
        return registry.get(get_env_id(ns, name, newest))
    return registry.get(env_id)


def _import_module_of(env_id: str) -> str:
    """Import the module before the colon, which registers ids, and return the id after it."""
    module, _, rest = env_id.partition(":")
    if not module:
        return env_id
    try:
        import_module(module)
    except ModuleNotFoundError as reason:
        raise ModuleNotFoundError(
            f"{reason}. Environment registration via importing a module failed. "
            f"Check whether '{module}' contains env registration and can be imported.",
            name=reason.name,
        ) from reason
    return rest


def _raise_unregistered(ns: str | None, name: str, version: int | None) -> NoReturn:
    """Raise the error for the first part of an id that the registry does not hold."""
    specs = registry.values()
    if ns is not None and ns not in (namespaces := {s.namespace for s in specs if s.namespace}):
        hint = error.did_you_mean(ns, namespaces)
        raise error.NamespaceNotFound(
            f"Namespace {ns} not found."
            f"{hint or f' Have you installed the proper package for {ns}?'}"
        )
    if name not in (names := {s.name for s in specs if s.namespace == ns}):
        where = f" in namespace {ns}" if ns else ""
        hint = error.did_you_mean(name, names)
        raise error.NameNotFound(f"Environment `{name}` doesn't exist{where}.{hint}")
    _raise_no_such_version(ns, name, version)


def _raise_no_such_version(ns: str | None, name: str, version: int | None) -> NoReturn:
    family = registry.family(ns, name)
    title = get_env_id(ns, name, None)
    newest = family[-1]
    if version is None:
        raise error.UnregisteredEnv(f"No registered env with id: {title}")
    if newest.version is not None and version < newest.version:
        raise error.DeprecatedEnv(
            f"Environment version v{version} for `{title}` is deprecated. "
            f"Please use `{newest.id}` instead."
        )
    message = f"Environment version `v{version}` for environment `{title}` doesn't exist."
    if family[0].version is None:
        message += f" It provides the default version `{family[0].id}`."
    if newest.version is None:
        raise error.DeprecatedEnv(message)
    versions = ", ".join(f"`v{spec.version}`" for spec in family if spec.version is not None)
    raise error.VersionNotFound(f"{message} It provides versioned environments: [ {versions} ].")
