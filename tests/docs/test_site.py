"""The documentation site is built without a warning and without a dead link."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "scripts" / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site: all of it but for the pages of most Atari games."""
    output = tmp_path_factory.mktemp("site") / "site"
    command = [sys.executable, str(SCRIPTS / "build.py"), str(output), "--games", "2"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return output


def test_every_family_and_module_has_pages(site):
    for page in (
        "environments/classic_control/CartPole",
        "environments/toy_text/Taxi",
        "environments/box2d/CarRacing",
        "environments/mujoco/Hopper",
        "environments/phys2d/CartPole",
        "environments/atari/Adventure",
        "reference/dromos.vector",
        "reference/headers",
        "decisions/index",
        "examples/ppo_mujoco",
        "benchmarks/xeon-2-cores-cartpole",
    ):
        assert (site / f"{page}.html").is_file(), page


def test_the_page_of_an_environment_tells_all(site):
    page = (site / "environments" / "classic_control" / "CartPole.html").read_text()
    for told in ("CartPole.png", "Discrete(2)", "theta_acc", "mass of the cart (kg)", "475.0"):
        assert told in page, told


def test_a_dead_link_and_a_foreign_script_are_told(tmp_path):
    (tmp_path / "a.html").write_text(
        '<h1 id="here"></h1><a href="#here"></a><a href="b.html#there">b</a><a href="c.html"></a>'
        '<a href="https://example.org"></a><script src="https://example.org/x.js"></script>'
    )
    (tmp_path / "b.html").write_text("<p>nothing</p>")
    program = f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); import links, pathlib; "
    program += f"print(*links.dead_links(pathlib.Path({str(tmp_path)!r})), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.splitlines() == [
        "a.html: b.html#there: there is no such anchor",
        "a.html: c.html: there is no such file",
        "a.html: https://example.org/x.js: is loaded from another host",
    ], done.stderr
