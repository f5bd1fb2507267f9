"""Programs in the manner of their time: environments, wrappers, vectors and records."""

GYM_09 = """
import logging
import gym
from gym import spaces, wrappers
from gym.envs.registration import register
from gym.utils import seeding
import numpy as np

gym.logger.setLevel(logging.ERROR)

class Walk(gym.Env):
    metadata = {"render.modes": ["human", "rgb_array"], "video.frames_per_second": 10}
    def __init__(self):
        self.action_space = spaces.Discrete(2)
        self.observation_space = spaces.Box(np.zeros(1), np.ones(1))
        self._seed()
    def _seed(self, seed=None):
        self.np_random, seed = seeding.np_random(seed)
        return [seed]
    def _reset(self):
        self.x = self.np_random.rand()
        return np.array([self.x])
    def _step(self, action):
        self.x += 0.25 if action else -0.25
        return np.array([self.x]), 1.0, not 0 < self.x < 1, {}
    def _render(self, mode="human", close=False):
        if not close and mode == "rgb_array":
            return np.zeros((16, 16, 3), np.uint8)

class Plain(Walk):  # as of 0.10: the public method, and no `close`
    def render(self, mode="human"):
        return np.zeros((16, 16, 3), np.uint8)

register(id="Walk-v0", entry_point=Walk, timestep_limit=20)
register(id="Plain-v0", entry_point=Plain, max_episode_steps=20)

class Scaled(gym.ObservationWrapper):
    def _observation(self, observation):
        return 10 * observation

assert "Walk-v0" in [spec.id for spec in gym.envs.registry.all()]
for id in ("Walk-v0", "Plain-v0"):
    env = wrappers.Monitor(Scaled(gym.make(id)), "records-" + id, video_callable=lambda n: n == 0)
    env.seed(3)
    for _ in range(3):
        env.reset()
        done = False
        while not done:
            _, _, done, _ = env.step(env.action_space.sample())
    env.close()
    assert len(wrappers.monitoring.load_results("records-" + id)["episode_rewards"]) == 3
    assert env.unwrapped.spec.id == id
env = gym.make("Pendulum-v0")
env.seed(0)
print("ran", gym.__version__, *(f"{x:.6f}" for x in env.reset()))
"""

GYM_21 = """
import gym
from gym import spaces
from gym.envs.registration import register, registry
from gym.utils import seeding
import numpy as np

class Reach(gym.GoalEnv):
    metadata = {"render.modes": ["rgb_array"], "video.frames_per_second": 10}
    def __init__(self):
        goal = spaces.Box(-1, 1, (2,), dtype=np.float32)
        self.observation_space = spaces.Dict(
            observation=goal, achieved_goal=goal, desired_goal=goal)
        self.action_space = spaces.Box(-1, 1, (2,), dtype=np.float32)
        self.seed()
    def seed(self, seed=None):
        self.np_random, seed = seeding.np_random(seed)
        return [seed]
    def compute_reward(self, achieved, desired, info):
        return -float(np.linalg.norm(achieved - desired) > 0.1)
    def _observe(self):
        return {"observation": self.at, "achieved_goal": self.at, "desired_goal": self.goal}
    def reset(self):
        super().reset()
        self.at = np.zeros(2, np.float32)
        self.goal = self.np_random.uniform(-1, 1, 2).astype(np.float32)
        return self._observe()
    def step(self, action):
        self.at = np.clip(self.at + np.float_(0.1) * action, -1, 1).astype(np.float32)
        done = np.bool8(False)
        return self._observe(), self.compute_reward(self.at, self.goal, {}), bool(done), {}
    def render(self, mode="human"):
        return np.zeros((16, 16, 3), np.uint8)

register(id="Reach-v0", entry_point=Reach, max_episode_steps=5)
assert "Reach-v0" in registry.env_specs
assert isinstance(gym.spaces.Discrete(4).np_random.randint(4), (int, np.integer))
assert gym.utils.seeding.hash_seed(0) > 0
env = gym.wrappers.Monitor(gym.make("Reach-v0"), "records", force=True)
env.reset()
done = False
while not done:
    observation, reward, done, info = env.step(env.action_space.sample())
assert info["TimeLimit.truncated"]
env.close()
flat = gym.wrappers.FilterObservation(gym.make("Reach-v0"), ["observation"])
flat = gym.wrappers.FlattenObservation(flat)
assert flat.reset().shape == (2,)

def make_env(seed):
    def thunk():
        env = gym.make("CartPole-v1")
        env = gym.wrappers.RecordEpisodeStatistics(env)
        env.seed(seed)
        env.action_space.seed(seed)
        return env
    return thunk

if __name__ == "__main__":
    envs = gym.vector.SyncVectorEnv([make_env(i) for i in range(3)])
    assert isinstance(envs, gym.Env)
    observations = envs.reset()
    returns = []
    for _ in range(60):
        observations, rewards, dones, infos = envs.step(np.ones(3, int))
        returns += [info["episode"]["r"] for info in infos if "episode" in info]
    assert returns and observations.shape == (3, 4)
    twice = gym.wrappers.TransformReward(envs, lambda r: 2 * r)
    twice.reset()
    assert (twice.step(np.ones(3, int))[1] == 2).all()
    env = gym.make("CartPole-v1")
    env.seed(0)
    print("ran", gym.__version__, *(f"{x:.6f}" for x in env.reset()))
"""

