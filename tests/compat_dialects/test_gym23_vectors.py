"""Rows C01 to C24: vectors of Gym 0.22 and 0.23."""

import numpy as np
import pytest
from dialect_cases import QUIET, Corridor, Corridor09, Corridor21

import dromos
from dromos import legacy
from dromos.compat import gym_v23 as gym
from dromos.error import InvalidAction, NoAsyncCallError
from dromos.spaces import Box, Dict, Discrete, MultiDiscrete, Tuple

pytestmark = pytest.mark.filterwarnings(QUIET)

SyncVectorEnv = gym.vector.SyncVectorEnv

#: Both kinds of vectors: what holds for one holds for the other.
KINDS = [gym.vector.SyncVectorEnv, gym.vector.AsyncVectorEnv]
both = pytest.mark.parametrize("kind", KINDS, ids=["sync", "async"])


def cartpole():
    return gym.make("CartPole-v1")


def test_the_oldest_dialect_has_these_vectors():
    assert legacy.vector.SyncVectorEnv is gym.vector.SyncVectorEnv
    envs = legacy.vector.make("Pendulum-v0", 2, asynchronous=False)
    assert type(envs.envs[0].unwrapped).__name__ == "PendulumEnv"


@both
def test_c01_a_batch_of_actions_gives_batches(kind):
    envs = kind([cartpole] * 3)
    envs.reset()
    observations, rewards, dones, infos = envs.step(envs.action_space.sample())
    assert observations.shape == (3, 4)
    assert (rewards.shape, dones.shape, len(infos)) == ((3,), (3,), 3)
    envs.close()


def test_c02_copies_are_stepped_in_this_process():
    envs = SyncVectorEnv([cartpole] * 3)
    assert envs.reset().shape == (3, 4)
    assert len(envs.envs) == envs.num_envs == 3


def test_c03_each_copy_has_a_process():
    envs = gym.vector.AsyncVectorEnv([cartpole] * 3)
    assert len(envs.processes) == 3
    envs.close()
    assert envs.closed


def test_c04_make_is_asynchronous_by_default():
    envs = gym.vector.make("CartPole-v1", num_envs=2)
    assert isinstance(envs, gym.vector.AsyncVectorEnv)
    envs.close()
    envs = gym.vector.make("CartPole-v1", num_envs=2, asynchronous=False)
    assert isinstance(envs, gym.vector.SyncVectorEnv)
    assert envs.single_observation_space == cartpole().observation_space


class Negated(gym.ObservationWrapper):
    def observation(self, observation):
        return -observation


@pytest.mark.parametrize("wrappers", [Negated, [Negated], (w for w in (Negated,))])
def test_c04_wrappers_are_one_or_several(wrappers):
    plain = gym.vector.make("CartPole-v1", 2, asynchronous=False)
    wrapped = gym.vector.make("CartPole-v1", 2, asynchronous=False, wrappers=wrappers)
    np.testing.assert_array_equal(wrapped.reset(seed=1), -plain.reset(seed=1))


def test_c04_arguments_go_to_the_environment():
    envs = gym.vector.make("CartPole-v1", 2, asynchronous=False, gravity=1.5)
    assert envs.get_attr("gravity") == (1.5, 1.5)


def test_c05_copies_may_have_other_parameters():
    makers = [
        lambda: gym.make("CartPole-v1", gravity=9.81),
        lambda: gym.make("CartPole-v1", gravity=1.62),
    ]
    envs = SyncVectorEnv(makers)
    first = envs.reset(seed=[4, 4])
    np.testing.assert_array_equal(first[0], first[1])
    for action in (0, 1, 0):
        observations = envs.step(np.array([action, action]))[0]
    assert not np.array_equal(observations[0], observations[1])


@both
@pytest.mark.parametrize("env_class", [Corridor, Corridor09, Corridor21])
def test_c06_copies_need_no_registration_nor_one_dialect(kind, env_class):
    envs = kind([env_class] * 2)
    envs.reset(seed=0)
    assert envs.step(np.array([0, 1]))[1].shape == (2,)
    envs.close()


def test_c07_some_copies_may_be_wrapped():
    def stubborn():
        sticky = dromos.wrappers.StickyAction(gym.to_new(cartpole()), 0.9)
        return gym.from_new(sticky)

    envs = SyncVectorEnv([cartpole, stubborn])
    assert envs.reset().shape == (2, 4)
    assert envs.step(np.array([0, 1]))[0].shape == (2, 4)


