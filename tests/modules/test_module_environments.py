"""What a library brings is stepped, drawn from, kept and spread over threads as the core's own."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from building import compiled

import dromos as gym
from dromos._core import batch as core
from dromos.native import Choice, LogUniform, Normal, Uniform, load
from dromos.registration import EnvSpec
from dromos.testing import check_vector_env, data_equivalence

MODES = ["NextStep", "SameStep", "Disabled"]
PAIR = ("CartPole-v1", "spare/CartPole-v0")
LANES = 130  # two blocks and a rest

pytestmark = pytest.mark.usefixtures("spare")


def both(mode="NextStep", lanes=LANES, **more):
    """Return CartPole of the core and of the library, with a limit that both have."""
    options = {"max_episode_steps": 30, "autoreset_mode": mode, "num_threads": 2}
    return [gym.make_vec(env_id, lanes, vector_kwargs=options, **more) for env_id in PAIR]


def same(one, other):
    return data_equivalence(one, other, exact=True)


def actions_at(step, lanes=LANES):
    return (np.arange(lanes) * 7919 + step * 104729) // 8 % 2


def play(envs, steps=60):
    """Return everything that is reported by some steps, with resets under DISABLED."""
    seen = [envs.reset(seed=3)]
    for step in range(steps):
        seen.append(envs.step(actions_at(step, envs.num_envs)))
        ended = seen[-1][2] | seen[-1][3]
        if envs.metadata["autoreset_mode"] == gym.vector.AutoresetMode.DISABLED and ended.any():
            seen.append(envs.reset(options={"reset_mask": ended}))
    return seen


def assert_same_play(ours, theirs, steps=60):
    assert same(play(ours, steps), play(theirs, steps))


def test_its_names_are_registered(spare):
    assert spare == ("spare/CartPole", "spare/FrozenLake", "spare/Counter", "spare/Follow")
    assert set(spare) <= set(core.names())
    assert all(f"{name}-v0" in gym.registry for name in spare)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_gives_the_same_bits(mode):
    assert_same_play(*both(mode))


def test_a_single_environment_too():
    ours, theirs = (gym.make(env_id, max_episode_steps=50) for env_id in PAIR)
    for env in (ours, theirs):
        env.reset(seed=5)
    for step in range(50):
        one, other = ours.step(step % 2), theirs.step(step % 2)
        assert one[0].tobytes() == other[0].tobytes()
        assert one[1:] == other[1:]
        if one[2] or one[3]:
            assert ours.reset()[0].tobytes() == theirs.reset()[0].tobytes()


def test_a_rollout_too():
    actions = np.array([actions_at(step) for step in range(50)])
    for envs in (pair := both()):
        envs.reset(seed=1)
    ours, theirs = (envs.rollout(actions) for envs in pair)
    for name in ("observations", "rewards", "terminated", "truncated", "valid"):
        assert same(getattr(ours, name), getattr(theirs, name)), name


@pytest.mark.parametrize(
    "params",
    [
        {"length": np.linspace(0.3, 0.7, LANES)},
        {"gravity": Uniform(5.0, 15.0), "length": LogUniform(0.1, 1.0)},
        {"masspole": Normal(0.1, 0.05, 0.05, 0.2), "force_mag": Choice([5.0, 10.0, 20.0])},
    ],
    ids=["a lane each", "drawn", "chosen"],
)
@pytest.mark.parametrize("mode", MODES)
def test_parameters_are_set_and_drawn_alike(params, mode):
    ours, theirs = both(mode, params=params)
    assert_same_play(ours, theirs)
    assert same(ours.unwrapped.params, theirs.unwrapped.params)


def test_its_parameters_are_described_and_checked():
    env = gym.make("spare/CartPole-v0", length=0.7)
    assert env.unwrapped.length == 0.7
    assert type(env.unwrapped).parameters["gravity"].meaning == "gravity (m/s²)" or (
        "gravity" in type(env.unwrapped).__doc__
    )
    with pytest.raises(ValueError, match="length"):
        gym.make("spare/CartPole-v0", length=-1.0)
    with pytest.raises(TypeError, match=r"lenght.*length"):
        gym.make("spare/CartPole-v0", lenght=1.0)


@pytest.mark.parametrize("mode", MODES)
def test_a_snapshot_has_the_same_future(mode):
    _, envs = both(mode, lanes=5, params={"gravity": Uniform(5.0, 15.0)})
    play(envs, 20)
    if mode == "Disabled":
        envs.reset(options={"reset_mask": np.ones(5, bool)})
    kept = envs.snapshot()
    copy = pickle.loads(pickle.dumps(envs))

    def future(vector):
        steps = [vector.step(actions_at(step, 5))[:4] for step in range(5)]
        return [part.tobytes() for step in steps for part in step]

    first = future(envs)
    envs.restore(kept)
    assert future(envs) == first
    assert future(copy) == first
    single = gym.make("spare/CartPole-v0")
    single.reset(seed=0)
    twin = pickle.loads(pickle.dumps(single.unwrapped))
    assert twin.step(1)[0].tobytes() == single.step(1)[0].tobytes()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("env_id", ["spare/CartPole-v0", "spare/Follow-v0"])
def test_its_vectors_keep_the_promises(env_id, mode):
    vector = type(gym.make_vec(env_id, 1).unwrapped)
    check_vector_env(vector(4, max_episode_steps=20, autoreset_mode=mode))


@pytest.mark.parametrize("mode", MODES)
def test_its_infos_are_told(mode):
    envs = gym.make_vec("spare/Counter-v0", 4, vector_kwargs={"autoreset_mode": mode}, end=2)
    assert envs.reset()[1]["left"].tolist() == [2] * 4
    assert envs.step(np.zeros(4, np.int64))[4]["left"].tolist() == [1] * 4
    *_, infos = envs.step(np.zeros(4, np.int64))
    assert infos["left"].tolist() == [2 if mode == "SameStep" else 0] * 4
    if mode == "SameStep":
        assert infos["final_info"]["left"].tolist() == [0] * 4


def test_every_instruction_set_gives_the_same_bits(library_file):
    program = f"""
