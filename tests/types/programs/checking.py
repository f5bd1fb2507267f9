"""The checkers, in a user's tests."""

import dromos as gym
from dromos.testing import check_env, check_vector_env, check_wrapper
from dromos.utils.env_checker import check_env as checked
from dromos.wrappers import ClipReward

report = check_env(gym.make("MountainCar-v0").unwrapped, skip_render_check=True)
print(report.plain().get("subject", report))
checked(gym.make("MountainCar-v0").unwrapped, skip_render_check=True)
check_vector_env(gym.make_vec("MountainCar-v0", num_envs=2), steps=20, skip_render_check=True)
check_wrapper(ClipReward, "MountainCar-v0", {"min_reward": 0, "max_reward": 1})
