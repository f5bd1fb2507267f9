"""Rows B01 to B11, B16 to B18 and B21: the dialect of Gym 0.9, without rendering."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
from dialect_cases import QUIET, Corridor09, play

import dromos
from dromos import legacy as gym
from dromos.compat import gym_v09
from dromos.envs.registration import registry as new_registry

pytestmark = pytest.mark.filterwarnings(QUIET)


@pytest.fixture
def registry():
    """The dialect's registry."""
    return gym.envs.registration.registry


def test_legacy_is_the_oldest_dialect():
    assert gym.__version__ == gym_v09.__version__ == "0.9.7"
    assert gym.__all__ == gym_v09.__all__
    assert {name: getattr(gym, name) for name in gym.__all__} == {
        name: getattr(gym_v09, name) for name in gym_v09.__all__
    }


def test_b01_reset_returns_the_observation_and_step_four_values():
    env = gym.make("CartPole-v0")
    observation = env.reset()
    assert observation.shape == (4,)
    observation, reward, done, info = env.step(env.action_space.sample())
    assert observation.shape == (4,)
    assert (reward, done, info) == (1.0, False, {})


def test_b01_an_episode_is_that_of_its_time():
    env = gym.make("CartPole-v1")
    assert env.seed(0) == [0]
    first = [-0.04456399437492168, 0.04653909372423204, 0.013269094558410327, -0.020998265615229175]
    observation = env.reset()
    np.testing.assert_allclose(observation, first, rtol=1e-12)
    assert observation.dtype == np.float64
    done, steps = False, 0
    while not done:
        _, reward, done, info = env.step(1)
        steps += 1
    assert (reward, steps, info) == (1.0, 10, {})


def test_b02_public_methods_call_the_underscored_ones(registry):
    gym.register(id="Corridor09-v0", entry_point=Corridor09)
    env = gym.make("Corridor09-v0")
    assert env.seed(3) == [3]
    start = env.reset()
    assert env.step(0) == (max(start - 1, 0), -0.1, False, {"position": max(start - 1, 0)})
    assert env.render(mode="ansi") == str(env.position)
    env.close()
    assert env.viewer is None


def test_b02_a_method_that_is_missing_is_told():
    with pytest.raises(NotImplementedError):
        gym.Env().step(0)
    with pytest.raises(NotImplementedError):
        gym.Env().reset()
    with pytest.raises(gym.error.UnsupportedMode, match="Unsupported rendering mode: human"):
        gym.Env().render()


def test_b02_closing_is_done_once():
    class Counted(Corridor09):
        closed = 0

        def _close(self):
            self.closed += 1

    env = Counted()
    env.close()
    env.close()
    assert env.closed == 1


OLD_FILE = """
import math
import gym
from gym import error, spaces, utils
from gym.utils import seeding
import numpy as np

class HillEnv(gym.Env, utils.EzPickle):
    metadata = {"render.modes": ["human", "rgb_array"], "video.frames_per_second": 30}

    def __init__(self):
        utils.EzPickle.__init__(self)
        high = np.array([1.2, 0.07])
        self.action_space = spaces.Discrete(3)
        self.observation_space = spaces.Box(-high, high)
        self.viewer = None
        self._seed()
        self.reset()

    def _seed(self, seed=None):
        self.np_random, seed = seeding.np_random(seed)
        return [seed]

    def _step(self, action):
        assert self.action_space.contains(action), "%r (%s) invalid" % (action, type(action))
        x, v = self.state
        v = np.clip(v + (action - 1) * 0.001 - math.cos(3 * x) * 0.0025, -0.07, 0.07)
        x = np.clip(x + v, -1.2, 0.6)
        self.state = (x, v)
        return np.array(self.state), -1.0, bool(x >= 0.5), {}

    def _reset(self):
        self.state = np.array([self.np_random.uniform(low=-0.6, high=-0.4), 0])
        return np.array(self.state)

    def _render(self, mode="human", close=False):
        return None if close else np.zeros((4, 4, 3), dtype=np.uint8)

gym.envs.registration.register(id="Hill-v0", entry_point="old_hill:HillEnv", timestep_limit=150)

def run():
    env = gym.wrappers.Monitor(gym.make("Hill-v0"), "monitored", video_callable=False)
    env.seed(0)
    total, done = 0, False
    observation = env.reset()
    while not done:
        observation, reward, done, info = env.step(2 if observation[1] > 0 else 0)
        total += reward
    env.close()
    print(int(-total), env.spec.timestep_limit, isinstance(env, gym.Env))
"""


