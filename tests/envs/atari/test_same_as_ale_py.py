"""AtariEnv beside ale-py's own environment: the same seeds and actions, the same everything."""

import ale_py.env
import numpy as np
import pytest

import dromos as gym
from dromos.envs.atari import AtariEnv

GAMES = [
    "alien",
    "amidar",
    "asterix",
    "asteroids",
    "atlantis",
    "bank_heist",
    "battle_zone",
    "beam_rider",
    "berzerk",
    "bowling",
    "boxing",
    "breakout",
    "centipede",
    "chopper_command",
    "demon_attack",
    "double_dunk",
    "enduro",
    "freeway",
    "frostbite",
    "gopher",
    "hero",
    "montezuma_revenge",
    "ms_pacman",
    "pong",
    "qbert",
    "riverraid",
    "seaquest",
    "space_invaders",
    "tetris",
    "venture",
    "yars_revenge",
]


def assert_same(ours, peers):
    for mine, theirs in zip(ours, peers, strict=True):
        if isinstance(theirs, dict):
            assert mine.keys() == theirs.keys()
            assert_same(mine.values(), theirs.values())
        elif isinstance(theirs, np.ndarray):
            assert (mine.dtype, mine.shape) == (theirs.dtype, theirs.shape)
            assert np.array_equal(mine, theirs)
        else:
            assert type(mine) is type(theirs)
            assert mine == theirs


def play_both(arguments, seed, steps, actions=None):
    ours, peer = AtariEnv(**arguments), ale_py.env.AtariEnv(**arguments)
    assert ours.action_space.__repr__() == peer.action_space.__repr__()
    assert ours.observation_space.__repr__() == peer.observation_space.__repr__()
    assert_same(ours.reset(seed=seed), peer.reset(seed=seed))
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        action = int(rng.integers(ours.action_space.n)) if actions is None else actions(rng)
        left, right = ours.step(action), peer.step(action)
        assert_same(left, right)
        if left[2] or left[3]:
            assert_same(ours.reset(), peer.reset())
    return ours, peer


def pytest_generate_tests(metafunc):
    if metafunc.definition.originalname == "test_games":
        is_long = metafunc.config.getoption("--long")
        seeds, steps = ((0, 7, 2**40 + 1), 500) if is_long else ((7,), 100)
        metafunc.parametrize("game", GAMES if is_long else GAMES[::3])
        metafunc.parametrize(("seeds", "steps"), [(seeds, steps)], ids=[""])


def test_games(game, seeds, steps):
    for seed in seeds:
        play_both({"game": game}, seed, steps)


@pytest.mark.parametrize(
    "arguments",
    [
        {"obs_type": "grayscale", "frameskip": 1, "repeat_action_probability": 0.0},
        {"obs_type": "ram", "frameskip": (2, 5), "repeat_action_probability": 0.6},
        {"mode": 4, "difficulty": 1, "full_action_space": True},
        {"max_num_frames_per_episode": 90},
        {"sound_obs": True},
        {"frameskip": (1, 2), "repeat_action_probability": 1.0},
    ],
    ids=str,
)
def test_arguments(arguments):
    play_both({"game": "breakout", **arguments}, 3, 80)


@pytest.mark.parametrize("game", ["breakout", "seaquest"])
def test_continuous_actions(game):
    def action(rng):
        radius, angle, fire = rng.random(), rng.uniform(-np.pi, np.pi), rng.random()
        return np.array([radius, angle, fire], np.float32)

    arguments = {"game": game, "continuous": True, "continuous_action_threshold": 0.3}
    play_both(arguments, 5, 100, action)


@pytest.mark.parametrize("game", ["pong", "montezuma_revenge", "skiing"])
def test_names_of_actions_and_keys(game):
    for whole in (False, True):
        arguments = {"game": game, "full_action_space": whole}
        ours, peer = AtariEnv(**arguments), ale_py.env.AtariEnv(**arguments)
        assert ours.get_action_meanings() == peer.get_action_meanings()
        assert ours.get_keys_to_action() == peer.get_keys_to_action()


def test_positions_of_the_stick():
    for position in np.ndindex(3, 3, 2):
        across, along, fire = position[0] - 1, position[1] - 1, bool(position[2])
        expected = ale_py.env.AtariEnv.map_action_idx(across, along, fire)
        assert AtariEnv.map_action_idx(across, along, fire) is expected
    with pytest.raises(LookupError, match="-1, 0 or 1"):
        AtariEnv.map_action_idx(2, 0, False)


def test_the_generators_after_a_seed():
    ours, peer = AtariEnv("pong"), ale_py.env.AtariEnv("pong")
    ours.reset(seed=11), peer.reset(seed=11)
    assert ours.np_random.random(3).tolist() == peer.np_random.random(3).tolist()
    assert ours.np_random_seed == peer.np_random_seed == 11
    assert ours.seed_game(5) == peer.seed_game(5)


def test_states_of_the_emulator_by_hand():
    ours, peer = play_both({"game": "breakout"}, 2, 100)
    saved = ours.clone_state(include_rng=True), peer.clone_state(include_rng=True)
    assert saved[0] == saved[1]
    for _ in range(2):
        for action in (1, 2, 3, 0) * 10:
            assert_same(ours.step(action), peer.step(action))
        ours.restore_state(saved[0]), peer.restore_state(saved[1])
    assert ours.ale.lives() == peer.ale.lives()
    assert isinstance(ours.ale, ale_py.ALEInterface)


def test_every_id_of_ale_py_has_the_same_arguments():
    import gymnasium

    theirs = {
        env_id: spec
        for env_id, spec in gymnasium.registry.items()
        if spec.entry_point == "ale_py.env:AtariEnv"
    }
    assert len(theirs) == 352
    for env_id, spec in theirs.items():
        assert gym.spec(env_id).kwargs == dict(spec.kwargs), env_id
        assert gym.spec(env_id).max_episode_steps is None


@pytest.mark.filterwarnings("ignore:.* is out of date:DeprecationWarning")
@pytest.mark.parametrize(
    ("env_id", "skip", "sticky", "kind"),
    [
        ("PongDeterministic-v4", 4, 0.0, "rgb"),
        ("SpaceInvadersDeterministic-v0", 3, 0.25, "rgb"),
        ("Pong-ram-v0", (2, 5), 0.25, "ram"),
        ("Pong-ramNoFrameskip-v4", 1, 0.0, "ram"),
        ("MsPacman-ramDeterministic-v4", 4, 0.0, "ram"),
        ("ALE/Pong-ram-v5", 4, 0.25, "ram"),
    ],
)
def test_ids_that_were_removed(env_id, skip, sticky, kind):
    kwargs = gym.spec(env_id).kwargs
    assert kwargs["frameskip"] == skip
    assert kwargs["repeat_action_probability"] == sticky
    assert kwargs.get("obs_type", "rgb") == kind
    with gym.make(env_id) as env:
        obs, _ = env.reset(seed=0)
        assert obs.shape == ((128,) if kind == "ram" else (210, 160, 3))


def test_through_make_as_gymnasium_makes_it():
    import gymnasium

    with gym.make("ALE/MsPacman-v5") as ours, gymnasium.make("ALE/MsPacman-v5") as peer:
        assert str(ours) == str(peer)
        assert_same(ours.reset(seed=9), peer.reset(seed=9))
        for action in (1, 5, 8, 2) * 30:
            assert_same(ours.step(action), peer.step(action))
