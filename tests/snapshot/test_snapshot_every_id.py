"""Every id, single and as a vector in every mode, at a random moment, in every way of going on."""

import random

import pytest
from fuzz_stacks import MODES
from test_snapshot_complete import WAYS, assert_same, at_moment, restored, shown

import dromos as gym

#: Games of the Atari differ in nothing that snapshots see; their own tests have more of them.
ATARI = ["ALE/Breakout-v5", "PongDeterministic-v4"]
IDS = [
    env_id
    for env_id, spec in gym.registry.items()
    if "atari" not in str(spec.entry_point).lower() and "mujoco" not in str(spec.entry_point)
]
ROBOTS = [f"{name}-v5" for name in ("InvertedPendulum", "Hopper", "Reacher", "Ant", "Pusher")]
IDS = [
    i for i in IDS if i not in ("phys2d/CartPole-v0", "phys2d/CartPole-v1", "tabular/Blackjack-v0")
]
SINGLE = [*IDS, *ROBOTS, "Walker2d-v4", *ATARI]
#: CarRacing's lanes draw screens, which takes long; JAX's vectors have no modes.
VECTORS = [i for i in (*IDS, *ROBOTS[:2]) if "CarRacing" not in i and "phys2d" not in i]
VECTORS = [env_id for env_id in VECTORS if "tabular" not in env_id]
LANES = 3

pytestmark = pytest.mark.filterwarnings("ignore:.*is out of date")


def moment_of(name):
    return random.Random(name).randrange(1, 45)


@pytest.mark.parametrize("env_id", SINGLE)
def test_an_environment_of_any_id_goes_on(env_id):
    def build():
        return gym.make(env_id)

    env = at_moment(build, moment_of(env_id))
    env.snapshot()  # seeds what nobody has seeded: till then it has no future to compare
    way = list(WAYS.values())[SINGLE.index(env_id) % len(WAYS)]
    other = way(env, build)
    assert_same(env, other)
    env.close()
    other.close()


def vector_of(env_id, kind, mode, **others):
    given = {"autoreset_mode": mode, **others}
    return gym.make_vec(env_id, LANES, vectorization_mode=kind, vector_kwargs=given)


def kinds_of(env_id):
    """Return builders of two vectors whose snapshots go into each other, made differently."""
    spec = gym.spec(env_id)
    if spec.vector_entry_point is not None:
        return [("vector_entry_point", {"num_threads": threads}) for threads in (1, 2)]
    return [("sync", {}), ("async", {"num_workers": 2})]


@pytest.mark.parametrize("env_id", VECTORS)
def test_a_vector_of_any_id_goes_on_over_other_threads_and_workers(env_id):
    mode = MODES[VECTORS.index(env_id) % len(MODES)]
    builders = [lambda k=k, o=o: vector_of(env_id, k, mode, **o) for k, o in kinds_of(env_id)]
    random.Random(env_id).shuffle(builders)
    env = at_moment(builders[0], moment_of(env_id))
    other = restored(builders[1](), env)
    assert_same(env, other, {"num_threads", "num_workers", "processes"})
    env.close()
    other.close()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("env_id", ["Acrobot-v1", "Blackjack-v1", "Hopper-v5"])
def test_lanes_go_into_other_places_and_threads(env_id, mode):
    one, other = (
        vector_of(env_id, "vector_entry_point", mode, num_threads=threads) for threads in (1, 2)
    )
    for number, envs in enumerate((one, other)):
        envs.reset(seed=number)
        envs.action_space.seed(number)
        for _ in range(moment_of(env_id + mode) + 9 * number):
            told(envs, envs.action_space.sample())
    other.restore(one.snapshot(lanes=[0, 2]), lanes=[1, 0])
    one.action_space.seed(5)
    for _ in range(50):
        action = one.action_space.sample()
        mine, theirs = told(one, action), told(other, action[[2, 0, 1]])
        assert shown([mine[0], mine[2]]) == shown([theirs[1], theirs[0]])
    one.close()
    other.close()


def told(envs, action):
    """Step, start what has ended if the vector does not, and return what each lane was told."""
    obs, *results, _ = envs.step(action)
    ended = results[1] | results[2]
    if envs.metadata["autoreset_mode"].value == "Disabled" and ended.any():
        envs.reset(options={"reset_mask": ended})
    columns = [*(obs if isinstance(obs, tuple) else [obs]), *results]
    return [[column[lane] for column in columns] for lane in range(LANES)]
