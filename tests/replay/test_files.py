"""The file: what is in it, what is refused, and that reading runs nothing."""

import hashlib
import json
import struct
import sys

import numpy as np
import pytest

import dromos as gym
from dromos.error import NameNotFound
from dromos.replay import RecordedEpisode, load, play, save
from dromos.replay.building import UntrustedFile
from dromos.replay.files import DamagedFile


def test_the_format_is_what_the_page_says(cart):
    header, *steps = map(json.loads, cart.read_text().splitlines())
    assert header["format"] == "dromos-episode"
    assert header["version"] == header["lanes"] == header["episodes"] == 1
    assert header["id"] == header["spec"]["id"] == "CartPole-v1"
    assert (header["seed"], header["options"], header["steps"]) == (3, None, 9)
    assert header["actions_dtype"] == "python int"
    env = gym.make("CartPole-v1")
    whole = hashlib.sha256(env.reset(seed=3)[0].tobytes())
    assert header["check"] == whole.hexdigest()[:8]
    for line in steps:
        observation, reward, terminated, truncated, _ = env.step(line["action"])
        whole.update(observation.tobytes() + struct.pack("<d", reward))
        whole.update(bytes([terminated, truncated]))
        assert line["reward"] == reward
        assert line["check"] == whole.hexdigest()[:8]
    assert header["hash"] == whole.hexdigest()


def test_a_file_with_the_least(tmp_path, cart):
    full = load(cart)
    header = {"format": "dromos-episode", "version": 1, "id": "CartPole-v1", "spec": full.spec}
    header |= {"seed": 3, "actions_dtype": "int64", "actions_shape": [], "hash": full.hash}
    lines = [{"action": 1, "reward": 1.0, "terminated": False, "truncated": False}] * 9
    path = tmp_path / "least.jsonl"
    path.write_text("\n".join(map(json.dumps, [header, *lines])))
    episode = load(path)
    assert type(episode.steps[0].action) is np.int64
    assert play(episode).equal
    episode.seed = 4
    assert str(play(episode).departure).startswith("departs somewhere, the file has no checks")


