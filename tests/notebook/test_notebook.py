"""A notebook is run by a real kernel, and its outputs are looked at."""

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = [
    "import dromos as gym\nfrom dromos import wrappers\nenv = gym.make('CartPole-v1')\nenv",
    "env.reset(seed=0)\nenv",
    "envs = gym.make_vec('CartPole-v1', 4, render_mode='rgb_array')\nenvs.reset(seed=0)\nenvs",
    "film = wrappers.RecordVideo(gym.make('CartPole-v1', render_mode='rgb_array'), 'films')\n"
    "film.reset(seed=0)\nfilm.step(0)\nfilm.close()\nfilm",
    "env.snapshot()",
    "env.observation_space",
]


@pytest.fixture
def outputs(tmp_path, monkeypatch):
    """The outputs of each cell: from MIME type to data."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=60, kernel_name="python3", resources=resources).execute()
    for cell in notebook.cells:
        assert [output.output_type for output in cell.outputs] == ["execute_result"]
    return [cell.outputs[0].data for cell in notebook.cells]


def test_a_notebook_shows_what_it_has(outputs):
    before, after, envs, film, snapshot, space = outputs
    assert "no picture yet: call reset()" in before["text/html"]
    assert "data:image/png;base64," in after["text/html"]
    assert "CartPoleVectorEnv" in envs["text/html"]
    assert "data:image/png;base64," in envs["text/html"]
    assert "<video controls" in film["text/html"]
    assert snapshot["text/plain"].startswith("<Snapshot of CartPole-v1: TimeLimit<")
    assert space["text/plain"].startswith("Box([-4.8")