def test_c08_copies_are_made_by_functions():
    made = []

    def maker(name):
        def make():
            made.append(name)
            return Corridor21()

        return make

    SyncVectorEnv([maker("f"), maker("g")])
    assert made == ["f", "g"]


@both
def test_c09_spaces_must_be_equal(kind):
    with pytest.raises(RuntimeError, match="not equivalent"):
        kind([cartpole, lambda: gym.make("Pendulum-v1")])


class Nested(gym.Env):
    """Observations and actions in dicts in dicts; `reset` as in 0.21."""

    observation_space = Dict(a=Dict(b=Box(-1, 1, (2,)), c=Discrete(3)), d=Tuple([Discrete(2)]))
    action_space = Dict(left=Discrete(2), right=Dict(turn=Box(-1, 1, (1,))))

    def reset(self):
        return self.observation_space.sample()

    def step(self, action):
        assert action in self.action_space
        return self.observation_space.sample(), float(action["left"]), False, {}


@both
def test_c10_c11_nested_spaces_are_batched_and_split(kind):
    envs = kind([Nested] * 3)
    observations = envs.reset()
    assert observations["a"]["b"].shape == (3, 2)
    assert observations["a"]["c"].shape == (3,)
    actions = envs.action_space.sample()
    observations, rewards, _, _ = envs.step(actions)
    assert observations["d"][0].shape == (3,)
    np.testing.assert_array_equal(rewards, actions["left"].astype(float))
    envs.close()


@both
def test_c12_an_episode_that_ends_is_followed_in_the_same_step(kind):
    envs = kind([lambda: Corridor21(start=0), lambda: Corridor21(start=2)])
    envs.reset()
    observations, rewards, dones, infos = envs.step(np.array([1, 1]))
    assert dones.tolist() == [False, True]
    assert infos[0] == {"position": 1}
    assert infos[1]["terminal_observation"] == 3.0
    assert infos[1]["position"] == 3
    assert infos[1]["TimeLimit.truncated"] is False
    np.testing.assert_array_equal(observations, [[1.0], [2.0]])
    assert rewards.tolist() == [1.0, 1.0]
    envs.close()


def test_c12_a_time_limit_is_told():
    envs = gym.vector.make("CartPole-v1", 2, asynchronous=False, max_episode_steps=2)
    envs.reset(seed=0)
    envs.step(np.array([0, 1]))
    _, _, dones, infos = envs.step(np.array([1, 0]))
    assert dones.all()
    assert [info["TimeLimit.truncated"] for info in infos] == [True, True]
    assert all(info["terminal_observation"].shape == (4,) for info in infos)


def test_c13_c14_spaces_of_one_and_of_all():
    envs = SyncVectorEnv([cartpole] * 3)
    single = cartpole().observation_space
    assert envs.action_space == MultiDiscrete([2] * 3)
    assert envs.single_action_space == Discrete(2)
    assert envs.single_observation_space == single
    low, high = (np.tile(bound, (3, 1)) for bound in (single.low, single.high))
    assert envs.observation_space == Box(low, high)


@both
@pytest.mark.parametrize("actions", [[0, 1], 1, [0, 1, 0, 1], [[0], [1], [0]]])
def test_c15_a_bad_batch_of_actions_is_told_at_once(kind, actions):
    envs = kind([cartpole] * 3)
    envs.reset()
    with pytest.raises(InvalidAction):
        envs.step(actions)
    envs.close()


@both
def test_c15_a_bad_action_is_told_by_the_environment(kind):
    envs = kind([cartpole] * 2)
    envs.reset()
    with pytest.raises(InvalidAction, match="is not an action of"):
        envs.step(np.array([0, 7]))
    envs.close()


def test_c16_shared_memory_changes_nothing():
    rollouts = []
    for shared in (True, False):
        envs = gym.vector.AsyncVectorEnv([cartpole] * 2, shared_memory=shared)
        rollout = [envs.reset(seed=3)]
        rollout += [envs.step(np.array([step % 2, 1]))[0].copy() for step in range(20)]
        rollouts.append(rollout)
        envs.close()
    np.testing.assert_array_equal(*rollouts)


@both
def test_c17_what_a_copy_raises_is_raised_here(kind):
    class Broken(Corridor21):
        def step(self, action):
            raise KeyError("lost")

    envs = kind([Corridor21, Broken])
    envs.reset()
    with pytest.raises(KeyError, match="lost"):
        envs.step(np.array([0, 0]))
    envs.close()


