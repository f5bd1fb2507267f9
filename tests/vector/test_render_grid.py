"""One picture of some lanes of a vector."""

import numpy as np
import pytest

import dromos as gym
from dromos.error import Error
from dromos.render import tile
from dromos.vector import VectorEnv, VectorWrapper
from dromos.wrappers.vector import RecordEpisodeStatistics


@pytest.fixture(params=["vector_entry_point", "sync"])
def vector(request):
    envs = gym.make_vec(
        "MountainCar-v0", 5, vectorization_mode=request.param, render_mode="rgb_array"
    )
    envs.reset(seed=0)
    yield envs
    envs.close()


def test_all_lanes_row_by_row(vector):
    frames = vector.render()
    grid = vector.render_grid()
    height, width, _ = frames[0].shape
    assert grid.shape == (2 * height + 2, 3 * width + 4, 3)
    assert (grid == tile(frames, 3)).all()


def test_chosen_lanes_in_their_order(vector):
    frames = vector.render()
    grid = vector.render_grid([3, 1], columns=1, gap=5, colour=(1, 2, 3))
    assert (grid == tile([frames[3], frames[1]], 1, gap=5, colour=(1, 2, 3))).all()
    lanes = vector.render_lanes(np.array([4]))
    assert len(lanes) == 1
    assert (lanes[0] == frames[4]).all()


def test_drawing_changes_nothing(vector):
    before = vector.snapshot()
    vector.render_grid([0, 2])
    first = vector.step(np.ones(5, dtype=np.int64))[0]
    vector.restore(before)
    assert (vector.step(np.ones(5, dtype=np.int64))[0] == first).all()


def test_wrappers_draw_what_they_render(vector):
    class Dark(VectorWrapper):
        def render(self):
            return tuple(frame // 2 for frame in self.env.render())

    assert (VectorWrapper(vector).render_grid([1]) == vector.render_grid([1])).all()
    assert (Dark(vector).render_grid([1]) == vector.render_grid([1]) // 2).all()


@pytest.mark.parametrize("lanes", [[5], [-1]])
def test_lanes_that_do_not_exist(vector, lanes):
    with pytest.raises(IndexError, match=str(lanes[0])):
        vector.render_grid(lanes)


def test_modes_without_pictures():
    vector = gym.make_vec("FrozenLake-v1", 2, render_mode="ansi")
    vector.reset(seed=0)
    with pytest.raises(Error, match="'ansi'; a grid needs render_mode=\"rgb_array\""):
        vector.render_grid()
    assert len(vector.render_lanes([1])) == 1
    with pytest.raises(Error, match="None; a grid"):
        gym.make_vec("FrozenLake-v1", 2).render_grid()


def test_a_vector_that_renders_nothing():
    class Blank(VectorEnv):
        num_envs = 2

        def render(self):
            return None

    with pytest.raises(Error, match="draws nothing, its render_mode is None"):
        Blank().render_lanes()


def test_labels_tell_number_step_return_and_end(vector):
    counted = RecordEpisodeStatistics(vector)
    counted.reset(seed=0)
    for _ in range(3):
        counted.step(np.zeros(5, np.int64))
    assert counted.lane_labels([4, 0]) == [f"lane {i}  step 3  return -3" for i in (4, 0)]
    plain, told = counted.render_grid(), counted.render_grid(labels=True)
    assert told.shape == plain.shape
    height, width, _ = vector.render()[0].shape
    for lane in range(5):
        row, column = divmod(lane, 3)
        top, left = row * (height + 2), column * (width + 2)
        changed = (told != plain)[top : top + height, left : left + width].any(-1)
        assert changed[: height // 8].any()
        assert not changed[height // 8 :].any(), "the picture below the label is as it was"
    own = counted.render_grid([1], labels=["best"])
    assert (own != counted.render_grid([1])).any()
    with pytest.raises(Error, match="labels: expected 5 texts, one a frame, found"):
        counted.render_grid(labels=["x"])


def test_labels_tell_that_an_episode_has_ended():
    with gym.make_vec("CartPole-v1", 2, max_episode_steps=4) as envs:
        envs.reset(seed=0)
        for _ in range(4):
            envs.step(np.zeros(2, np.int64))
        assert envs.lane_labels([1]) == ["lane 1  step 4  ended"]
