"""RunningMeanStd: the moments of all that was seen, saved, frozen and shared."""

import copy
import pickle

import gymnasium.wrappers.utils
import numpy as np
import pytest

import dromos
from dromos.core import Wrapper
from dromos.snapshot import Snapshot
from dromos.wrappers.utils import RunningMeanStd, update_mean_var_count_from_moments


def rows(number, shape=(3,), seed=0):
    return np.random.default_rng(seed).normal(5.0, 2.0, (number, *shape))


def same(left, right):
    return all(
        np.array_equal(left.state_dict()[name], right.state_dict()[name])
        for name in ("mean", "var", "count")
    )


class TestMoments:
    @pytest.mark.parametrize("shape", [(), (3,), (4, 5)])
    def test_the_same_as_the_peers(self, shape):
        ours = RunningMeanStd(shape=shape)
        peer = gymnasium.wrappers.utils.RunningMeanStd(shape=shape)
        for number in (1, 7, 100):
            ours.update(rows(number, shape))
            peer.update(rows(number, shape))
        np.testing.assert_allclose(ours.mean, peer.mean, rtol=1e-12)
        np.testing.assert_allclose(ours.var, peer.var, rtol=1e-12)
        assert ours.count == pytest.approx(peer.count, rel=1e-15)

    def test_the_start(self):
        moments = RunningMeanStd(0.5, (2,))
        assert (moments.mean.tolist(), moments.var.tolist(), moments.count) == ([0, 0], [1, 1], 0.5)
        assert repr(moments) == "RunningMeanStd(shape=(2,), count=0.5)"

    def test_small_variances_far_from_zero_survive(self):
        x = (1e6 + rows(10000)).astype(np.float32)
        moments = RunningMeanStd(shape=(3,))
        for row in x:
            moments.update(row)
        exact = x.astype(np.float64)
        # The start, mean 0 and variance 1, weighs 1e-4 rows; a million away it shows.
        start = 1e-4 * exact.mean(axis=0) ** 2 / len(x)
        np.testing.assert_allclose(moments.var, exact.var(axis=0) + start, rtol=1e-3)

    def test_from_moments(self):
        one, other, x = RunningMeanStd(shape=(3,)), RunningMeanStd(shape=(3,)), rows(9)
        one.update(x)
        other.update_from_moments(x.mean(axis=0), x.var(axis=0), 9)
        np.testing.assert_allclose(one.mean, other.mean, rtol=1e-13)
        np.testing.assert_allclose(one.var, other.var, rtol=1e-13)

    def test_two_sets_together(self):
        x, y = rows(5), rows(8, seed=1)
        both = np.concatenate([x, y])
        mean, var, count = update_mean_var_count_from_moments(
            x.mean(axis=0), x.var(axis=0), 5, y.mean(axis=0), y.var(axis=0), 8
        )
        np.testing.assert_allclose(mean, both.mean(axis=0))
        np.testing.assert_allclose(var, both.var(axis=0))
        assert count == 13

    def test_a_mask(self):
        masked, chosen, mask = (
            RunningMeanStd(shape=(3,)),
            RunningMeanStd(shape=(3,)),
            np.zeros(6, bool),
        )
        mask[[1, 4]] = True
        masked.update(rows(6), mask)
        chosen.update(rows(6)[mask])
        assert same(masked, chosen)

    def test_rows_of_another_shape(self):
        with pytest.raises(ValueError, match=r"moments' shape \(3,\) .* found shape \(6, 4\)"):
            RunningMeanStd(shape=(3,)).update(np.zeros((6, 4)))

    def test_a_negative_epsilon(self):
        with pytest.raises(ValueError, match="epsilon to be at least 0, found -1"):
            RunningMeanStd(-1)


class TestNormalize:
    def test_the_formula(self):
        moments, x = RunningMeanStd(shape=(3,)), rows(20)
        moments.update(x)
        expected = (x - moments.mean) / np.sqrt(moments.var + 1e-3)
        np.testing.assert_allclose(moments.normalize(x, 1e-3), expected, rtol=3e-7, atol=1e-7)

    def test_the_divisor(self):
        moments = RunningMeanStd(shape=(2,))
        moments.var = [4.0, 9.0]
        np.testing.assert_array_equal(moments.deviation(0.0), [2.0, 3.0])

    def test_at_once(self):
        fused, apart, x = RunningMeanStd(shape=(3,)), RunningMeanStd(shape=(3,)), rows(20)
        out = np.empty((20, 3), np.float32)
        assert fused.update_and_normalize(x, out=out) is out
        apart.update(x)
        np.testing.assert_array_equal(out, apart.normalize(x))
        assert same(fused, apart)


