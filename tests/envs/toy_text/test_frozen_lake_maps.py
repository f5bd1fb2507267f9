"""Maps of frozen lakes: flaws are shown, and lanes have maps of their own."""

import copy
import pickle

import numpy as np
import pytest

import dromos as gym
from dromos.envs.toy_text.frozen_lake import MAPS, generate_random_map

FLAWS = [
    (["SFF", "FG"], r"same length; row 0 'SFF' has 3 letters, row 1 'FG' has 2"),
    (["SFFF", "FXFG"], r"row 1 'FXFG' has 'X'"),
    (["FFFF", "FFFG"], r"expected a start \(S\)"),
    (["SFFF", "FFFF"], r"expected a goal \(G\)"),
    (["SFHF", "FHHG"], r"no way leads from the start in row 0, column 0.*'SFHF'"),
    (["SFFG", "HHHH", "SHFF"], r"start in row 2, column 0"),
    (["S" + "F" * 98 + "G"] * 50, r"at most 4096 cells, got 50 x 100"),
    ([], "at least one cell"),
    ([""], "at least one cell"),
]
WRONG_TYPES = ["SFFG", 3, [1, 2], {"a": 1}]


@pytest.mark.parametrize(("desc", "message"), FLAWS)
def test_flaws_are_shown(desc, message):
    with pytest.raises(ValueError, match=message):
        gym.make("FrozenLake-v1", desc=desc)
    with pytest.raises(ValueError, match=message):
        gym.make_vec("FrozenLake-v1", 2, params={"desc": [MAPS["4x4"], desc]})


@pytest.mark.parametrize("desc", WRONG_TYPES)
def test_what_is_no_map_is_told(desc):
    with pytest.raises(TypeError, match="desc: expected"):
        gym.make("FrozenLake-v1", desc=desc)


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"map_name": "5x5"}, "map_name: expected one of '4x4', '8x8', got '5x5'"),
        ({"success_rate": 1.5}, r"success_rate: .*≤ 1, got 1.5"),
        ({"success_rate": float("nan")}, "success_rate"),
        ({"reward_schedule": (1, 0)}, r"three finite numbers .*got \(1, 0\)"),
        ({"reward_schedule": (1, 0, np.inf)}, "three finite numbers"),
    ],
)
def test_bad_parameters_are_shown(kwargs, message):
    with pytest.raises(ValueError, match=message):
        gym.make("FrozenLake-v1", **kwargs)
    with pytest.raises(ValueError, match=message):
        gym.make_vec("FrozenLake-v1", 2, **kwargs)


@pytest.mark.parametrize("schedule", ["one", None, [(1,), 2, 3], (1, 0, "x")])
def test_rewards_that_are_no_numbers_are_told(schedule):
    with pytest.raises(TypeError, match="reward_schedule: expected three numbers"):
        gym.make("FrozenLake-v1", reward_schedule=schedule)


@pytest.mark.parametrize(
    "arguments", [{"size": 1}, {"size": 65}, {"p": 0}, {"p": float("nan")}, {"p": 0.01}]
)
def test_impossible_random_maps(arguments):
    with pytest.raises(ValueError, match=r"size|p=|p:"):
        generate_random_map(**arguments)


def test_maps_may_be_letters_bytes_or_arrays():
    rows = ["SFF", "HFG"]
    for desc in (
        rows,
        tuple(rows),
        [list(row) for row in rows],
        [row.encode() for row in rows],
        np.array([list(row) for row in rows]),
        np.array([list(row) for row in rows], dtype="S1"),
        np.array(rows),
    ):
        env = gym.make("FrozenLake-v1", desc=desc).unwrapped
        assert env.desc.tolist() == [[b"S", b"F", b"F"], [b"H", b"F", b"G"]]
        assert env.observation_space.n == 6


def test_no_map_is_a_random_map():
    env = gym.make("FrozenLake-v1", map_name=None).unwrapped
    assert env.desc.shape == (8, 8)
    vector = gym.make_vec("FrozenLake-v1", 5, map_name=None)
    maps = {desc.tobytes() for desc in vector.get_attr("desc")}
    assert len(maps) > 1


