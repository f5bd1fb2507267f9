"""Moments in arrays, and numbers normalised by them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dromos._core import statistics

DTYPES = ["bool", "uint8", "int8", "int32", "int64", "uint64", "float16", "float32", "float64"]


class State:
    """mean, var and count, as the kernels take them."""

    def __init__(self, shape=(), count=1e-4):
        self.mean, self.var = np.zeros(shape), np.ones(shape)
        self.count = np.array(count)

    def update(self, batch, mask=None):
        statistics.update_moments(self.mean, self.var, self.count, batch, mask)

    def normalize(self, x, epsilon=1e-8, out=None):
        return statistics.normalize(self.mean, self.var, x, epsilon, out)

    def both(self, x, epsilon=1e-8, mask=None, out=None):
        return statistics.update_and_normalize(
            self.mean, self.var, self.count, x, epsilon, mask, out
        )

    def arrays(self):
        return [self.mean.copy(), self.var.copy(), self.count.copy()]


def assert_same(left, right):
    for a, b in zip(left.arrays(), right.arrays(), strict=True):
        np.testing.assert_array_equal(a, b)


def drawn(shape, dtype="float64", seed=0):
    rng = np.random.default_rng(seed)
    if dtype == "bool":
        return rng.random(shape) < 0.3
    if np.issubdtype(dtype, np.integer):
        return rng.integers(0, 100, shape).astype(dtype)
    return rng.normal(3.0, 20.0, shape).astype(dtype)


class TestUpdate:
    @settings(deadline=None)
    @given(
        st.sampled_from([(), (1,), (4,), (3, 5), (63,), (64,), (65,), (200,)]),
        st.lists(st.integers(0, 40), min_size=1, max_size=5),
        st.sampled_from(DTYPES),
    )
    def test_any_batches_have_the_moments_of_all_rows(self, shape, sizes, dtype):
        state = State(shape, count=0.0)
        rows = [drawn((size, *shape), dtype, seed) for seed, size in enumerate(sizes)]
        for batch in rows:
            state.update(batch)
        every = np.concatenate(rows).astype(np.float64)
        assert state.count == len(every)
        if len(every) > 0:
            np.testing.assert_allclose(state.mean, every.mean(axis=0), rtol=1e-12, atol=1e-12)
            np.testing.assert_allclose(state.var, every.var(axis=0), rtol=1e-10, atol=1e-12)

    @pytest.mark.parametrize("shape", [(), (4,), (84, 84)])
    def test_one_row_is_a_batch_of_one(self, shape):
        single, batch = State(shape), State(shape)
        for x in drawn((20, *shape)):
            single.update(x)
            batch.update(x[np.newaxis])
        assert_same(single, batch)

    def test_far_from_zero_nothing_cancels(self):
        x = 1e9 + drawn((1000, 3))
        state = State((3,), count=0.0)
        for batch in np.split(x, 10):
            state.update(batch)
        np.testing.assert_allclose(state.var, x.var(axis=0), rtol=1e-6)

    def test_masked_rows_are_left_out(self):
        batch, mask = drawn((9, 4)), np.array([1, 0, 0, 1, 1, 0, 1, 0, 1], bool)
        masked, chosen = State((4,)), State((4,))
        masked.update(batch, mask)
        chosen.update(batch[mask])
        assert_same(masked, chosen)
        masked.update(batch, np.zeros(9, bool))
        assert_same(masked, chosen)

    def test_any_memory_layout(self):
        x = drawn((30, 8))
        for view in (x[::2, ::-2], np.asfortranarray(x)[:, :4], x[:, :4].astype(">f8")):
            one, other = State((4,)), State((4,))
            one.update(view)
            other.update(np.array(view, dtype=np.float64, order="C"))
            assert_same(one, other)

    def test_numbers_and_lists(self):
        state = State(count=0.0)
        for x in (1, 2.0, np.float32(3), [4, 5]):
            state.update(x)
        assert (state.mean, state.var, state.count) == (3.0, 2.0, 5.0)

    def test_nan_and_infinity_stay_in_their_feature(self):
        for rows in ([np.nan, 1.0, 2.0], [np.inf, 1.0, 2.0]):
            for batch in (np.array(rows), np.array([rows, rows])):
                state = State((3,))
                state.update(batch)
                assert not np.isfinite(state.mean[0])
                assert np.all(np.isfinite(state.mean[1:]))
                assert np.all(np.isfinite(state.var[1:]))


class TestNormalize:
    @pytest.mark.parametrize("dtype", DTYPES)
    @pytest.mark.parametrize("shape", [(), (4,), (70,), (20, 21)])
    @pytest.mark.parametrize("rows", [(), (1,), (7,), (100,), (0,)])
    def test_the_formula(self, dtype, shape, rows):
        state = State(shape)
        state.update(drawn((50, *shape)))
        x = drawn(rows + shape, dtype, seed=1)
        expected = (x.astype(np.float64) - state.mean) / np.sqrt(state.var + 1e-8)
        found = state.normalize(x)
        assert found.dtype == np.float32
        assert found.shape == x.shape
        np.testing.assert_array_max_ulp(found, expected.astype(np.float32), maxulp=2)

    def test_a_lane_of_a_batch_is_a_single_row(self):
        state = State((5,))
        state.update(drawn((50, 5)))
        x = drawn((33, 5), "float32", seed=1)
        np.testing.assert_array_equal(
            state.normalize(x), np.stack([state.normalize(row) for row in x])
        )

    @pytest.mark.parametrize("rows", [(), (6,)])
    def test_both_at_once_is_one_after_the_other(self, rows):
        fused, apart = State((2, 3)), State((2, 3))
        for seed in range(5):
            x = drawn((*rows, 2, 3), "float32", seed)
            found = fused.both(x)
            apart.update(x)
            np.testing.assert_array_max_ulp(found, apart.normalize(x), maxulp=1)
        assert_same(fused, apart)

    def test_both_with_a_mask_normalises_every_row(self):
        fused, apart = State((3,)), State((3,))
        x, mask = drawn((4, 3)), np.array([True, False, True, True])
        found = fused.both(x, 1e-8, mask)
        apart.update(x[mask])
        np.testing.assert_array_equal(found, apart.normalize(x))

    def test_out(self):
        state = State((3,))
        x = drawn((4, 3), "float32")
        expected = state.normalize(x)
        out = np.empty((4, 3), np.float32)
        assert state.normalize(x, 1e-8, out) is out
        np.testing.assert_array_equal(out, expected)
        assert state.normalize(x, 1e-8, x) is x
        np.testing.assert_array_equal(x, expected)

    def test_nan_infinity_and_no_variance(self):
        state = State((4,))
        state.mean[:], state.var[:] = 0.0, [1.0, 1.0, 0.0, np.inf]
        found = state.normalize(np.array([np.nan, -np.inf, 1.0, 1.0]), epsilon=0.0)
        np.testing.assert_array_equal(found, np.float32([np.nan, -np.inf, np.inf, 0.0]))


class TestBadInput:
    @pytest.mark.parametrize(
        ("call", "error", "message"),
        [
            (lambda s: s.update(np.zeros(3)), ValueError, r"shape \(4,\) .* found shape \(3,\)"),
            (lambda s: s.update(np.zeros((1, 1, 4))), ValueError, r"found shape \(1, 1, 4\)"),
            (lambda s: s.update(np.zeros(4, complex)), TypeError, "real dtype, found complex128"),
            (lambda s: s.update(["a"] * 4), TypeError, "real dtype, found <U1"),
            (lambda s: s.update([object()] * 4), TypeError, "real dtype, found object"),
            (lambda s: s.update(np.zeros((2, 4)), np.zeros(3, bool)), ValueError, "each of 2 rows"),
            (lambda s: s.update(np.zeros(4), np.zeros(1, bool)), ValueError, "each of 1 rows"),
            (lambda s: s.update(np.zeros((2, 4)), [1, 0]), TypeError, "mask must be"),
            (lambda s: s.both(np.zeros(4), "x"), TypeError, "real number"),
            (
                lambda s: s.both(np.zeros(4), 1e-8, None, np.zeros(4)),
                ValueError,
                "out must be .* float32 .* found dtype float64",
            ),
        ],
    )
    def test_a_batch_that_does_not_fit_changes_nothing(self, call, error, message):
        state = State((4,))
        with pytest.raises(error, match=message):
            call(state)
        assert_same(state, State((4,)))

    @pytest.mark.parametrize(
        ("name", "value", "error"),
        [
            ("mean", np.zeros(4, np.float32), TypeError),
            ("mean", [0.0] * 4, TypeError),
            ("var", np.zeros(5), ValueError),
            ("var", np.zeros(8)[::2], TypeError),
            ("count", np.zeros(1), ValueError),
            ("count", 1e-4, TypeError),
        ],
    )
    def test_a_state_that_does_not_fit(self, name, value, error):
        state = State((4,))
        setattr(state, name, value)
        with pytest.raises(error, match=name):
            state.update(np.zeros(4))

    def test_a_read_only_state(self):
        state = State((4,))
        state.mean.flags.writeable = False
        with pytest.raises(TypeError, match="mean must be a writable"):
            state.update(np.zeros(4))

    def test_out_must_not_lie_across_the_batch(self):
        memory = np.zeros(8, np.float32)
        with pytest.raises(ValueError, match="share memory"):
            State((4,)).normalize(memory[:4], 1e-8, memory[2:6])
