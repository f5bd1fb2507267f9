"""`rollout` of every engine, in every mode: what as many steps would have given, bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from test_engine_conformance import FAMILIES, LANES, actions_of

from dromos.error import InvalidAction, ResetNeeded
from dromos.rollout import Rollout
from dromos.vector import AutoresetMode

NEXT, SAME, DISABLED = AutoresetMode
STEPS = 40
FIELDS = ("observations", "rewards", "terminated", "truncated", "valid_transition")


@pytest.fixture(params=FAMILIES)
def family(request: Any) -> Any:
    return FAMILIES[request.param]


def recorded(vector: Any, actions: Any) -> dict[str, Any]:
    """What T calls of `step` give, as the fields of a rollout."""
    observations, rest = [vector._lanes.observe()], []
    for row in actions:
        obs, *flags, _ = vector.step(row)
        observations.append(obs)
        rest.append((*flags, vector.valid_transition, vector.final_obs))
    columns = map(np.stack, zip(*rest, strict=True))
    names = (*FIELDS[1:], "final_observations")
    return {"observations": np.stack(observations), **dict(zip(names, columns, strict=True))}


def assert_same_rollout(rollout: Rollout, expected: dict[str, Any]) -> None:
    for name, column in expected.items():
        found = getattr(rollout, name)
        assert found.dtype == column.dtype, name
        assert found.tobytes() == column.tobytes(), name


def assert_same_state(vector: Any, twin: Any) -> None:
    """Of what is seen of it, and of where lanes are in their episodes."""
    np.testing.assert_array_equal(vector.final_obs, twin.final_obs)
    np.testing.assert_array_equal(vector.valid_transition, twin.valid_transition)
    np.testing.assert_array_equal(vector._lanes.observe(), twin._lanes.observe())
    for name in ("elapsed", "limit", "status", "restarted"):
        own, other = (getattr(one._lanes.episodes, name) for one in (vector, twin))
        np.testing.assert_array_equal(own, other, err_msg=name)


def state_of(vector: Any) -> bytes:
    return bytes(vector.snapshot().to_bytes())


@pytest.mark.parametrize("mode", [NEXT, SAME])
def test_it_is_as_many_steps(family: Any, mode: Any) -> None:
    vector, twin = family.make(mode), family.make(mode)
    for one in (vector, twin):
        one.reset(seed=3)
    rng = np.random.default_rng(0)
    for _ in range(3):  # the first in a worker may be by single steps
        actions = np.stack([actions_of(rng) for _ in range(STEPS)])
        rollout = vector.rollout(actions)
        expected = recorded(twin, actions)
        assert_same_rollout(rollout, expected)
        np.testing.assert_array_equal(rollout.actions, actions)
        assert rollout.has_own_finals == (mode is SAME)
        assert (rollout.terminated | rollout.truncated).sum() > 8
        assert_same_state(vector, twin)
    vector.close()
    twin.close()


def test_where_nothing_resets_it_stops_where_a_step_would(family: Any) -> None:
    vector, twin = family.make(DISABLED), family.make(DISABLED)
    for one in (vector, twin):
        one.reset(seed=3)
    actions = np.ones((STEPS, LANES), int)
    with pytest.raises(ResetNeeded, match="have ended") as error:
        vector.rollout(actions)
    so_far = Rollout.so_far(error.value)
    assert so_far is not None
    assert 0 < so_far.num_steps < STEPS
    assert_same_rollout(so_far, recorded(twin, actions[: so_far.num_steps]))
    with pytest.raises(ResetNeeded):
        twin.step(actions[0])
    assert_same_state(vector, twin)
    vector.close()
    twin.close()


@pytest.mark.parametrize("mode", [NEXT, SAME])
def test_a_policy_is_shown_what_the_lanes_show(family: Any, mode: Any) -> None:
    vector, twin = family.make(mode), family.make(mode)
    for one in (vector, twin):
        one.reset(seed=5)
    shown = []

    def policy(observations: Any) -> Any:
        shown.append(observations.copy())
        return (observations.reshape(LANES, -1)[:, -1] > 0).astype(int)

    rollout = vector.rollout(policy, STEPS)
    np.testing.assert_array_equal(np.stack(shown), rollout.observations[:-1])
    assert_same_rollout(rollout, recorded(twin, rollout.actions))
    assert_same_state(vector, twin)
    vector.close()
    twin.close()


def test_into_the_callers_arrays(family: Any) -> None:
    vector, twin = family.make(SAME), family.make(SAME)
    for one in (vector, twin):
        one.reset(seed=1)
    out = Rollout.empty(vector, STEPS + 5)
    actions = np.zeros((STEPS, LANES), out.actions.dtype)
    rollout = vector.rollout(actions, out=out)
    assert np.shares_memory(rollout.observations, out.observations)
    assert np.shares_memory(rollout.final_observations, out.final_observations)
    strided = {
        "rewards": np.zeros((2 * STEPS, LANES))[::2],
        "observations": np.zeros(out.observations.shape, out.observations.dtype, order="F"),
    }
    again = vector.rollout(actions, out=strided)
    assert np.shares_memory(again.rewards, strided["rewards"])
    for found in (rollout, again):
        assert_same_rollout(found, recorded(twin, actions))
    vector.close()
    twin.close()


def test_bad_calls_leave_the_vector_as_it_was(family: Any) -> None:
    vector = family.make(NEXT)
    good = np.zeros((3, LANES), int)
    with pytest.raises(ResetNeeded):
        vector.rollout(good)
    vector.reset(seed=0)
    before = state_of(vector)
    short = {"rewards": np.zeros((2, LANES))}
    other = {"terminated": np.zeros((3, LANES), np.int8)}
    alike = np.zeros((3, LANES), bool)
    calls: list[tuple[Any, Any, str]] = [
        (lambda: vector.rollout(np.zeros((3, LANES + 1), int)), InvalidAction, r"axis 1 \(lanes\)"),
        (lambda: vector.rollout(np.zeros((0, LANES), int)), InvalidAction, r"axis 0 \(steps\)"),
        (lambda: vector.rollout(np.zeros(LANES, int)), InvalidAction, "expected 2 axes"),
        (lambda: vector.rollout(good + 0.5), InvalidAction, "integers"),
        (lambda: vector.rollout(good + 9), InvalidAction, r"step 0, lane 0"),
        (lambda: vector.rollout(good, 4), InvalidAction, "expected 4, found 3"),
        (lambda: vector.rollout(good, 0), ValueError, "at least one step"),
        (lambda: vector.rollout(lambda _: good[0]), TypeError, "number of steps"),
        (lambda: vector.rollout(lambda _: good[0], 0), ValueError, "at least one"),
        (lambda: vector.rollout(good, out=short), ValueError, r"rewards.*\(3, 5\)"),
        (lambda: vector.rollout(good, out=other), ValueError, "expected bool"),
        (lambda: vector.rollout(good, out={"reward": 0}), TypeError, "expected fields"),
        (lambda: vector.rollout(good, out=3), TypeError, "a Rollout or a dict"),
        (lambda: vector.rollout(good, infos=[3]), TypeError, "names of infos"),
        (lambda: vector.rollout(good, progress="yes"), TypeError, "progress"),
        (
            lambda: vector.rollout(good, out={"terminated": alike, "truncated": alike}),
            ValueError,
            "overlap",
        ),
    ]
    for call, kind, message in calls:
        with pytest.raises(kind, match=message):
            call()
        assert state_of(vector) == before
    vector.close()
    with pytest.raises(Exception, match="closed"):
        vector.rollout(good)


def test_a_policy_that_errs_keeps_the_steps_before(family: Any) -> None:
    vector, twin = family.make(NEXT), family.make(NEXT)
    for one in (vector, twin):
        one.reset(seed=0)
    good = np.zeros(LANES, int)
    given = iter([good, good, good, np.zeros((LANES, 2), int)])
    with pytest.raises(InvalidAction, match="at step 3") as error:
        vector.rollout(lambda _: next(given), STEPS)
    so_far = Rollout.so_far(error.value)
    assert so_far is not None
    assert so_far.num_steps == 3
    assert_same_rollout(so_far, recorded(twin, [good] * 3))

    def stops(_: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stop:
        vector.rollout(stops, STEPS)
    assert Rollout.so_far(stop.value) is not None
    assert_same_state(vector, twin)
    vector.close()
    twin.close()


def test_results_that_wait_are_not_passed_over(family: Any) -> None:
    vector = family.make(NEXT)
    vector.reset(seed=0)
    vector.send(np.zeros(LANES, int))
    with pytest.raises(Exception, match="recv"):
        vector.rollout(np.zeros((2, LANES), int))
    vector.close()


def test_it_tells_how_far_it_is(family: Any, capsys: Any) -> None:
    vector = family.make(NEXT)
    vector.reset(seed=0)
    told: list[tuple[int, int]] = []
    actions = np.zeros((STEPS, LANES), int)
    vector.rollout(actions, progress=lambda done, steps: told.append((done, steps)))
    assert told[-1] == (STEPS, STEPS)
    assert told == sorted(told)
    vector.rollout(actions, progress=True)
    assert f"{STEPS} of {STEPS} steps, 100%" in capsys.readouterr().err
    vector.close()
