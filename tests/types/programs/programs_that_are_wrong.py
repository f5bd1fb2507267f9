"""Mistakes that both checkers must find: an ignore with nothing to ignore is an error itself."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import dromos as gym
from dromos.envs.classic_control import CartPoleEnv, PendulumEnv
from dromos.spaces import Box, Dict, Discrete, Text, Tuple
from dromos.wrappers import FrameStackObservation, TimeLimit, TransformAction, TransformReward

Floats = NDArray[np.float32]


class SpacesOfOthers(gym.Env[Floats, int]):
    def __init__(self) -> None:
        self.observation_space = Text(3)  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
        self.action_space = Box(0, 1)  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]


class StepsOfOld(gym.Env[Floats, int]):
    action_space = Discrete(2, dtype=np.uint8)  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]

    def step(self, action: int) -> tuple[Floats, float, bool, dict[str, Any]]:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return np.zeros(1, np.float32), 0.0, False, {}

    def reset(self) -> Floats:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return np.zeros(1, np.float32)


class ActsOnTexts(gym.ActionWrapper[Floats, str, int]):
    def action(self, action: str) -> str:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return action


class Rewards(gym.RewardWrapper[Any, Any]):
    def reward(self, reward: float) -> str:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return str(reward)


def mistakes() -> None:
    pole = CartPoleEnv()
    pole.step("left")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    pole.reset(0)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    pole.reset(seed="zero")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    shown: str = pole.reset()[0]  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    low: int = len(pole.action_space)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    TimeLimit(pole)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    TimeLimit(pole, "long")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    TransformReward(pole, lambda reward: "much")  # type: ignore[arg-type, return-value]  # pyright: ignore[reportArgumentType]
    TransformReward(pole, 2)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    TransformAction(PendulumEnv(), lambda action: "left")  # type: ignore[arg-type, return-value]  # pyright: ignore[reportArgumentType]
    stack: str = FrameStackObservation(pole, 4).reset()[0]  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    FrameStackObservation(pole, "four")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    text: str = Discrete(3).sample()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    whole: int = Box(0, 1).sample()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    count: int = Text(3).sample()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    three: tuple[int, str, int] = Tuple((Discrete(2), Text(3))).sample()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    letters: str = Tuple((Discrete(2), Text(3))).sample()[0]  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    part: str = Dict({"a": Discrete(2), "b": Discrete(3)})["a"].sample()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    parts: list[int] = Dict({"a": Discrete(2)}).sample()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    Discrete("three")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Box(0, 1, dtype="float32", sead=3)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    Tuple([1, 2])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue]
    gym.make(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    gym.make_vec("CartPole-v1", "three")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    rewards: float = gym.make_vec("CartPole-v1").step(0)[1]  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    gym.register(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    picture: bytes = gym.make("CartPole-v1").render()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    pole.restore(b"")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(low, shown, stack, text, whole, count, three, letters, part, parts)
    print(rewards, picture)
