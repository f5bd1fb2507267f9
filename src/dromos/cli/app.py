"""The commands and their arguments."""

from __future__ import annotations

import json
import sys
import warnings
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer

from dromos import _core
from dromos.cli import terminal
from dromos.error import DependencyNotInstalled, Error

__all__ = ["run"]

NOT_THERE = 2  # exit code when the command line asks for what does not exist
FAILED = 1

_app = typer.Typer(
    help="Reinforcement-learning environments: what there is, what works here, a demonstration.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def run() -> int:
    """Run the command line in ``sys.argv`` and return its exit code."""
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal without our letters gets question marks
        sys.stdout.reconfigure(errors="replace")
    try:
        with warnings.catch_warnings():
            warnings.showwarning = terminal.warn
            _app(prog_name="dromos")
    except (DependencyNotInstalled, OSError) as problem:
        terminal.complain(str(problem))
        return FAILED
    except Error as problem:
        terminal.complain(str(problem))
        return NOT_THERE
    return 0


def _print_version(wanted: bool) -> None:
    if wanted:
        terminal.lines(f"dromos {_core.__version__}")
        raise typer.Exit


@_app.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


@_app.command("list")
def list_environments(
    namespace: Annotated[
        str | None, typer.Option(help="Only of this namespace or family, as classic_control.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the environments that can be made."""
    from dromos.cli import describe

    rows = describe.rows(namespace)
    if as_json:
        _print_json(rows)
        return
    for group in sorted({row["group"] for row in rows}):
        cells = [
            (
                row["id"],
                _or_dash(row["max_episode_steps"]),
                _or_dash(row["reward_threshold"]),
                "native" if row["native_vector"] else "-",
                row["description"] or "",
            )
            for row in rows
            if row["group"] == group
        ]
        terminal.table(group, ("id", "steps", "solved from", "vector", "description"), cells)


@_app.command()
def info(
    env_id: Annotated[str, typer.Argument(metavar="ID", help="As CartPole-v1.")],
    preset: Annotated[
        str | None, typer.Option(help="Tell what this preset makes of it, as mujoco-ppo.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell all about one environment: spaces, arguments, wrappers, documentation."""
    from dromos.cli import describe
    from dromos.cli.targets import with_its_module

    with_its_module(env_id)
    if preset is not None:
        _print_preset(env_id, preset, as_json)
        return
    details = describe.details(env_id)
    if as_json:
        _print_json(details)
        return
    documentation = details["documentation"]
    entries = {name: value for name, value in details.items() if name != "documentation"}
    terminal.pairs(details["id"], [(_words(name), _said(value)) for name, value in entries.items()])
    if documentation:
        terminal.lines("", documentation)


def _print_preset(env_id: str, preset: str, as_json: bool) -> None:
    from dromos.cli.describe_preset import preset_details

    details = preset_details(env_id, preset)
    if as_json:
        _print_json(details)
        return
    entries = {name: value for name, value in details.items() if name not in ("form", "layers")}
    entries["sources"] = "\n".join(details["sources"])
    terminal.pairs(details["id"], [(_words(name), _said(value)) for name, value in entries.items()])
    cells = [(layer["entry_point"], _said(layer["kwargs"])) for layer in details["layers"]]
    terminal.table("Wrappers, innermost first", ("wrapper", "arguments"), cells)


@_app.command()
def demo(
    seed: Annotated[
        int | None, typer.Option(min=0, help="Repeat a run; unless given, each differs.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Directory of the results.")] = Path("demo-output"),
    generations: Annotated[int, typer.Option(min=1, help="Give up after so many.")] = 60,
    as_json: AsJson = False,
) -> None:
    """Learn CartPole-v1 from nothing; write the learning curve and a video."""
    from dromos.cli.demonstrate import demonstrate

    outcome = demonstrate(seed, output, generations, quiet=as_json)
    if as_json:
        _print_json(outcome.plain())
    if not outcome.solved:
        raise typer.Exit(FAILED)


@_app.command()
def doctor(as_json: AsJson = False) -> None:
    """Try which parts work here, and tell how to get the others."""
    from dromos.cli.doctor import examine

    found = examine()
    if as_json:
        _print_json(found)
        return
    facts = [(name, value) for name, value in found.items() if name != "parts"]
    terminal.pairs("This machine", [(_words(name), _said(value)) for name, value in facts])
    cells = [
        (part["name"], "works" if part["works"] else "-", part["found"], part["remedy"] or "")
        for part in found["parts"]
    ]
    terminal.table("Optional parts", ("part", "here", "found", "to get it"), cells)


@_app.command()
def new(
    name: Annotated[str, typer.Argument(help="The environment's name, as grid-world.")],
    directory: Annotated[Path, typer.Option(help="Where the package's folder goes.")] = Path(),
    cpp: Annotated[bool, typer.Option("--cpp", help="Write its dynamics in C++.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a package for an environment of your own, with tests, ready to install."""
    from dromos.scaffold import Names, write_package

    folder, env_id = write_package(name, directory, cpp=cpp), Names.of(name).env_id
    if as_json:
        _print_json({"folder": str(folder), "env_id": env_id})
        return
    terminal.lines(
        f"Wrote {folder}, which registers {env_id}. To go on:",
        *(["  pip install scikit-build-core cmake ninja"] if cpp else []),
        f'  pip install {"--no-build-isolation" if cpp else "-e"} "{folder}[test]"',
        f"  pytest {folder}",
    )


@_app.command()
def check(
    target: Annotated[
        str, typer.Argument(metavar="ID|MODULE:CLASS", help="As CartPole-v1, or my_envs:GridWorld.")
    ],
    strict: Annotated[
        bool, typer.Option(help="Check as well what dromos promises beyond Gymnasium.")
    ] = False,
    vector: Annotated[
        int | None, typer.Option(min=1, help="Check a vector of so many lanes instead.")
    ] = None,
    around: Annotated[
        str | None,
        typer.Option(
            metavar="ID|MODULE:CLASS",
            help="For a class of wrappers: what to put it around; unless given, CartPole-v1.",
        ),
    ] = None,
    kwargs: Annotated[
        str | None,
        typer.Option(metavar="JSON", help="Arguments of it, as '{\"max_episode_steps\": 9}'."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check an environment, a vector of it, or a class of wrappers; tell every fault."""
    from dromos.cli.checking import examined

    report = examined(target, strict, vector, around, _json_object("--kwargs", kwargs))
    if as_json:
        _print_json(report.plain())
    else:
        terminal.lines(str(report))
    if report.errors:
        raise typer.Exit(FAILED)


@_app.command()
def play(
    env_id: Annotated[str, typer.Argument(metavar="ID", help="As FrozenLake-v1.")],
    seed: Annotated[int | None, typer.Option(min=0, help="Seeds the first episode.")] = None,
    fps: Annotated[float | None, typer.Option(help="Steps per second.")] = None,
    zoom: Annotated[float | None, typer.Option(help="Window pixels per pixel.")] = None,
    turns: Annotated[
        bool | None,
        typer.Option(
            "--turns/--real-time", help="Whether it waits for keys; unless given, as it needs."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play an environment with the keyboard, until Escape."""
    from dromos.cli.playing import played

    episodes = played(env_id, seed, fps, zoom, turns, quiet=as_json)
    if as_json:
        _print_json({"episodes": episodes})


@_app.command()
def bench(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Some that need nothing else.")
    ] = None,
    lanes: Annotated[list[int], typer.Option(min=1, help="A size of vectors; say it again.")] = [  # noqa: B006
        64,
        1024,
    ],
    threads: Annotated[
        int | None, typer.Option(min=1, help="The most threads of a vector.")
    ] = None,
    seconds: Annotated[float, typer.Option(help="How long one of five rounds takes.")] = 0.1,
    alone: Annotated[
        bool, typer.Option("--alone", help="Leave Gymnasium and EnvPool out.")
    ] = False,
    picture: Annotated[Path | None, typer.Option(help="Draw the bars, as bench.png.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure steps a second on this machine, beside Gymnasium and EnvPool where installed."""
    from dromos.cli.benching import benched

    report = benched(ids or [], lanes, threads, seconds, alone, picture, quiet=as_json)
    if as_json:
        _print_json(report.plain())


@_app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="As wrappers.RecordEpisodes writes.")],
    render: Annotated[
        str | None, typer.Option(metavar="human|rgb_array", help="Show it in a window, or draw it.")
    ] = None,
    video: Annotated[Path | None, typer.Option(help="Write a video of it, as out.mp4.")] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="Let the file name code to import that is not known.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Play an episode file again, bit for bit; tell where it departs."""
    from dromos.cli.replaying import plain_form, replayed

    found = replayed(file, render, video, trust)
    if as_json:
        _print_json(plain_form(found))
    else:
        terminal.lines(str(found), f"hash {found.hash}")
    if not found.equal:
        raise typer.Exit(FAILED)


@_app.command()
def view(
    env_id: Annotated[str, typer.Argument(metavar="ID", help="As LunarLander-v3.")],
    lanes: Annotated[
        int | None, typer.Option(min=1, help="View a vector of so many lanes instead.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seeds the first episode.")] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes any that is free.")
    ] = 0,
    host: Annotated[
        str, typer.Option(help="The address to serve at; others than this machine need the token.")
    ] = "127.0.0.1",
    as_json: AsJson = False,
) -> None:
    """Show an environment in the browser, run it from there and play it, until Ctrl-C."""
    from dromos.cli.viewing import viewed

    with viewed(env_id, lanes, seed, host, port) as url:
        if as_json:
            _print_json({"url": url})
        else:
            terminal.lines(f"{env_id} is shown at {url}", "Ctrl-C ends.")
        terminal.wait()


@_app.command("help")
def help_(
    topic: Annotated[
        str | None,
        typer.Argument(help="As wrappers, or a command; unless given, the topics are listed."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a page of the documentation, or the help of a command."""
    from dromos.cli import pages

    if topic is not None:
        if _is_command(topic) and topic not in pages.topics():
            _print_usage(topic)
            return
        text = pages.page(topic)
        _print_json({"topic": topic, "page": text}) if as_json else terminal.page(text)
        return
    found = pages.topics()
    _print_json(found) if as_json else terminal.pairs("Topics", found.items())


def _print_usage(command: str) -> None:
    if command == "run":  # it reads its arguments itself
        from dromos.cli.run import usage

        terminal.lines(usage())
    else:
        _app([command, "--help"], prog_name="dromos", standalone_mode=False)


def _is_command(name: str) -> bool:
    return name in getattr(typer.main.get_command(_app), "commands", {})


@_app.command("run", add_help_option=False)
def run_() -> None:
    """Run a program written for Gymnasium, unchanged: dromos run SCRIPT [arguments]."""
    raise typer.BadParameter("`run` comes first: dromos run [options] SCRIPT [arguments]")


def _json_object(option: str, text: str | None) -> dict[str, Any]:
    """Return the JSON object that an option holds, an empty one if it was not given."""
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError) as reason:
        raise Error(f"{option}: expected JSON, found {text!r:.200} ({reason}).") from reason
    if not isinstance(value, dict):
        raise Error(f'{option}: expected a JSON object, as {{"size": 4}}, found {text!r}.')
    return value


def _print_json(value: Any) -> None:
    terminal.lines(json.dumps(value, indent=2, default=str))


def _or_dash(value: object) -> str:
    return "-" if value is None else str(value)


def _words(key: str) -> str:
    return key.replace("_", " ")


def _said(value: object) -> str:
    """Return a value as a person would write it down."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name}={item!r}" for name, item in value.items()) or "-"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return _or_dash(value)
