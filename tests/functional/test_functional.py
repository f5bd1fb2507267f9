"""Environments as functions of JAX: the native dynamics, every lane's transition, any state."""

import copy
import pickle
import threading

import gymnasium
import numpy as np
import pytest

import dromos as gym
from dromos.error import ResetNeeded
from dromos.experimental.functional import FuncEnv
from dromos.snapshot import Snapshot
from dromos.spaces import Box, Discrete
from dromos.vector import AutoresetMode
from dromos.vector.utils import batch_space

jax = pytest.importorskip("jax")
jnp = jax.numpy

from dromos.envs import phys2d, tabular  # noqa: E402
from dromos.envs.functional_jax_env import FunctionalJaxEnv, FunctionalJaxVectorEnv  # noqa: E402
from dromos.envs.phys2d.cartpole import CartPoleFunctional, CartPoleParams  # noqa: E402
from dromos.envs.phys2d.pendulum import PendulumFunctional, PendulumParams  # noqa: E402
from dromos.envs.tabular.blackjack import (  # noqa: E402
    BlackjackFunctional,
    BlackJackParams,
    EnvState,
)
from dromos.envs.tabular.cliffwalking import CliffWalkingFunctional  # noqa: E402

IDS = [
    "phys2d/CartPole-v0",
    "phys2d/CartPole-v1",
    "phys2d/Pendulum-v0",
    "tabular/Blackjack-v0",
    "tabular/CliffWalking-v0",
]
KEY = jax.random.PRNGKey(0)

pytestmark = pytest.mark.filterwarnings("ignore:.* is out of date:DeprecationWarning")


@pytest.mark.parametrize("env_id", IDS)
def test_registered_as_the_peer_does(env_id):
    ours, peers = gym.spec(env_id), gymnasium.spec(env_id)
    for name in ("max_episode_steps", "reward_threshold", "disable_env_checker", "kwargs"):
        assert getattr(ours, name) == getattr(peers, name)
    assert (ours.vector_entry_point is None) == (peers.vector_entry_point is None)
    assert ours.entry_point.replace("dromos", "gymnasium") == peers.entry_point


@pytest.mark.parametrize("env_id", IDS)
def test_the_loop(env_id):
    env = gym.make(env_id)
    with pytest.raises(ResetNeeded):
        env.step(env.action_space.sample())
    env.action_space.seed(0)
    obs, info = env.reset(seed=3)
    assert isinstance(obs, jax.Array)
    for _ in range(60):
        assert np.asarray(obs) in env.observation_space
        obs, reward, terminated, truncated, info = env.step(env.action_space.sample())
        assert (type(reward), type(terminated), type(truncated), info) == (float, bool, bool, {})
        if terminated or truncated:
            obs, _ = env.reset()


@pytest.mark.parametrize("env_id", IDS)
def test_seeds_snapshots_and_copies(env_id):
    env = gym.make(env_id)
    env.action_space.seed(1)
    actions = [env.action_space.sample() for _ in range(4)]

    def future(env):
        told = []
        for action in actions:
            told.append(jax.tree.map(np.asarray, env.step(action)[:4]))
            if told[-1][2]:
                env.reset()
        return told

    env.reset(seed=9)
    first = future(env)
    env.reset(seed=9)
    np.testing.assert_equal(future(env), first)
    env.reset(seed=11)
    saved = Snapshot.from_bytes(env.snapshot().to_bytes())
    copies = [copy.deepcopy(env), pickle.loads(pickle.dumps(env)), env.clone()]
    expected = future(env)
    env.restore(saved)
    for twin in (env, *copies):
        np.testing.assert_equal(future(twin), expected)
    fresh = gym.make(env_id)
    fresh.restore(saved)
    np.testing.assert_equal(future(fresh), expected)


@pytest.mark.parametrize("env_id", IDS)
def test_pictures(env_id):
    env = gym.make(env_id, render_mode="rgb_array")
    env.reset(seed=0)
    frame = env.render()
    assert (frame.dtype, frame.ndim, frame.shape[2]) == (np.uint8, 3, 3)
    assert len(np.unique(frame.reshape(-1, 3), axis=0)) > 3
    env.step(env.action_space.sample())
    env.close()
    with pytest.raises(NotImplementedError, match="rgb_array"):
        gym.make(env_id, disable_env_checker=True).unwrapped.render()