GYM_23 = """
import gym
from gym import spaces
import numpy as np

class Count(gym.Env):
    metadata = {"render_modes": ["rgb_array"], "render_fps": 5}
    observation_space = spaces.Discrete(10)
    action_space = spaces.Discrete(2)
    def reset(self, *, seed=None, return_info=False, options=None):
        super().reset(seed=seed)
        self.n = int(self.np_random.integers(3))
        return (self.n, {}) if return_info else self.n
    def step(self, action):
        self.n += 1
        return self.n, 1.0, self.n == 9, {}
    def render(self, mode="human"):
        return np.full((16, 16, 3), self.n, np.uint8)

gym.register("Count-v0", entry_point=Count, max_episode_steps=20)
env = gym.wrappers.RecordVideo(gym.make("Count-v0"), "videos")
env.reset(seed=1)
done = False
while not done:
    _, _, done, _ = env.step(0)
env.close()

if __name__ == "__main__":
    envs = gym.vector.make("Count-v0", num_envs=2, asynchronous=False)
    observations, infos = envs.reset(seed=5, return_info=True)
    assert isinstance(infos, list)
    for _ in range(9):
        observations, rewards, dones, infos = envs.step(np.zeros(2, int))
        for i, done in enumerate(dones):
            if done:
                assert infos[i]["terminal_observation"] == 9
    assert gym.make("Taxi-v3").reset(seed=0) == 314
    print("ran", gym.__version__, *(f"{x:.6f}" for x in gym.make("CartPole-v1").reset(seed=0)))
"""

GYM_25 = """
import gym
from gym.utils.renderer import Renderer
from gym.envs.registration import registry
import numpy as np

class Count(gym.Env):
    metadata = {"render_modes": ["rgb_array", "single_rgb_array"], "render_fps": 5}
    observation_space = gym.spaces.Discrete(10)
    action_space = gym.spaces.Discrete(2)
    def __init__(self, render_mode=None):
        self.render_mode = render_mode
        self.renderer = Renderer(render_mode, self._render)
    def reset(self, *, seed=None, return_info=False, options=None):
        super().reset(seed=seed)
        self.n = 0
        self.renderer.reset()
        self.renderer.render_step()
        return (self.n, {}) if return_info else self.n
    def step(self, action):
        self.n += 1
        self.renderer.render_step()
        return self.n, 1.0, self.n == 9, False, {}
    def _render(self, mode):
        return np.full((16, 16, 3), self.n, np.uint8)
    def render(self):
        return self.renderer.get_renders()

gym.register("Count-v0", entry_point=Count, max_episode_steps=4)
assert "Count-v0" in registry and "CartPole-v1" in registry
del registry["MountainCar-v0"]
assert "MountainCar-v0" not in registry and "MountainCar-v0" not in list(registry)
env = gym.make("Count-v0", render_mode="rgb_array")
env.reset(seed=1)
for _ in range(4):
    observation, reward, done, info = env.step(0)
assert done and info["TimeLimit.truncated"]
assert len(env.render()) == 5
env = gym.make("Count-v0", new_step_api=True)
env = gym.wrappers.RecordEpisodeStatistics(env, new_step_api=True)
env.reset()
for _ in range(4):
    observation, reward, terminated, truncated, info = env.step(0)
assert truncated and not terminated and info["episode"]["l"] == 4
assert len(gym.wrappers.TimeLimit(env, 2).step(0) if env.reset() is None else (0,) * 4) == 4
film = gym.wrappers.RecordVideo(gym.make("Count-v0", render_mode="single_rgb_array"), "videos")
film.reset()
while not film.step(0)[2]:
    pass
film.close()

if __name__ == "__main__":
    envs = gym.vector.make("CartPole-v1", 2, asynchronous=False, new_step_api=True)
    envs.reset(seed=0)
    infos = {}
    while "final_observation" not in infos:
        _, _, terminated, truncated, infos = envs.step(np.ones(2, int))
    assert infos["_final_observation"].any()
    envs = gym.vector.make("CartPole-v1", 2, asynchronous=False)
    envs.reset()
    assert len(envs.step(np.ones(2, int))) == 4
    print("ran", gym.__version__, *(f"{x:.6f}" for x in gym.make("CartPole-v1").reset(seed=0)))
"""