class TestTraining:
    def test_eval_freezes_and_train_goes_on(self):
        moments = RunningMeanStd(shape=(3,))
        moments.update(rows(5))
        before = copy.deepcopy(moments)
        assert moments.eval() is moments
        moments.update(rows(5))
        moments.update_from_moments(np.zeros(3), np.ones(3), 4)
        frozen = moments.update_and_normalize(rows(5))
        assert same(moments, before)
        np.testing.assert_array_equal(frozen, before.normalize(rows(5)))
        assert moments.train() is moments
        moments.update(rows(5))
        assert not same(moments, before)


class TestState:
    def test_it_round_trips_through_a_file(self, tmp_path):
        moments = RunningMeanStd(shape=(3,))
        moments.update(rows(5))
        np.savez(tmp_path / "state.npz", **moments.state_dict())
        other = RunningMeanStd(shape=(3,))
        with np.load(tmp_path / "state.npz", allow_pickle=False) as state:
            other.load_state_dict(state)
        assert same(moments, other)

    def test_it_shares_no_memory(self):
        moments = RunningMeanStd(shape=(3,))
        state, mean = moments.state_dict(), moments.mean
        moments.update(rows(5))
        assert not state["mean"].any()
        assert not mean.any()
        state = moments.state_dict()
        other = RunningMeanStd(shape=(3,))
        other.load_state_dict(state)
        other.mean = moments.mean
        other.update(rows(5))
        np.testing.assert_array_equal(state["mean"], moments.mean)

    @pytest.mark.parametrize(
        ("change", "error", "message"),
        [
            ({"mean": np.zeros(4)}, ValueError, r"mean of shape \(3,\), found shape \(4,\)"),
            ({"count": np.zeros(1)}, ValueError, r"count of shape \(\), found shape \(1,\)"),
            ({"var": None}, KeyError, "found no .*var"),
        ],
    )
    def test_what_does_not_fit_changes_nothing(self, change, error, message):
        moments = RunningMeanStd(shape=(3,))
        state = {**moments.state_dict(), "mean": np.ones(3), **change}
        with pytest.raises(error, match=message):
            moments.load_state_dict({k: v for k, v in state.items() if v is not None})
        assert same(moments, RunningMeanStd(shape=(3,)))

    def test_moments_are_assigned_and_read_as_numbers(self):
        moments = RunningMeanStd(shape=(3,), dtype=np.float32)
        moments.mean, moments.var, moments.count = [1, 2, 3], [4, 5, 6], 7
        assert moments.mean.dtype == moments.var.dtype == np.float32
        assert (moments.mean.tolist(), moments.var.tolist()) == ([1, 2, 3], [4, 5, 6])
        assert moments.state_dict()["mean"].dtype == np.float64
        with pytest.raises(ValueError, match="read-only"):
            moments.mean[0] = 5
        with pytest.raises(ValueError, match=r"var of shape \(3,\), found shape \(\)"):
            moments.var = 1.0

    @pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
    def test_copies_go_their_own_way(self, copied):
        moments = RunningMeanStd(shape=(3,))
        moments.update(rows(5))
        other = copied(moments.eval())
        assert same(moments, other)
        assert not other.training
        other.train().update(rows(5))
        assert not same(moments, other)


class Normalized(Wrapper):
    """Counts what it sees in moments that may be another wrapper's too."""

    def __init__(self, env, moments):
        super().__init__(env)
        self.moments = moments

    def step(self, action):
        obs, *rest = self.env.step(action)
        return self.moments.update_and_normalize(obs), *rest


class TestSnapshots:
    def test_moments_travel(self):
        env = Normalized(dromos.make("CartPole-v1"), RunningMeanStd(shape=(4,)))
        env.reset(seed=0)
        env.step(0)
        snapshot = env.snapshot()
        moments = env.moments
        before = copy.deepcopy(moments)
        expected = env.step(1)[0]
        env.moments.eval()
        env.restore(Snapshot.from_bytes(snapshot.to_bytes()))
        assert env.moments is moments
        assert same(moments, before)
        np.testing.assert_array_equal(env.step(1)[0], expected)

    def test_shared_moments_stay_shared(self):
        moments = RunningMeanStd(shape=(4,))
        env = Normalized(Normalized(dromos.make("CartPole-v1"), moments), moments)
        env.reset(seed=0)
        env.step(0)
        snapshot = env.snapshot()
        before = copy.deepcopy(moments)
        env.step(0)
        env.restore(snapshot)
        assert env.moments is env.env.moments is moments
        assert same(moments, before)