NATIVE = {
    "CartPole": (CartPoleFunctional(), "CartPole-v1", lambda a: a),
    "Pendulum": (PendulumFunctional(), "Pendulum-v1", lambda a: np.float32([a * 4 - 2])),
}


@pytest.mark.parametrize("name", NATIVE)
def test_dynamics_equal_the_native_ones(name):
    functions, env_id, action_of = NATIVE[name]
    native = gym.make(env_id).unwrapped
    native.reset(seed=0)
    rng = np.random.default_rng(4)
    for _ in range(200):
        size = 4 if name == "CartPole" else 2
        state = rng.normal(size=size).astype(np.float32) * 1.5
        action = action_of(int(rng.integers(2)))
        native.reset(seed=0)
        native.state = state.astype(np.float64)
        obs, reward, terminated, *_ = native.step(action)
        after = functions.transition(jnp.asarray(state), action, KEY)
        np.testing.assert_allclose(functions.observation(after, KEY), obs, rtol=2e-5, atol=2e-5)
        earned = functions.reward(jnp.asarray(state), action, after, KEY)
        np.testing.assert_allclose(float(earned), reward, rtol=1e-4, atol=1e-4)
        assert bool(functions.terminal(after, KEY)) == terminated


def test_the_moment_of_the_pole_is_a_product():
    """The peer adds mass and length."""
    assert CartPoleParams().polemass_length == pytest.approx(0.05)
    assert CartPoleParams(masspole=0.2, length=2.0).polemass_length == pytest.approx(0.4)
    assert CartPoleParams(masspole=0.5).total_mass == 1.5


def test_parameters():
    env = gym.make("phys2d/CartPole-v1", sutton_barto_reward=True, x_threshold=0.01)
    env.reset(seed=0)
    assert env.step(0)[1:3] == (-1.0, True)
    assert PendulumFunctional().get_default_params(g=5.0) == PendulumParams(g=5.0)
    with pytest.raises(TypeError, match="no_such"):
        gym.make("phys2d/CartPole-v1", no_such=1)
    heavy = CartPoleParams(masscart=10.0)
    functions = CartPoleFunctional()
    light_after = functions.transition(jnp.zeros(4), 1, KEY)
    heavy_after = functions.transition(jnp.zeros(4), 1, KEY, heavy)
    assert abs(float(heavy_after[1])) < abs(float(light_after[1]))
    gradient = jax.grad(
        lambda g: functions.transition(
            jnp.array([0.0, 0, 0.1, 0]), 1, KEY, CartPoleParams(gravity=g)
        )[3]
    )(9.8)
    assert float(gradient) > 0


def test_options_are_attributes():
    assert PendulumFunctional({"max_torque": 1.0}).max_torque == 1.0
    env = gym.make("phys2d/Pendulum-v0", options={"max_torque": 0.0})
    env.reset(seed=0)
    left, right = (copy.deepcopy(env).step(np.float32([u]))[0] for u in (-2, 2))
    np.testing.assert_array_equal(left, right)


@pytest.mark.parametrize("env_id", IDS[:3])
def test_lanes_keep_their_transitions_when_another_begins_anew(env_id):
    """The peer's vector drops the step of every lane when one of them is reset."""
    envs = gym.make_vec(env_id, 3, vectorization_mode="vector_entry_point", max_episode_steps=6)
    functions = type(envs).functions()
    envs.reset(seed=1)
    steps = np.zeros(3, int)
    over = np.zeros(3, bool)
    for step in range(20):
        if step == 3:  # so that the lanes' episodes end at different times
            envs.reset(options={"reset_mask": np.array([True, False, False])})
            steps[0], over[0] = 0, False
        before = np.asarray(envs.state)
        actions = envs.action_space.sample()
        obs, rewards, terminated, truncated, _ = envs.step(actions)
        np.testing.assert_array_equal(envs.valid_transition, ~over)
        for lane in range(3):
            if over[lane]:
                assert float(rewards[lane]) == 0
                assert not terminated[lane]
                assert not truncated[lane]
                steps[lane] = 0
                continue
            steps[lane] += 1
            after = functions.transition(jnp.asarray(before[lane]), actions[lane], KEY)
            np.testing.assert_allclose(envs.state[lane], after, rtol=1e-5, atol=1e-6)
            np.testing.assert_allclose(obs[lane], functions.observation(after), rtol=1e-5)
            assert bool(truncated[lane]) == (steps[lane] >= 6)
        over = np.array(terminated | truncated)
    assert envs.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP


