"""Every public module and name of Gymnasium 1.4 is there under the alias, but for a known few."""

import ast
import importlib.util
import json
from pathlib import Path

import pytest
from alias_programs import printed

PEER = Path(importlib.util.find_spec("gymnasium").origin).parent

#: Modules that dromos does not have: a binding that nobody can install any more.
ABSENT_MODULES = {"envs.mujoco.mujoco_py_env"}

#: Names of modules that it has: where pictures stand on the screen, steps of algorithms that are
#: written in C++ here, and types that only Gymnasium's own annotations use.
ABSENT_NAMES = {
    "envs.box2d.bipedal_walker": {"ContactDetector", "HULL_FD", "LEG_FD", "LOWER_FD"},
    "envs.box2d.car_dynamics": {"Particle"},
    "envs.box2d.lunar_lander": {"ContactDetector"},
    "envs.mujoco.mujoco_rendering": {"BaseRender"},
    "envs.phys2d.cartpole": {"PRNGKeyType", "RenderStateType", "StateType"},
    "envs.phys2d.pendulum": {"PRNGKeyType", "RenderStateType", "StateType"},
    "envs.tabular.blackjack": {
        *("PRNGKeyType", "RenderStateType", "cmp", "dealer_stop", "deck", "draw_card"),
        *("draw_card_wrapper", "draw_hand", "is_bust", "is_natural", "notake", "random_card"),
        *("score", "sum_hand", "take", "usable_ace"),
    },
    "envs.tabular.cliffwalking": {"PRNGKeyType", "RenderStateType", "fell_off"},
    "envs.classic_control.acrobot": {"bound", "rk4", "wrap"},
    "envs.toy_text.blackjack": {
        *("ART_PIXEL", "BIG_DIGIT_GAP", "DEALER_CARD_POS", "DEALER_LABEL_POS", "FELT_COLOR"),
        *("HIDDEN_CARD_POS", "LABEL_DIGIT_GAP", "PLAYER_LABEL_POS", "PLAYER_SUM_TOP"),
        *("SCREEN_SIZE", "SMALL_DIGIT_GAP", "USABLE_ACE_TOP"),
        *("cmp", "deck", "draw_card", "draw_hand", "draw_table", "is_bust", "is_natural"),
        *("score", "sum_hand", "usable_ace"),
    },
    "envs.toy_text.cliffwalking": {
        *("AGENT_OFFSET", "ART_CELL_SIZE", "FLAG_OFFSET", "LETTER_OFFSET"),
    },
    "envs.toy_text.taxi": {
        *("BACKGROUND_POS", "CANVAS_COLOR", "CELL_SIZE", "GRID_ORIGIN", "HOUSE_POS"),
        *("PASSENGER_OFFSET", "TAXI_H_OFFSET", "TAXI_V_OFFSET", "WINDOW_SIZE"),
    },
    "spaces.utils": {"FlatType", "T"},
}

#: Tries each module and name, and prints those that fail.
COMPARE = """
import importlib, json, sys
failed = {{}}
for path, names in json.loads({names!r}).items():
    full = ".".join(filter(None, ("gymnasium", path)))
    try:
        module = importlib.import_module(full)
    except ModuleNotFoundError:
        failed[path] = None
        continue
    if missing := [name for name in names if not hasattr(module, name)]:
        failed[path] = missing
print(json.dumps(failed))
"""


def defined(statement, in_package):
    """Return the names that a top-level statement gives a module of its own."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return {statement.target.id}
    if isinstance(statement, ast.Assign):
        return {target.id for target in statement.targets if isinstance(target, ast.Name)}
    if isinstance(statement, ast.ImportFrom) and in_package:
        ours = (statement.module or "").startswith("gymnasium")
        return {alias.asname or alias.name for alias in statement.names if ours}
    return set()


def public_names(path):
    """Return what a source file of the peer exports, read without its optional libraries."""
    body = ast.parse(path.read_text()).body
    in_package = path.name == "__init__.py"
    for statement in body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return ast.literal_eval(statement.value)
    names = set().union(*(defined(statement, in_package) for statement in body))
    return sorted(name for name in names if not name.startswith("_"))


def module_path(path):
    parts = path.relative_to(PEER).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {module_path(path): public_names(path) for path in sorted(PEER.rglob("*.py"))}


@pytest.fixture(scope="module")
def failed():
    """Missing names by module; None for a missing module."""
    return json.loads(printed(COMPARE.format(names=json.dumps(NAMES))))


def is_absent(path):
    return any(path == known or path.startswith(f"{known}.") for known in ABSENT_MODULES)


def test_the_peer_was_read():
    assert len(NAMES) > 100
    assert {"Env", "Wrapper"} <= set(NAMES["core"])
    assert "vector" in NAMES[""]
    assert "CartPoleEnv" in NAMES["envs.classic_control.cartpole"]
    assert "NormalizeObservation" in NAMES["wrappers.vector"]


def test_every_module_is_there(failed):
    missing = {path for path, names in failed.items() if names is None}
    assert missing == set(filter(is_absent, NAMES)), "keep ABSENT_MODULES up to date"


def test_every_name_is_there(failed):
    missing = {path: set(names) for path, names in failed.items() if names is not None}
    assert missing == ABSENT_NAMES


def test_the_guide_names_the_absent_modules():
    guide = Path(__file__).parents[2].joinpath("docs", "drop-in.md").read_text()
    section = guide.partition("## Names that are not there")[2]
    assert section
    assert [path for path in ABSENT_MODULES if f"`gymnasium.{path}`" not in section] == []