class Words(dromos.Space):
    """A space of a user's own."""

    def sample(self, mask=None, probability=None):
        return "word"

    def contains(self, x):
        return isinstance(x, str)

    def __eq__(self, other):
        return isinstance(other, Words)


class Speaker(Corridor21):
    def __init__(self):
        super().__init__()
        self.observation_space = Words()

    def _observation(self):
        return f"word {self.position}"


def test_c18_a_space_of_ones_own_is_not_batched():
    envs = SyncVectorEnv([Speaker] * 2)
    observations = envs.reset()
    assert type(observations) is tuple
    assert all(word.startswith("word") for word in observations)
    assert isinstance(envs.observation_space, Tuple)


def test_c19_a_space_of_ones_own_is_not_shared():
    with pytest.raises(ValueError, match="shared_memory=False"):
        gym.vector.AsyncVectorEnv([Speaker] * 2)
    envs = gym.vector.AsyncVectorEnv([Speaker] * 2, shared_memory=False)
    assert type(envs.reset()) is tuple
    envs.close()


@both
def test_c21_reset_returns_infos_if_asked(kind):
    envs = kind([Corridor21] * 2)
    assert envs.reset(seed=1).shape == (2, 1)
    observations, infos = envs.reset(seed=1, return_info=True, options={"position": 1})
    assert observations.tolist() == [[1.0], [1.0]]
    assert isinstance(infos, list)
    assert [info.keys() for info in infos] == [{"drawn"}] * 2
    with pytest.raises(TypeError):
        envs.reset(1)
    envs.close()


@both
def test_c22_the_types_of_what_step_returns(kind):
    envs = kind([cartpole] * 2)
    envs.reset()
    _, rewards, dones, infos = envs.step(np.array([0, 1]))
    assert (rewards.dtype, dones.dtype) == (np.float64, np.bool_)
    assert infos == [{}, {}]
    envs.close()


@both
def test_c23_seed_holds_from_the_next_reset(kind):
    envs = kind([cartpole] * 3)
    expected = envs.reset(seed=[7, 8, 9]).copy()
    envs.seed(7)
    np.testing.assert_array_equal(envs.reset(), expected)
    assert not np.array_equal(envs.reset(), expected)
    envs.seed([9, 8, 7])
    np.testing.assert_array_equal(envs.reset(), expected[::-1])
    envs.close()


@both
def test_c24_an_integer_seeds_the_copies_one_after_another(kind):
    envs = kind([cartpole] * 3)
    expected = [cartpole().reset(seed=seed) for seed in (5, 6, 7)]
    np.testing.assert_array_equal(envs.reset(seed=5), expected)
    envs.close()


@both
def test_calls_may_be_begun_and_finished_apart(kind):
    envs = kind([cartpole] * 2)
    envs.reset_async(seed=2)
    first = envs.reset_wait()
    np.testing.assert_array_equal(first, SyncVectorEnv([cartpole] * 2).reset(seed=2))
    envs.step_async(np.array([0, 1]))
    assert len(envs.step_wait()) == 4
    with pytest.raises(NoAsyncCallError):
        envs.step_wait()
    envs.reset_async(return_info=True)
    assert envs.reset_wait()[1] == [{}, {}]
    envs.close()


def test_a_wrapper_of_vectors_passes_everything_on():
    class Doubled(gym.vector.VectorEnvWrapper):
        def step(self, actions):
            observations, rewards, dones, infos = self.env.step(actions)
            return observations, 2 * rewards, dones, infos

    envs = Doubled(SyncVectorEnv([cartpole] * 2))
    envs.seed(3)
    np.testing.assert_array_equal(envs.reset(), SyncVectorEnv([cartpole] * 2).reset(seed=3))
    assert envs.step(np.array([0, 1]))[1].tolist() == [2.0, 2.0]
    assert envs.get_attr("gravity") == (9.8, 9.8)
    assert (envs.num_envs, str(envs)) == (2, "Doubled(2)")
    envs.close()
    assert envs.env.closed


def test_pictures_of_all_copies():
    envs = gym.vector.make("CartPole-v1", 2, asynchronous=False, render_mode="rgb_array")
    envs.reset()
    assert [frame.shape for frame in envs.render()] == [(400, 600, 3)] * 2