def test_a_reset_by_hand_clears_the_pending_ones():
    envs = gym.make_vec(
        "phys2d/Pendulum-v0", 2, vectorization_mode="vector_entry_point", max_episode_steps=2
    )
    envs.reset(seed=0)
    for _ in range(2):
        *_, truncated, _ = envs.step(envs.action_space.sample())
    assert truncated.all()
    envs.reset()
    assert (np.asarray(envs.step(envs.action_space.sample())[1]) != 0).all()


class Deal(FuncEnv):
    """Its states are trees; it tells of transitions."""

    observation_space = Box(0, 100, (1,), np.float32)
    action_space = Discrete(2)

    def initial(self, rng, params=None):
        return {"n": jnp.zeros(1), "log": (jnp.zeros((2, 2)), jnp.asarray(0))}

    def transition(self, state, action, rng, params=None):
        return {"n": state["n"] + 1, "log": (state["log"][0] + 1, state["log"][1] + action)}

    def observation(self, state, rng, params=None):
        return state["n"]

    def reward(self, state, action, next_state, rng, params=None):
        return next_state["n"][0]

    def terminal(self, state, rng, params=None):
        return state["n"][0] >= 3

    def transition_info(self, state, action, next_state, params=None):
        return {"moves": next_state["log"][1]}


def test_states_may_be_trees_and_infos_are_transformed():
    functions = Deal()
    envs = FunctionalJaxVectorEnv(functions, 2)
    assert functions.transition.__func__ is Deal.transition  # the user's functions stay
    assert envs.observation_space == batch_space(Deal.observation_space, 2)
    envs.reset(seed=0)
    rewards = [np.asarray(envs.step(np.array([0, 1]))[1]).tolist() for _ in range(6)]
    assert rewards == [[1, 1], [2, 2], [3, 3], [0, 0], [1, 1], [2, 2]]
    saved = Snapshot.from_bytes(envs.snapshot().to_bytes())
    infos = envs.step(np.array([0, 1]))[-1]
    assert np.asarray(infos["moves"]).tolist() == [0, 3]
    envs.restore(saved)
    np.testing.assert_equal(np.asarray(envs.step(np.array([0, 1]))[1]), [3, 3])


def test_the_single_environment_of_any_functions():
    env = FunctionalJaxEnv(Deal())
    assert env.metadata == {"render_modes": [], "jax": True}
    env.reset(seed=0)
    assert [env.step(1)[1:3] for _ in range(3)] == [(1.0, False), (2.0, False), (3.0, True)]
    assert env.step(1)[-1]["moves"] == 4


def test_transform_reaches_every_function():
    functions = Deal()
    seen = []
    functions.transform(lambda function: seen.append(function.__name__) or function)
    assert seen == [
        "initial",
        "transition",
        "observation",
        "reward",
        "terminal",
        "state_info",
        "transition_info",
    ]


@pytest.mark.parametrize("name", ["initial", "transition", "observation", "reward", "terminal"])
def test_functions_are_left_to_subclasses(name):
    arguments = {"initial": 1, "transition": 3, "observation": 2, "reward": 4, "terminal": 2}
    with pytest.raises(NotImplementedError):
        getattr(FuncEnv(), name)(*[None] * arguments[name])
    assert FuncEnv().state_info(None) == FuncEnv().transition_info(None, None, None) == {}


def hand(*cards):
    return jnp.zeros(21).at[: len(cards)].set(jnp.asarray(cards, jnp.float32))


def table(player, dealer, done=0):
    return EnvState(hand(*dealer), hand(*player), len(dealer), len(player), done)


