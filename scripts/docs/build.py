"""Build the documentation site: `python scripts/docs/build.py build/docs [--games 3]`.

The pages of the repository are laid out and completed by what is generated (`staging.py`), Sphinx
makes HTML of them, and every link in it is followed (`links.py`). A warning is an error. `--games`
draws so many of the Atari games only, for each takes some tenths of a second.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from links import dead_links
from sphinx.cmd.build import build_main
from staging import stage

HERE = Path(__file__).parent


def build(output: Path, games: int | None) -> int:
    """Write the site into `output`, what it is made from beside that; return an exit code."""
    sources, doctrees = (output.with_name(f"{output.name}-{kind}") for kind in ("source", "trees"))
    stage(sources, games)
    strict = ["-q", "-n", "-W", "--keep-going"]
    folders = ["-c", str(HERE), "-d", str(doctrees), str(sources), str(output)]
    if failed := build_main([*strict, "-b", "html", *folders]):
        return failed
    dead = dead_links(output)
    print("\n".join(dead) or f"The site is built: {output / 'index.html'}")
    return bool(dead)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("--games", type=int)
    options = parser.parse_args()
    sys.exit(build(options.output.resolve(), options.games))
