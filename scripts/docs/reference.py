"""The reference: a page for each public module, and one for the headers of the C++ core."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from lists import toctree
from tables import heading, list_table, literal

__all__ = ["MODULES", "pages"]

#: In the order of the navigation. What several of them export is described under the first.
MODULES = (
    "dromos.core",
    "dromos.registration",
    "dromos",
    "dromos.spaces",
    "dromos.spaces.utils",
    "dromos.vector",
    "dromos.vector.utils",
    "dromos.wrappers",
    "dromos.wrappers.vector",
    "dromos.wrappers.utils",
    "dromos.native",
    "dromos.rollout",
    "dromos.snapshot",
    "dromos.plain",
    "dromos.presets",
    "dromos.render",
    "dromos.play",
    "dromos.testing",
    "dromos.experimental.functional",
    "dromos.envs.atari",
    "dromos.envs.mujoco",
    "dromos.utils",
    "dromos.utils.save_video",
    "dromos.compat.gymnasium",
    "dromos.compat.ding",
    "dromos.error",
    "dromos.logger",
    "dromos.seeding",
)
#: Errors that a module raises and does not export: they are caught by what they derive from.
_RAISED = {
    "dromos.spaces": ["dromos.spaces.masks.MaskError"],
    "dromos.render": ["dromos.render.window.NoDisplay"],
}
_GUIDE = Path("reference.md")
_HEADERS = Path("reference", "headers.md")
_COMMENT = re.compile(r"\A((?://.*\n)+)")


def pages(known: dict[Path, str], headers: Path) -> dict[Path, str]:
    """Return the pages of the reference, and the page over them with the list of modules."""
    described: dict[int, str] = {}
    made, lines = {}, ["", "## Modules", ""]
    for name in MODULES:
        module = importlib.import_module(name)
        made[Path("reference", f"{name}.rst")] = _page(module, described)
        lines.append(f"- [`{name}`](reference/{name}.rst): {_first_line(module)}")
    made[_HEADERS] = _headers(headers)
    lines += ["", f"Of the C++ core: [its headers]({_HEADERS.as_posix()})."]
    entries = [f"reference/{name}" for name in (*MODULES, _HEADERS.stem)]
    made[_GUIDE] = known[_GUIDE] + "\n".join([*lines, toctree(entries)])
    return made


def _page(module: ModuleType, described: dict[int, str]) -> str:
    """Return the page of a module, and note in `described` what it describes."""
    name = module.__name__
    parts = [heading(name, "="), f".. automodule:: {name}\n   :no-members:"]
    elsewhere, values = [], []
    for exported in module.__all__:
        value, path = getattr(module, exported), f"{name}.{exported}"
        directive = _directive(value)
        if directive is None:
            values.append((literal(exported), _value(value)))
        elif (home := described.setdefault(id(value), path)) != path:
            elsewhere.append(f":py:obj:`{exported} <{home}>`")
        else:
            members = "\n   :members:\n   :show-inheritance:" * (directive != "function")
            parts.append(f".. auto{directive}:: {path}{members}")
    parts += [f".. autoexception:: {path}" for path in _RAISED.get(name, [])]
    if elsewhere:
        parts += [heading("Described elsewhere", "-"), ", ".join(elsewhere)]
    if values:
        parts += [heading("Values and types", "-"), list_table(values)]
    return "\n\n".join(parts) + "\n"


def _directive(value: object) -> str | None:
    if inspect.isclass(value):
        return "exception" if issubclass(value, BaseException) else "class"
    return "function" if inspect.isroutine(value) else None


def _value(value: object) -> str:
    """Return a value as the reference shows it: short, or by its kind."""
    if isinstance(value, ModuleType):
        return "the module"
    shown = repr(value)
    return literal(shown) if len(shown) < 60 else f"a {type(value).__name__}"


def _first_line(module: ModuleType) -> str:
    return (inspect.getdoc(module) or "").partition("\n")[0]


def _headers(folder: Path) -> str:
    """Return a page with what each header says of itself at its top."""
    lines = ["# Headers", "", "What each says of itself at its top. They lie in `dromos/`."]
    previous = None
    for header in sorted(folder.rglob("*.hpp"), key=lambda path: (path.parent, path.name)):
        where = header.relative_to(folder)
        if where.parent != previous:
            lines += ["", f"## {where.parent.as_posix()}/", ""]
            previous = where.parent
        lines += [f"### {where.name}", "", *_comment(header), ""]
    return "\n".join(lines)


def _comment(header: Path) -> Iterator[str]:
    """Yield the first comment of a header; what is indented in it is code."""
    found = _COMMENT.match(header.read_text(encoding="utf-8"))
    told = (
        [line.removeprefix("//").removeprefix(" ") for line in found[1].splitlines()]
        if found
        else []
    )
    code = False
    for line in told:
        indented = line.startswith("  ") or (code and not line)
        if indented != code:
            yield "```" if code else "```text"
            code = indented
        yield line.replace("<", "\\<") if not code else line.removeprefix("  ")
    if code:
        yield "```"
