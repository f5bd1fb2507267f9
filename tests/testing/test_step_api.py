"""The step of four values and that of five, single and vector."""

import gymnasium.utils.step_api_compatibility as peer
import numpy as np
import pytest

from dromos.error import Error
from dromos.utils import step_api_compatibility as api

FLAGS = [(False, False), (True, False), (False, True), (True, True)]
LIMITED = "TimeLimit.truncated"


def assert_equal(ours, theirs):
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize(("terminated", "truncated"), FLAGS)
def test_to_done_and_back_as_the_peer(terminated, truncated):
    five = ("obs", 1.0, terminated, truncated, {"lives": 2})
    four = api.convert_to_done_step_api(five)
    assert four == peer.convert_to_done_step_api((*five[:4], {"lives": 2}))
    assert five[4] == {"lives": 2}
    back = api.convert_to_terminated_truncated_step_api(four)
    # When both were true, one bool cannot say so: the end of the process has precedence.
    assert back == ("obs", 1.0, terminated, truncated and not terminated, {"lives": 2})
    assert (LIMITED in four[3]) == (terminated or truncated)


@pytest.mark.parametrize("as_list", [False, True])
def test_vectors_as_the_peer(as_list):
    terminated = np.array([flags[0] for flags in FLAGS])
    truncated = np.array([flags[1] for flags in FLAGS])

    def five():
        infos = [{"x": lane} for lane in range(4)] if as_list else {"x": np.arange(4)}
        return "obs", np.zeros(4), terminated, truncated, infos

    kept = five()
    four = api.convert_to_done_step_api(kept, is_vector_env=True)
    theirs = peer.convert_to_done_step_api(five(), is_vector_env=True)
    assert_equal(four[:3], theirs[:3])
    if as_list:
        assert four[3] == theirs[3]
        assert kept[4] == five()[4]
    else:
        np.testing.assert_array_equal(four[3][LIMITED], theirs[3][LIMITED])
        assert kept[4].keys() == {"x"}
        assert four[3][f"_{LIMITED}"].tolist() == [False, True, True, True]
    back = api.convert_to_terminated_truncated_step_api(four, is_vector_env=True)
    assert_equal(back[:4], ("obs", np.zeros(4), terminated, truncated & ~terminated))
    assert LIMITED not in (back[4][1] if as_list else back[4])


def test_the_mask_of_a_vectors_infos_counts():
    infos = {LIMITED: np.array([True, True]), f"_{LIMITED}": np.array([True, False])}
    ended = np.array([True, True])
    _, _, terminated, truncated, _ = api.convert_to_terminated_truncated_step_api(
        (0, 0, ended, infos), is_vector_env=True
    )
    assert (terminated.tolist(), truncated.tolist()) == ([False, True], [True, False])


@pytest.mark.parametrize("vector", [False, True])
def test_the_form_asked_for_passes_unchanged(vector):
    four, five = (0, 1.0, True, {}), (0, 1.0, True, False, {})
    assert api.step_api_compatibility(four, False, vector) is four
    assert api.step_api_compatibility(five, True, vector) is five
    assert api.step_api_compatibility(four, True) == five
    assert api.step_api_compatibility(five, False) == (0, 1.0, True, {LIMITED: False})


@pytest.mark.parametrize("bad", [(1, 2, 3), [1, 2, 3, 4, 5], None])
def test_anything_else_is_refused(bad):
    for output in (True, False):
        with pytest.raises(Error, match="step_returns: expected a tuple"):
            api.step_api_compatibility(bad, output)
