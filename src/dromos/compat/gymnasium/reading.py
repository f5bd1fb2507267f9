"""What a program takes from a library, read from its source without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Reference", "references"]

_CAUGHT = {"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"}


class Reference(NamedTuple):
    """A module or a name in a module that a source file reaches for.

    Attributes:
        module: The full name of a module.
        names: What is taken from it, attribute by attribute; empty if only the module is.
        line: The line of the source, from 1.
        guarded: Whether the program catches the error of its absence.
    """

    module: str
    names: tuple[str, ...]
    line: int
    guarded: bool


def references(source: str, package: str) -> Iterator[Reference]:
    """Yield what a source file imports, and what it takes from modules that it imported.

    Code for type checkers alone is passed over.

    Args:
        source: The text of the file.
        package: The package that relative imports start from; ``""`` if there is none.

    Raises:
        SyntaxError: If the text is not Python.
        ValueError: Likewise, if it has a zero byte; before Python 3.12.
    """
    nodes = list(_running(ast.parse(source), False))
    bound: dict[str, str] = {}
    for node, guarded in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound[alias.asname or _top(alias.name)] = (
                    alias.name if alias.asname else _top(alias.name)
                )
                yield Reference(alias.name, (), node.lineno, guarded)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, package)
            for alias in node.names:
                if alias.name != "*":
                    bound[alias.asname or alias.name] = f"{module}.{alias.name}"
                names = () if alias.name == "*" else (alias.name,)
                yield Reference(module, names, node.lineno, guarded)
    for node, guarded in nodes:
        if isinstance(node, ast.Attribute) and (chain := _chain(node)) and chain[0] in bound:
            yield Reference(bound[chain[0]], tuple(chain[1:]), node.lineno, guarded)


def _running(tree: ast.AST, guarded: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Yield the nodes below `tree` that may run, each with whether a missing name is caught."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                yield other, guarded
                yield from _running(other, guarded)
            continue
        if isinstance(node, ast.Try) and _catches(node):
            for statement in node.body:
                yield statement, True
                yield from _running(statement, True)
            for part in (*node.handlers, *node.orelse, *node.finalbody):
                yield from _running(part, guarded)
                yield part, guarded
            continue
        yield node, guarded
        yield from _running(node, guarded)


def _catches(node: ast.Try) -> bool:
    """Return whether a ``try`` goes on when a name is missing."""
    kinds = {
        kind.id
        for handler in node.handlers
        if handler.type is not None
        for kind in ast.walk(handler.type)
        if isinstance(kind, ast.Name)
    }
    return bool(kinds & _CAUGHT) or any(handler.type is None for handler in node.handlers)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    """Return the full name of the module that names are imported from."""
    if not node.level:
        return node.module or ""
    parents = package.split(".")
    base = parents[: len(parents) - node.level + 1]
    return ".".join([*base, *filter(None, [node.module])])


def _chain(node: ast.expr) -> list[str]:
    """Return the names of ``a.b.c``; nothing if it does not start with a name."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute) and (before := _chain(node.value)):
        return [*before, node.attr]
    return []


def _top(name: str) -> str:
    return name.partition(".")[0]
