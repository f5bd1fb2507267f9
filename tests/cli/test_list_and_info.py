import json
import subprocess
import sys

import pytest

import dromos as gym


class Tower(gym.Env):
    """A tower.

    It stands.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 3}  # noqa: RUF012

    def __init__(self, height=3, *, colour="red", render_mode=None):
        self.observation_space = gym.spaces.Discrete(height)
        self.action_space = gym.spaces.Box(0, 1, (2,))
        self.render_mode = render_mode


class Locked(gym.Env):
    def __init__(self):
        raise gym.error.DependencyNotInstalled('It needs a key: pip install "key"')


@pytest.fixture
def tower():
    gym.register("tests/Tower-v3", Tower, max_episode_steps=7, kwargs={"colour": "blue"})
    yield "tests/Tower-v3"
    gym.registry.pop("tests/Tower-v3")


def test_list_as_json_has_a_row_for_every_id(dromos, tower):
    code, out, err = dromos("list", "--json")
    rows = {row["id"]: row for row in json.loads(out)}
    assert (code, err) == (0, "")
    assert rows.keys() == gym.registry.keys()
    assert rows[tower] == {
        "id": tower,
        "group": "tests",
        "description": "A tower.",
        "max_episode_steps": 7,
        "reward_threshold": None,
        "native_vector": False,
    }
    cartpole = rows["CartPole-v1"]
    assert cartpole["group"] == "classic_control"
    assert cartpole["native_vector"] is True
    assert (cartpole["max_episode_steps"], cartpole["reward_threshold"]) == (500, 475.0)


def test_list_for_people_groups_the_ids(dromos, tower):
    code, out, _ = dromos("list")
    assert code == 0
    assert out.index("classic_control") < out.index("CartPole-v1")
    assert out.index("tests") < out.index(tower)
    assert "\x1b" not in out


def test_list_of_one_namespace(dromos, tower):
    rows = json.loads(dromos("list", "--namespace", "tests", "--json").out)
    assert [row["id"] for row in rows] == [tower]


def test_list_of_an_unknown_namespace_names_those_there_are(dromos):
    code, _, err = dromos("list", "--namespace", "nowhere")
    assert code == 2
    assert "nowhere" in err
    assert "classic_control" in err


def test_info_as_json(dromos, tower):
    details = json.loads(dromos("info", tower, "--json").out)
    assert details == {
        "id": tower,
        "description": "A tower.",
        "entry_point": f"{__name__}:Tower",
        "vector_entry_point": None,
        "max_episode_steps": 7,
        "reward_threshold": None,
        "nondeterministic": False,
        "observation_space": "Discrete(3)",
        "action_space": "Box(0.0, 1.0, (2,), float32)",
        "arguments": {"height": 3, "colour": "blue", "render_mode": None},
        "render_modes": ["ansi"],
        "render_fps": 3,
        "wrappers": ["TimeLimit", "OrderEnforcing", "PassiveEnvChecker"],
        "documentation": "A tower.\n\nIt stands.",
    }


def test_info_for_people(dromos):
    code, out, _ = dromos("info", "CartPole-v1")
    assert code == 0
    for said in ("Discrete(2)", "rgb_array", "sutton_barto_reward=False", "TimeLimit", "475"):
        assert said in out


@pytest.mark.filterwarnings("default")
def test_info_without_a_version_means_the_newest(dromos, tower):
    code, out, err = dromos("info", "tests/Tower", "--json")
    assert (code, json.loads(out)["id"]) == (0, tower)
    assert err.startswith("warning: Using the latest versioned environment")


@pytest.mark.parametrize(
    ("env_id", "said"),
    [("CartPol-v1", "CartPole"), ("CartPole-v9", "v1"), ("no such/id/at all", "Malformed")],
)
def test_info_of_an_unknown_id(dromos, env_id, said):
    code, out, err = dromos("info", env_id)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert said in err
    assert "Traceback" not in err


def test_info_when_a_library_is_missing(dromos):
    gym.register("tests/Locked-v0", Locked)
    try:
        code, _, err = dromos("info", "tests/Locked-v0")
    finally:
        gym.registry.pop("tests/Locked-v0")
    assert code == 1
    assert 'pip install "key"' in err


def test_missing_command_line_libraries_are_named(dromos, monkeypatch):
    monkeypatch.delitem(sys.modules, "dromos.cli.app", raising=False)
    monkeypatch.setitem(sys.modules, "typer", None)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "argv", ["dromos"])
        from dromos.cli import main

        with pytest.raises(SystemExit, match=r'pip install "dromos\[cli\]"'):
            main()


def test_unknown_command(dromos):
    code, _, err = dromos("lst")
    assert code == 2
    assert "lst" in err


def test_module_runs_as_the_command(dromos):
    command = [sys.executable, "-m", "dromos", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"dromos {gym.__version__}\n"


def test_info_of_a_preset(dromos):
    code, out, err = dromos("info", "Pendulum-v1", "--preset", "mujoco-ppo", "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert told["id"] == "Pendulum-v1"
    assert (told["name"], told["version"], told["form"]) == ("mujoco-ppo", 1, 1)
    assert told["observation_space"] == "Box(-10.0, 10.0, (3,), float32)"
    assert told["layers"][3] == {
        "entry_point": "dromos.wrappers:NormalizeObservation",
        "kwargs": {"epsilon": 1e-8},
        "only_with_action": None,
    }
    code, out, _ = dromos("info", "Pendulum-v1", "--preset", "mujoco-ppo")
    assert code == 0
    assert all(text in out for text in ("Huang et al.", "NormalizeReward", "gamma=0.99", "Box("))


def test_info_of_a_preset_that_does_not_fit(dromos):
    code, out, err = dromos("info", "CartPole-v1", "--preset", "dqn-nature")
    assert (code, out) == (2, "")
    assert "The preset 'dqn-nature' does not fit CartPole-v1" in err
    code, _, err = dromos("info", "CartPole-v1", "--preset", "dqn")
    assert code == 2
    assert "there are: baselines, dqn-nature" in err


def test_pages_come_with_the_package(dromos):
    topics = json.loads(dromos("help", "--json").out)
    assert topics["wrappers"] == "Wrappers"
    assert "wrappers" in dromos("help").out
    assert dromos("help", "wrappers").out.startswith("# Wrappers")
    code, _, err = dromos("help", "wraper")
    assert (code, "Did you mean: `wrappers`?" in err) == (2, True)


def test_output_for_a_pipe_is_as_wide_as_asked(dromos, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(len, dromos("info", "CartPole-v1").out.splitlines()[:12])) <= 60
