"""Print the returns of seeded episodes, or of a short training, of one client of Gymnasium.

Usage: returns.py NAME
"""

import logging
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import gymnasium as gym
import numpy as np

warnings.simplefilter("ignore")


def episodes(*env_ids, steps=300, **kwargs):
    """Play each environment with the actions of its own seeded space."""
    for env_id in env_ids:
        env = gym.make(env_id, **kwargs)
        env.reset(seed=1)
        env.action_space.seed(1)  # after the reset, for some make the space anew in it
        total, ends = 0.0, 0
        for _ in range(steps):
            _, reward, terminated, truncated, _ = env.step(env.action_space.sample())
            total += float(np.sum(reward))
            if terminated or truncated:
                ends += 1
                env.reset()
                env.action_space.seed(ends)
        print(f"{env_id}: return {total:.10g}, {ends} ends")
        env.close()


def trained(algorithm, env_id, **kwargs):
    """Train for a moment, and print the returns of all episodes."""
    import torch
    from stable_baselines3.common.monitor import Monitor

    torch.set_num_threads(1)
    env = Monitor(gym.make(env_id))
    algorithm("MlpPolicy", env, seed=1, device="cpu", **kwargs).learn(3000)
    print(f"{algorithm.__name__} on {env_id}: {np.round(env.get_episode_rewards(), 6).tolist()}")


def stable_baselines3():
    """Four algorithms, each for a moment."""
    from stable_baselines3 import A2C, DQN, PPO, SAC

    for algorithm, env_id in ((PPO, "CartPole-v1"), (A2C, "Acrobot-v1"), (DQN, "MountainCar-v0")):
        trained(algorithm, env_id)
    trained(SAC, "Pendulum-v1", learning_starts=2500)


def sb3_contrib():
    """Two more of them."""
    from sb3_contrib import TRPO, RecurrentPPO

    trained(TRPO, "CartPole-v1")
    model = RecurrentPPO("MlpLstmPolicy", "CartPole-v1", seed=1, n_steps=64, device="cpu")
    model.learn(128)
    print([round(float(info["r"]), 6) for info in model.ep_info_buffer])


def gym_anytrading():
    """Two markets."""
    import gym_anytrading  # noqa: F401  (registers)

    episodes("forex-v0", "stocks-v0")


def flappy_bird():
    """A bird that sees by rays."""
    import flappy_bird_gymnasium  # noqa: F401  (registers)

    episodes("FlappyBird-v0", use_lidar=True)


def highway_env():
    """Three roads."""
    import highway_env

    gym.register_envs(highway_env)
    episodes("highway-fast-v0", "merge-v0", "parking-v0", steps=60)


def minigrid():
    """Three grids."""
    import minigrid

    gym.register_envs(minigrid)
    episodes("MiniGrid-Empty-5x5-v0", "MiniGrid-DoorKey-6x6-v0", "MiniGrid-LavaGapS5-v0")


def mo_gymnasium():
    """Environments with several rewards."""
    import mo_gymnasium  # noqa: F401  (registers)

    episodes("deep-sea-treasure-v0", "resource-gathering-v0", "four-room-v0", "minecart-v0")


def supersuit():
    """Wrappers of single environments."""
    import supersuit

    for wrap in (
        lambda env: supersuit.frame_stack_v1(env, 3),
        lambda env: supersuit.clip_reward_v0(env, -0.5, 0.5),
        lambda env: supersuit.dtype_v0(env, np.float64),
        lambda env: supersuit.sticky_actions_v0(env, 0.4),
    ):
        env = wrap(gym.make("CartPole-v1"))
        env.action_space.seed(0)
        seen, _ = env.reset(seed=0)
        total = float(np.sum(seen))
        for step in range(100):
            seen, reward, terminated, truncated, _ = env.step(env.action_space.sample())
            total += float(np.sum(seen)) + float(reward)
            if terminated or truncated:
                env.reset(seed=step)  # its sticky actions draw anew from the system without one
        print(f"{env}: {total:.8g}")


def robotics():
    """Two hands and a maze of goals."""
    import gymnasium_robotics

    gym.register_envs(gymnasium_robotics)
    episodes("FetchReach-v4", "AdroitHandDoor-v1", "PointMaze_UMaze-v3", steps=100)


