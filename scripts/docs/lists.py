"""Pages that list others: examples, decisions, and the navigation of the site."""

from __future__ import annotations

import ast
import re
from pathlib import Path

__all__ = ["navigation", "pages", "toctree"]

_SECTION = re.compile(r"^## (.*?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_PAGE = re.compile(r"\[([^]]+)\]\(([^)#]+\.(?:md|rst))[^)]*\)")
#: Folders whose pages hang below a page of their own.
_BELOW = {"examples", "decisions", "benchmarks", "reference"}


def toctree(entries: list[str], *options: str) -> str:
    """Return a directive that gives pages a place in the navigation and shows nothing."""
    return "\n".join(["", "```{toctree}", ":hidden:", *options, "", *entries, "```", ""])


def pages(root: Path) -> dict[Path, str]:
    """Return the pages that show and list the examples, and that list the decisions."""
    shown = {}
    lines = ["# Examples", "", "Programs of one file, to be run and to be copied from.", ""]
    programs = sorted((root / "examples").glob("*.py"))
    for program in programs:
        text = program.read_text(encoding="utf-8")
        what = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
        shown[Path("examples", f"{program.stem}.md")] = _example(program.name, what, text)
        lines.append(f"- [{program.name}]({program.stem}.md): {what[0].lower()}{what[1:]}")
    lines.append(toctree([program.stem for program in programs]))
    shown[Path("examples", "index.md")] = "\n".join(lines)
    shown[Path("decisions", "index.md")] = _decisions(root / "docs" / "decisions")
    return shown


def _example(name: str, what: str, text: str) -> str:
    return f"# {name}\n\n{what}\n\n```python\n{text}```\n"


def _decisions(folder: Path) -> str:
    lines = ["# Decisions", "", "Why dromos is as it is: context, decision, consequences.", ""]
    found = sorted(folder.glob("*.md"))
    for page in found:
        title = page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        number, _, words = title.partition(" ")
        lines.append(f"- [{number.rstrip('.')}: {words}]({page.name})")
    return "\n".join([*lines, toctree([page.stem for page in found])])


def navigation(index: str, known: dict[Path, str]) -> str:
    """Return the navigation: the sections of the front page, with their links as titles.

    Pages that no section and no other page's list names come last, so that none is out of reach.
    """
    sections = [(title, _PAGE.findall(text)) for title, text in _SECTION.findall(index)]
    named = {page for _, listed in sections for _, page in listed} | {"index.md"}
    others = [
        path.as_posix()
        for path in sorted(known)
        if path.suffix == ".md" and path.as_posix() not in named and path.parts[0] not in _BELOW
    ]
    trees = [
        (title, [f"{' '.join(text.split())} <{page}>" for text, page in listed])
        for title, listed in sections
    ]
    return "".join(
        toctree(entries, f":caption: {title}")
        for title, entries in [*trees, ("More", others)]
        if entries
    )
