"""What is wrong with the links of a built site: dead ones, and contents from other hosts."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

__all__ = ["dead_links"]

#: Attributes by which a page names another, by tag; what is not an `a` is loaded with the page.
_NAMING = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "src"}


class _Link(NamedTuple):
    tag: str
    target: str


class _Page(HTMLParser):
    """The links of a page and the anchors that are in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[_Link] = []
        self.anchors = {"", "top"}  # without a fragment, and what browsers take for the top
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {given[name] or "" for name in ("id", "name") if name in given}
        target = given.get(_NAMING.get(tag, ""))
        if target is not None:
            self.links.append(_Link(tag, target))


def dead_links(site: Path) -> list[str]:
    """Return a line for each link of the pages in `site` that leads nowhere.

    Links to other hosts are not followed; what a page loads from one is told too.
    """
    pages = {path: _Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    return [
        f"{path.relative_to(site)}: {link.target}: {fault}"
        for path, page in sorted(pages.items())
        for link in page.links
        if (fault := _fault(path, link, pages))
    ]


def _fault(path: Path, link: _Link, pages: dict[Path, _Page]) -> str | None:
    scheme, host, file, _query, fragment = urlsplit(link.target)
    if scheme or host:
        return None if link.tag == "a" else "is loaded from another host"
    target = (path.parent / unquote(file)).resolve() if file else path
    if not target.is_file():
        return "there is no such file"
    if target in pages and unquote(fragment) not in pages[target].anchors:
        return "there is no such anchor"
    return None
