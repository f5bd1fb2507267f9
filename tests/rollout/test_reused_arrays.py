"""Native vectors write to arrays of their own, which serve again when nobody sees them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import dromos as gym
from dromos.error import (
    AlreadyPendingCallError,
    ClosedEnvironmentError,
    InvalidAction,
    ResetNeeded,
)
from dromos.rollout import Rollout
from dromos.rollout.value import FIELDS
from dromos.vector import AutoresetMode

STEPS, LANES = 30, 5


def vector(env_id: str, mode: AutoresetMode = AutoresetMode.NEXT_STEP) -> Any:
    made = gym.make_vec(env_id, LANES, vector_kwargs={"autoreset_mode": mode})
    made.reset(seed=3)
    return made


def actions(made: Any, seed: int) -> Any:
    made.action_space.seed(seed)
    return np.stack([made.action_space.sample() for _ in range(STEPS)])


def copied(rollout: Rollout) -> dict[str, Any]:
    def copy(tree: Any) -> Any:
        return tuple(leaf.copy() for leaf in tree) if isinstance(tree, tuple) else np.copy(tree)

    return {name: copy(getattr(rollout, name)) for name in FIELDS if name != "infos"}


def assert_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    for name, array in one.items():
        np.testing.assert_equal(array, other[name], err_msg=name)


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
@pytest.mark.parametrize("env_id", ["CartPole-v1", "Pendulum-v1", "Blackjack-v1", "Taxi-v4"])
def test_a_rollout_that_is_held_stays_as_it_is(env_id: str, mode: AutoresetMode) -> None:
    made, twin = vector(env_id, mode), vector(env_id, mode)
    kept, expected = [], []
    for seed in range(4):
        rollout = made.rollout(actions(made, seed))
        kept.append(rollout)
        # With any other argument it is the general way, to new arrays.
        expected.append(copied(twin.rollout(actions(twin, seed), infos=())))
    for rollout, same in zip(kept, expected, strict=True):
        assert_equal(copied(rollout), same)
    np.testing.assert_equal(made.step(actions(made, 9)[0])[0], twin.step(actions(twin, 9)[0])[0])


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_one_array_of_a_rollout_is_enough_to_keep_it(mode: AutoresetMode) -> None:
    made = vector("CartPole-v1", mode)
    chosen = actions(made, 0)
    for name in FIELDS[:-1]:
        array = getattr(made.rollout(chosen), name)[3:]
        before = array.copy()
        for seed in range(4):
            made.rollout(actions(made, seed))
        np.testing.assert_equal(array, before, err_msg=name)


def test_arrays_that_nobody_sees_serve_again() -> None:
    made = vector("CartPole-v1")
    chosen = actions(made, 0)
    places = {made.rollout(chosen).rewards.__array_interface__["data"][0] for _ in range(10)}
    assert len(places) <= 2


def test_the_actions_of_a_rollout_are_copies() -> None:
    made = vector("CartPole-v1")
    chosen = actions(made, 0)
    rollout = made.rollout(chosen)
    before, chosen[:] = rollout.actions.copy(), 1
    np.testing.assert_array_equal(rollout.actions, before)
    again = made.rollout(rollout.actions)
    assert not np.may_share_memory(again.actions, rollout.actions)


def test_what_is_wrong_is_told_as_ever_and_moves_nothing() -> None:
    made = vector("CartPole-v1")
    bad = actions(made, 0)
    bad[4, 2] = 7
    before = made.snapshot().to_bytes()
    with pytest.raises(InvalidAction, match="step 4, lane 2"):
        made.rollout(bad)
    for wrong in (bad[:, :3], bad[:0], bad.astype(float), 3, None, {}):
        with pytest.raises((InvalidAction, TypeError)):
            made.rollout(wrong)
    assert made.snapshot().to_bytes() == before
    unset = gym.make_vec("CartPole-v1", LANES)
    with pytest.raises(ResetNeeded):
        unset.rollout(actions(unset, 0))
    made.send(actions(made, 0)[0])
    with pytest.raises(AlreadyPendingCallError):
        made.rollout(actions(made, 0))
    made.recv()
    assert made.rollout(actions(made, 0)).rewards.shape == (STEPS, LANES)
    made.close()
    with pytest.raises(ClosedEnvironmentError):
        made.rollout(actions(made, 0))


def test_a_step_of_a_subclass_is_the_step_of_its_rollouts() -> None:
    calls = []

    class Counted(gym.vector.SyncVectorEnv):
        def step(self, actions: Any) -> Any:
            calls.append(1)
            return super().step(actions)

    class NativeCounted(type(gym.make_vec("CartPole-v1", 1))):  # type: ignore[misc]
        def step(self, actions: Any) -> Any:
            calls.append(1)
            return super().step(actions)

    for made in (Counted([lambda: gym.make("CartPole-v1")] * LANES), NativeCounted(LANES)):
        made.reset(seed=0)
        calls.clear()
        made.rollout(actions(made, 0))
        assert len(calls) == STEPS


def disfigure(tree: Any) -> None:
    """Change everything about arrays that a holder can change, besides their numbers."""
    if isinstance(tree, dict):
        tree = tuple(tree.values())
    for array in tree if isinstance(tree, tuple) else (tree,):
        if isinstance(array, (dict, tuple)):
            disfigure(array)
        else:
            with warnings.catch_warnings():  # NumPy 2.5 warns of both
                warnings.simplefilter("ignore", DeprecationWarning)
                array.shape = (array.size, 1, 1)
                array.dtype = np.uint8
            array.flags.writeable = False


def forms(tree: Any) -> Any:
    if isinstance(tree, dict):
        tree = tuple(tree.values())
    if isinstance(tree, tuple):
        return tuple(forms(part) for part in tree)
    return tree.shape, tree.dtype, tree.flags.writeable


@pytest.mark.parametrize("env_id", ["CartPole-v1", "Pendulum-v1", "Blackjack-v1", "Taxi-v4"])
def test_arrays_that_were_changed_do_not_serve_again(env_id: str) -> None:
    made = vector(env_id)
    chosen = actions(made, 0)
    step = forms(made.step(chosen[0]))
    rollout = forms(tuple(getattr(made.rollout(chosen), name) for name in FIELDS[:-2]))
    for _ in range(8):
        disfigure(made.step(chosen[0]))
        done = made.rollout(chosen)
        disfigure(tuple(getattr(done, name) for name in FIELDS[:-2]))
        del done
        assert forms(made.step(chosen[0])) == step
        done = made.rollout(chosen)
        assert forms(tuple(getattr(done, name) for name in FIELDS[:-2])) == rollout
        del done
