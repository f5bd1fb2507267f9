"""Specifications and the registry as text for people."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dromos.registration.plugins import load_plugins
from dromos.registration.registry import registry
from dromos.registration.spec import EnvSpec
from dromos.specs import WrapperSpec

__all__ = ["pprint_registry", "spec_text"]


def pprint_registry(
    print_registry: Mapping[str, EnvSpec] = registry,
    *,
    num_cols: int = 3,
    exclude_namespaces: Collection[str] | None = None,
    disable_print: bool = False,
) -> str | None:
    """Print the ids that `make` knows, in groups.

    An id without a namespace is grouped by the package its entry point lies in.

    Args:
        print_registry: The registry to print. For that of the library, installed plug-ins are
            loaded first.
        num_cols: How many ids stand on a line.
        exclude_namespaces: Groups to leave out.
        disable_print: Whether to return the text instead of printing it.
    """
    if print_registry is registry:
        load_plugins()
    groups: dict[str | None, list[str]] = {}
    for spec in print_registry.values():
        groups.setdefault(_group(spec), []).append(spec.id)
    width = max((len(spec.name) for spec in print_registry.values()), default=0)
    text = "\n".join(
        f"===== {group} =====\n{_columns(sorted(ids), num_cols, width)}"
        for group, ids in groups.items()
        if group not in (exclude_namespaces or ())
    )
    if disable_print:
        return text
    print(text)
    return None


def _group(spec: EnvSpec) -> str | None:
    if spec.namespace is not None or not isinstance(spec.entry_point, str):
        return spec.namespace
    match spec.entry_point.partition(":")[0].split("."):
        case [_, _, package, *_] | [_, package]:
            return package
        case _:
            return spec.name


def _columns(words: list[str], num_cols: int, width: int) -> str:
    lines = (words[start : start + num_cols] for start in range(0, len(words), num_cols))
    return "\n".join(" ".join(word.ljust(width) for word in line).rstrip() for line in lines)


def spec_text(spec: EnvSpec, include_entry_points: bool, print_all: bool) -> str:
    """Return a specification as text; see `EnvSpec.pprint`."""
    lines = [f"id={spec.id}"]
    if include_entry_points or print_all:
        lines.append(f"entry_point={spec.entry_point}")
    lines.extend(
        f"{name}={getattr(spec, name)}"
        for name, usual in _USUAL.items()
        if print_all or getattr(spec, name) is not usual
    )
    if spec.additional_wrappers:
        wrappers = ",".join(_wrapper_lines(spec.additional_wrappers, include_entry_points))
        lines.append(f"additional_wrappers=[{wrappers}\n]")
    elif print_all:
        lines.append("additional_wrappers=[]")
    return "\n".join(lines)


#: The values `EnvSpec.pprint` does not mention, in the order it shows the others.
_USUAL: dict[str, Any] = {
    "reward_threshold": None,
    "nondeterministic": False,
    "max_episode_steps": None,
    "order_enforce": True,
    "disable_env_checker": False,
}


def _wrapper_lines(wrappers: tuple[WrapperSpec, ...], include_entry_points: bool) -> Iterator[str]:
    for spec in wrappers:
        entry_point = f"entry_point={spec.entry_point}, " if include_entry_points else ""
        yield f"\n\tname={spec.name}, {entry_point}kwargs={spec.kwargs}"
