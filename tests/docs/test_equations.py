"""The equations in the docstrings of classic control are those that the core steps by."""

import inspect
import textwrap

import numpy as np
import pytest

import dromos as gym

STEPS = 20


def equations(env):
    """Return the code of the block behind ``::`` in the docstring of an environment's class."""
    _, _, rest = inspect.getdoc(type(env.unwrapped)).partition("::\n\n")
    lines = rest.splitlines()
    end = next(i for i, line in enumerate(lines) if line and line[0] != " ")
    return compile(textwrap.dedent("\n".join(lines[:end])), "equations", "exec")


def after_block(env, code, state, **given):
    """Return what the block makes of a state, and whatever else it names."""
    env = env.unwrapped
    names = {name: getattr(env, name) for name in [*env.parameter_names(), *_derived(env)]}
    names |= {"sin": np.sin, "cos": np.cos, "clip": np.clip, **given}
    names |= dict(zip(fields(env), state, strict=True))
    exec(code, names)
    return names


def _derived(env):
    return [name for name in ("total_mass", "polemass_length") if hasattr(env, name)]


def fields(env):
    return {
        "CartPoleEnv": ("x", "x_dot", "theta", "theta_dot"),
        "PendulumEnv": ("theta", "theta_dot"),
        "AcrobotEnv": ("theta1", "theta2", "theta1_dot", "theta2_dot"),
    }.get(type(env.unwrapped).__name__, ("position", "velocity"))


def given_by(env, action):
    """Return the names that the docstring explains beside a block."""
    if type(env.unwrapped).__name__ == "CartPoleEnv":
        return {"force": env.unwrapped.force_mag * (1 if action == 1 else -1)}
    number = float(np.ravel(action)[0])
    return {"action": number, "torque": number}


@pytest.mark.parametrize(
    "env_id", ["CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1"]
)
def test_a_block_is_a_step(env_id):
    env = gym.make(env_id)
    env.reset(seed=3)
    env.action_space.seed(3)
    code = equations(env)
    for _ in range(STEPS):
        action = env.action_space.sample()
        names = after_block(env, code, env.unwrapped.state, **given_by(env, action))
        terminated = env.step(action)[2]
        expected = [names[field] for field in fields(env)]
        np.testing.assert_allclose(env.unwrapped.state, expected, rtol=1e-5, atol=1e-7)
        if terminated:
            env.reset()


@pytest.mark.parametrize("nips", [False, True])
def test_the_acrobots_block_is_integrated_by_runge_and_kutta(nips):
    env = gym.make("Acrobot-v1", nips=nips)
    env.reset(seed=3)
    code = equations(env)
    dt = env.unwrapped.dt

    def rates(state):
        names = after_block(env, code, state, torque=1.0)
        if nips:
            names["torque2"] = 1.0 - names["weight"]
            determinant = names["d1"] * names["d3"] - names["d2"] ** 2
            names["theta1_acc"] = names["d3"] * names["torque1"] - names["d2"] * names["torque2"]
            names["theta2_acc"] = names["d1"] * names["torque2"] - names["d2"] * names["torque1"]
            names["theta1_acc"] /= determinant
            names["theta2_acc"] /= determinant
        return np.array([*state[2:], names["theta1_acc"], names["theta2_acc"]])

    for _ in range(STEPS):
        state = np.array(env.unwrapped.state, np.float64)
        k1 = rates(state)
        k2 = rates(state + dt / 2 * k1)
        k3 = rates(state + dt / 2 * k2)
        k4 = rates(state + dt * k3)
        env.step(2)
        expected = state + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        np.testing.assert_allclose(env.unwrapped.state, expected, rtol=1e-9)