import numpy as np, dromos as gym
from dromos._core import batch
from dromos.native import load
load({str(library_file)!r}); batch.limit_instruction_set("baseline")
envs = gym.make_vec("spare/CartPole-v0", {LANES})
envs.reset(seed=0)
total = 0
for step in range(40):
    total += float(envs.step((np.arange({LANES}) + step) % 2)[0].astype(float).sum())
print(total.hex())
"""
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    envs = gym.make_vec("CartPole-v1", LANES)
    envs.reset(seed=0)
    total = 0
    for step in range(40):
        actions = (np.arange(LANES) + step) % 2
        total += float(envs.step(actions)[0].astype(float).sum())
    assert printed.stdout.strip() == total.hex(), printed.stderr


def test_another_compiler_gives_the_same_bits(tmp_path):
    source = tmp_path / "other.cpp"
    source.write_text(
        "#include <dromos/module.hpp>\n#include <dromos/envs/cartpole.hpp>\n"
        "DROMOS_MODULE(other, dromos::CartPole);\n"
    )
    load(compiled(source, tmp_path / "other.so", compiler="clang++"))
    params = {"gravity": Uniform(5.0, 15.0)}
    ours, theirs = (
        gym.make_vec(env_id, 70, params=params, vector_kwargs={"max_episode_steps": 30})
        for env_id in (PAIR[0], "other/CartPole-v0")
    )
    assert_same_play(ours, theirs)


def test_its_transitions_are_those_of_the_core():
    ours, theirs = (core.make_single(f"{prefix}FrozenLake") for prefix in ("", "spare/"))
    (ways, start), (their_ways, their_start) = ours.transitions(), theirs.transitions()
    assert ways == their_ways
    assert same(start, their_start)
    assert core.make_single("spare/CartPole").transitions() is None


def test_spaces_are_as_wide_as_it_tells():
    follow, counter = gym.make("spare/Follow-v0"), gym.make("spare/Counter-v0")
    assert follow.action_space == gym.spaces.Box(
        np.array([-1, -2], np.float32), np.array([1, 2], np.float32)
    )
    assert follow.observation_space == gym.spaces.Box(-5, 5, (2,), np.float64)
    assert counter.observation_space == gym.spaces.Tuple(
        [gym.spaces.Discrete(21, start=-10), gym.spaces.Discrete(2)]
    )
    assert gym.make(PAIR[1]).observation_space == gym.spaces.Box(-np.inf, np.inf, (4,), np.float32)
    with pytest.raises(TypeError, match=r"spare/FrozenLake observes integers.*observation_low"):
        gym.make("spare/FrozenLake-v0")


def test_its_state_and_its_options_are_told():
    env = gym.make("spare/Counter-v0", end=3)
    assert env.reset(options={"first": 1}) == ((1, 1), {"left": 2})
    assert env.unwrapped.drawn_state() == {"count": 1}
    assert type(env.unwrapped.end) is int
    assert env.step(0)[2:] == (False, False, {"left": 1})
    with pytest.raises(ValueError, match=r"end: expected an int64.*2\.5"):
        gym.make("spare/Counter-v0", end=2.5)
    state = gym.make("spare/Follow-v0")
    state.reset(seed=0)
    assert state.unwrapped.drawn_state()["place"].shape == (2,)


@pytest.mark.parametrize(
    ("action", "error", "match"),
    [
        (1, ValueError, "spare/Counter: one is refused"),
        (2, OverflowError, "spare/Counter: two is too much"),
        (3, RuntimeError, "spare/Counter: three fails"),
        (4, RuntimeError, "no std::exception"),
    ],
)
def test_what_it_throws_is_raised(action, error, match):
    env = gym.make("spare/Counter-v0")
    env.reset()
    with pytest.raises(error, match=match):
        env.step(action)
    envs = gym.make_vec("spare/Counter-v0", 64 * 4, vector_kwargs={"num_threads": 2})
    envs.reset()
    with pytest.raises(error, match=match):
        envs.step(np.full(64 * 4, action))
    with pytest.raises(error, match=match):
        envs.rollout(np.full((3, 64 * 4), action))


def test_its_specification_goes_through_json_and_pickle():
    spec = gym.make("spare/CartPole-v0", length=0.3).spec
    assert gym.make(EnvSpec.from_json(spec.to_json())).unwrapped.length == 0.3
    cls = type(gym.make(spec).unwrapped)
    assert pickle.loads(pickle.dumps(cls)) is cls
    assert str(gym.make(spec).unwrapped) == "<CartPoleEnv<spare/CartPole-v0>>"


@pytest.mark.parametrize("context", ["spawn", "fork"])
def test_workers_load_it_too(context):
    options = {"context": context, "num_workers": 1}
    with gym.make_vec(PAIR[1], 2, "async", vector_kwargs=options) as envs:
        ours, theirs = (each.reset(seed=0)[0] for each in (gym.make_vec(PAIR[0], 2), envs))
        assert same(ours, theirs)