def panda_gym():
    """Two tasks of an arm."""
    import panda_gym  # noqa: F401  (registers)

    episodes("PandaReach-v3", "PandaPush-v3", steps=100)


def rl_zoo3():
    """Its three programs: train, watch, and record what was trained."""
    with tempfile.TemporaryDirectory() as folder:
        common = ["--algo", "ppo", "--env", "CartPole-v1", "--seed", "1"]
        train = [
            "-n",
            "2000",
            "--device",
            "cpu",
            "--num-threads",
            "1",
            "-params",
            "n_envs:2",
            "n_steps:64",
        ]
        module("rl_zoo3.train", *common, *train, "--log-folder", folder)
        watch = ["-f", folder, "-n", "1000", "--exp-id", "0"]
        seen = module("rl_zoo3.enjoy", *common, *watch, "--no-render", "--device", "cpu")
        print(*[line for line in seen.splitlines() if "Episode" in line or "Mean" in line])
        module("rl_zoo3.record_video", *common, *watch, "-o", f"{folder}/films")
        print(sorted(path.suffix for path in Path(folder, "films").iterdir()))


def module(name, *arguments):
    """Run a module as a program and return what it prints."""
    command = [sys.executable, "-m", name, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def torchrl():
    """Rollouts of single environments and of vectors."""
    import torch
    from torchrl.envs import GymEnv

    logging.getLogger("torchrl").setLevel("ERROR")  # its lines have the time
    for env_id, kwargs in (
        ("CartPole-v1", {}),
        ("Pendulum-v1", {}),
        ("FrozenLake-v1", {}),
        ("CartPole-v1", {"num_envs": 2}),
    ):
        env = GymEnv(env_id, device="cpu", **kwargs)
        torch.manual_seed(0)
        env.set_seed(3)
        seen = env.rollout(60, break_when_any_done=False)
        rewards, done = seen["next", "reward"], seen["next", "done"]
        print(f"{env_id} {kwargs}: {float(rewards.sum()):.8g}, {int(done.sum())} ends")


def skrl():
    """What its `wrap_env` makes of environments and vectors, and what they return then."""
    import torch
    from skrl.envs.wrappers.torch import wrap_env

    made = [gym.make(env_id) for env_id in ("CartPole-v1", "FrozenLake-v1", "Pendulum-v1")]
    made.append(gym.wrappers.ClipReward(gym.make("Acrobot-v1"), -0.5, 0.5))
    made += [gym.make_vec("CartPole-v1", 2, vectorization_mode=kind) for kind in ("sync", "async")]
    for each in made:
        env = wrap_env(each, verbose=False)
        each.reset(seed=1)
        env.reset()
        env.action_space.seed(1)
        total = torch.zeros(1)
        for _ in range(40):
            actions = [env.action_space.sample() for _ in range(env.num_envs)]
            chosen = torch.as_tensor(np.array(actions)).reshape(env.num_envs, -1)
            obs, reward, terminated, truncated, _ = env.step(chosen)
            total += float(reward.sum())
            if env.num_envs == 1 and bool(terminated | truncated):
                env.reset()
        print(f"{type(env).__name__} of {env.num_envs}: {float(total):.7g}, {tuple(obs.shape)}")
        env.close()


def cleanrl():
    """Its scripts of 2020 that need no other library of then, in the interface of then."""
    import importlib.util

    folder = Path(importlib.util.find_spec("cleanrl").origin).parent
    for name in ("dqn", "c51"):
        options = ["--total-timesteps", "1500", "--cuda", "False"]
        command = [sys.executable, "-m", "dromos", "run", "--api", "0.17", str(folder / name)]
        command[-1] += ".py"
        with tempfile.TemporaryDirectory() as work:
            done = subprocess.run(
                [*command, *options], capture_output=True, text=True, check=True, cwd=work
            )
        ends = [line for line in done.stdout.splitlines() if "episode_reward" in line]
        print(f"{name}: {len(ends)} episodes")


def imitation():
    """Cloned behaviour."""
    from imitation.algorithms import bc
    from imitation.data import rollout
    from imitation.data.wrappers import RolloutInfoWrapper
    from stable_baselines3 import PPO
    from stable_baselines3.common.vec_env import DummyVecEnv

    rng = np.random.default_rng(0)
    envs = DummyVecEnv([lambda: RolloutInfoWrapper(gym.make("CartPole-v1"))] * 2)
    envs.seed(1)
    teacher = PPO("MlpPolicy", envs, n_steps=64, seed=1, device="cpu").learn(512)
    seen = rollout.rollout(teacher, envs, rollout.make_min_episodes(4), rng=rng)
    print([float(one.rews.sum()) for one in seen])
    pupil = bc.BC(
        observation_space=envs.observation_space,
        action_space=envs.action_space,
        demonstrations=rollout.flatten_trajectories(seen),
        rng=rng,
        device="cpu",
    )
    pupil.train(n_epochs=1, progress_bar=False)
    envs.seed(2)
    again = rollout.rollout(pupil.policy, envs, rollout.make_min_episodes(4), rng=rng)
    print([float(one.rews.sum()) for one in again])


def di_engine():
    """Its environment wrapper over two environments."""
    from ding.envs import DingEnvWrapper
    from easydict import EasyDict

    for env_id in ("CartPole-v1", "MountainCar-v0"):
        env = DingEnvWrapper(
            gym.make(env_id),
            EasyDict(env_wrapper=[]),  # it puts its own around an environment of Gymnasium
        )
        env.seed(3, dynamic_seed=False)
        total, ends = float(np.sum(env.reset())), 0
        for _ in range(300):
            obs, reward, done, _ = env.step(env.random_action())
            total += float(np.sum(obs)) + float(reward[0])
            if done:
                ends += 1
                env.reset()
        print(f"{env_id}: {total:.8g}, {ends} ends")


def rllib():
    """PPO, two iterations in this process."""
    from ray.rllib.algorithms.ppo import PPOConfig

    config = PPOConfig().environment("CartPole-v1").env_runners(num_env_runners=0)
    config = config.training(train_batch_size=400, minibatch_size=100, num_epochs=1)
    algorithm = config.debugging(seed=1, log_level="ERROR").build_algo()
    for _ in range(2):
        runners = algorithm.train()["env_runners"]
        print(f"{runners['episode_return_mean']:.6g} over {runners['num_episodes']} episodes")
    algorithm.stop()


def minari():
    """Record, load, recover."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MINARI_DATASETS_PATH"] = folder
        import minari

        env = minari.DataCollector(gym.make("CartPole-v1"), record_infos=True)
        env.action_space.seed(0)
        for seed in range(3):
            env.reset(seed=seed)
            ended = False
            while not ended:
                *_, terminated, truncated, _ = env.step(env.action_space.sample())
                ended = terminated or truncated
        env.create_dataset("cartpole/test-v0", algorithm_name="random", description="three")
        dataset = minari.load_dataset("cartpole/test-v0")
        for episode in dataset.iterate_episodes():
            print(len(episode), float(episode.rewards.sum()), f"{episode.observations.sum():.6g}")
        print(dataset.recover_environment().spec.id)


def tutorials():
    """Gymnasium's own tutorials: tabular learning in its environments."""
    for env_id in ("Blackjack-v1", "FrozenLake-v1", "Taxi-v4", "CliffWalking-v1"):
        env = gym.wrappers.RecordEpisodeStatistics(gym.make(env_id), buffer_length=500)
        values, rng = {}, np.random.default_rng(0)
        obs, _ = env.reset(seed=0)
        for _ in range(20_000):
            table = values.setdefault(obs, np.zeros(env.action_space.n))
            greedy = rng.random() > 0.2
            action = int(table.argmax()) if greedy else int(rng.integers(env.action_space.n))
            after, reward, terminated, truncated, _ = env.step(action)
            best = 0.0 if terminated else values.get(after, np.zeros(1)).max()
            table[action] += 0.1 * (reward + 0.95 * best - table[action])
            obs = after
            if terminated or truncated:
                obs, _ = env.reset()
        print(f"{env_id}: {len(env.return_queue)} returns, sum {sum(map(float, env.return_queue))}")


if __name__ == "__main__":
    globals()[sys.argv[1]]()
