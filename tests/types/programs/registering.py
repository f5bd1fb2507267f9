"""Environments registered, found, printed and made."""

from typing import Any

import dromos as gym
from dromos.envs.registration import EnvSpec, WrapperSpec
from dromos.spaces import Discrete
from dromos.wrappers import TimeLimit


class Lamp(gym.Env[int, int]):
    def __init__(self, bright: bool = False, render_mode: str | None = None) -> None:
        self.observation_space = Discrete(2)
        self.action_space = Discrete(2)
        self.render_mode = render_mode
        self.lit = int(bright)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        super().reset(seed=seed)
        return self.lit, {}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        self.lit = int(action)
        return self.lit, float(self.lit), False, False, {}


def dim_lamp(**kwargs: Any) -> Lamp:
    return Lamp(bright=False, **kwargs)


gym.register("typed/Lamp-v0", Lamp, max_episode_steps=5, kwargs={"bright": True})
gym.register(id="typed/DimLamp-v0", entry_point=dim_lamp, reward_threshold=3.0)
gym.register(
    "typed/Cart-v0",
    entry_point="dromos.envs.classic_control:CartPoleEnv",
    vector_entry_point="dromos.envs.classic_control:CartPoleVectorEnv",
    additional_wrappers=(TimeLimit.wrapper_spec(max_episode_steps=4),),
)
spec: EnvSpec = gym.spec("typed/Lamp-v0")
again = EnvSpec.from_json(spec.to_json()) if isinstance(spec.entry_point, str) else spec
layers: tuple[WrapperSpec, ...] = gym.spec("typed/Cart-v0").additional_wrappers
print(again.max_episode_steps, spec.id in gym.registry, [layer.name for layer in layers])
env = gym.make("typed/Lamp-v0", disable_env_checker=True, bright=False)
assert env.spec is not None
print(env.reset(seed=0)[0], env.spec.kwargs, gym.make(env.spec), gym.make(Lamp, bright=True))
gym.make_vec(Lamp, num_envs=2, vectorization_mode="sync").close()
print(len(gym.pprint_registry(disable_print=True) or ""))
