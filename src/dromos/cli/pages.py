"""The pages of the documentation that come with the package, for ``dromos help``."""

from __future__ import annotations

from pathlib import Path

from dromos.error import Error, did_you_mean

__all__ = ["page", "topics"]

_PACKAGE = Path(__file__).parents[1]


def topics() -> dict[str, str]:
    """Return the topics and the title of the page of each."""
    return {topic: page(topic).partition("\n")[0].removeprefix("# ") for topic in sorted(_files())}


def page(topic: str) -> str:
    """Return the page of a topic, in Markdown.

    Raises:
        Error: If there is no such topic; the message names the nearest.
    """
    found = _files()
    if topic not in found:
        raise Error(
            f"No help on {topic!r}.{did_you_mean(topic, found)} `dromos help` lists the topics."
        )
    return found[topic].read_text(encoding="utf-8")


def _files() -> dict[str, Path]:
    """Return the file of each topic: in the installed package, or beside the sources."""
    installed = _PACKAGE / "docs"
    folder = installed if installed.is_dir() else _PACKAGE.parents[1] / "docs"
    return {path.stem: path for path in folder.rglob("*.md") if path.parent.name != "decisions"}
