"""A page for each environment, generated from the registry, and a gallery for each family.

The picture on a page is what the program on it draws: the page shows the text that was run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from lists import toctree
from tables import heading, list_table, literal

from dromos.cli.describe import Details, details
from dromos.envs.registration import registry
from dromos.registration import EnvSpec
from dromos.render.image import write_png

__all__ = ["pages"]

#: The guide of a family, where its name is not that of the family.
_GUIDES = {"phys2d": "functional", "tabular": "functional"}
#: Families of so many games that the navigation names none: it would be on every page.
_CONSOLES = {"atari"}

_PROGRAM = """import dromos as gym

env = gym.make("{id}"{mode})
env.action_space.seed(0)
observation, info = env.reset(seed=0)
for _ in range({steps}):
    observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
    if terminated or truncated:
        break
{last}"""
#: How long the program plays: until the car can be seen, until a game has begun.
_STEPS = {"CarRacing": 60, "atari": 60, "mujoco": 60}
_FEW = 15


class _Task(NamedTuple):
    """What one page is about: an environment under all its ids."""

    family: str
    name: str
    specs: list[EnvSpec]  # the one that is shown first

    @property
    def page(self) -> Path:
        return Path("environments", self.family, f"{self.name}.rst")

    @property
    def picture(self) -> Path:
        return self.page.with_suffix(".png")

    @property
    def guide(self) -> Path:
        guide = _GUIDES.get(self.family, self.family.replace("_", "-"))
        return Path("environments", f"{guide}.md")


def pages(known: dict[Path, str], target: Path, games: int | None = None) -> dict[Path, str]:
    """Return the pages of the environments, and the guides with a gallery before their sections.

    Args:
        known: The pages there are, with the guides among them.
        target: Where the pages go; the pictures are written there at once.
        games: How many games of a console get a page; None for all.
    """
    made: dict[Path, str] = {}
    guides: dict[Path, list[_Task]] = defaultdict(list)
    tasks = _tasks(registry.values())
    of_consoles = [task for task in tasks if task.family in _CONSOLES]
    left_out = of_consoles[games:] if games is not None else []
    for task in tasks:
        if task in left_out:
            continue
        made[task.page] = _page(task, target)
        guides[task.guide].append(task)
    for guide, shown in guides.items():
        title = guide.stem.replace("-", " ").capitalize()
        first, heading_of_next, rest = known.get(guide, f"# {title}\n").partition("\n## ")
        made[guide] = first + _gallery(shown, target) + heading_of_next + rest
    return made


def _tasks(specs: Iterable[EnvSpec]) -> list[_Task]:
    """Return the tasks of the registered ids, by family and name."""
    groups: dict[tuple[str, str], list[EnvSpec]] = defaultdict(list)
    for spec in specs:
        # An id whose entry point is a function only says why it cannot be made.
        if isinstance(spec.entry_point, str) and spec.entry_point.startswith("dromos.envs."):
            family = spec.entry_point.partition(":")[0].split(".")[2]
            what = spec.kwargs.get("game") or spec.entry_point.partition(":")[2]
            groups[family, what].append(spec)
    tasks = []
    for (family, _), found in groups.items():
        # The newest version, and of its ids the plainest.
        found.sort(key=lambda spec: (-(spec.version or 0), len(spec.name), spec.id))
        tasks.append(_Task(family, found[0].name, found))
    return sorted(tasks, key=lambda task: (task.family, task.name))


def _page(task: _Task, target: Path) -> str:
    program, env = _drawn(task, target)
    shown = task.specs[0]
    orphan = ":orphan:\n\n" if task.family in _CONSOLES else ""
    parts = [
        orphan + heading(task.name, "="),
        f".. image:: {task.picture.name}\n   :alt: {shown.id}" * (target / task.picture).is_file(),
        *(_game(env) if task.family in _CONSOLES else _described(shown, details(shown.id))),
        heading("Spaces", "-"),
        list_table(
            [("observation", literal(env.observation_space)), ("action", literal(env.action_space))]
        ),
        heading("Ids", "-"),
        list_table(
            [("id", "limit", "solved at", "arguments of its own"), *map(_id_row, task.specs)],
            header=True,
        ),
        heading("In a program", "-"),
        ".. code-block:: python\n\n" + _indented(program),
        f'Many at once: ``gym.make_vec("{shown.id}", 1024)``. '
        f"More on the family: :doc:`/{task.guide.with_suffix('')}`.",
    ]
    env.close()
    return "\n\n".join(part for part in parts if part) + "\n"


def _drawn(task: _Task, target: Path) -> tuple[str, Any]:
    """Run the program of a page; return its text and the environment, and write its picture."""
    shown = task.specs[0]
    steps = _STEPS.get(task.name) or _STEPS.get(task.family) or _FEW
    fill = partial(_PROGRAM.format, id=shown.id, steps=steps)
    program = fill(mode=', render_mode="rgb_array"', last="frame = env.render()")
    names: dict[str, Any] = {}
    exec(program, names)
    path = target / task.picture
    path.parent.mkdir(parents=True, exist_ok=True)
    write_png(path, names["frame"])
    return program, names["env"]


def _described(spec: EnvSpec, known: Details) -> Iterator[str]:
    """Yield the class with its docstring, and the arguments that this does not tell."""
    module, _, name = str(spec.entry_point).partition(":")
    yield f".. autoclass:: {module}.{name}\n   :no-index:"
    told = known["documentation"] or ""
    others = [
        (literal(argument), literal(repr(value)))
        for argument, value in known["arguments"].items()
        if f"{argument}: " not in told and argument != "render_mode"
    ]
    if others:
        yield heading("Other arguments", "-")
        yield list_table([("argument", "default"), *others], header=True)
    modes = ", ".join(literal(mode) for mode in known["render_modes"])
    yield f"``render_mode`` is {modes} or ``None``; {known['render_fps']} frames are a second."


def _game(env: Any) -> Iterator[str]:
    """Yield what is particular to a game of the Atari 2600."""
    game = env.unwrapped
    yield (
        "A game of the Atari 2600. Arguments, frames and ids are those of all games: "
        ":doc:`/environments/atari`."
    )
    rows = [
        ("actions", ", ".join(map(literal, game.get_action_meanings()))),
        ("modes", ", ".join(map(str, game.ale.getAvailableModes()))),
        ("difficulties", ", ".join(map(str, game.ale.getAvailableDifficulties()))),
        ("lives", str(game.ale.lives())),
    ]
    yield list_table(rows)


def _id_row(spec: EnvSpec) -> tuple[str, str, str, str]:
    own = spec.kwargs if "game" not in spec.kwargs else _told(spec.kwargs)
    arguments = ", ".join(literal(f"{name}={value!r}") for name, value in own.items())
    limit, threshold = spec.max_episode_steps, spec.reward_threshold
    return literal(spec.id), str(limit or "–"), str(threshold or "–"), arguments or "–"


def _told(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments in which the ids of one game differ."""
    return {
        name: kwargs[name]
        for name in ("obs_type", "frameskip", "repeat_action_probability")
        if name in kwargs
    }


def _gallery(tasks: list[_Task], target: Path) -> str:
    """Return a section with the picture of each task, which leads to its page."""
    folder = Path("environments")
    lines = ["", "## One by one", "", ":::{container} gallery"]
    for task in tasks:
        page, picture = (path.relative_to(folder).as_posix() for path in (task.page, task.picture))
        shown = f"![]({picture})" if (target / task.picture).is_file() else ""
        lines.append(f"- [{shown} {task.name}]({page})")
    entries = [f"{task.family}/{task.name}" for task in tasks if task.family not in _CONSOLES]
    return "\n".join([*lines, ":::", toctree(entries) if entries else ""])


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" if line else "" for line in text.splitlines())
