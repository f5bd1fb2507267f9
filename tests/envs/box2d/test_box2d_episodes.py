"""Whole episodes equal to Gymnasium's, to the bit, under random and purposeful controllers."""

import gymnasium
import numpy as np
import pytest
from drivers import along_the_road, at_random
from gymnasium.envs.box2d import car_racing as their_car_racing

import dromos as gym
from dromos.envs.box2d.bipedal_walker import BipedalWalkerHeuristics
from dromos.envs.box2d.lunar_lander import heuristic


def play(theirs, ours, seed, choose, steps):
    """Step both until the episode ends; return the sum of the rewards."""
    expected, _ = theirs.reset(seed=seed)
    observation, info = ours.reset(seed=seed)
    assert info == {}
    total = 0.0
    for step in range(steps):
        np.testing.assert_array_equal(observation, expected)
        action = choose(expected)
        expected, reward, *flags, info = theirs.step(action)
        observation, our_reward, *our_flags, our_info = ours.step(action)
        assert (our_reward, our_flags, our_info) == (float(reward), flags, info), step
        total += our_reward
        if any(flags):
            np.testing.assert_array_equal(observation, expected)
            return total
    return total


def pair(env_id, **kwargs):
    # A new one for each seed: Gymnasium's worlds remember earlier episodes.
    return gymnasium.make(env_id, **kwargs), gym.make(env_id, **kwargs)


LANDERS = [
    ("LunarLander-v3", {}),
    ("LunarLander-v3", {"gravity": -3.7}),
    ("LunarLander-v3", {"enable_wind": True, "wind_power": 19.0, "turbulence_power": 2.0}),
    ("LunarLanderContinuous-v3", {}),
    ("LunarLander-v3", {"continuous": True, "enable_wind": True}),
]


@pytest.fixture
def seeds(request):
    """Which seeds are played under each controller: a few (the third road is short), or 100."""
    all_of_them = request.config.getoption("--long")
    return lambda few: range(100) if all_of_them else range(3, 3 + few)


@pytest.mark.parametrize(("env_id", "kwargs"), LANDERS)
def test_landers(env_id, kwargs, seeds):
    landed = 0
    for seed in seeds(8):
        theirs, ours = pair(env_id, **kwargs)
        theirs.action_space.seed(seed)
        play(theirs, ours, seed, lambda _, t=theirs: t.action_space.sample(), 1000)

        def land(observation, env=theirs):
            action = heuristic(env, observation)
            return action if np.isscalar(action) else action.astype(np.float32)

        landed += play(*pair(env_id, **kwargs), seed, land, 1000) > 100
    assert landed > 0, "landings at rest are compared, too"


@pytest.mark.parametrize("hardcore", [False, True])
def test_walkers(hardcore, seeds):
    env_id = "BipedalWalkerHardcore-v3" if hardcore else "BipedalWalker-v3"
    for seed in seeds(2):
        theirs, ours = pair(env_id)
        theirs.action_space.seed(seed)
        walker = BipedalWalkerHeuristics()

        def walk(observation, walker=walker):
            return walker.step_heuristic(observation).astype(np.float32)

        def stumble(_, env=theirs):
            return env.action_space.sample()

        play(theirs, ours, seed, stumble, 2000)
        play(*pair(env_id), seed, walk, 2000)


class Blind(their_car_racing.CarRacing):
    """Gymnasium's car without its pictures, which take 20 times as long as its physics."""

    def _render(self, mode):
        return np.zeros(0)


@pytest.mark.parametrize("continuous", [True, False])
def test_cars(continuous, seeds):
    finished = 0
    for seed in seeds(1):
        for driver in (
            at_random(continuous, np.random.default_rng(seed)),
            along_the_road(continuous, speed=50),
        ):
            finished += race(continuous, seed, driver)
    assert finished > 0, "laps to their end are compared, too"


def race(continuous, seed, driver):
    """Drive both cars through an episode; return whether it ended with a lap."""
    theirs = Blind(continuous=continuous, lap_complete_percent=0.9)
    ours = gym.make("CarRacing-v3", continuous=continuous, lap_complete_percent=0.9).unwrapped
    theirs.reset(seed=seed)
    ours.reset(seed=seed)
    np.testing.assert_array_equal(np.array(ours.track), np.array(theirs.track))
    for step in range(1000):
        action = driver(theirs)
        _, reward, terminated, _, info = theirs.step(action)
        _, our_reward, our_terminated, _, our_info = ours.step(action)
        assert (our_reward, our_terminated, our_info) == (float(reward), terminated, info)
        # What differs once stays different, and reading the parts takes longer than a step.
        if step % 50 == 0 or terminated:
            compare_cars(ours.car, theirs.car)
        if terminated:
            return info["lap_finished"]
    compare_cars(ours.car, theirs.car)
    return False


def compare_cars(ours, theirs):
    assert ours.hull.position == tuple(theirs.hull.position)
    assert ours.hull.linearVelocity == tuple(theirs.hull.linearVelocity)
    assert (ours.hull.angle, ours.hull.angularVelocity) == (
        theirs.hull.angle,
        theirs.hull.angularVelocity,
    )
    for wheel, their_wheel in zip(ours.wheels, theirs.wheels, strict=True):
        assert wheel.position == tuple(their_wheel.position)
        assert (wheel.omega, wheel.phase, wheel.gas) == (
            their_wheel.omega,
            their_wheel.phase,
            their_wheel.gas,
        )
        assert wheel.on_road == bool(their_wheel.tiles)


def test_colours_of_roads_are_drawn_alike():
    theirs, ours = Blind(domain_randomize=True), gym.make("CarRacing-v3", domain_randomize=True)
    ours = ours.unwrapped
    for seed in range(5):
        theirs.reset(seed=seed)
        ours.reset(seed=seed)
        for name in ("road_color", "bg_color", "grass_color"):
            np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
        np.testing.assert_array_equal(np.array(ours.track), np.array(theirs.track))