GYM_26 = """
import {name} as gym
import numpy as np

class Count(gym.Env):
    metadata = {{"render_modes": ["rgb_array"], "render_fps": 5}}
    def __init__(self, render_mode=None):
        self.observation_space = gym.spaces.Box(0, 10, (1,), np.float32)
        self.action_space = gym.spaces.Discrete(2)
        self.render_mode = render_mode
    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.n = np.zeros(1, np.float32)
        return self.n, {{}}
    def step(self, action):
        self.n = self.n + 1
        return self.n, 1.0, bool(self.n[0] == 9), False, {{}}
    def render(self):
        return np.zeros((16, 16, 3), np.uint8)

gym.register(id="Count-v0", entry_point=Count, max_episode_steps=20)
assert gym.Env.reward_range == Count().reward_range == (-float("inf"), float("inf"))
env = gym.wrappers.RecordVideo(gym.make("Count-v0", render_mode="rgb_array"), "videos")
env = gym.wrappers.FrameStack(gym.wrappers.TransformObservation(env, lambda o: o / 10), 3)
env.reset(seed=1)
terminated = False
while not terminated:
    frames, _, terminated, truncated, _ = env.step(0)
assert isinstance(frames, gym.wrappers.frame_stack.LazyFrames)
assert np.asarray(frames).shape == (3, 1)
env.close()

if __name__ == "__main__":
    def thunk():
        return gym.wrappers.RecordEpisodeStatistics(gym.make("CartPole-v1"))
    envs = gym.vector.SyncVectorEnv([thunk] * 2)
    assert isinstance(envs, gym.Env) and isinstance(envs, gym.vector.VectorEnv)
    envs.reset(seed=0)
    infos = {{}}
    while "final_info" not in infos:
        _, _, terminated, truncated, infos = envs.step(np.ones(2, int))
    finished = [info for info in infos["final_info"] if info is not None]
    assert finished[0]["episode"]["r"].shape == (1,)
    assert infos["final_observation"].dtype == object
    assert gym.wrappers.TransformReward(envs, np.sign).reset(seed=0)[0].shape == (2, 4)
    assert envs.observations.shape == (2, 4)
    env = gym.make("CartPole-v1")
    assert type(env.observation_space.high[1]) is np.float32
    first = [f"{{x:.6f}}" for x in env.reset(seed=0)[0]]
    print("ran", gym.__version__, *first, gym.make("Taxi-v3").spec.id)
"""

GYMNASIUM_1 = """
import gymnasium as gym
import numpy as np

class Count(gym.Env):
    metadata = {"render_modes": ["rgb_array"], "render_fps": 5}
    observation_space = gym.spaces.Discrete(10)
    action_space = gym.spaces.Discrete(2)
    def __init__(self, render_mode=None):
        self.render_mode = render_mode
    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.n = 0
        return self.n, {}
    def step(self, action):
        self.n += 1
        return self.n, 1.0, self.n == 9, False, {}
    def render(self):
        return np.full((16, 16, 3), self.n, np.uint8)

gym.envs.registration.register(id="Count-v0", entry_point=Count, max_episode_steps=5)
film = gym.wrappers.RecordVideo(gym.make("Count-v0", render_mode="rgb_array"), "videos")
film = gym.wrappers.TransformReward(film, lambda reward: 2 * reward)
film.reset(seed=1)
truncated = False
while not truncated:
    _, reward, _, truncated, _ = film.step(0)
film.close()
assert reward == 2
assert gym.wrappers.common.TimeLimit is gym.wrappers.TimeLimit
envs = gym.make_vec("Count-v0", 2, vectorization_mode="sync")
envs = gym.wrappers.vector.RecordEpisodeStatistics(envs)
envs.reset(seed=0)
for _ in range(5):
    _, _, terminated, truncated, infos = envs.step(np.zeros(2, int))
assert truncated.all() and infos["episode"]["l"].tolist() == [5, 5]
start = gym.make("CliffWalking-v0").reset(seed=0)[0]
print("ran", gym.__version__, "Taxi-v3" in gym.registry, start)
"""
