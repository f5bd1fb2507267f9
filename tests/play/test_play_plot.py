"""`PlayPlot`: the numbers of the last steps, as curves in a window of their own."""

import sys

import pytest
from test_play import KEYS, Recorder, script

from dromos.error import DependencyNotInstalled, Error
from dromos.render.keys import ESCAPE
from dromos.utils.play import PlayPlot, play


def metrics(obs, next_obs, action, reward, terminated, truncated, info):
    return [reward, info["n"] ** 2]


def test_the_last_steps_are_kept_and_drawn(keyboard):
    plot = PlayPlot(metrics, 3, ["reward", "square"])
    env = Recorder(script(None, None, None, None, lambda: keyboard.press(ESCAPE)))
    play(env, keys_to_action=KEYS, callback=plot.callback)
    assert plot.t == len(env.actions) == 5
    assert [list(numbers) for numbers in plot.data] == [[1.0] * 3, [9, 16, 25]]
    plot.draw()
    assert plot.window.is_open
    assert [axis.get_title() for axis in plot.ax] == ["reward", "square"]
    (line,) = plot.ax[1].get_lines()
    assert line.get_xydata().tolist() == [[2, 9], [3, 16], [4, 25]]
    plot.close()
    plot.callback(0, 1, 0, 1.0, False, False, {"n": 6})  # shown no more, kept all the same
    assert plot.data[1][-1] == 36


def test_other_numbers_than_names():
    plot = PlayPlot(metrics, 3, ["reward"])
    with pytest.raises(Error, match="expected 1 values"):
        plot.callback(0, 1, 0, 1.0, False, False, {"n": 1})
    for names, horizon in (([], 3), (["a"], 0)):
        with pytest.raises(Error, match="at least one name"):
            PlayPlot(metrics, horizon, names)


def test_without_matplotlib(monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(DependencyNotInstalled, match=r'pip install "dromos\[plot\]"'):
        PlayPlot(metrics, 3, ["reward", "square"])
