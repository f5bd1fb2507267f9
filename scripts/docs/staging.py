"""Lay out the sources of the site: the pages of the repository, and those that are generated.

The pages are plain Markdown whose links work in the repository; here links are turned to where
their targets go in the site.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import environments
import lists
import reference

__all__ = ["stage"]

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")


def stage(target: Path, games: int | None = None) -> None:
    """Write the sources of the site into `target`. What is as it was is left alone.

    Args:
        target: A folder; pages in it that are no more are removed.
        games: How many Atari games get a page; None for all.
    """
    layout = _layout()
    pages = {
        place: _relinked(source, layout)
        for source, place in layout.items()
        if source.suffix == ".md" and source.is_file()
    }
    pages |= lists.pages(ROOT)
    pages |= environments.pages(pages, target, games)
    pages |= reference.pages(pages, ROOT / "cpp" / "include")
    results = sorted(place.stem for place in pages if place.parent == Path("benchmarks"))
    pages[Path("benchmarks.md")] += lists.toctree([f"benchmarks/{name}" for name in results])
    index = Path("index.md")
    pages[index] += lists.navigation(pages[index], pages)
    files = {place: text.encode() for place, text in pages.items()}
    files |= {place: source.read_bytes() for source, place in layout.items() if _is_picture(source)}
    for place, content in files.items():
        _write(target / place, content)
    _remove_others(target, set(files))


def _layout() -> dict[Path, Path]:
    """Return the place in the site of each page, picture and listed folder of the repository."""
    layout = {
        path: path.relative_to(DOCS)
        for path in DOCS.rglob("*")
        if path.suffix == ".md" or _is_picture(path)
    }
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        layout[ROOT / name] = Path("project", name.lower())
    for result in (ROOT / "benchmarks" / "results").glob("*.md"):
        layout[result] = Path("benchmarks", result.name)
    for program in (ROOT / "examples").glob("*.py"):
        layout[program] = Path("examples", f"{program.stem}.md")
    layout[ROOT / "examples"] = Path("examples", "index.md")
    layout[DOCS / "decisions"] = Path("decisions", "index.md")
    return layout


def _is_picture(path: Path) -> bool:
    return path.suffix == ".png"


def _relinked(source: Path, layout: dict[Path, Path]) -> str:
    """Return the text of a page with its links turned to the places of their targets."""

    def turned(link: re.Match[str]) -> str:
        target = (source.parent / link[1]).resolve()
        if target not in layout:
            raise ValueError(f"{source.relative_to(ROOT)} links to what the site lacks: {link[1]}")
        place = os.path.relpath(layout[target], layout[source].parent)
        return f"]({place}{link[2] or ''})"

    parts = _FENCE.split(source.read_text(encoding="utf-8"))
    parts[::2] = [_LINK.sub(turned, prose) for prose in parts[::2]]
    return "".join(parts)


def _write(path: Path, content: bytes) -> None:
    """Write a file unless it is there: Sphinx reads again what is newer than its memory of it."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _remove_others(target: Path, kept: set[Path]) -> None:
    """Remove pages of an earlier run that are no more; pictures beside them do no harm."""
    for path in target.rglob("*"):
        if path.suffix in {".md", ".rst"} and path.relative_to(target) not in kept:
            path.unlink()