def test_b03_an_old_file_runs_unchanged(tmp_path):
    (tmp_path / "old_hill.py").write_text(OLD_FILE)
    (tmp_path / "main.py").write_text("import old_hill\nold_hill.run()\n")
    command = [sys.executable, "-m", "dromos", "run", "--api", "0.9", "main.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    steps, limit, is_env = done.stdout.split()
    assert 90 <= int(steps) <= 150
    assert (limit, is_env) == ("150", "True")


def test_b03_old_random_numbers_are_what_they_were():
    """`RandomState` over a hash of the seed: figures of Gym 0.9's own formula, worked out apart."""
    import hashlib

    digest = hashlib.sha512(b"7").digest()[:8]
    words = np.frombuffer(digest, "<u4").tolist()
    generator, seed = gym.utils.seeding.np_random(7)
    assert seed == 7
    assert generator.uniform() == np.random.RandomState(words).uniform()
    assert gym.utils.seeding.create_seed(2**64 + 5) == 5
    assert gym.utils.seeding.create_seed("a") == gym.utils.seeding.create_seed("a")
    assert gym.utils.seeding.np_random()[1] != gym.utils.seeding.np_random()[1]
    with pytest.raises(gym.error.Error, match="non-negative integer or omitted, not -1"):
        gym.utils.seeding.np_random(-1)
    with pytest.raises(gym.error.Error, match="Invalid type for seed"):
        gym.utils.seeding.create_seed(1.5)


def test_b04_make_is_the_registrys(registry):
    env = registry.make("CartPole-v0")
    assert env.spec.id == "CartPole-v0"
    assert type(env) is type(gym.make("CartPole-v0"))


def test_b05_a_specification_makes_the_bare_environment(registry):
    env = gym.spec("CartPole-v0").make()
    assert env.spec.id == "CartPole-v0"
    assert env.unwrapped is env
    gym.register(id="Long-v0", entry_point="dialect_cases:Corridor09", kwargs={"length": 9})
    assert gym.spec("Long-v0").make().length == 9
    assert gym.spec("Long-v0").make(length=3).unwrapped.spec is gym.spec("Long-v0")
    with pytest.raises(gym.error.Error, match="without an entry point"):
        gym_v09.envs.registration.EnvSpec("Nothing-v0").make()


def test_b06_env_specs_hold_every_specification(registry):
    assert "CartPole-v0" in registry.env_specs
    assert "Corridor09-v0" not in registry.env_specs
    gym.register(id="Corridor09-v0", entry_point=Corridor09)
    assert registry.env_specs["Corridor09-v0"].entry_point is Corridor09
    assert set(new_registry) <= {spec.id for spec in registry.all()}
    assert "Corridor09-v0" not in new_registry
    assert len(gym_v09.envs.registration.EnvRegistry().env_specs) == 0


def test_b07_an_entry_point_is_imported_when_it_is_made(registry):
    gym.register(id="Absent-v0", entry_point="no_such_module:Env")
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        gym.make("Absent-v0")


def test_b08_an_environment_is_put_into_env_specs(registry):
    spec = gym.envs.registration.EnvSpec
    registry.env_specs["Put-v0"] = spec("Put-v0", entry_point=Corridor09)
    assert isinstance(gym.make("Put-v0"), Corridor09)


def test_an_unknown_id_is_told_with_the_nearest():
    with pytest.raises(gym.error.UnregisteredEnv, match="Did you mean: `CartPole`"):
        gym.make("CartPool-v0")


def test_b10_a_module_in_front_of_an_id_registers_it(registry, tmp_path, monkeypatch):
    (tmp_path / "gym_old_foo.py").write_text(
        "from dromos import legacy as gym\n"
        "gym.register(id='foo-v0', entry_point='dialect_cases:Corridor09')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert isinstance(gym.make("gym_old_foo:foo-v0"), Corridor09)


def test_b11_an_id_is_registered_once_here_and_replaced_today(registry):
    gym.register(id="Twice-v0", entry_point=Corridor09)
    with pytest.raises(gym.error.Error, match="Cannot re-register id: Twice-v0"):
        gym.register(id="Twice-v0", entry_point=Corridor09)
    dromos.register("Twice-v0", entry_point="dialect_cases:Corridor")
    with pytest.warns(UserWarning, match="Overriding environment Twice-v0 already in registry"):
        dromos.register("Twice-v0", entry_point="dialect_cases:Corridor")


def test_b16_the_limit_of_steps_may_be_changed_at_any_time():
    env = gym.make("CartPole-v0")
    assert env._max_episode_steps == 200
    env.reset()
    env.step(0)
    env._max_episode_steps = 3
    assert env.step(1)[2] is False
    assert env.step(0)[2:] == (True, {"TimeLimit.truncated": True})
    today = dromos.make("CartPole-v1")
    today.reset(seed=0)
    today.set_max_episode_steps(1)
    assert today.step(0)[2:4] == (False, True)


def test_b16_seconds_are_a_limit_too(monkeypatch):
    env = gym.wrappers.TimeLimit(Corridor09(length=100), max_episode_seconds=5.0)
    now = [10.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    env.reset()
    env.unwrapped.position = 0
    assert env.step(1)[2] is False
    now[0] += 5.0
    assert env.step(1)[2:] == (True, {"position": env.position, "TimeLimit.truncated": True})


def test_a_time_limit_wants_a_reset_first():
    with pytest.raises(gym.error.ResetNeeded):
        gym.make("CartPole-v0").step(0)


def test_b17_a_wrapper_is_not_applied_twice():
    class Plain(gym.Wrapper):
        pass

    env = gym.make("CartPole-v0")
    with pytest.raises(
        gym.error.DoubleWrapperError, match="Attempted to double wrap with Wrapper: TimeLimit"
    ):
        gym.wrappers.TimeLimit(Plain(env))


def test_b17_today_it_may_be_unless_it_is_asked():
    once = dromos.make("CartPole-v1")
    gym.refuse_double_wrappers(once)
    twice = dromos.wrappers.TimeLimit(once, 5)
    with pytest.raises(gym.error.DoubleWrapperError, match="Wrapper: TimeLimit"):
        gym.refuse_double_wrappers(twice)


def test_b18_a_limit_at_registration_makes_a_time_limit(registry):
    gym.register(id="Free-v0", entry_point=Corridor09)
    gym.register(id="Limited-v0", entry_point=Corridor09, max_episode_steps=7)
    gym.register(
        id="Tagged-v0",
        entry_point=Corridor09,
        tags={"wrapper_config.TimeLimit.max_episode_steps": 8},
    )
    assert type(gym.make("Free-v0")) is Corridor09
    assert type(gym.make("Limited-v0")) is gym.wrappers.TimeLimit
    assert gym.make("Tagged-v0")._max_episode_steps == gym.spec("Tagged-v0").timestep_limit == 8
    dromos.register("Today-v0", entry_point="dialect_cases:Corridor")
    today = str(dromos.make("Today-v0"))
    assert today == "<OrderEnforcing<PassiveEnvChecker<Corridor<Today-v0>>>>"


@pytest.mark.parametrize("module", [dromos, gym])
def test_b21_warnings_can_be_silenced(monkeypatch, module):
    monkeypatch.setattr(module.logger, "min_level", module.logger.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        module.make("CartPole-v0")


def test_b21_the_old_spellings_of_the_level():
    gym.logger.setLevel(40)
    assert gym.logger.min_level == gym.logger.ERROR == 40
    gym.undo_logger_setup()
    assert gym.logger.min_level == gym.logger.WARN == 30


def test_wrappers_change_what_they_say(registry):
    class Shifted(gym.ObservationWrapper):
        def _observation(self, observation):
            return observation + 100

    class Doubled(gym.RewardWrapper):
        def _reward(self, reward):
            return 2 * reward

    class Turned(gym.ActionWrapper):
        def _action(self, action):
            return 1 - action

        def _reverse_action(self, action):
            return 1 - action

    env = Turned(Doubled(Shifted(Corridor09(length=3))))
    assert env.reset() in (100, 101)
    env.unwrapped.position = 1
    assert env.step(0) == (102, 2.0, True, {"position": 2})
    assert env.reverse_action(0) == 1
    assert str(env) == "<Turned<Doubled<Shifted<Corridor09 instance>>>>"
    assert env.length == 3  # public attributes of what is wrapped
    with pytest.raises(AttributeError, match="private attribute '_secret'"):
        _ = env._secret
    env.close()
    assert env.unwrapped.viewer is None


def test_a_skip_wrapper_repeats_actions():
    env = gym.wrappers.SkipWrapper(2)(Corridor09(length=6))
    env.reset()
    env.unwrapped.position = 0
    observation, reward, done, info = env.step(1)
    assert (observation, round(reward, 6), done) == (3, -0.3, False)
    assert info["skip.stepcount"] == 3
    observation, reward, done, info = env.step(1)
    assert (observation, done, info["skip.stepcount"]) == (5, True, 5)


def test_attributes_of_a_converted_environment_are_the_environments():
    env = gym.make("CartPole-v0").unwrapped
    assert isinstance(env, gym.Env)
    env.gravity = 1.5
    assert env.env.unwrapped.gravity == env.gravity == 1.5
    assert play(gym.make("CartPole-v0")) < 200
