"""How Sphinx reads our docstrings: what a name in one refers to, and what is returned.

A word between single backticks is a parameter, an attribute or whatever else is near: it becomes a
link where something documented has that name, and else it is set as code. Types in signatures link
to what is documented here. An exception under `Raises:` has to be documented, or Python's own.
"""

from __future__ import annotations

import builtins
import re
from typing import Any

from docutils import nodes
from sphinx.domains.python import PyObject

_index: dict[str, list[str]] = {}

#: A line under ``Returns:`` that begins with the name of a part of what is returned.
_NAMED = re.compile(r"    ([a-z_]+): (.*)")

#: Reference types whose names need not be documented: the default role, and types in signatures.
_WEAK = {"obj", "class", "data", "attr"}


def setup(app: Any) -> dict[str, bool]:
    """Make Sphinx use it."""
    app.config.default_role = "py:obj"
    for field in PyObject.doc_field_types:
        if field.name == "variable":
            field.label = "Attributes"  # as our docstrings call them
    app.connect("missing-reference", _resolved)
    app.connect("autodoc-process-docstring", _reworded, priority=400)  # before napoleon
    return {"parallel_read_safe": True}


def _reworded(app: Any, what: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    """Keep napoleon from taking the words before a colon for a type: ours stand in signatures.

    Several things that are returned, each as ``name: text``, become a list.
    """
    if what in {"attribute", "property"}:
        lines.insert(0, "")
    for start, line in enumerate(lines):
        if line in {"Returns:", "Yields:"}:
            end = next(
                (i for i in range(start + 1, len(lines)) if lines[i] and lines[i][0] != " "),
                len(lines),
            )
            lines[start:end] = [":returns:", *_listed(lines[start + 1 : end])]
            return


def _listed(block: list[str]) -> list[str]:
    """Return what stands under ``Returns:`` as the body of a field."""
    named = [_NAMED.match(line) for line in block]
    if sum(map(bool, named)) < 2:
        return block
    listed = [""]
    for line, found in zip(block, named, strict=True):
        listed.append(f"    * `{found[1]}`: {found[2]}" if found else f"  {line}".rstrip())
    return listed


def _resolved(app: Any, env: Any, reference: Any, content: Any) -> Any:
    if reference.get("refdomain") != "py":
        return None
    target, kind = reference["reftarget"], reference["reftype"]
    found = _documented(env, target, weak=kind == "obj")
    if found is not None:
        documents = env.get_domain("py").objects
        entry = documents[found]
        page = app.builder.get_relative_uri(reference["refdoc"], entry.docname)
        link = nodes.reference("", "", internal=True, refuri=f"{page}#{entry.node_id}")
        link.append(content.deepcopy())
        return link
    elsewhere = "." in target and not target.startswith("dromos.")  # multiprocessing.TimeoutError
    if kind in _WEAK or elsewhere or hasattr(builtins, target):
        return content.deepcopy()
    return None


def _documented(env: Any, name: str, *, weak: bool) -> str | None:
    """Return the one object whose path ends in `name`; of a bare word only if it is a class."""
    objects = env.get_domain("py").objects
    kinds = {"class", "exception", "function"} if weak and "." not in name else None
    for ending in (name, name.rpartition(".")[2]):
        found = [
            path
            for path in _by_last_word(objects).get(ending.rpartition(".")[2], ())
            if f".{path}".endswith(f".{ending}")
            and (kinds is None or objects[path].objtype in kinds)
        ]
        if len({(objects[path].docname, objects[path].node_id) for path in found}) == 1:
            return found[0]
        if name.partition(".")[0] != "dromos":
            break
    return None


def _by_last_word(objects: dict[str, Any]) -> dict[str, list[str]]:
    """Return the paths of all objects by their last words; worked out when their number changes."""
    if _index.get("") != [str(len(objects))]:
        _index.clear()
        for path in objects:
            _index.setdefault(path.rpartition(".")[2], []).append(path)
        _index[""] = [str(len(objects))]
    return _index
