"""States saved and gone back to."""

import copy
import pickle
from typing import Any

import dromos as gym
from dromos.envs.classic_control import CartPoleEnv
from dromos.snapshot import Snapshot


def value_of(env: gym.Env[Any, int], action: int) -> float:
    before: Snapshot = env.snapshot()
    _, reward, *_ = env.step(action)
    env.restore(before)
    return float(reward)


env = gym.make("CartPole-v1")
env.reset(seed=0)
print([value_of(env, action) for action in range(2)])
data: bytes = env.snapshot().to_bytes()
env.restore(Snapshot.from_bytes(data))
twin = env.clone()
print(twin.step(1)[1] == env.step(1)[1], copy.deepcopy(env).unwrapped)

cart = CartPoleEnv()
cart.reset(seed=1)
print(cart.clone().gravity, pickle.loads(pickle.dumps(cart)).gravity)
envs = gym.make_vec("CartPole-v1", num_envs=3)
envs.reset(seed=0)
lane = envs.snapshot([1])
envs.restore(lane, lanes=[2])
print(lane.spec_id, lane.nbytes > 0, envs.clone().num_envs)