def test_the_map_can_be_changed_where_it_fits():
    env = gym.make("FrozenLake-v1", is_slippery=False)
    env.reset(seed=0)
    env.unwrapped.desc = ["SG", "FF"]
    assert (env.unwrapped.nrow, env.unwrapped.ncol) == (2, 2)
    assert env.step(2)[:3] == (1, 1, True)
    with pytest.raises(ValueError, match="64 cells does not fit"):
        env.unwrapped.desc = MAPS["8x8"]
    vector = gym.make_vec("FrozenLake-v1", 2)
    with pytest.raises(ValueError, match="64 cells does not fit"):
        vector.set_params({"desc": MAPS["8x8"]}, lanes=[1])


@pytest.fixture
def maps():
    return [generate_random_map(size=3 + seed % 5, seed=seed) for seed in range(6)]


@pytest.mark.parametrize("autoreset", ["NextStep", "SameStep"])
def test_a_map_a_lane(maps, autoreset):
    vector = gym.make_vec(
        "FrozenLake-v1", 6, params={"desc": maps}, vector_kwargs={"autoreset_mode": autoreset}
    )
    assert vector.single_observation_space.n == 49
    singles = [gym.make("FrozenLake-v1", desc=desc) for desc in maps]
    observations, _ = vector.reset(seed=2)
    ended = np.zeros(6, dtype=bool)
    for lane, env in enumerate(singles):
        assert env.reset(seed=2 + lane)[0] == observations[lane]
    rng = np.random.default_rng(0)
    for _ in range(300):
        actions = rng.integers(0, 4, 6)
        observations, rewards, terminated, truncated, _ = vector.step(actions)
        for lane, env in enumerate(singles):
            if ended[lane]:
                assert observations[lane] == env.reset()[0]
                ended[lane] = False
                continue
            expected = env.step(int(actions[lane]))
            assert (rewards[lane], terminated[lane], truncated[lane]) == expected[1:4]
            if expected[2] or expected[3]:
                ended[lane] = autoreset == "NextStep"
                expected = expected if ended[lane] else env.reset()
            assert observations[lane] == expected[0]


def test_maps_of_lanes_are_read_saved_and_changed(maps):
    vector = gym.make_vec("FrozenLake-v1", 6, params={"desc": maps})
    vector.reset(seed=0)
    for desc, expected in zip(vector.get_attr("desc"), maps, strict=True):
        assert [b"".join(row).decode() for row in desc] == expected
    assert [desc.shape for desc in vector.params["desc"]] == [(len(m), len(m)) for m in maps]
    for other in (vector.clone(), copy.deepcopy(vector), pickle.loads(pickle.dumps(vector))):
        assert all(map(np.array_equal, other.get_attr("desc"), vector.get_attr("desc")))
    snapshot = vector.snapshot()
    vector.set_params({"desc": maps[:2]}, lanes=[4, 5])
    assert vector.get_attr("desc")[5].shape == (4, 4)
    vector.restore(snapshot)
    assert vector.get_attr("desc")[5].shape == (3, 3)
    with pytest.raises(ValueError, match="one for each of 6 lanes, got 2 maps"):
        gym.make_vec("FrozenLake-v1", 6, params={"desc": maps[:2]})


def test_snapshots_of_lanes_on_one_map_hold_it_once():
    size = len(gym.make_vec("FrozenLake-v1", 1).snapshot().to_bytes())
    many = len(gym.make_vec("FrozenLake-v1", 100).snapshot().to_bytes())
    assert many < 4 * size


def test_parameters_differ_between_lanes():
    rates, schedules = [0.0, 1.0], [(1, 0, 0), (5, -1, -2)]
    vector = gym.make_vec(
        "FrozenLake-v1", 2, params={"success_rate": rates, "reward_schedule": schedules}
    )
    vector.reset(seed=0)
    _, rewards, _, _, infos = vector.step(np.array([2, 2]))
    assert rewards.tolist() == [0, -2]
    assert infos["prob"].tolist() == [0.5, 1.0]
    assert vector.get_attr("reward_schedule") == ((1, 0, 0), (5, -1, -2))
