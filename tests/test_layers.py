"""The sources keep the order of the layers. Nothing is imported here: the files are read."""

import ast
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "dromos"

#: The rooms from the ground up. A module imports from its own room and from those before it.
ROOMS = [
    "dromos.locks",
    "dromos.homes",
    "dromos.error",
    "dromos.logger",
    "dromos.arguments",
    "dromos.process_state",
    "dromos._core",
    "dromos.forks",
    "dromos.step_api",
    "dromos.seeding",
    "dromos.utils",  # three files that need nothing; the rest are public paths, further up
    "dromos.render",
    "dromos.spaces",
    "dromos.plain",
    "dromos.snapshot",
    "dromos.rollout",
    "dromos.specs",
    "dromos.env",
    "dromos.wrapper",
    "dromos.core",
    "dromos.experimental",
    "dromos.checks",
    "dromos.vector",
    "dromos.replay",
    "dromos.wrappers",
    "dromos.viewer",
    "dromos.registration",
    "dromos.native",
    "dromos.envs",
    "dromos.testing",
    "dromos.play",
    "dromos.notebook",
    "dromos.utils.*",
    "dromos.compat",
    "dromos.presets",
    "dromos.legacy",  # a public path of the oldest dialect
    "dromos.scaffold",
    "dromos.demo",
    "dromos.bench",
    "dromos.cli",
    "dromos.__main__",
]
GROUND_UTILS = {f"dromos.utils.{name}" for name in ("colorize", "ezpickle", "record_constructor")}
FREE = {"numpy", "typing_extensions"}


class Import(NamedTuple):
    """``import target`` in a file, outside of ``if TYPE_CHECKING``."""

    path: Path
    line: int
    target: str

    def __str__(self):
        return f"{self.path.relative_to(PACKAGE.parent)}:{self.line} imports {self.target}"


def module_name(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in PACKAGE.rglob("*.py")}


def is_module(name):
    return name in MODULES or name.startswith("dromos._core")


def runtime_nodes(tree):
    """Yield the nodes of a syntax tree that run; those for type checkers do not."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                yield other
                yield from runtime_nodes(other)
            continue
        yield node
        yield from runtime_nodes(node)


def imports_of(path):
    for node in runtime_nodes(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write the whole name of the module"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield Import(path, node.lineno, full if is_module(full) else node.module)


IMPORTS = [found for path in MODULES.values() for found in imports_of(path)]
INTERNAL = [found for found in IMPORTS if found.target.partition(".")[0] == "dromos"]


def room_of(module):
    if module.startswith("dromos.utils.") and module not in GROUND_UTILS:
        return "dromos.utils.*"
    return ".".join(module.split(".")[:2])


def test_every_module_has_a_room():
    rooms = {room_of(module) for module in MODULES} - {"dromos"}
    assert rooms <= set(ROOMS)


def test_nobody_imports_the_root():
    assert [str(found) for found in INTERNAL if found.target == "dromos"] == []


def test_imports_go_down():
    upwards = [
        str(found)
        for found in INTERNAL
        if found.target != "dromos"
        and (own := module_name(found.path)) != "dromos"
        and ROOMS.index(room_of(found.target)) > ROOMS.index(room_of(own))
    ]
    assert upwards == []


def test_imported_modules_exist():
    missing = [str(found) for found in INTERNAL if not is_module(found.target)]
    assert [line for line in missing if not line.endswith(" dromos")] == []


def test_each_optional_library_has_one_leaf():
    users = defaultdict(set)
    for found in IMPORTS:
        library = found.target.partition(".")[0]
        if library not in {*sys.stdlib_module_names, *FREE, "dromos"}:
            users[library].add(str(found.path.relative_to(PACKAGE)))
    assert {library: sorted(files) for library, files in users.items() if len(files) > 1} == {}


def test_public_paths_hold_nothing_of_their_own():
    for name in sorted(MODULES):
        if room_of(name) == "dromos.utils.*":
            body = ast.parse(MODULES[name].read_text()).body
            kinds = {type(node) for node in body}
            assert kinds <= {ast.Expr, ast.ImportFrom, ast.Assign}, name


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("if TYPE_CHECKING:\n    import dromos\nelse:\n    import numpy", ["numpy"]),
        ("def f():\n    from dromos.env import Env", ["dromos.env"]),
        ("from dromos import error, Env", ["dromos.error", "dromos"]),
    ],
)
def test_the_reader_of_the_sources(tmp_path, source, targets):
    path = tmp_path / "sample.py"
    path.write_text(source)
    assert [found.target for found in imports_of(path)] == targets