def test_what_is_written_is_read(cart, tmp_path):
    episode = load(cart)
    save(episode, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == cart.read_bytes()
    assert repr(episode) == "RecordedEpisode(CartPole-v1, 9 steps, return 9, broken off)"
    assert not episode.ended
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_numbers_that_are_none(tmp_path):
    nan = RecordedEpisode(None, None, "0" * 64)
    save(nan, tmp_path / "empty.jsonl")
    assert load(tmp_path / "empty.jsonl").steps == []


@pytest.mark.parametrize(
    ("line", "old", "new", "message"),
    [
        (1, '"dromos-episode"', '"film"', "line 1: expected the format 'dromos-episode', found"),
        (1, '"version": 1', '"version": 9', "line 1: expected version 1, found 9"),
        (1, '"lanes": 1', '"lanes": 3', "line 1: lanes: expected 1, found 3"),
        (1, '"id": "CartPole-v1", "spec"', '"id": 5, "spec"', "line 1: id: expected str or null"),
        (1, '"id": "CartPole-v1", "spec"', '"id": "X-v1", "spec"', "id: expected that of the spec"),
        (1, '"hash": "', '"hash": "00', "line 1: hash: expected 64 digits"),
        (1, '"seed": 3', '"seed": 3.5', "line 1: seed: expected int or null, found 3.5"),
        (1, '"options": null', '"options": [1]', "line 1: options: expected an object or null"),
        (1, '"python int"', '"object"', "line 1: actions_dtype: expected a dtype of numbers"),
        (1, '"actions_shape": []', '"actions_shape": [-1]', "actions_shape: expected a list"),
        (1, '"start": "', '"start": "?', "line 1: start: expected base64"),
        (1, '"observation": {', '"observation": {"$x": 1, ', "line 1: "),
        (4, '"action": 1', '"action": x', "line 4: expected JSON"),
        (4, '{"action"', '[{"action"', "line 4: expected JSON"),
        (5, '"action": 1', '"action": "up"', "line 5: action: expected a number, int"),
        (5, '"reward": 1.0', '"reward": "x"', "line 5: reward: expected int or float"),
        (6, '"truncated": false', '"truncated": 0', "line 6: truncated: expected bool, found 0"),
        (6, '"reward"', '"rewards"', "line 6: a step has no 'reward'"),
        (6, '"reward"', '"wealth": 1, "reward"', "line 6: a step has no field 'wealth'"),
    ],
)
def test_damage_is_told_by_line_and_reason(changed, line, old, new, message):
    path = changed(line, old, new)
    with pytest.raises(DamagedFile) as raised:
        load(path)
    assert message in str(raised.value)
    assert str(path) in str(raised.value)


def test_files_that_are_cut_off_empty_or_too_large(cart):
    text = cart.read_text()
    cart.write_text("\n".join(text.splitlines()[:5]))
    with pytest.raises(DamagedFile, match=r"line 5: expected 9 steps.*found 4: the file has been"):
        load(cart)
    cart.write_text(text[:-20])
    with pytest.raises(DamagedFile, match="line 10: expected JSON"):
        load(cart)
    with pytest.raises(DamagedFile, match="at most 100 bytes, found"):
        load(cart, largest=100)
    cart.write_bytes(b"")
    with pytest.raises(DamagedFile, match="line 1: the file is empty"):
        load(cart)
    cart.write_bytes(b"\xff\xfe" * 9)
    with pytest.raises(DamagedFile, match="line 1: expected JSON"):
        load(cart)
    cart.write_text("[" * 100_000)
    with pytest.raises(DamagedFile, match="line 1: expected JSON"):
        load(cart)


def test_an_unknown_id_is_named(cart):
    cart.write_text(cart.read_text().replace("CartPole-v1", "CartPool-v1"))
    with pytest.raises(NameNotFound, match=r"`CartPool` doesn't exist.*CartPole"):
        play(cart)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda spec: spec.update(entry_point="spy:call"), "the entry_point 'spy:call' of CartP"),
        (lambda spec: spec["kwargs"].update(f={"$reference": "spy:call"}), "an argument of Cart"),
        (lambda spec: spec["additional_wrappers"].append(layer("spy:W")), "the wrapper 'spy:W'"),
        (lambda spec: spec["additional_wrappers"].append(layer("dromos.homes:load")), "wrapper"),
        (
            lambda spec: spec["additional_wrappers"].append(
                layer("dromos.wrappers:TransformReward", func={"$reference": "spy:call"})
            ),
            "'spy:call', an argument of W",
        ),
    ],
)
def test_what_is_not_known_is_not_run(cart, tmp_path, monkeypatch, change, named):
    (tmp_path / "spy.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    episode = load(cart)
    change(episode.spec)
    with pytest.raises(UntrustedFile, match="--trust") as raised:
        play(episode)
    assert named in str(raised.value)
    assert "spy" not in sys.modules
    if "spy" in named:
        with pytest.raises(SystemExit, match="imported"):
            play(episode, trust=True)


def layer(entry_point, **kwargs):
    return {"name": "W", "entry_point": entry_point, "kwargs": kwargs}


def test_a_lane_uses_the_vector_entry_point(cart):
    episode = load(cart)
    episode.spec["vector_entry_point"] = "spy:call"
    assert play(episode).equal
    episode.lane = 0
    with pytest.raises(UntrustedFile, match="the vector_entry_point 'spy:call' of CartPole-v1"):
        play(episode)


def test_entry_points_of_gymnasium_are_ours(cart):
    episode = load(cart)
    episode.spec["entry_point"] = "gymnasium.envs.classic_control.cartpole:CartPoleEnv"
    assert play(episode).equal


def test_a_module_in_an_id_is_not_imported(cart):
    episode = load(cart)
    episode.spec["id"] = "spy:CartPole-v1"
    with pytest.raises((UntrustedFile, gym.error.Error)):
        play(episode)
    assert "spy" not in sys.modules
