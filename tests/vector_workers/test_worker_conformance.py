"""Whatever steps the environments, their lanes report the same."""

import pytest
from worker_cases import KINDS, MODES, assert_same, make_async, make_sync

WORKERS = [1, 2, 5]


@pytest.mark.parametrize("num_workers", WORKERS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_workers_report_what_serial_lanes_report(kind, mode, num_workers):
    vectors = [
        make_sync(kind, autoreset_mode=mode),
        make_async(kind, autoreset_mode=mode, num_workers=num_workers),
    ]
    serial, working = vectors
    assert working.observation_space == serial.observation_space
    assert working.action_space == serial.action_space
    assert working.metadata == serial.metadata
    options = [{"lane": lane} if lane % 2 else None for lane in range(5)]
    assert_same(working.reset(seed=4, options=options), serial.reset(seed=4, options=options))
    for step in range(25):
        actions = serial.action_space.sample()
        results = [vector.step(actions) for vector in vectors]
        assert_same(results[1], results[0], f"step {step}")
        assert_same(working.final_obs, serial.final_obs)
        assert_same(working.valid_transition, serial.valid_transition)
        ended = results[0][2] | results[0][3]
        if ended.any() and (mode == "Disabled" or step % 7 == 0):
            mask = {"reset_mask": ended}
            assert_same(working.reset(options=mask), serial.reset(options=mask))
            assert_same(working.final_obs, serial.final_obs)
            assert list(mask) == ["reset_mask"]
    assert_same(working.get_attr("received"), serial.get_attr("received"))
    working.close()