@pytest.mark.parametrize(
    ("player", "dealer", "action", "rules", "reward"),
    [
        ((10, 9), (10, 8), 0, {}, 1),
        ((10, 8), (10, 8), 0, {}, 0),
        ((10, 7), (10, 8), 0, {}, -1),
        ((10, 7), (10, 8, 9), 0, {}, 1),
        ((10, 7, 9), (10, 8), 1, {}, -1),
        ((10, 7, 2), (10, 8), 1, {}, 0),
        ((1, 10), (10, 9, 2), 0, {}, 1),
        ((1, 10), (1, 10), 0, {}, 0),
        ((1, 10), (10, 8), 0, {"sutton_and_barto": False}, 1),
        ((1, 10), (10, 8), 0, {"sutton_and_barto": False, "natural": True}, 1.5),
        ((1, 10), (10, 9, 2), 0, {"sutton_and_barto": False, "natural": True}, 0),
        ((1, 5), (10, 5, 2), 0, {}, -1),
    ],
)
def test_what_blackjack_pays(player, dealer, action, rules, reward):
    functions = BlackjackFunctional()
    paid = functions.reward(
        table(player, dealer), action, table(player, dealer, 1), KEY, BlackJackParams(**rules)
    )
    assert float(paid) == reward


def test_blackjack_is_played_by_the_rules():
    functions = BlackjackFunctional()
    draws = set()
    for seed in range(200):
        key = jax.random.PRNGKey(seed)
        state = functions.initial(key)
        draws.update(np.asarray(state.player_hand[:2]).tolist())
        after = functions.transition(state, 0, key)
        total = float(after.dealer_hand.sum())
        has_ace = bool((after.dealer_hand == 1).any())
        assert total + (10 if has_ace and total + 10 <= 21 else 0) >= 17
        assert bool(functions.terminal(after, key))
        hit = functions.transition(state, 1, key)
        assert int(hit.player_cards) == 3
        assert bool(functions.terminal(hit, key)) == (float(functions.observation(hit)[0]) > 21)
    assert draws == set(range(1, 11))


def test_cliff_walking_goes_where_the_native_one_goes():
    functions, native = CliffWalkingFunctional(), gym.make("CliffWalking-v1").unwrapped
    native.reset(seed=0)
    state = functions.initial(KEY)
    rng = np.random.default_rng(0)
    for _ in range(300):
        action = int(rng.integers(4))
        after = functions.transition(state, np.array([action], np.int32), KEY)
        obs, reward, terminated, *_ = native.step(action)
        assert int(functions.observation(after)[0]) == obs
        assert float(functions.reward(state, action, after)) == reward
        assert bool(functions.terminal(after)) == terminated
        state = after
        if terminated:
            state = functions.initial(KEY)
            native.reset()


def test_public_names():
    assert phys2d.CartPoleJaxEnv.metadata["jax"]
    assert tabular.BlackJackJaxEnv.metadata["jax"]
    assert gym.experimental.functional.FuncEnv is FuncEnv


@pytest.mark.parametrize("mode", AutoresetMode)
@pytest.mark.parametrize("env_id", ["phys2d/CartPole-v1", "tabular/Blackjack-v0"])
def test_copies_stepped_one_by_one_are_stored_as_bytes(env_id, mode):
    def make():
        return gym.make_vec(env_id, 2, "sync", vector_kwargs={"autoreset_mode": mode})

    envs, others = make(), make()
    envs.reset(seed=1)
    envs.step(np.zeros(2, int))
    others.restore(Snapshot.from_bytes(envs.snapshot().to_bytes()))
    for vector in (envs, others):
        if mode is AutoresetMode.DISABLED:
            vector.reset(options={"reset_mask": np.ones(2, bool)})
    np.testing.assert_equal(envs.step(np.zeros(2, int))[:4], others.step(np.zeros(2, int))[:4])


def test_one_call_at_a_time():
    envs = gym.make_vec("phys2d/CartPole-v1", 2)
    envs.reset(seed=1)
    saved = envs.snapshot()
    refused = []

    def intrude():
        calls = (
            lambda: envs.step(np.zeros(2, int)),
            lambda: envs.reset(seed=0),
            lambda: envs.restore(saved),
            envs.snapshot,
            envs.clone,
            lambda: pickle.dumps(envs),
        )
        for call in calls:
            with pytest.raises(RuntimeError, match="another thread"):
                call()
            refused.append(call)

    class Asking(CartPoleFunctional):
        """Lets another thread in while the state is being observed."""

        def state_info(self, state):
            thread = threading.Thread(target=intrude)
            thread.start()
            thread.join()
            return {}

    envs.func_env.state_info = Asking().state_info
    envs.reset(seed=1)
    assert len(refused) == 6
